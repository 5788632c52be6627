"""What becomes of a theme: it is merged into another, split into parts, or taken out of use."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from models.people import Person
from models.themes import Theme
from pages import theme_list_form, theme_list_look, theme_list_said
from pages.context import Context, refusals
from pages.plain import plain
from pages.theme_list_parts import close_dialog
from services import theme_curation
from services.permissions import May
from services.pilots import list_pilots
from services.rows import key
from services.theme_families import family

LONGEST_REASON = 1000


def show(ctx: Context, theme: Theme, own: str) -> None:
    """The three, folded away below the theme's form."""
    t = ctx.t
    with st.expander(t("Merge into another theme"), icon=":material/merge:", key=f"{own}_merge"):
        _merge(ctx, theme, own)
    with st.expander(t("Split into parts"), icon=":material/call_split:", key=f"{own}_split"):
        st.markdown(
            t(
                "Luotsi looks for groups among this theme's comments of the last twelve months and proposes them as "
                "themes of their own. Nothing changes before you accept one."
            )
        )
        theme_list_look.button(ctx, t("Look for parts"), key=f"{own}_split_go", within=theme)
    with st.expander(t("Take out of use"), icon=":material/archive:", key=f"{own}_retire"):
        _retire(ctx, theme, own)


def _merge(ctx: Context, theme: Theme, own: str) -> None:
    t = ctx.t
    theme_id = key(theme.id)
    named = theme_list_form.themes_by_name(ctx, {theme_id})
    into_id = st.selectbox(
        t("Merge into"),
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=t("Choose a theme"),
        key=f"{own}_into",
    )
    if into_id is None:
        return
    moving = theme_curation.moving(ctx.session, theme_id=theme_id, into_id=into_id)
    into = f"**{plain(named[into_id])}**"
    parts = [
        t.plural("{n} answer moves to the theme", "{n} answers move to the theme", moving.answers) + f" {into}.",
        t.plural("{n} of them counts for it already.", "{n} of them count for it already.", moving.both)
        if moving.both
        else "",
        t("Themes under this one move along.") if len(family(ctx.session, theme_id)) > 1 else "",
    ]
    st.markdown(" ".join(part for part in parts if part))
    reason = _reason(ctx, f"{own}_merge_reason")
    if st.button(t("Merge"), key=f"{own}_merge_go", type="primary"):
        _do(
            ctx,
            t.say("{theme} was merged into {into}.", theme=_bold(ctx, theme), into=into),
            lambda session, by: theme_curation.merge(session, theme_id=theme_id, into_id=into_id, by=by, reason=reason),
        )


def _retire(ctx: Context, theme: Theme, own: str) -> None:
    t = ctx.t
    theme_id = key(theme.id)
    if len(family(ctx.session, theme_id)) > 1:
        st.markdown(t("Themes lie under this one; move them first."))
        return
    counted = theme_curation.moving(ctx.session, theme_id=theme_id, into_id=theme_id).answers
    st.markdown(
        t.plural("{n} answer no longer counts for this theme.", "{n} answers no longer count for this theme.", counted)
        + " "
        + t("What people have said of them is kept, and the theme can be taken back into use.")
    )
    pilots = len(list_pilots(ctx.session, today=ctx.today, theme_id=theme_id))
    if pilots:
        st.markdown(t.plural("{n} pilot answers this theme.", "{n} pilots answer this theme.", pilots))
    reason = _reason(ctx, f"{own}_retire_reason")
    if st.button(t("Take out of use"), key=f"{own}_retire_go", type="primary"):
        _do(
            ctx,
            t.say("{theme} was taken out of use.", theme=_bold(ctx, theme)),
            lambda session, by: theme_curation.retire(session, theme_id=theme_id, by=by, reason=reason),
        )


def _reason(ctx: Context, own: str) -> str:
    return st.text_area(ctx.t("Reason (optional)"), height=80, max_chars=LONGEST_REASON, key=own) or ""


def _do(ctx: Context, words: str, action: Callable[[Session, Person], int]) -> None:
    """Do it, say so and close the dialog; a refusal is said in it."""
    with refusals(ctx) as refusal, ctx.writing() as session:
        line = action(session, ctx.require(May.CURATE))
    if refusal.ok:
        close_dialog()
        theme_list_said.remember(words, line)
        st.rerun()


def _bold(ctx: Context, theme: Theme) -> str:
    return f"**{plain(ctx.t.local(theme.name))}**"
