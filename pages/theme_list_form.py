"""The fields of a theme, the same for a new one, a changed one and one made of a proposal."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import streamlit as st

from models.base import LANGUAGES
from models.themes import Theme
from pages import form_problems
from pages.context import Context
from services.i18n import LANGUAGE_NAMES, N_
from services.rows import key
from services.theme_curation import Wording
from services.theme_fields import LONGEST_NAME
from services.theme_pages import all_themes

BEGINNINGS = N_("The beginning of a word is enough: “odot” finds “odotin” and “odotus”. Use every language.")
TOP = 0
"""Stands for "under no theme" in the list of parents."""


def fields(
    ctx: Context,
    form: str,
    given: Wording,
    *,
    own: str,
    not_under: Collection[int] = (),
    words: Sequence[str] | None = None,
) -> Wording:
    """The fields, filled in, with what a service refused beside the field it is about; what they hold now.

    Args:
        ctx: The rerun.
        form: The form's name, for what was refused.
        given: What the fields hold at first.
        own: What makes the fields' keys this theme's own.
        not_under: Themes it cannot lie under.
        words: A proposal's words, to choose keywords from; such a form asks for no example sentences.
    """
    names = _names(ctx, form, given, own)
    keywords = _keywords(ctx, given, own) if words is None else chosen_words(ctx, words, key=f"{own}_keywords")
    form_problems.at_field(ctx, form, "keywords")
    sentences = given.examples
    if words is None:
        sentences = lines(
            ctx.t("Example sentences, one a line"),
            given.examples,
            key=f"{own}_examples",
            hint=ctx.t("Short sentences of the kind customers write. The model learns the theme from these."),
        )
        form_problems.at_field(ctx, form, "examples")
    parent = _parent(ctx, given.parent_id, own, not_under)
    form_problems.at_field(ctx, form, "parent")
    praise = st.checkbox(ctx.t("Collects thanks rather than problems"), value=given.praise, key=f"{own}_praise")
    controllable = st.checkbox(
        ctx.t("A unit can change this by its own decision"), value=given.controllable, key=f"{own}_controllable"
    )
    return Wording(
        names=names,
        keywords=keywords,
        examples=sentences,
        parent_id=parent,
        praise=praise,
        controllable=controllable,
    )


def forget(form: str) -> None:
    """Open a form anew, without what was refused when it was last open."""
    st.session_state.get(form_problems.KEPT, {}).pop(form, None)


def chosen_words(ctx: Context, words: Sequence[str], *, key: str) -> list[str]:
    """Keywords chosen from a proposal's words by a click, and further ones typed."""
    chosen: list[str] = []
    if words:
        chosen = (
            st.pills(ctx.t("Keywords from the proposal's words"), list(words), selection_mode="multi", key=key) or []
        )
    typed = lines(ctx.t("Other keywords, one a line"), [], key=f"{key}_more", hint=ctx.t(BEGINNINGS))
    return [*chosen, *typed]


def lines(label: str, given: Sequence[str], *, key: str, hint: str) -> list[str]:
    """Words or sentences, one a line."""
    typed = st.text_area(label, value="\n".join(given), height=120, key=key, help=hint)
    return (typed or "").splitlines()


def themes_by_name(ctx: Context, leave_out: Collection[int] = ()) -> dict[int, str]:
    """Themes in use by their name in the reader's language."""
    themes: Sequence[Theme] = all_themes(ctx.session)
    named = {key(theme.id): ctx.t.local(theme.name) for theme in themes if theme.id not in leave_out}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def _keywords(ctx: Context, given: Wording, own: str) -> list[str]:
    return lines(
        ctx.t("Keywords, one a line"),
        given.keywords,
        key=f"{own}_keywords",
        hint=ctx.t(BEGINNINGS),
    )


def _names(ctx: Context, form: str, given: Wording, own: str) -> dict[str, str]:
    t = ctx.t
    names: dict[str, str] = {}
    for language in LANGUAGES:
        typed = st.text_input(
            f"{t('Name')} – {LANGUAGE_NAMES[language]}",
            value=given.names.get(language, ""),
            max_chars=LONGEST_NAME,
            key=f"{own}_name_{language}",
        )
        names[language] = typed or ""
        form_problems.at_field(ctx, form, f"name_{language}")
    return names


def _parent(ctx: Context, parent_id: int | None, own: str, not_under: Collection[int]) -> int | None:
    named = {TOP: ctx.t("under no other theme")} | themes_by_name(ctx, not_under)
    ids = list(named)
    parent = st.selectbox(
        ctx.t("Lies under"),
        ids,
        index=ids.index(parent_id) if parent_id in named else 0,
        format_func=named.__getitem__,
        key=f"{own}_parent",
    )
    return None if parent == TOP else parent
