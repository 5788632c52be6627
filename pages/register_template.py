"""A change that others have tried, as a beginning: it fills in the sentence, never over what a person has written."""

from __future__ import annotations

import streamlit as st

from models.base import localised
from models.organisation import Unit
from models.pilots import PilotKind
from models.themes import Theme
from pages.context import Context
from services import pilot_templates, registration
from services.i18n import N_
from services.labels import label
from services.organisation import all_units
from services.pilot_templates import Template
from services.rows import key

CHOSEN = "register_template"
FILLED = "register_filled"
KEPT = "register_kept"
NAMES = {
    "register_change": N_("the change"),
    "register_title": N_("the short name"),
    "register_kind": N_("the sort of change"),
    "register_weeks": N_("the weeks"),
}


def choose(ctx: Context, unit: Unit, theme: Theme) -> Template | None:
    """Draw the choice; returns the template that was chosen."""
    t = ctx.t
    areas = pilot_templates.areas_of(all_units(ctx.session), key(unit.id))
    by_code = {row.code: row for row in pilot_templates.fitting(areas=areas, theme=theme)}
    if st.session_state.get(CHOSEN) not in by_code:
        st.session_state.pop(CHOSEN, None)

    def name(code: str) -> str:
        row = by_code[code]
        told = t.say("{name} ({kind})", name=t.local(row.name), kind=label(t, row.kind))
        return f"★ {told}" if pilot_templates.answers(row, theme) else told

    code = st.selectbox(
        t("Begin from a template (optional)"),
        list(by_code),
        index=None,
        format_func=name,
        key=CHOSEN,
        placeholder=t("Changes that others have tried"),
        help=t(
            "A star marks those that answer this theme. Choosing one fills in the sentence; you fill in its blanks."
        ),
        on_change=_fill,
        args=(t.language,),
        persist_state="session",
    )
    return by_code.get(code) if code else None


def said(ctx: Context, template: Template | None) -> None:
    """What the template left as it was, and what to keep an eye on."""
    t = ctx.t
    if template is None:
        return
    kept = [t(NAMES[name]) for name in st.session_state.get(KEPT, ())]
    if kept:
        st.info(t.say("What you had written stayed as it was: {fields}.", fields=", ".join(kept)))
        st.button(
            t("Use the template’s words instead"),
            key="register_use_template",
            icon=":material/swap_horiz:",
            on_click=_fill,
            args=(t.language, True),
        )
    st.caption(t.say("Keep an eye on this: {watch}", watch=t.local(template.watch)))


def _fill(language: str, over: bool = False) -> None:
    """Fill in what nobody has written; remember what was filled in, so that another template may replace it."""
    state = st.session_state
    template = pilot_templates.by_code(state.get(CHOSEN))
    state[KEPT] = []
    if template is None:
        return
    usual = {
        "register_change": "",
        "register_title": "",
        "register_kind": PilotKind.WAY_OF_WORKING,
        "register_weeks": registration.PILOT_WEEKS,
    }
    wanted = {
        "register_change": localised(template.change, language),
        "register_title": localised(template.name, language),
        "register_kind": template.kind,
        "register_weeks": template.weeks,
    }
    filled = dict(state.get(FILLED, {}))
    for name, value in wanted.items():
        now = state.get(name, usual[name])
        if over or now in (usual[name], filled.get(name), value):
            state[name] = filled[name] = value
        else:
            state[KEPT] = [*state[KEPT], name]
    state[FILLED] = filled
