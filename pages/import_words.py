"""Words of the file that mean nothing here yet: which unit, which channel is meant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st

from models.feedback import Channel
from models.people import Person
from pages.context import Context
from pages.plain import plain
from services.i18n import N_
from services.import_preview import words_not_known
from services.intake.shape import FileShape
from services.labels import label
from services.organisation import pilot_units
from services.permissions import reach

MOST = 30
CACHE = "import_words"
ASKED: dict[Literal["unit", "channel"], str] = {
    "unit": N_("Names in the file that are no unit here ({n}): which unit is meant?"),
    "channel": N_("Words in the file that are no channel here ({n}): which channel is meant?"),
}


def meanings(
    ctx: Context, person: Person, shape: FileShape, chosen: Mapping[str, Any], stamp: str
) -> dict[str, dict[str, Any]]:
    """What the units' and channels' words mean: sources with their words, by field."""
    found: dict[str, dict[str, Any]] = {}
    for field in ASKED:
        source = chosen.get(field)
        if isinstance(source, Mapping) and source.get("column"):
            words = _asked(ctx, person, shape, field, source, stamp)
            if words:
                found[field] = {**source, "values": {**source.get("values", {}), **words}}
    return found


def _asked(
    ctx: Context,
    person: Person,
    shape: FileShape,
    field: Literal["unit", "channel"],
    source: Mapping[str, Any],
    stamp: str,
) -> dict[str, str]:
    t = ctx.t
    column = source["column"]
    place = (stamp, column)
    known: dict[Any, list[str]] = st.session_state.setdefault(CACHE, {})
    if place not in known:
        known.clear()
        known[place] = words_not_known(ctx.session, shape=shape, column=column, field=field)
    kept = source.get("values", {})
    words = [*kept, *(word for word in known[place] if word not in kept)]
    if not words:
        return {}
    options = _options(ctx, person, field)
    given: dict[str, str] = {}
    with st.expander(t(ASKED[field]).format(n=t.number(len(words))), expanded=True, key=f"words_{stamp}_{field}"):
        st.caption(t("Rows whose word is left open are not taken; the result lists them."))
        with st.grid(columns="auto", min_column_width=260):
            for at, word in enumerate(words[:MOST]):
                meant = st.selectbox(
                    plain(word),
                    ["", *options],
                    index=["", *options].index(kept[word]) if kept.get(word) in options else 0,
                    format_func=lambda code: options[code] if code else t("left open"),
                    key=f"word_{stamp}_{field}_{at}",
                )
                if meant:
                    given[word] = meant
        if len(words) > MOST:
            st.caption(t.plural("and {n} word more", "and {n} words more", len(words) - MOST))
    return given


def _options(ctx: Context, person: Person, field: str) -> dict[str, str]:
    if field == "channel":
        return {channel.value: label(ctx.t, channel) for channel in Channel}
    within = reach(ctx.session, person)
    units = [unit for unit in pilot_units(ctx.session) if within is None or unit.id in within]
    return {unit.code: ctx.t.local(unit.name) for unit in units}
