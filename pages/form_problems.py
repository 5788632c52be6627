"""What a service refused about a form, shown at the field it is about and by the button, until the next try."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from pages.context import Context
from pages.plain import told_plainly
from services.errors import BadInput, ServiceError

KEPT = "form_problems"


def kept(form: str) -> ServiceError | None:
    """What the last try met, if anything."""
    found = st.session_state.get(KEPT, {}).get(form)
    return found if isinstance(found, ServiceError) else None


def tried(form: str, action: Callable[[], None]) -> bool:
    """Do it; a refusal is kept for the next drawing of the form."""
    problems = st.session_state.setdefault(KEPT, {})
    problems.pop(form, None)
    try:
        action()
    except ServiceError as error:
        problems[form] = error
        return False
    return True


def at_field(ctx: Context, form: str, *fields: str) -> None:
    """The refusal, if it is about one of these fields."""
    error = kept(form)
    if isinstance(error, BadInput) and error.field in fields:
        st.error(told_plainly(ctx.t, error))


def by_button(ctx: Context, form: str, labels: Mapping[str, str] | None = None) -> None:
    """The refusal beside the button, wherever its field is.

    Args:
        ctx: The rerun.
        form: The form.
        labels: By field, what its question is called on the page, for sentences that say "this".
    """
    error = kept(form)
    if error is None:
        return
    label = (labels or {}).get(error.field or "", "") if isinstance(error, BadInput) else ""
    said = told_plainly(ctx.t, error)
    st.error(ctx.t("Not saved yet, but nothing is lost.") + " " + (f"**{label}** – {said}" if label else said))
