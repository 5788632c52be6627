"""The organisation's units as a tree, for the administrator to keep."""

from __future__ import annotations

from collections import defaultdict

import streamlit as st

from models.organisation import Unit
from pages import form_problems, units_fields, units_one
from pages.context import Context
from pages.plain import plain
from services import organisation_changes
from services.organisation import all_units
from services.permissions import May

FORM = "units_add"


def render(ctx: Context) -> None:
    """The tree, or the one unit that the address names."""
    ctx.require(May.ADMINISTER)
    t = ctx.t
    code = st.query_params.get("unit")
    if code is not None:
        units_one.show(ctx, code)
        return
    st.title(t("Units"))
    st.markdown(
        t(
            "Feedback, measurements and people belong to units. Units are never deleted: one that ends is closed, and "
            "what was measured in it stays."
        )
    )
    units = all_units(ctx.session)
    st.header(t.plural("{n} unit", "{n} units", sum(unit.closed_on is None for unit in units)))
    closed = st.checkbox(t("Show closed units too"), key="units_closed")
    _tree(ctx, [unit for unit in units if closed or unit.closed_on is None])
    _add(ctx)


def _tree(ctx: Context, units: list[Unit]) -> None:
    """Each unit is a link, set in as deep as it lies; one whose parent is not shown stands at the edge."""
    shown = {unit.id for unit in units}
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in units:
        below[unit.parent_id if unit.parent_id in shown else None].append(unit)
    waiting = [(unit, 0) for unit in reversed(below[None])]
    with st.container(key="units_tree", gap="xsmall"):
        while waiting:
            unit, depth = waiting.pop()
            _line(ctx, unit, depth)
            waiting.extend((child, depth + 1) for child in reversed(below[unit.id]))


def _line(ctx: Context, unit: Unit, depth: int) -> None:
    t = ctx.t
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key=f"unit_{unit.code}"):
        if depth:
            st.space(min(depth, 4) * 24)
        ctx.link(plain(t.local(unit.name)), "units", unit=unit.code)
        end = f" · {t.say('closed on {day}', day=unit.closed_on)}" if unit.closed_on else ""
        st.markdown(plain(unit.code) + end, width="content")


def _add(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Add a unit"), anchor="add")
    with st.form("units_add"):
        code = st.text_input(
            t("Code"), key="unit_add_code", max_chars=40, help=t("As files name the unit. Never changed later.")
        )
        form_problems.at_field(ctx, FORM, "code")
        names = units_fields.names(ctx, FORM, {}, own="unit_add")
        level = st.text_input(
            t("Level"), value="unit", key="unit_add_level", max_chars=40, help=t("Such as area, service or unit.")
        )
        form_problems.at_field(ctx, FORM, "level")
        oid = st.text_input(t("OID, where the unit has one"), key="unit_add_oid", max_chars=80)
        form_problems.at_field(ctx, FORM, "oid")
        parent_id = units_fields.parent(ctx, None, own="unit_add")
        takes_pilots = st.checkbox(t("Can try changes itself"), value=True, key="unit_add_pilots")
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Add"), key="unit_add_save", type="primary")
    if not saved:
        return

    def save() -> None:
        by = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            organisation_changes.add(
                session,
                code=code,
                names=names,
                level=level,
                by=by,
                parent_id=parent_id,
                oid=oid,
                takes_pilots=takes_pilots,
                opened_on=ctx.today,
            )

    if form_problems.tried(FORM, save):
        st.toast(t("Added."))
        st.switch_page(ctx.routes["units"], query_params={"unit": code.strip()})
    st.rerun()
