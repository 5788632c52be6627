"""Which column is what, as choices on a page: a column of the file, or one value for the whole file."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from models.feedback import Channel
from models.imports import ImportKind
from models.people import Person
from pages.context import Context
from services.i18n import N_
from services.intake.shape import FileShape
from services.labels import label
from services.metrics import all_metrics
from services.organisation import pilot_units
from services.permissions import reach

COLUMN, CONSTANT = "column:", "constant:"
FEEDBACK: dict[str, str] = {
    "date": N_("Day of the answer"),
    "unit": N_("Unit"),
    "channel": N_("Channel"),
    "external_id": N_("The answer's own number"),
    "respondent": N_("Respondent's number (kept only as a code)"),
    "language": N_("Language of the answer"),
    "age_group": N_("Age or age group"),
    "life_situation": N_("Life situation"),
    "customer_type": N_("External or internal customer"),
    "solicited": N_("Was the answer asked for"),
    "statutory_decision": N_("Is it about an official decision"),
    "decision_upheld": N_("Did the decision stand"),
    "topic": N_("Topic the customer chose"),
}
MEASUREMENTS: dict[str, str] = {
    "date": N_("Day or week"),
    "unit": N_("Unit"),
    "metric": N_("Metric"),
    "n": N_("How many answers or cases (n)"),
    "mean": N_("Mean"),
    "sd": N_("Standard deviation"),
    "count": N_("Count of successes or events"),
    "value": N_("A single value"),
    "group": N_("Group of customers"),
}
NEEDED = frozenset({"date", "unit", "channel", "metric"})


def fields(
    ctx: Context,
    person: Person,
    shape: FileShape,
    kind: ImportKind,
    draft: Mapping[str, Any],
    stamp: str,
    *,
    without: Collection[str] = (),
) -> dict[str, Any]:
    """One choice a field, the needed and the found ones first; what is chosen, as a mapping's JSON.

    Args:
        ctx: The rerun.
        person: Who imports.
        shape: The file.
        kind: What it holds.
        draft: The mapping proposed.
        stamp: Changes with the file and the profile, so that their choices do not mix.
        without: Fields that the file's layout gives another place.
    """
    every = FEEDBACK if kind is ImportKind.FEEDBACK else MEASUREMENTS
    names = {field: name for field, name in every.items() if field not in without}
    constants = _constants(ctx, person, kind)
    shown = [field for field in names if field in NEEDED or field in draft]
    found: dict[str, Any] = {}

    def choose(field: str) -> None:
        options = _options(shape, constants.get(field, {}), needed=field in NEEDED)
        chosen = st.selectbox(
            ctx.t(names[field]),
            list(options),
            index=_index(options, draft.get(field)),
            format_func=lambda code: options[code] if code else ctx.t("not in the file"),
            placeholder=ctx.t("choose"),
            key=f"map_{stamp}_{field}",
        )
        if chosen:
            found[field] = _source(chosen, draft.get(field))

    with st.grid(columns="auto", min_column_width=260):
        for field in shown:
            choose(field)
    rest = [field for field in names if field not in shown]
    if rest:
        with (
            st.expander(ctx.t("What else the file may hold"), key=f"map_{stamp}_rest"),
            st.grid(columns="auto", min_column_width=260),
        ):
            for field in rest:
                choose(field)
    return found


def _options(shape: FileShape, constants: Mapping[str, str], *, needed: bool) -> dict[str, str]:
    columns = {COLUMN + name: name for name in shape.names}
    nothing = {} if needed else {"": ""}
    return nothing | columns | {CONSTANT + code: name for code, name in constants.items()}


def _constants(ctx: Context, person: Person, kind: ImportKind) -> dict[str, dict[str, str]]:
    """Values that may hold for the whole file, by field: code to words."""
    t = ctx.t

    def always(value: str) -> str:
        return t.say("always: {value}", value=value)

    within = reach(ctx.session, person)
    units = [unit for unit in pilot_units(ctx.session) if within is None or unit.id in within]
    found = {"unit": {unit.code: always(t.local(unit.name)) for unit in units}}
    if kind is ImportKind.FEEDBACK:
        found["channel"] = {channel.value: always(label(t, channel)) for channel in Channel}
    else:
        found["metric"] = {metric.code: always(t.local(metric.name)) for metric in all_metrics(ctx.session)}
    return found


def _index(options: Mapping[str, str], proposed: object) -> int | None:
    """Where the proposal is among the options; None leaves a needed field empty."""
    code = ""
    if isinstance(proposed, str):
        code = COLUMN + proposed
    elif isinstance(proposed, Mapping):
        code = COLUMN + proposed["column"] if proposed.get("column") else CONSTANT + str(proposed.get("constant"))
    codes = list(options)
    return codes.index(code) if code in codes else None


def _source(chosen: str, proposed: object) -> dict[str, Any]:
    """The choice as a mapping's source; the words kept with the proposal stay while its column does."""
    if chosen.startswith(CONSTANT):
        return {"constant": chosen.removeprefix(CONSTANT)}
    column = chosen.removeprefix(COLUMN)
    if isinstance(proposed, Mapping) and proposed.get("column") == column:
        return dict(proposed)
    return {"column": column}
