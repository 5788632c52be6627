"""Walking a path, made for a phone: whose shoes, then stage by stage the time, the feeling and what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import streamlit as st

from models.people import Person
from models.walks import ServicePath
from pages import draft, faces, form_problems, walks_one, walks_picture
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from services import pilots, walks
from services.errors import BadInput
from services.i18n import N_
from services.organisation import pilot_units
from services.permissions import May, reach
from services.rows import key
from services.walks import LONGEST_NOTE, StepInput

FORM, CLOCK = "walk", "walk_clock"
CLOCKS: dict[str, tuple[str, float]] = {
    "minutes": (N_("minutes"), 1.0),
    "hours": (N_("hours"), 60.0),
    "days": (N_("days"), 24 * 60.0),
}


def show(ctx: Context, person: Person, path: ServicePath) -> None:
    """The form; once saved, back to the path and its picture."""
    t = ctx.t
    with st.container(key="walk_page", width=560):
        st.title(t.say("Walk: {path}", path=walks_picture.name(ctx, path)))
        ctx.link(t("Back to the path"), "walks", icon=":material/arrow_back:", path=path.code)
        st.markdown(
            t(
                "Go through it as a customer would, without using what you know. Leave a stage empty if you did not "
                "get that far."
            )
        )
        unit_id = _unit(ctx, person)
        if unit_id is None:
            st.info(t("There is no unit here that you could walk in."))
            return
        pilot_id = _pilot(ctx, unit_id)
        clock = _clock(ctx, path)
        faces.style('[class*="st-key-walk_"][class*="_feeling"]')
        drafted = walks_one.draft_of(ctx, person, path)
        draft.saved(*drafted)
        with st.container(key=draft.box(*drafted)):
            _form(ctx, path, unit_id=unit_id, pilot_id=pilot_id, clock=clock)


def _unit(ctx: Context, person: Person) -> int | None:
    """Where the walk is: one's own unit without asking, when there is only one."""
    within = reach(ctx.session, person)
    units = [unit for unit in pilot_units(ctx.session) if within is None or key(unit.id) in within]
    if len(units) <= 1:
        return key(units[0].id) if units else None
    names = {unit.code: ctx.t.local(unit.name) for unit in units}
    code = choice(ctx.t("Where?"), "walk_unit", names, width="stretch")
    return next(key(unit.id) for unit in units if unit.code == code)


def _pilot(ctx: Context, unit_id: int) -> int | None:
    t = ctx.t
    running = walks.running_pilots(ctx.session, unit_id=unit_id, today=ctx.today)
    if not running:
        return None
    names = {"none": t("No pilot")} | {one.code: pilots.title(one, t.language) for one in running}
    code = choice(t("Does a pilot touch what you walk?"), "walk_pilot", names, width="stretch")
    return next((key(one.id) for one in running if one.code == code), None)


def usual_clock(longest: Sequence[float]) -> str:
    """The clock that a path's earlier walks suggest.

    Args:
        longest: How many minutes each of them took to its last stage.

    >>> usual_clock([]), usual_clock([20, 90]), usual_clock([300, 400]), usual_clock([30, 14400, 20000])
    ('minutes', 'minutes', 'hours', 'days')
    """
    usual = median(longest) if longest else 0.0
    return next(name for name, (_, size) in reversed(CLOCKS.items()) if usual >= 2 * size or size == 1.0)


def _clock(ctx: Context, path: ServicePath) -> str:
    """The clock of the form; the path's usual one until another is chosen, which the address keeps by its code."""
    t = ctx.t
    rows = walks.walks_of(ctx.session, key(path.id))
    usual = usual_clock([max(step.minute for step in row.steps) for row in rows if row.steps])
    if st.session_state.get(CLOCK) not in CLOCKS:
        asked = st.query_params.get(CLOCK)
        st.session_state[CLOCK] = asked if asked in CLOCKS else usual
    chosen = st.segmented_control(
        t("I count the time in"),
        list(CLOCKS),
        format_func=lambda name: t(CLOCKS[name][0]),
        required=True,
        key=CLOCK,
        width="stretch",
    )
    clock = chosen or usual
    if clock != usual:
        st.query_params[CLOCK] = clock
    elif CLOCK in st.query_params:
        del st.query_params[CLOCK]
    return clock


def _form(ctx: Context, path: ServicePath, *, unit_id: int, pilot_id: int | None, clock: str) -> None:
    t = ctx.t
    named = walks_picture.stages(ctx, path)
    with st.form("walk_form", border=False, enter_to_submit=False):
        alternative = None
        if path.alternatives:
            ways = [t.local(way) for way in path.alternatives]
            alternative = st.segmented_control(
                t("Which way did you take?"),
                list(range(len(ways))),
                format_func=ways.__getitem__,
                key=f"walk_way_{path.code}",
                width="stretch",
                wrap=True,
            )
        whom = st.text_input(
            t("In whose shoes?"),
            max_chars=200,
            key="walk_whom",
            placeholder=t("for example: a parent with a pram"),
        )
        st.caption(t("Do not write about a person one could recognise. Names and numbers are removed when you save."))
        steps = [_stage(ctx, path, place, name, clock) for place, name in enumerate(named)]
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Save the walk"), key="walk_save", type="primary", width="stretch")
    if not saved:
        return

    def record() -> None:
        for place, (feeling, minute, note) in enumerate(steps):
            if feeling is None and (minute is not None or note.strip()):
                raise BadInput("Say how the stage {stage} felt, or leave it empty.", field="steps", stage=named[place])
        walked = [
            StepInput(stage=place, minute=(minute or 0.0) * CLOCKS[clock][1], feeling=feeling, note=note)
            for place, (feeling, minute, note) in enumerate(steps)
            if feeling is not None
        ]
        if any(steps[step.stage][1] is None for step in walked[1:]):
            raise BadInput("Give the time of every stage but the first.", field="steps")
        with ctx.writing() as session:
            walks.record_walk(
                session,
                path_id=key(path.id),
                unit_id=unit_id,
                steps=walked,
                by=ctx.require(May.WALK, unit_id),
                today=ctx.today,
                alternative=alternative,
                as_whom=whom or "",
                pilot_id=pilot_id,
            )

    if form_problems.tried(FORM, record):
        st.session_state[walks_one.SAVED] = True
        st.query_params.from_dict({"path": path.code})
    st.rerun()


def _stage(ctx: Context, path: ServicePath, place: int, name: str, clock: str) -> tuple[int | None, float | None, str]:
    """One stage: feeling, time from the start in the chosen clock, note."""
    t = ctx.t
    with st.container(border=True, key=f"stage_{path.code}_{place}"):
        st.header(f"{place + 1}. {plain(name)}")
        feeling = st.segmented_control(
            t.say("How did it feel? {stage}", stage=name),
            list(faces.GLYPHS),
            format_func=faces.face(t, faces.FELT),
            key=f"walk_{path.code}_{place}_feeling",
            width="stretch",
        )
        minute = st.number_input(
            t.say("From the start, {clock}", clock=t(CLOCKS[clock][0])),
            min_value=0.0,
            value=0.0 if place == 0 else None,
            step=1.0,
            format="%g",
            key=f"walk_{path.code}_{place}_minute_{clock}",
        )
        note = st.text_input(
            t("What did you see? (optional)"), max_chars=LONGEST_NOTE, key=f"walk_{path.code}_{place}_note"
        )
    given = None if place == 0 and feeling is None else minute
    return feeling, given, note or ""
