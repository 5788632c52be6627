"""The fields of the weekly log: within reach of a thumb, kept in the browser until they are saved."""

from __future__ import annotations

import streamlit as st

from models.base import week_of
from models.metrics import Metric, MetricKind
from models.people import Person
from models.pilots import Happened
from pages import draft, faces, form_problems
from pages.context import Context
from pages.log_saved import SAVED, draft_of
from pages.metric_input import unit_of
from pages.plain import plain
from services import log_weeks, weekly_log
from services.errors import BadInput
from services.labels import label
from services.pilots import PilotRow
from services.redacted import readable, stored
from services.rows import key

FORM = "log"
LONGEST = 1000
STYLE = """<style>
.st-key-log_page h1 { font-size: 1.5rem; padding: 0 0 0.25rem; }
.st-key-log_week button, .st-key-happened button { min-height: 3.25rem; font-size: 1.1rem; }
.st-key-log_page [role=radio][aria-checked=true] { outline: 3px solid currentColor; outline-offset: -3px; }
.st-key-log_page [role=radio][aria-checked=true] p { font-weight: 700; }
.st-key-happened [role=radio][aria-checked=true] p::before,
.st-key-log_week [role=radio][aria-checked=true] p::before { content: "✓ " / ""; }
.st-key-log_note textarea { font-size: 1rem; field-sizing: content; height: auto !important; min-height: 3.4rem;
  max-height: 12rem; }
.st-key-log_value input { font-size: 1.25rem; min-height: 3rem; }
.st-key-log_value input::placeholder { font-size: 0.8rem; }
.st-key-log_value button { display: none; }
.st-key-log_number .stButton button { min-height: 3.1rem; font-size: 1.25rem; }
div:has(> .st-key-log_end) { position: sticky; bottom: 0; z-index: 5; backdrop-filter: blur(8px);
  padding: 0.5rem 0 max(0.5rem, env(safe-area-inset-bottom)); }
.st-key-log_save button { min-height: 3.5rem; font-size: 1.15rem; }
.st-key-log_undo button, .st-key-log_more button { min-height: 3rem; }
.stMain:has(.st-key-log_save) { scroll-padding-bottom: 6rem; }
</style>"""


def show(ctx: Context, person: Person, row: PilotRow) -> None:
    """The form; saving leads to the thanks."""
    t = ctx.t
    metric = weekly_log.metric_to_enter(ctx.session, key(row.pilot.id))
    faces.style(".st-key-log_went")
    with st.container(key=draft.box(*draft_of(ctx, person, row)), gap="small"):
        week = _week(ctx, row)
        happened = st.segmented_control(
            t("Did the change happen this week?")
            if week == week_of(ctx.today)
            else t("Did the change happen last week?"),
            list(Happened),
            format_func=lambda value: label(t, value).capitalize(),
            key="happened",
            width="stretch",
            on_change="ignore",
        )
        form_problems.at_field(ctx, FORM, "happened")
        went = st.segmented_control(
            t("How did your work go?"),
            list(faces.GLYPHS),
            format_func=faces.face(t, faces.WENT),
            key="log_went",
            width="stretch",
            on_change="ignore",
        )
        form_problems.at_field(ctx, FORM, "work_went")
        value = _number(ctx, metric, this_week=week == week_of(ctx.today)) if metric is not None else None
        note = stored(
            st.text_area(t("One thing you noticed (optional)"), height="content", max_chars=LONGEST, key="log_note")
        )
        st.caption(t("Do not write about a person one could recognise. Names and numbers are removed when you save."))
        with st.container(key="log_end", gap="xsmall"):
            _preview(ctx, note)
            form_problems.by_button(ctx, FORM)
            saved = st.button(t("Save"), key="log_save", type="primary", width="stretch")
    if not saved:
        return

    def record() -> None:
        if happened is None:
            raise BadInput("Choose yes, partly or no.", field="happened")
        with ctx.writing() as session:
            entry = weekly_log.record(
                session,
                pilot_id=key(row.pilot.id),
                happened=happened,
                work_went=went,
                value=value,
                note=note,
                by=person,
                today=ctx.today,
                week=week,
            )
            st.session_state[SAVED] = entry.id

    form_problems.tried(FORM, record)
    st.rerun()


def _week(ctx: Context, row: PilotRow) -> int:
    """The newest open week, or last week when nobody has logged it and the person says so."""
    weeks = log_weeks.open_weeks(row.plan, ctx.today, status=row.status)
    this = week_of(ctx.today)
    if len(weeks) == 1 or not log_weeks.last_week_is_empty(ctx.session, row.plan, ctx.today):
        return weeks[0]
    names = {this: ctx.t("This week"), this - 1: ctx.t("Last week")}
    if st.session_state.get("log_week") not in names:
        st.session_state["log_week"] = this
    return st.segmented_control(
        ctx.t("Which week?"),
        list(names),
        format_func=names.__getitem__,
        required=True,
        key="log_week",
        width="stretch",
        label_visibility="collapsed",
    )


def _number(ctx: Context, metric: Metric, *, this_week: bool) -> float | None:
    """The week's number, typed or stepped; Streamlit's own steps are small and dead while the field is empty."""
    t = ctx.t
    unit = unit_of(ctx, metric)
    name = f"{t.local(metric.name)} ({unit})" if unit else t.local(metric.name)
    least = -100.0 if metric.kind is MetricKind.NPS else metric.scale_low or 0.0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="log_number"):
        value = st.number_input(
            t.say("This week's number: {metric}" if this_week else "Last week's number: {metric}", metric=name),
            value=None,
            min_value=least,
            step=1.0,
            format="%g",
            key="log_value",
            placeholder=t("Leave empty if you do not know it"),
            on_change="ignore",
        )
        st.button("\N{MINUS SIGN}1", key="step_down_log_value", on_click=_step, args=(-1, least), width=64)
        st.button("+1", key="step_up_log_value", on_click=_step, args=(1, least), width=64)
    form_problems.at_field(ctx, FORM, "value")
    return value


def _step(by: int, least: float) -> None:
    """One more or one less, beginning at the least; the browser steps by itself, so that quick taps all count."""
    now = st.session_state.get("log_value")
    st.session_state["log_value"] = max((least if now is None else now) + by, least)


def _preview(ctx: Context, note: str) -> None:
    """The note as it will be saved, when that is not as it was typed."""
    saved = weekly_log.as_saved(note)
    if saved != note.strip():
        with st.container(key="log_preview"):
            st.info(
                ctx.t.say("This will be saved: {note}", note=plain(readable(ctx.t, saved))),
                icon=":material/shield_person:",
            )
