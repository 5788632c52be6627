"""One unit, as the administrator sees and changes it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session, col, select

from models.organisation import LineageKind, Unit, UnitLineage
from models.people import Person
from pages import form_problems, touch, units_fields
from pages.context import Context
from pages.plain import plain
from services import organisation_changes
from services.i18n import N_
from services.organisation import all_units, subtree_ids
from services.permissions import May
from services.rows import key

BECAME: dict[LineageKind, str] = {
    LineageKind.MERGED: N_("{before} continues as {after} from {day} on."),
    LineageKind.SPLIT: N_("{before} was split, and a part of it is {after} from {day} on."),
    LineageKind.RENAMED: N_("{before} is called {after} from {day} on."),
}


def show(ctx: Context, code: str) -> None:
    """The names, the place in the tree, and how the unit ends."""
    t = ctx.t
    touch.targets()
    units = {key(unit.id): unit for unit in all_units(ctx.session)}
    unit = next((unit for unit in units.values() if unit.code == code), None)
    if unit is None:
        st.title(t("Units"))
        st.warning(t.say("There is no unit with the code {code}.", code=plain(code)))
    else:
        st.title(plain(t.local(unit.name)))
        _facts(ctx, unit, units)
        _form(ctx, "names", t("Names"), unit, _names)
        _form(ctx, "move", t("Place in the tree"), unit, _move)
        if unit.closed_on is None:
            _form(ctx, "close", t("Close the unit"), unit, _close)
            _form(ctx, "merge", t("Let it continue as another unit"), unit, _merge)
            _form(ctx, "split", t("Split it into others"), unit, _split)
        else:
            _form(ctx, "reopen", t("Open the unit again"), unit, _reopen)
    ctx.link(t("All units"), "units", icon=":material/arrow_back:")


def _facts(ctx: Context, unit: Unit, units: dict[int, Unit]) -> None:
    t = ctx.t
    lines = [t.say("Code: {code}", code=plain(unit.code))]
    if unit.oid:
        lines.append(t.say("OID: {oid}", oid=plain(unit.oid)))
    people = ctx.session.exec(select(Person).where(Person.unit_id == unit.id, col(Person.active))).all()
    lines.append(t.plural("{n} person belongs to it.", "{n} people belong to it.", len(people)))
    if unit.closed_on:
        lines.append(t.say("Closed on {day}.", day=unit.closed_on))
    links = select(UnitLineage).where((UnitLineage.predecessor_id == unit.id) | (UnitLineage.successor_id == unit.id))
    for link in ctx.session.exec(links):
        before, after = (plain(t.local(units[number].name)) for number in (link.predecessor_id, link.successor_id))
        lines.append(t.say(BECAME[link.kind], before=before, after=after, day=link.on_date))
    st.markdown("  \n".join(lines))


Action = Callable[[Session, Person], object]


def _form(ctx: Context, name: str, title: str, unit: Unit, draw: Callable[[Context, str, Unit], Action]) -> None:
    """A form of its own for each thing that can be done; what was refused stands by its button."""
    t, form = ctx.t, f"unit_{name}_{unit.code}"
    st.header(title)
    with st.form(form):
        action = draw(ctx, form, unit)
        form_problems.by_button(ctx, form)
        saved = st.form_submit_button(title if name in ("close", "reopen") else t("Save"), key=f"unit_{name}_save")
    if not saved:
        return

    def save() -> None:
        by = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            action(session, by)

    if form_problems.tried(form, save):
        st.toast(t("Saved."))
    st.rerun()


def _names(ctx: Context, form: str, unit: Unit) -> Action:
    names = units_fields.names(ctx, form, unit.name, own=form)
    return lambda session, by: organisation_changes.rename(session, unit_id=key(unit.id), names=names, by=by)


def _move(ctx: Context, form: str, unit: Unit) -> Action:
    below = subtree_ids(all_units(ctx.session), key(unit.id))
    parent = units_fields.parent(ctx, unit.parent_id, own=form, not_under=below)
    st.caption(ctx.t("Everything below it moves along. Who reaches it changes at once."))
    return lambda session, by: organisation_changes.move(session, unit_id=key(unit.id), parent_id=parent, by=by)


def _close(ctx: Context, form: str, unit: Unit) -> Action:
    day = st.date_input(ctx.t("Last day"), value=ctx.today, max_value=ctx.today, format="DD.MM.YYYY", key=f"{form}_on")
    form_problems.at_field(ctx, form, "on")
    return lambda session, by: organisation_changes.close(
        session, unit_id=key(unit.id), on=day or ctx.today, by=by, today=ctx.today
    )


def _reopen(ctx: Context, form: str, unit: Unit) -> Action:
    st.markdown(ctx.t("People and pilots can belong to it again."))
    return lambda session, by: organisation_changes.reopen(session, unit_id=key(unit.id), by=by)


def _merge(ctx: Context, form: str, unit: Unit) -> Action:
    others = _others(ctx, unit)
    into = st.selectbox(
        ctx.t("Continues as"),
        list(others),
        index=None,
        format_func=others.__getitem__,
        key=f"{form}_into",
        placeholder=ctx.t("Choose a unit"),
    )
    st.caption(
        ctx.t("Its people and its series go on in that unit from today on, and it is closed. This is not undone.")
    )
    return lambda session, by: organisation_changes.merge(
        session,
        unit_ids=[key(unit.id)],
        into_id=into,
        on=ctx.today,
        by=by,
        today=ctx.today,
    )


def _split(ctx: Context, form: str, unit: Unit) -> Action:
    others = _others(ctx, unit)
    into = st.multiselect(
        ctx.t("Continues as these"),
        list(others),
        format_func=others.__getitem__,
        key=f"{form}_into",
        placeholder=ctx.t("Choose at least two units"),
    )
    st.caption(ctx.t("Its series ends today, since nobody knows whose its answers were. This is not undone."))
    return lambda session, by: organisation_changes.split(
        session, unit_id=key(unit.id), into_ids=into, on=ctx.today, by=by, today=ctx.today
    )


def _others(ctx: Context, unit: Unit) -> dict[int, str]:
    return {
        key(other.id): f"{ctx.t.local(other.name)} ({other.code})"
        for other in all_units(ctx.session)
        if other.id != unit.id and other.closed_on is None and other.takes_pilots == unit.takes_pilots
    }
