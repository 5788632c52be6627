"""A change of the list in words: what was done to which theme, from what to what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from models.base import LANGUAGES
from models.theme_curation import ChangeKind
from models.themes import Theme
from pages.context import Context
from pages.plain import plain
from services.i18n import LANGUAGE_NAMES, N_
from services.theme_history import Change

KINDS: dict[ChangeKind, str] = {
    ChangeKind.CREATED: N_("added to the list"),
    ChangeKind.RENAMED: N_("name changed"),
    ChangeKind.REWORDED: N_("recognised by other words"),
    ChangeKind.MERGED: N_("merged into another theme"),
    ChangeKind.SPLIT: N_("split off from another theme"),
    ChangeKind.MOVED: N_("moved"),
    ChangeKind.RETIRED: N_("taken out of use"),
    ChangeKind.RESTORED: N_("undone"),
}


def heading(ctx: Context, change: Change) -> str:
    """The theme and what was done to it."""
    kind = ChangeKind(change.row.kind)
    words = ctx.t("comments joined to it") if "confirmed" in change.row.after and kind is ChangeKind.REWORDED else ""
    return f"**{plain(ctx.t.local(change.theme.name))}** · {words or ctx.t(KINDS[kind])}"


def details(ctx: Context, change: Change) -> Iterator[str]:
    """From what to what, a sentence each."""
    t, before, after = ctx.t, change.row.before, change.row.after
    kind = ChangeKind(change.row.kind)
    if kind is ChangeKind.MERGED:
        yield t.say("Counts for: {theme}", theme=_theme(ctx, after["merged_into_id"]))
    if kind is ChangeKind.SPLIT:
        yield t.say("Split off from: {theme}", theme=_theme(ctx, before["within_theme_id"]))
    if kind is ChangeKind.MOVED:
        yield _arrow(_theme(ctx, before["parent_id"]), _theme(ctx, after["parent_id"]))
    if "name" in after:
        yield from _names(before.get("name", {}), after["name"])
    for field, added, taken in (
        ("keywords", N_("Keywords added: {words}"), N_("Keywords taken away: {words}")),
        ("examples", N_("Example sentences added: {words}"), N_("Example sentences taken away: {words}")),
    ):
        yield from _words(ctx, before.get(field, []), after.get(field, []), added, taken)
    if before.get("praise") != after.get("praise"):
        yield t("Collects thanks now.") if after["praise"] else t("Collects problems now.")
    if before.get("controllable") != after.get("controllable"):
        yield (
            t("A unit can change it by its own decision now.")
            if after["controllable"]
            else t("A unit cannot change it by its own decision any more.")
        )
    if after.get("confirmed"):
        yield t.plural(
            "{n} comment was read and given to it.", "{n} comments were read and given to it.", after["confirmed"]
        )


def _names(before: dict[str, str], after: dict[str, str]) -> Iterator[str]:
    for language in LANGUAGES:
        old, new = before.get(language, ""), after.get(language, "")
        if old != new:
            yield f"{LANGUAGE_NAMES[language]}: " + (_arrow(plain(old), plain(new)) if old else plain(new))


def _words(ctx: Context, before: list[Any], after: list[Any], added: str, taken: str) -> Iterator[str]:
    for words, text in (
        ([word for word in after if word not in before], added),
        ([word for word in before if word not in after], taken),
    ):
        if words:
            yield ctx.t(text).format(words=plain(", ".join(words)))


def _theme(ctx: Context, theme_id: int | None) -> str:
    theme = ctx.session.get(Theme, theme_id) if theme_id is not None else None
    return plain(ctx.t.local(theme.name)) if theme is not None else ctx.t("top level")


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}"
