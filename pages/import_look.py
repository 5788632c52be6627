"""The first rows of a file as they would be stored, and the reasons against the others."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import streamlit as st

from models.feedback import Channel
from models.people import Person
from pages.context import Context
from pages.plain import plain
from services.i18n import LANGUAGE_NAMES, N_
from services.import_preview import ROWS, Preview, preview
from services.import_profiles import AnyMapping
from services.intake.mapping import FeedbackMapping
from services.intake.refused import Reject
from services.intake.shape import FileShape
from services.labels import label
from services.redacted import readable

SHOWN = 5
REJECTS_SHOWN = 20
ROWS_NAMED = 3
ANSWER = {
    "given_on": N_("Day"),
    "unit": N_("Unit"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "age_group": N_("Age group"),
    "text": N_("In their own words, personal data removed"),
}
ITEMS = {
    "recommend": N_("recommending"),
    "happy": N_("satisfaction"),
    "happy5": N_("satisfaction (5 faces)"),
}
"""What scores are of, where a code would say little; THL's statements and a county's own questions keep theirs."""
MEASUREMENT = {
    "on_date": N_("Day"),
    "unit": N_("Unit"),
    "metric": N_("Metric"),
    "population": N_("Group"),
    "n": N_("n"),
    "mean": N_("Mean"),
    "sd": N_("Standard deviation"),
    "count": N_("Count"),
}


def show(ctx: Context, person: Person, shape: FileShape, mapping: AnyMapping) -> Preview:
    """Read the first rows and show what became of them; what was seen.

    Raises:
        ServiceError: They cannot be read this way.
    """
    t = ctx.t
    found = preview(ctx.session, shape=shape, mapping=mapping, by=person, settings=ctx.settings)
    parsed = found.parsed
    counted = t.say(
        "{taken} of the first {rows} rows can be taken, {rejected} cannot."
        if not found.whole
        else "{taken} of the file's {rows} rows can be taken, {rejected} cannot.",
        taken=parsed.accepted,
        rows=parsed.rows,
        rejected=parsed.rejected,
    )
    st.markdown(counted)
    if parsed.accepted:
        columns = ANSWER if isinstance(mapping, FeedbackMapping) else MEASUREMENT
        st.table(_rows(ctx, parsed.values, parsed.scores, columns), hide_index=True, border="horizontal")
    if parsed.rejects:
        st.markdown(f"**{t('Rows that cannot be taken, and why')}**")
        alike: dict[tuple[str, str, str], list[Reject]] = {}
        for reject in parsed.rejects:
            alike.setdefault((reject.column, reject.value, reject.text), []).append(reject)
        groups = list(alike.values())
        st.table([_reject(ctx, group) for group in groups[:REJECTS_SHOWN]], hide_index=True, border="horizontal")
        if len(groups) > REJECTS_SHOWN:
            st.caption(t.plural("and {n} reason more", "and {n} reasons more", len(groups) - REJECTS_SHOWN))
    left_out = [name for name in shape.names if name not in set(mapping.columns())]
    if left_out:
        st.info(t.say("Columns of the file that are not stored: {columns}.", columns=plain(", ".join(left_out))))
    if not found.whole:
        st.caption(t.say("Only the first {rows} rows were looked at; the import reads them all.", rows=ROWS))
    return found


def _rows(ctx: Context, values: pl.DataFrame, scores: pl.DataFrame, columns: dict[str, str]) -> list[dict[str, str]]:
    t = ctx.t
    head = values.head(SHOWN)
    used = [name for name in columns if name in head.columns and head[name].is_not_null().any()]
    given: dict[int, list[str]] = {}
    for row, item, value in scores.select("row", "item", "value").iter_rows():
        given.setdefault(row, []).append(f"{t(ITEMS.get(item, item))} {t.number(value)}")
    rows = []
    for row in head.iter_rows(named=True):
        cells = {t(columns[name]): _cell(ctx, name, row[name]) for name in used}
        if not scores.is_empty():
            cells[t("Scores")] = plain(", ".join(given.get(row["row"], ["–"])))
        rows.append(cells)
    return rows


def _cell(ctx: Context, name: str, value: object) -> str:
    if value is None or value == "":
        return "–"
    if name == "channel":
        return label(ctx.t, Channel(str(value)))
    if name == "language":
        return LANGUAGE_NAMES.get(str(value), str(value))
    return plain(readable(ctx.t, ctx.t.value(value)))


def _reject(ctx: Context, alike: Sequence[Reject]) -> dict[str, str]:
    """Rows with the same reason against the same value: the first few by number, and how many there are."""
    t = ctx.t
    first = alike[0]
    rows = ", ".join(t.number(reject.row) for reject in alike[:ROWS_NAMED])
    if len(alike) > ROWS_NAMED:
        rows += "… " + t.plural("({n} row)", "({n} rows)", len(alike))
    return {
        t("Row"): rows,
        t("Column"): plain(first.column or "–"),
        t("Value"): plain(first.value or "–"),
        t("Why not"): plain(t.say(first.text, **first.values)),
    }
