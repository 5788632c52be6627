"""The meeting that goes on: its clock, the agenda, the piles in the order of the meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from charts import interval
from models.base import now
from models.people import Person
from models.pilots import Status
from pages import meeting_case, meeting_clock, meeting_rows, portfolio_rows
from pages.context import Context, refusals
from pages.meeting_start import others
from pages.plain import plain
from services import meetings
from services.decisions import DecisionRow
from services.i18n import N_
from services.meetings import LONGEST_PRESENT, MeetingRow
from services.permissions import May
from services.portfolio import PILE_NAMES, Pile, PortfolioRow
from services.rows import key
from services.traps import traps_of

VIEWS: dict[str, str] = {
    "both": N_("Pictures and words"),
    "words": N_("Words and numbers"),
    "pictures": N_("Pictures"),
}
VIEW, ADDRESS = "meeting_view", "show"


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """The pilots as the meeting has them.

    Attributes:
        piles: What is still to be gone through, pile by pile.
        decided: Decided in this meeting.
        left: Left for the next one.
    """

    piles: Mapping[Pile, Sequence[PortfolioRow]]
    decided: Sequence[PortfolioRow]
    left: Sequence[PortfolioRow]

    @property
    def open(self) -> list[PortfolioRow]:
        """What waits for a decision, harm first; what waits for a second person is out of the meeting's hands."""
        waiting = (*self.piles[Pile.HARM], *self.piles[Pile.TO_DECIDE])
        return [row for row in waiting if row.waiting is None]


def show(ctx: Context, person: Person, own: MeetingRow, rows: Sequence[PortfolioRow]) -> Agenda:
    """Draw the meeting and tell how its agenda stands."""
    meeting_id = key(own.meeting.id)
    agenda = _agenda(ctx, meeting_id, rows)
    _head(ctx, own)
    others(ctx, person)
    _strip(ctx, agenda)
    view = _view(ctx)
    drawn = meeting_rows.Drawn(
        view=view,
        reach=interval.domain(portfolio_rows.drawn(ctx, row, {}) for row in rows),
        meeting_id=meeting_id,
    )
    meeting_rows.begin(ctx, view)
    _pile(ctx, Pile.HARM, agenda, drawn, t_empty=_nobody(ctx, agenda))
    _pile(ctx, Pile.TO_DECIDE, agenda, drawn, t_empty=ctx.t("Nothing else waits for a decision."))
    _group(ctx, ctx.t("Decided in this meeting"), "decided", agenda.decided, drawn)
    _group(ctx, ctx.t("Left for the next meeting"), "left", agenda.left, drawn)
    _by_exception(ctx, agenda.piles[Pile.RUNNING], drawn)
    _follow_up(ctx, agenda.piles[Pile.FOLLOW_UP], drawn)
    for pile in (Pile.PLANNED, Pile.LEARNED):
        _folded(ctx, f"{ctx.t(PILE_NAMES[pile])} ({len(agenda.piles[pile])})", pile.value, agenda.piles[pile], drawn)
    meeting_case.draw(ctx, meeting_id, rows)
    return agenda


def _nobody(ctx: Context, agenda: Agenda) -> str:
    """What an empty first pile says: a harm that was decided on or left in this meeting is still known."""
    if any(row.harmed for row in (*agenda.decided, *agenda.left)):
        return ctx.t("Those that may harm someone have been gone through; they are among the others below.")
    return ctx.t("Nobody is known to be harmed.")


def decision_here(row: PortfolioRow, meeting_id: int) -> DecisionRow | None:
    """The decision that this meeting made of the pilot, the one that waits before the one in force."""
    made = (one for one in (row.waiting, row.decision) if one is not None)
    return next((one for one in made if one.decision.meeting_id == meeting_id), None)


def _agenda(ctx: Context, meeting_id: int, rows: Sequence[PortfolioRow]) -> Agenda:
    items = meetings.items(ctx.session, meeting_id)
    decided = [row for row in rows if decision_here(row, meeting_id) is not None]
    codes = {row.row.pilot.code for row in decided}
    postponed = {pilot_id for pilot_id, item in items.items() if item.postponed}
    left = [row for row in rows if row.row.pilot.id in postponed and row.row.pilot.code not in codes]
    codes |= {row.row.pilot.code for row in left}
    rest = [row for row in rows if row.row.pilot.code not in codes]
    piles = {pile: [row for row in rest if row.pile is pile] for pile in Pile}
    by_code = {"key": lambda row: row.row.pilot.code}
    return Agenda(piles=piles, decided=sorted(decided, **by_code), left=sorted(left, **by_code))


def _head(ctx: Context, own: MeetingRow) -> None:
    t, meeting = ctx.t, own.meeting
    with st.container(horizontal=True, vertical_alignment="center", key="meeting_head"):
        if own.going_on(now()):
            meeting_clock.clock(ctx, own)
        with st.popover(t("Who is present"), icon=":material/group:", key="meeting_people"):
            _present(ctx, own)
    if not own.going_on(now()):
        st.info(
            t.say(
                "This meeting was opened {date} and never ended. Go on with it, or end it below to get its minutes.",
                date=meeting.opened_at,
            )
        )
    told = t.say(
        "Led by {person}, opened {date} at {time}.",
        person=plain(own.led_by.name),
        date=meeting.opened_at,
        time=meetings.clock(t, meeting.opened_at),
    )
    if meeting.present:
        told += " " + t.say("Present: {people}.", people=plain(" ".join(meeting.present.split())))
    st.caption(told)


def _present(ctx: Context, own: MeetingRow) -> None:
    t = ctx.t
    present = st.text_area(
        t("Who is present?"), value=own.meeting.present, key="meeting_now_present", max_chars=LONGEST_PRESENT
    )
    if st.button(t("Save"), key="meeting_save_present", type="primary"):
        with refusals(ctx) as outcome, ctx.writing() as session:
            meetings.note_present(
                session, meeting_id=key(own.meeting.id), by=ctx.require(May.MEET), present=present or ""
            )
        if outcome.ok:
            st.rerun()


def _strip(ctx: Context, agenda: Agenda) -> None:
    """The agenda in one line; each part is a link to its place."""
    t = ctx.t
    parts = [
        (t(PILE_NAMES[Pile.HARM]), "harm", len(agenda.piles[Pile.HARM])),
        (t(PILE_NAMES[Pile.TO_DECIDE]), "to-decide", len(agenda.piles[Pile.TO_DECIDE])),
        (t("Decided in this meeting"), "decided", len(agenda.decided)),
        (t("Left for the next meeting"), "left", len(agenda.left)),
        (t(PILE_NAMES[Pile.RUNNING]), "running", len(agenda.piles[Pile.RUNNING])),
        (t(PILE_NAMES[Pile.FOLLOW_UP]), "follow-up", len(agenda.piles[Pile.FOLLOW_UP])),
    ]
    shown = [part for part in parts if part[2] or part[1] not in ("decided", "left")]
    with st.container(key="meeting_agenda"):
        st.markdown("  ·  ".join(f"[{name} (**{count}**)](#{anchor})" for name, anchor, count in shown))


def _view(ctx: Context) -> str:
    """How the rows are shown; the address keeps it."""
    if VIEW not in st.session_state and st.query_params.get(ADDRESS) in VIEWS:
        st.session_state[VIEW] = st.query_params[ADDRESS]
    chosen = st.segmented_control(
        ctx.t("How the pilots are shown"),
        list(VIEWS),
        format_func=lambda view: ctx.t(VIEWS[view]),
        default=None if VIEW in st.session_state else "both",
        required=True,
        key=VIEW,
        persist_state="session",
    )
    view = chosen or "both"
    if view != "both":
        st.query_params[ADDRESS] = view
    elif ADDRESS in st.query_params:
        del st.query_params[ADDRESS]
    return view


def _pile(ctx: Context, pile: Pile, agenda: Agenda, drawn: meeting_rows.Drawn, *, t_empty: str) -> None:
    rows = agenda.piles[pile]
    st.header(f"{ctx.t(PILE_NAMES[pile])} ({len(rows)})", anchor=pile.value.replace("_", "-"))
    if not rows:
        st.markdown(t_empty)
        return
    meeting_rows.show(ctx, rows, name=pile.value, drawn=drawn)


def _group(ctx: Context, title: str, name: str, rows: Sequence[PortfolioRow], drawn: meeting_rows.Drawn) -> None:
    if rows:
        st.header(f"{title} ({len(rows)})", anchor=name)
        meeting_rows.show(ctx, rows, name=name, drawn=drawn)


def _by_exception(ctx: Context, rows: Sequence[PortfolioRow], drawn: meeting_rows.Drawn) -> None:
    """Those in progress that call for attention; the others are folded away."""
    t = ctx.t
    st.header(f"{t(PILE_NAMES[Pile.RUNNING])} ({len(rows)})", anchor="running")
    st.caption(t("Only those that call for attention are shown open: the rest goes on as planned."))
    standing_out = [row for row in rows if _exception(row)]
    if standing_out:
        meeting_rows.show(ctx, standing_out, name="running", drawn=drawn)
    quiet = [row for row in rows if not _exception(row)]
    _folded(ctx, t.say("Going on as planned: {n}", n=len(quiet)), "running_quiet", quiet, drawn)


def _exception(row: PortfolioRow) -> bool:
    """Whether a running pilot calls for attention: no readable evaluation, or a check that failed."""
    result = row.stored.result if row.stored else None
    if result is None or row.waiting is not None:
        return True
    failed = {check.name for check in result.checks if check.passed is False}
    return any(trap.name in failed for trap in traps_of(result))


def _follow_up(ctx: Context, rows: Sequence[PortfolioRow], drawn: meeting_rows.Drawn) -> None:
    """Those whose check is due, and those scaled up in spite of harm, these first; the others wait for their day."""
    t = ctx.t
    st.header(f"{t(PILE_NAMES[Pile.FOLLOW_UP])} ({len(rows)})", anchor="follow-up")
    due = sorted((row for row in rows if _due(row, ctx.today)), key=lambda row: not row.harmed)
    if due:
        meeting_rows.show(ctx, due, name="follow_up", drawn=drawn)
    waiting = [row for row in rows if row not in due]
    _folded(ctx, t.say("The check is not due yet: {n}", n=len(waiting)), "follow_up_waiting", waiting, drawn)


def _due(row: PortfolioRow, today: dt.date) -> bool:
    """Whether somebody got worse or the agreed day has come, and the change is not an established practice yet."""
    day = row.decision.decision.review_on if row.decision is not None else None
    return row.row.status is Status.SCALING and (row.harmed or (day is not None and day <= today))


def _folded(ctx: Context, title: str, name: str, rows: Sequence[PortfolioRow], drawn: meeting_rows.Drawn) -> None:
    if rows:
        with st.expander(title, key=f"meeting_folded_{name}"):
            meeting_rows.show(ctx, rows, name=name, drawn=drawn)
