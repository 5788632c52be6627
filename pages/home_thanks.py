"""Thanks on the first page: customers' and colleagues' words to the unit, and what the reader's log was read for."""

from __future__ import annotations

import functools

import streamlit as st

from models.decisions import Choice
from models.people import Person
from pages import form_problems, just_done
from pages.context import Context, refusals
from pages.plain import plain
from pages.voices import voice
from services import log_mattered, thanks
from services.errors import BadInput
from services.i18n import N_
from services.log_mattered import Mattered
from services.organisation import pilot_units
from services.permissions import May, reach
from services.redacted import readable
from services.rows import key
from services.thanks import Word

FORM = "thanks"
ROUND = "thanks_round"
SHOWN = 3
MATTERED: dict[Choice, str] = {
    Choice.SCALE: N_("Your log of week {week} was there to be read when {pilot} was scaled up on {date}."),
    Choice.EXTEND: N_("Your log of week {week} was there to be read when {pilot} got more time on {date}."),
    Choice.ADAPT: N_("Your log of week {week} was there to be read when {pilot} was sent to be adapted on {date}."),
    Choice.STOP: N_("Your log of week {week} was there to be read when {pilot} ended on {date}. We learned."),
}


def show(ctx: Context, person: Person) -> None:
    """Your log mattered, then the stream, then a way to thank another unit."""
    t = ctx.t
    _mattered(ctx, person)
    units = reach(ctx.session, person)
    st.header(t("Thanks") if units is None else t("Thanks to you all"))
    just_done.show(ctx, just_done.THANKS)
    found = thanks.stream(ctx.session, person=person, unit_ids=units, today=ctx.today, limit=SHOWN)
    if not found:
        st.markdown(t("No thanks in the last year yet. Someone has to begin: thank another unit?"))
    with st.grid(columns="auto", min_column_width=300):
        for word in found:
            name = f"answer_{word.feedback.id}" if word.feedback is not None else f"word_{key(_id(word))}"
            with st.container(border=True, height="stretch", gap="xsmall", key=f"thanks_{name}"):
                _word(ctx, word, place=units is None or len(units) > 1)
    _form(ctx)


def _mattered(ctx: Context, person: Person) -> None:
    t = ctx.t
    found = log_mattered.mattered(ctx.session, person=person)
    if not found:
        return
    st.header(t("Your log mattered"))
    with st.container(border=True, key="mattered", gap="xsmall"):
        for row in found:
            st.markdown(_sentence(ctx, row))
            ctx.link(t("Look at the pilot"), "pilot", icon=":material/science:", code=row.pilot.code)


def _sentence(ctx: Context, row: Mattered) -> str:
    t = ctx.t
    name = plain(f"{row.pilot.code} {t.local(row.pilot.title)}")
    week = row.week.isocalendar().week
    if row.choice is not None:
        return t.say(MATTERED[row.choice], week=week, pilot=name, date=row.on)
    if row.entries == 1:
        return t.say(
            "The review of {pilot} on {date} had your log of week {week} to read.", pilot=name, date=row.on, week=week
        )
    return t.say(
        "The review of {pilot} on {date} had {entries} to read, yours of week {week} among them.",
        pilot=name,
        date=row.on,
        entries=t.plural("{n} log entry", "{n} log entries", row.entries),
        week=week,
    )


def _word(ctx: Context, word: Word, *, place: bool) -> None:
    t = ctx.t
    if word.feedback is not None:
        voice(ctx, word.feedback)
        facts = [t("a customer"), t.date(word.on)]
    else:
        st.markdown(plain(readable(t, word.words)))
        sender = word.sender_unit
        known = t.say("from colleagues: {unit}", unit=t.local(sender.name)) if sender is not None else ""
        facts = [known or t("from colleagues"), t.date(word.on)]
    if place:
        facts.insert(0, t.say("to {unit}", unit=t.local(word.unit.name)))
    st.caption(plain(" · ".join(facts)))
    if word.own and st.button(t("Take back"), key=f"take_back_{_id(word)}", icon=":material/undo:", type="tertiary"):
        with refusals(ctx) as refusal, ctx.writing() as session:
            thanks.take_back(session, thanks_id=key(_id(word)), by=ctx.require(May.PROPOSE))
        if refusal.ok:
            st.toast(t("Taken back. Nobody sees it now."))
            st.rerun()


def _id(word: Word) -> int | None:
    return word.thanks.id if word.thanks is not None else None


def _form(ctx: Context) -> None:
    """Thanking a unit: two fields, and no field for a person's name."""
    t = ctx.t
    units = {unit.code: unit for unit in pilot_units(ctx.session)}
    again = st.session_state.setdefault(ROUND, 0)
    problem = form_problems.kept(FORM) is not None
    with (
        st.expander(t("Thank another unit"), icon=":material/favorite:", expanded=problem, key=f"thank_{again}"),
        st.form("thanks_form", border=False, enter_to_submit=False),
    ):
        code = st.selectbox(
            t("Which unit?"),
            list(units),
            index=None,
            format_func=lambda code: t.local(units[code].name),
            placeholder=t("Choose a unit"),
            key=f"thanks_unit_{again}",
        )
        form_problems.at_field(ctx, FORM, "unit")
        words = st.text_area(
            t("What do you thank them for?"),
            max_chars=thanks.LONGEST,
            height=80,
            key=f"thanks_words_{again}",
            help=t("Names, phone numbers and other personal data are removed when you save."),
        )
        form_problems.at_field(ctx, FORM, "words")
        st.caption(t("Thanks go to the whole unit, and they see your unit, not your name."))
        sent = st.form_submit_button(t("Send thanks"), key="thanks_send", width="stretch")
    if not sent:
        return

    def send() -> None:
        if code is None:
            raise BadInput("Choose the unit you thank.", field="unit")
        person = ctx.require(May.PROPOSE)
        with ctx.writing() as session:
            row = thanks.say(session, unit_id=key(units[code].id), words=words or "", by=person)
        undo = functools.partial(thanks.take_back, thanks_id=key(row.id))
        just_done.say(just_done.THANKS, t.say("Your thanks are sent: {unit}.", unit=t.local(units[code].name)), undo)
        st.session_state[ROUND] = again + 1

    form_problems.tried(FORM, send)
    st.rerun()
