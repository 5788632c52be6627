"""The fields of a person, the same for a new one and for a changed one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

import streamlit as st

from models.base import LANGUAGES
from models.people import Person, Role
from pages import form_problems
from pages.context import Context
from services.i18n import LANGUAGE_NAMES
from services.labels import label
from services.organisation import all_units
from services.rows import key

WHOLE_COUNTY = 0
"""Stands for no unit in the list of units."""
ROLES = (
    Role.STAFF,
    Role.TEAM_LEAD,
    Role.COACH,
    Role.AREA_DIRECTOR,
    Role.LEADERSHIP,
    Role.TRUSTEE,
    Role.ANALYST,
    Role.ADMIN,
)
"""All that people have; a machine user is made with its key."""


class Values(TypedDict):
    """What the services take."""

    name: str
    role: str
    unit_id: int | None
    email: str
    language: str | None


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What the fields hold.

    Attributes:
        name: Name.
        role: Role.
        unit_id: The unit; None for the whole county.
        email: Address; "" for none.
        language: The language of messages to the person; None for the browser's.
    """

    name: str
    role: Role
    unit_id: int | None
    email: str
    language: str | None

    def values(self) -> Values:
        """As the services take it."""
        return Values(name=self.name, role=self.role, unit_id=self.unit_id, email=self.email, language=self.language)


def fields(ctx: Context, form: str, *, own: str, person: Person | None = None) -> Typed:
    """The fields, filled in for somebody there already, with what was refused beside the field it is about.

    Args:
        ctx: The rerun.
        form: The form's name, for what was refused.
        own: What makes the fields' keys this person's own.
        person: Who is changed; None for somebody new.
    """
    t = ctx.t
    name = st.text_input(t("Name"), value=person.name if person else "", key=f"{own}_name", max_chars=200)
    form_problems.at_field(ctx, form, "name")
    email = st.text_input(
        t("E-mail address"),
        value=(person.email or "") if person else "",
        key=f"{own}_email",
        max_chars=200,
        help=t("The one that the sign-in service knows; without it nobody can sign in."),
    )
    form_problems.at_field(ctx, form, "email")
    role = st.selectbox(
        t("Role"),
        ROLES,
        index=ROLES.index(person.role) if person and person.role in ROLES else 0,
        format_func=lambda value: label(t, value),
        key=f"{own}_role",
    )
    form_problems.at_field(ctx, form, "role")
    units = {
        key(unit.id): f"{t.local(unit.name)} ({unit.code})"
        for unit in all_units(ctx.session)
        if unit.closed_on is None or (person is not None and unit.id == person.unit_id)
    }
    choices = [WHOLE_COUNTY, *units]
    unit_id = st.selectbox(
        t("Unit, with everything below it"),
        choices,
        index=choices.index(person.unit_id or WHOLE_COUNTY) if person else 0,
        format_func=lambda value: units.get(value) or t("the whole county"),
        key=f"{own}_unit",
    )
    form_problems.at_field(ctx, form, "unit")
    languages = ("", *LANGUAGES)
    language = st.selectbox(
        t("Language of messages"),
        languages,
        index=languages.index(person.language or "") if person else 0,
        format_func=lambda value: LANGUAGE_NAMES.get(value) or t("not said"),
        key=f"{own}_language",
    )
    return Typed(name=name, role=role, unit_id=unit_id or None, email=email, language=language or None)
