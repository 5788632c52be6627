"""The first two cards of a registration: what customers say, and what will be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from models.organisation import Unit
from models.pilots import PilotKind, RiskClass
from models.themes import Theme
from pages import form_problems, register_idea, register_template
from pages.context import Context
from pages.plain import plain, quoted
from pages.register_draft import FORM
from pages.register_more import more
from services import customer_words, pilot_templates, registration
from services.labels import label
from services.pilot_templates import Template
from services.redacted import readable
from services.registration import Voice
from services.rows import key
from services.small_numbers import few

LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class Why:
    """What the first two cards hold."""

    unit: Unit
    theme_ids: tuple[int, ...]
    customers_say: str
    change: str
    title: str
    kind: PilotKind
    risk: RiskClass
    template: Template | None

    @property
    def blanks(self) -> bool:
        """Whether a template's blanks are still to be filled in."""
        return pilot_templates.BLANK in self.change


def cards(ctx: Context, units: Sequence[Unit]) -> Why | None:
    """Draw the two cards; None when there is no theme to begin from."""
    themes = {theme.code: theme for theme in registration.themes(ctx.session)}
    if not themes:
        st.info(
            ctx.t("There is no theme of feedback yet. A pilot begins from what customers say: import feedback first.")
        )
        return None
    with st.container(border=True, key="register_card_1"):
        st.header(ctx.t("1 What do customers say?"))
        unit = _unit(ctx, units)
        lead = _theme(ctx, themes)
        shown = st.container()
        voice = registration.voice(ctx.session, theme=lead, unit_id=key(unit.id), today=ctx.today)
        with more(ctx, "register_more_1", open_for=("customers_say", "themes"), needed=not voice.answers):
            said = _customers_say(ctx, lead, unit, voice)
            further = _further(ctx, themes, lead)
        if said.strip():
            shown.markdown(quoted(said) if customer_words.quotes(said) else plain(said))
    with st.container(border=True, key="register_card_2"):
        st.header(ctx.t("2 What will you change?"))
        register_idea.said(ctx)
        template = register_template.choose(ctx, unit, lead)
        change, title, kind, risk = _change(ctx, template)
    return Why(
        unit=unit,
        theme_ids=(key(lead.id), *(key(theme.id) for theme in further)),
        customers_say=said,
        change=change,
        title=title,
        kind=kind,
        risk=risk,
        template=template,
    )


def _unit(ctx: Context, units: Sequence[Unit]) -> Unit:
    by_code = {unit.code: unit for unit in units}
    asked = st.query_params.get("unit", "")
    if asked in by_code and st.session_state.get("register_unit_asked") != asked:
        st.session_state["register_unit_asked"] = st.session_state["register_unit"] = asked
    if len(units) == 1:
        st.markdown(f"**{plain(f'{units[0].code} {ctx.t.local(units[0].name)}')}**")
        return units[0]
    code = st.selectbox(
        ctx.t("Unit"),
        list(by_code),
        format_func=lambda code: f"{code} {ctx.t.local(by_code[code].name)}",
        key="register_unit",
        persist_state="session",
    )
    return by_code[code]


def _theme(ctx: Context, themes: dict[str, Theme]) -> Theme:
    asked, state = st.query_params.get("theme", ""), st.session_state
    if asked in themes and state.get("register_theme_asked") != asked:
        state["register_theme_asked"] = state["register_theme"] = asked
    if state.get("register_theme") not in themes:
        state["register_theme"] = next(iter(themes))
    code = st.selectbox(
        ctx.t("Feedback theme that the pilot answers"),
        list(themes),
        format_func=lambda code: _name(ctx, themes[code]),
        key="register_theme",
        persist_state="session",
    )
    if not themes[code].controllable:
        st.warning(
            ctx.t("A unit can seldom change this by its own decision. Choose a part of it that is in your hands.")
        )
    return themes[code]


def _name(ctx: Context, theme: Theme) -> str:
    return f"{theme.code} {ctx.t.local(theme.name)}"


def _further(ctx: Context, themes: dict[str, Theme], lead: Theme) -> list[Theme]:
    further = st.multiselect(
        ctx.t("Other themes it touches (optional)"),
        [code for code in themes if code != lead.code],
        format_func=lambda code: _name(ctx, themes[code]),
        key=f"register_further_{lead.code}",
        placeholder=ctx.t("None"),
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "themes")
    return [themes[code] for code in further]


def _customers_say(ctx: Context, theme: Theme, unit: Unit, said: Voice) -> str:
    t = ctx.t
    if few(said.people):
        count = t("Fewer than 10 people in {weeks} weeks.")
    elif said.answers and said.own_unit:
        count = t("{answers} in {weeks} weeks, from {people} people.")
    elif said.answers:
        count = t("Elsewhere in the county: {answers} in {weeks} weeks, from {people} people.")
    else:
        count = ""
    if count and not said.quotes:  # a bare number would not say of what
        count = f"{t.local(theme.name).replace('{', '').replace('}', '')}: {count}"
    lines = [
        count.format(
            answers=t.plural("{n} answer", "{n} answers", said.answers),
            weeks=t.number(said.weeks),
            people=t.number(said.people),
        ),
        *(f"”{readable(t, quote)}”" for quote in said.quotes),
    ]
    if not said.answers:
        st.caption(t("Nobody has spoken of this theme lately, so there is nothing to fill in."))
    text = st.text_area(
        t("In customers' words (filled in from the newest feedback; shorten it)"),
        value="\n".join(line for line in lines if line)[:LONGEST],
        height=160,
        max_chars=LONGEST,
        key=f"register_say_{theme.code}_{unit.code}",
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "customers_say")
    return text or ""


def _change(ctx: Context, template: Template | None) -> tuple[str, str, PilotKind, RiskClass]:
    t = ctx.t
    change = st.text_area(
        t("The change in one sentence"),
        height=80,
        max_chars=LONGEST,
        placeholder=t("For example: we call back the same day between 12 and 4 p.m."),
        key="register_change",
        persist_state="session",
    )
    form_problems.at_field(ctx, FORM, "change")
    register_template.said(ctx, template)
    with more(ctx, "register_more_2"):
        title = st.text_input(
            t("A short name (optional)"),
            max_chars=120,
            key="register_title",
            persist_state="session",
            help=t("Left empty, the pilot is named by the first words of the change."),
        )
        left, right = st.columns(2)
        kind = left.selectbox(
            t("What sort of change"),
            list(PilotKind),
            format_func=lambda value: label(t, value),
            key="register_kind",
            persist_state="session",
        )
        risk = right.selectbox(
            t("How much can go wrong"),
            list(RiskClass),
            format_func=lambda value: label(t, value),
            key="register_risk",
            persist_state="session",
        )
    return change or "", title or "", kind, risk
