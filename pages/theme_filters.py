"""The filters of the feedback pages: kept in the address, so that a view can be sent to a colleague."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import streamlit as st
from babel.dates import format_skeleton

from models.feedback import Channel
from models.organisation import Unit
from models.people import Person
from pages.choices import choice
from pages.context import Context
from services.i18n import N_
from services.labels import label
from services.organisation import all_units, subtree_ids
from services.permissions import reach
from services.rows import key
from services.theme_browse import Scope
from services.theme_grid import Column, month_columns
from services.theme_trend import last_weeks

WEEKS: dict[int, str] = {
    12: N_("12 weeks"),
    4: N_("4 weeks"),
    26: N_("half a year"),
    52: N_("a year"),
}
SOLICITED = {"": N_("all"), "yes": N_("asked for"), "no": N_("given unasked")}
STATUTORY = {"": N_("all"), "yes": N_("about official decisions"), "no": N_("about services")}
YES_OR_NO = {"": None, "yes": True, "no": False}
KEYS = ("unit", "weeks", "channel", "solicited", "statutory")
MONTHS = 13
LOCALES = {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}


def scope(ctx: Context, person: Person) -> Scope:
    """The filters, and the answers they leave."""
    t = ctx.t
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_filters"):
        units = _unit(ctx, person)
        months = {column.code: month(ctx, column.first) for column in reversed(full_months(ctx.today))}
        spans = {str(n): t(name) for n, name in WEEKS.items()} | months
        chosen = choice(t("Period, up to last Sunday"), "weeks", spans)
        with st.popover(t("More filters"), icon=":material/tune:", key="more_filters"):
            channel = choice(t("Channel"), "channel", {"": t("all")} | {c.value: label(t, c) for c in Channel})
            solicited = choice(t("Asked for or not"), "solicited", {k: t(name) for k, name in SOLICITED.items()})
            statutory = choice(t("Subject"), "statutory", {k: t(name) for k, name in STATUTORY.items()})
    first, last = _days(ctx, chosen)
    return Scope(
        first=first,
        last=last,
        unit_ids=units,
        channels=(Channel(channel),) if channel else (),
        solicited=YES_OR_NO[solicited],
        statutory=YES_OR_NO[statutory],
    )


def carried(**changed: object) -> dict[str, object]:
    """The filters as they stand, for a link to another page; some changed, or left out with None."""
    return changed | {name: st.query_params.get(name) for name in KEYS if name not in changed}


def full_months(today: dt.date) -> list[Column]:
    """The last whole months before today, oldest first."""
    last = today.replace(day=1) - dt.timedelta(days=1)
    first = (last - dt.timedelta(days=30 * (MONTHS - 1))).replace(day=1)
    return month_columns(first, last)[-MONTHS:]


def month(ctx: Context, day: dt.date, *, short: bool = False) -> str:
    """A month with its year as the reader's language writes it."""
    return str(format_skeleton("yMMM" if short else "yMMMM", day, locale=LOCALES[ctx.t.language]))


def named_unit(ctx: Context) -> Unit | None:
    """The unit or branch that is chosen; None for the whole county."""
    code = st.session_state.get("unit")
    return next((unit for unit in all_units(ctx.session) if unit.code == code), None) if code else None


def _days(ctx: Context, chosen: str) -> tuple[dt.date, dt.date]:
    if chosen.isdigit():
        return last_weeks(ctx.today, int(chosen))
    found = next(column for column in full_months(ctx.today) if column.code == chosen)
    return found.first, found.last


def _unit(ctx: Context, person: Person) -> frozenset[int] | None:
    """One node of the organisation within the person's reach, everything below it included."""
    t = ctx.t
    units = all_units(ctx.session)
    within = reach(ctx.session, person)
    depth = _depths({unit.id: unit.parent_id for unit in units})
    mine = [unit for unit in _in_order(units) if within is None or key(unit.id) in within]
    names = {unit.code: "\N{EM SPACE}" * max(depth[unit.id] - 1, 0) + t.local(unit.name) for unit in mine}
    if within is None:
        names = {"": t("The whole county")} | {code: name for code, name in names.items() if _parent(mine, code)}
    chosen = choice(t("Unit"), "unit", names, width=320)
    return None if not chosen else subtree_ids(units, next(key(unit.id) for unit in units if unit.code == chosen))


def _parent(units: Sequence[Unit], code: str) -> int | None:
    return next(unit.parent_id for unit in units if unit.code == code)


def _in_order(units: Sequence[Unit]) -> list[Unit]:
    """The tree from the top down, each node followed by what is below it."""

    def below(parent: int | None) -> list[Unit]:
        return [node for unit in units if unit.parent_id == parent for node in (unit, *below(unit.id))]

    return below(None)


def _depths(parents: dict[int | None, int | None]) -> dict[int | None, int]:
    def depth(node: int | None) -> int:
        parent = parents.get(node)
        return 0 if parent is None else 1 + depth(parent)

    return {node: depth(node) for node in parents}


def period(ctx: Context, scope: Scope) -> str:
    """The scope's days in words."""
    return ctx.t.say("{first}–{last}", first=scope.first, last=scope.last)
