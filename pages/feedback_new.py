"""An interview, a paper form or a call typed in: the customer's words, what is stored of them, save, next."""

from __future__ import annotations

import datetime as dt
import time

import streamlit as st

from models.feedback import Channel
from models.people import Person
from pages import feedback_scores, form_problems, touch
from pages.context import Context, refusals
from pages.plain import plain
from services import text_work, typed_feedback
from services.errors import BadInput
from services.i18n import LANGUAGE_NAMES, Translator
from services.intake.vocabulary import AGE_GROUPS
from services.labels import label
from services.organisation import pilot_units
from services.permissions import May, reach
from services.redacted import readable
from services.rows import key
from services.typed_feedback import CHANNELS, TypedAnswer

FORM, ROUND, SEEN, SAVED = "typed", "typed_round", "typed_seen", "typed_saved"
UNDO_SECONDS = 10


def render(ctx: Context) -> None:
    """The form; after saving, an empty one with a way back for ten seconds."""
    t = ctx.t
    person = ctx.require(May.IMPORT)
    touch.targets()
    ctx.link(t("All feedback themes"), "themes", icon=":material/arrow_back:")
    st.title(t("Write down an interview or a paper form"))
    st.markdown(
        t(
            "One customer at a time, in the customer's own words and language. Leave names out: what is left of them "
            "is removed, and you see what will be stored before you save."
        )
    )
    _saved(ctx, person)
    with st.container(width=720, key="typed_form"):
        answer = _answer(ctx, person)
        if answer is not None:
            _save(ctx, person, answer)
    ctx.link(t("Import a file instead"), "import", icon=":material/upload_file:")


def _answer(ctx: Context, person: Person) -> TypedAnswer | None:
    """The fields. Unit, channel and day stay for the next one; the rest begins empty."""
    t = ctx.t
    turn = st.session_state.get(ROUND, 0)
    within = reach(ctx.session, person)
    units = {
        key(unit.id): t.local(unit.name) for unit in pilot_units(ctx.session) if within is None or unit.id in within
    }
    if not units:
        st.info(t("There is no unit you could write answers down for."))
        return None
    channel = st.segmented_control(
        t("How did the customer tell it?"),
        list(CHANNELS),
        default=Channel.INTERVIEW,
        required=True,
        format_func=lambda value: label(t, value).capitalize(),
        key="typed_channel",
        persist_state="session",
    )
    with st.container(horizontal=True):
        unit = st.selectbox(
            t("Unit"),
            list(units),
            index=0 if len(units) == 1 else None,
            format_func=units.__getitem__,
            placeholder=t("choose"),
            key="typed_unit",
            persist_state="session",
            width=340,
        )
        day = st.date_input(
            t("Day"), value=ctx.today, max_value=ctx.today, format="DD.MM.YYYY", key="typed_day", width=180
        )
    form_problems.at_field(ctx, FORM, "unit", "given_on", "channel")
    text = st.text_area(
        t("In the customer's own words"),
        height=140,
        max_chars=typed_feedback.LONGEST,
        key=f"typed_text_{turn}",
        help=t("In the language the customer used. If the customer said several things, write them all."),
    )
    form_problems.at_field(ctx, FORM, "text")
    recommend, statements = feedback_scores.scores(ctx, turn)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        age = st.selectbox(
            t("Age group"),
            ["", *AGE_GROUPS],
            format_func=lambda group: group.replace("-", "–") or t("not known"),
            key=f"typed_age_{turn}",
            width=200,
        )
        statutory = st.checkbox(t("It is about an official decision"), key=f"typed_statutory_{turn}")
    if unit is None:
        unit = 0
    return TypedAnswer(
        unit_id=unit,
        channel=Channel(channel or Channel.INTERVIEW),
        given_on=day if isinstance(day, dt.date) else ctx.today,
        text=text or "",
        recommend=recommend,
        statements=statements,
        age_group=age or None,
        statutory_decision=bool(statutory),
    )


def _save(ctx: Context, person: Person, answer: TypedAnswer) -> None:
    """First the text as it would be stored; only a text that has been seen so can be saved."""
    t = ctx.t
    seen = not answer.text.strip() or st.session_state.get(SEEN) == answer.text
    if answer.text.strip() and seen:
        _preview(ctx, answer.text)
    form_problems.by_button(ctx, FORM)
    if not seen:
        if st.button(t("See what will be stored"), type="primary", key="typed_look", width="stretch"):
            st.session_state[SEEN] = answer.text
            st.rerun()
        st.caption(t("Saving comes after this."))
        return
    if not st.button(t("Save and write the next one"), type="primary", key="typed_save", width="stretch"):
        return

    def record() -> None:
        if not answer.unit_id:
            raise BadInput("Choose the unit.", field="unit")
        with ctx.writing() as session:
            stored = typed_feedback.record(session, answer, by=person, today=ctx.today)
            st.session_state[SAVED] = (key(stored.id), time.monotonic())

    if form_problems.tried(FORM, record):
        text_work.start()
        st.session_state.pop(SEEN, None)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _preview(ctx: Context, text: str) -> None:
    t = ctx.t
    stored = typed_feedback.as_stored(text)
    with st.container(border=True, key="typed_preview"):
        st.markdown(f"**{t('This is stored')}**")
        st.markdown(plain(readable(t, stored.text)))
        language = LANGUAGE_NAMES.get(stored.language or "")
        if language:
            st.caption(t.say("Language: {language}", language=language))
        st.caption(t("If it still tells who the customer is, change the text above."))


def _saved(ctx: Context, person: Person) -> None:
    """What was just saved, with a way back for ten seconds."""
    t = ctx.t
    if SAVED not in st.session_state:
        return
    feedback_id, at = st.session_state[SAVED]
    if time.monotonic() - at > UNDO_SECONDS:
        st.session_state.pop(SAVED)
        return
    with st.container(border=True, key="typed_saved"):
        st.success(t("Saved. The form is ready for the next one."), icon=":material/check_circle:")
        if st.button(t("Undo what I saved"), icon=":material/undo:", key="typed_undo"):
            with refusals(ctx) as outcome, ctx.writing() as session:
                typed_feedback.undo(session, feedback_id=feedback_id, by=person)
            if outcome.ok:
                st.session_state.pop(SAVED)
                st.toast(t("Undone. Nothing was saved."))
                st.rerun()
        _until(at, t)


@st.fragment(run_every=1.0)
def _until(at: float, t: Translator) -> None:
    """Counts the seconds down, then draws the page without the way back."""
    left = round(UNDO_SECONDS - (time.monotonic() - at))
    if left <= 0:
        st.rerun()
    st.caption(t.plural("{n} second left", "{n} seconds left", left))
