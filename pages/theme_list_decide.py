"""Deciding on a proposal: a theme of its own, a part of one there is, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st
from sqlmodel import Session

from models.base import LANGUAGES
from models.people import Person
from models.theme_curation import ProposalState, ThemeProposal
from pages import form_problems, theme_list_form, theme_list_said
from pages.context import Context, refusals
from pages.plain import plain
from pages.theme_list_parts import Dialog, close_dialog, draw_dialog, open_dialog
from services import theme_proposal_answers
from services.permissions import May
from services.rows import get, key
from services.theme_curation import Wording
from services.theme_fields import LONGEST_NAME
from services.theme_proposal_answers import Decided
from services.theme_proposals import quotes_of

LANGUAGE_OF = 20


def show(ctx: Context, person: Person, proposal: ThemeProposal, ticked: Sequence[int], *, near: int | None) -> None:
    """The three ways to decide."""
    t = ctx.t
    number = key(proposal.id)
    with st.container(horizontal=True, key=f"proposal_decide_{number}"):
        for kind, name, icon in (("accept", t("Make it a theme"), "add"), ("join", t("Join to a theme"), "merge")):
            st.button(
                name,
                key=f"proposal_{kind}_{number}",
                type="primary" if kind == "accept" else "secondary",
                icon=f":material/{icon}:",
                on_click=_open,
                args=(Dialog(kind=kind, number=number, ticked=tuple(ticked), near=near),),
            )
        if st.button(t("Dismiss the proposal"), key=f"proposal_dismiss_{number}", icon=":material/close:"):
            _dismiss(ctx, person, proposal)


def accept(ctx: Context, dialog: Dialog) -> None:
    """The dialog that makes a theme of a proposal."""
    _draw(ctx, dialog, _accept)


def join(ctx: Context, dialog: Dialog) -> None:
    """The dialog that joins a proposal to a theme."""
    _draw(ctx, dialog, _join)


def _open(dialog: Dialog) -> None:
    theme_list_form.forget(_form(dialog.number))
    open_dialog(dialog)


def _draw(ctx: Context, dialog: Dialog, draw: Callable[[Context, ThemeProposal, Dialog], None]) -> None:
    proposal = ctx.session.get(ThemeProposal, dialog.number)
    if proposal is None or proposal.state != ProposalState.OPEN:
        close_dialog()
        return

    def body(own: Context) -> None:
        draw(own, get(own.session, ThemeProposal, dialog.number), dialog)

    draw_dialog(ctx, plain(proposal.label), body)


def _accept(ctx: Context, proposal: ThemeProposal, dialog: Dialog) -> None:
    t = ctx.t
    number = key(proposal.id)
    form = _form(number)
    _told(ctx, dialog.ticked)
    with st.form(f"{form}_form", border=False, enter_to_submit=False):
        st.caption(t("Write the names in the other languages yourself: nothing is translated by machine."))
        given = Wording(names=_working_name(ctx, proposal))
        wanted = theme_list_form.fields(ctx, form, given, own=form, words=proposal.keywords)
        form_problems.by_button(ctx, form)
        saved = st.form_submit_button(t("Make it a theme"), key=f"{form}_save", type="primary")
    if not saved:
        return
    words = t.say("The theme {theme} is on the list now.", theme=f"**{plain(t.local(wanted.names).strip())}**")
    _decide(
        ctx,
        form,
        words,
        lambda session, by: theme_proposal_answers.accept(
            session,
            proposal_id=number,
            names=wanted.names,
            keywords=wanted.keywords,
            parent_id=wanted.parent_id,
            praise=wanted.praise,
            controllable=wanted.controllable,
            confirmed=dialog.ticked,
            by=by,
        ),
    )


def _join(ctx: Context, proposal: ThemeProposal, dialog: Dialog) -> None:
    t = ctx.t
    number = key(proposal.id)
    form = _form(number)
    named = theme_list_form.themes_by_name(ctx)
    ids = list(named)
    _told(ctx, dialog.ticked)
    with st.form(f"{form}_form", border=False, enter_to_submit=False):
        theme_id = st.selectbox(
            t("Theme"),
            ids,
            index=ids.index(dialog.near) if dialog.near in named else None,
            format_func=named.__getitem__,
            placeholder=t("Choose a theme"),
            key=f"{form}_theme",
        )
        keywords = theme_list_form.chosen_words(ctx, proposal.keywords, key=f"{form}_keywords")
        form_problems.at_field(ctx, form, "keywords")
        form_problems.by_button(ctx, form)
        saved = st.form_submit_button(t("Join"), key=f"{form}_save", type="primary")
    if not saved:
        return
    if theme_id is None:
        st.error(t("Choose a theme."))
        return
    _decide(
        ctx,
        form,
        t.say("The proposal was joined to {theme}.", theme=f"**{plain(named[theme_id])}**"),
        lambda session, by: theme_proposal_answers.join(
            session, proposal_id=number, theme_id=theme_id, keywords=keywords, confirmed=dialog.ticked, by=by
        ),
    )


def _decide(ctx: Context, form: str, words: str, action: Callable[[Session, Person], Decided]) -> None:
    """Do it, say so and close the dialog; a refusal is shown at its field instead."""
    made: list[Decided] = []

    def save() -> None:
        person = ctx.require(May.CURATE)
        with ctx.writing() as session:
            made.append(action(session, person))

    if not form_problems.tried(form, save):
        st.rerun()
    close_dialog()
    labelled = ctx.t.plural("{n} comment was given to it.", "{n} comments were given to it.", made[0].labelled)
    theme_list_said.remember(f"{words} {labelled}", made[0].change_id)
    st.rerun()


def _dismiss(ctx: Context, person: Person, proposal: ThemeProposal) -> None:
    number = key(proposal.id)
    with refusals(ctx) as refusal, ctx.writing() as session:
        theme_proposal_answers.dismiss(session, proposal_id=number, by=person)
    if refusal.ok:
        words = ctx.t.say("The proposal {label} was dismissed.", label=f"**{plain(proposal.label)}**")
        theme_list_said.remember(words, proposal_id=number)
        st.rerun()


def _working_name(ctx: Context, proposal: ThemeProposal) -> dict[str, str]:
    """The proposal's label as the name in the language that most of its typical comments are in."""
    person = ctx.require(May.CURATE)
    quotes = quotes_of(ctx.session, proposal, by=person, limit=LANGUAGE_OF)
    spoken = Counter(quote.feedback.language for quote in quotes if quote.feedback.language in LANGUAGES)
    language = spoken.most_common(1)[0][0] if spoken else None
    return {language or LANGUAGES[0]: proposal.label[:1].upper() + proposal.label[1:LONGEST_NAME]}


def _told(ctx: Context, ticked: Sequence[int]) -> None:
    t = ctx.t
    if ticked:
        st.markdown(
            t.plural(
                "{n} comment that you ticked gets this theme for good.",
                "{n} comments that you ticked get this theme for good.",
                len(ticked),
            )
        )
    else:
        st.info(t("You ticked no comment, so the theme is learnt from its name and keywords only."))


def _form(number: int) -> str:
    return f"proposal_form_{number}"
