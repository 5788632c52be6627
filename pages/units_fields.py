"""The fields of a unit: its names in three languages, and what it lies under."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import streamlit as st

from models.base import LANGUAGES
from pages import form_problems
from pages.context import Context
from services.i18n import LANGUAGE_NAMES
from services.organisation import all_units
from services.organisation_changes import LONGEST_NAME
from services.rows import key

TOP = 0
"""Stands for "under no unit" in the list of units."""


def names(ctx: Context, form: str, given: Mapping[str, str], *, own: str) -> dict[str, str]:
    """A field for each language, with what was refused beside it."""
    typed = {}
    for language in LANGUAGES:
        typed[language] = st.text_input(
            ctx.t.say("Name ({language})", language=LANGUAGE_NAMES[language]),
            value=given.get(language, ""),
            key=f"{own}_name_{language}",
            max_chars=LONGEST_NAME,
        )
        form_problems.at_field(ctx, form, f"name_{language}")
    return typed


def parent(ctx: Context, given: int | None, *, own: str, not_under: Collection[int] = ()) -> int | None:
    """The unit above; None for none.

    Args:
        ctx: The rerun.
        given: The one it lies under now.
        own: What makes the field's key this unit's own.
        not_under: Units that it cannot lie under.
    """
    t = ctx.t
    units = {
        key(unit.id): f"{t.local(unit.name)} ({unit.code})"
        for unit in all_units(ctx.session)
        if unit.id == given or (unit.closed_on is None and unit.id not in not_under)
    }
    choices = [TOP, *units]
    chosen = st.selectbox(
        t("Lies under the unit"),
        choices,
        index=choices.index(given or TOP),
        format_func=lambda value: units.get(value) or t("nothing: it is at the top"),
        key=f"{own}_parent",
    )
    return chosen or None
