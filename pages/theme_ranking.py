"""The ranked list of themes: how much, which way, how unhappy, from how many; thanks have a view of their own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from charts.sparkline import sparkline
from pages import drawing, theme_alerts, theme_filters, theme_seen, theme_words
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from pages.theme_seen import Seen
from services.i18n import N_
from services.permissions import May
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS
from services.theme_browse import Scope, ThemeSummary, summaries
from services.theme_scope import answers_in
from services.theme_trend import comparable, share_interval, volume_change

SORTS: dict[str, str] = {
    "answers": N_("most answers"),
    "unhappy": N_("most unhappy answers"),
    "share": N_("largest unhappy share"),
    "rise": N_("most increased"),
}
ON_A_PHONE = """<style>
@media (max-width: 640px) {
  .st-key-ranking :is(td, th):nth-child(3) { display: none; }
  .st-key-ranking :is(td, th):nth-child(n + 6) { display: none; }
}
</style>"""
"""Four columns fit beside each other on a phone; the theme's own page has the others."""
FEWEST_WEEKS = 2
"""Weeks that a line needs."""
NOTABLE = 0.1
"""A change of the number of all answers from here on is told with the themes' own changes."""


def show(ctx: Context, scope: Scope) -> None:
    """The themes somebody spoke of, in the chosen order."""
    t = ctx.t
    rows = summaries(ctx.session, scope)
    spoken = [row for row in rows if row.answers and not row.theme.praise]
    if not spoken:
        st.info(t.say("No answer between {first} and {last} fits these filters.", first=scope.first, last=scope.last))
        if ctx.may(May.IMPORT):
            ctx.link(t("Import feedback"), "import", icon=":material/upload_file:")
        return
    earlier = comparable(ctx.session, scope)
    order = choice(t("Order"), "order", {name: t(words) for name, words in SORTS.items()})
    st.caption(_explained(ctx, scope, earlier=earlier))
    looked = theme_seen.eyes(ctx, scope, earlier=earlier)
    seen = {key(row.theme.id): looked.seen(row) for row in spoken}
    told = [row for row in spoken if seen[key(row.theme.id)].number]
    if not all(seen[key(row.theme.id)].all for row in told):
        st.caption(theme_words.explained(ctx))
    badges = theme_alerts.badges(ctx, scope)
    st.html(ON_A_PHONE)
    if told:
        with st.container(key="ranking"):
            st.table(
                [
                    _row(ctx, row, seen[key(row.theme.id)], badges, earlier=earlier, child=child)
                    for row, child in _grouped(told, seen, KEYS[order])
                ],
                hide_index=True,
                border="horizontal",
                alt=t("Feedback themes with their numbers"),
            )
    _without_numbers(ctx, [row for row in spoken if not seen[key(row.theme.id)].number], badges)
    silent = [row for row in rows if not row.answers and not row.theme.praise]
    if silent:
        names = ", ".join(t.local(row.theme.name) for row in silent)
        st.caption(t.say("Nobody spoke of these in this time: {themes}.", themes=names))


def _grouped(
    rows: Sequence[ThemeSummary], seen: Mapping[int, Seen], order: Callable[[ThemeSummary, Seen], float]
) -> list[tuple[ThemeSummary, bool]]:
    """Themes in order, each followed by those below it; the second value says that a theme stands under another.

    Where the number that orders them is not told, a theme's place tells nothing of it either: it comes last.
    """
    below: dict[int | None, list[ThemeSummary]] = defaultdict(list)
    there = {row.theme.id for row in rows}

    def place(row: ThemeSummary) -> tuple[float, int, str]:
        one = seen[key(row.theme.id)]
        return -order(row, one), -row.answers, row.theme.code

    for row in sorted(rows, key=place):
        below[row.theme.parent_id if row.theme.parent_id in there else None].append(row)

    def listed(parent: int | None) -> list[tuple[ThemeSummary, bool]]:
        return [
            entry for row in below.get(parent, []) for entry in ((row, parent is not None), *listed(key(row.theme.id)))
        ]

    return listed(None)


def _without_numbers(ctx: Context, rows: Sequence[ThemeSummary], badges: dict[int, str]) -> None:
    """Themes that are spoken of, but whose numbers are not told: their names lead to the comments."""
    t = ctx.t
    if not rows:
        return
    st.header(t("Spoken of, without numbers"))
    st.caption(
        t.say(
            "Fewer than {least} people spoke of these here, or such a number could be worked out from theirs. What "
            "they said can be read. A larger unit or a longer time has numbers.",
            least=LEAST_CUSTOMERS,
        )
    )
    with st.container(horizontal=True, key="without_numbers"):
        for row in sorted(rows, key=lambda row: row.theme.code):
            address = ctx.url("theme", **theme_filters.carried(code=row.theme.code))
            name = f"[{plain(t.local(row.theme.name))}]({address}#comments)"
            st.markdown(name + badges.get(key(row.theme.id), ""), width="content")


def _explained(ctx: Context, scope: Scope, *, earlier: bool) -> str:
    t = ctx.t
    now = answers_in(ctx.session, scope)
    period = t.say("{answers} answers in all, {first}–{last}.", answers=now, first=scope.first, last=scope.last)
    if not earlier:
        return f"{period} {t('There is no earlier time of the same length to compare with.')}"
    before = scope.before()
    compared = t.say(
        "The changes are against {first}–{last}, in brackets their 95 % intervals.",
        first=before.first,
        last=before.last,
    )
    was = answers_in(ctx.session, before)
    if was and abs(now / was - 1) >= NOTABLE:
        many = t.say(
            "Then there were {before} answers in all ({change}): part of a theme's change may come from that.",
            before=was,
            change=("+" if now > was else "") + t.percent(now / was - 1),
        )
        return f"{period} {compared} {many}"
    return f"{period} {compared}"


def _row(
    ctx: Context, row: ThemeSummary, seen: Seen, badges: dict[int, str], *, earlier: bool, child: bool
) -> dict[str, str]:
    t = ctx.t
    here = theme_filters.carried(code=row.theme.code)
    name = f"[{plain(t.local(row.theme.name))}]({ctx.url('theme', **here)})"
    if child:
        name = f"\N{EM SPACE}↳ {name}"
    name += badges.get(key(row.theme.id), "")
    return {
        t("Theme"): name,
        t("Answers"): f"[{t.number(row.answers)}]({ctx.url('theme', **here)}#comments)",
        t("Week by week"): _line(ctx, seen),
        **({t("Change"): theme_seen.volume(ctx, row, seen)} if earlier else {}),
        t("Unhappy (interval), answers"): _unhappy(ctx, row, seen),
        **({t("Change of the unhappy share"): theme_seen.unhappier(ctx, row, seen)} if earlier else {}),
        t("From whom"): _people(ctx, row),
    }


def _people(ctx: Context, row: ThemeSummary) -> str:
    t = ctx.t
    return t.say(
        "{people}, {channels}, {weeks}",
        people=t.plural("{n} person", "{n} people", row.people),
        channels=t.plural("{n} channel", "{n} channels", row.channels),
        weeks=t.plural("{n} week", "{n} weeks", row.weeks),
    )


def _line(ctx: Context, seen: Seen) -> str:
    """The weeks as a line, broken where one is not told; no line where hardly any is."""
    weeks = [count for count in seen.by_week if count is not None]
    if sum(count > 0 for count in weeks) < FEWEST_WEEKS:
        return theme_words.not_shown(ctx)
    words = ctx.t.say("weekly {low} to {high} answers", low=min(weeks), high=max(weeks))
    return f"![{words}]({sparkline(seen.by_week, look=drawing.look(ctx))})"


def _unhappy(ctx: Context, row: ThemeSummary, seen: Seen) -> str:
    said = theme_seen.unhappy(ctx, row, seen)
    if seen.tones and not row.negative:
        return said
    address = ctx.url("theme", **theme_filters.carried(code=row.theme.code, tone="neg"))
    return f"[{said}]({address}#comments)"


def _least_unhappy(row: ThemeSummary, seen: Seen) -> float:
    """The lower end of the unhappy share's interval: a share of few answers does not lead the list."""
    found = share_interval(row.negative, row.judged) if seen.tones else None
    return found.low if found is not None else -1.0


def _least_rise(row: ThemeSummary, seen: Seen) -> float:
    """The lower end of the change's interval."""
    found = volume_change(row.answers, row.before) if seen.before else None
    return found.interval.low if found is not None else -1.0


KEYS: dict[str, Callable[[ThemeSummary, Seen], float]] = {
    "answers": lambda row, seen: row.answers,
    "unhappy": lambda row, seen: row.negative if seen.tones else -1.0,
    "share": _least_unhappy,
    "rise": _least_rise,
}
