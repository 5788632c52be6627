"""Experts' view beside customers': where the two differ, and an expert's own rating of a theme."""

from __future__ import annotations

import streamlit as st

from models.themes import Theme
from pages import theme_filters
from pages.context import Context, refusals
from pages.plain import plain
from services import expert_ratings
from services.expert_ratings import Gap, View
from services.permissions import May
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, few
from services.theme_browse import Scope

NOTES = 3


def gaps(ctx: Context, scope: Scope) -> None:
    """Every rated theme with both views, those that differ first."""
    t = ctx.t
    found = expert_ratings.gaps(ctx.session, scope)
    st.header(t("Where the views differ"))
    st.markdown(
        t(
            "Experts rate how well a theme works from 1 (badly) to 5 (well) on the theme's own page. Customers' view "
            "is on the same scale: an unhappy answer is 1, one that is neither 3, a happy one 5."
        )
    )
    if not found:
        st.info(t("No expert has rated a theme here yet. Open a theme and rate it under “Experts' view”."))
        return
    apart = sum(gap.differs for gap in found)
    st.markdown(
        t.plural("In {n} theme the views differ.", "In {n} themes the views differ.", apart)
        if apart
        else t("Nowhere do the views differ by more than chance.")
    )
    st.table(
        [_row(ctx, gap) for gap in found],
        hide_index=True,
        border="horizontal",
        alt=t("Themes as experts and as customers see them"),
    )


def show(ctx: Context, theme: Theme, scope: Scope) -> None:
    """Both views of one theme, and the form for an expert's own."""
    t = ctx.t
    st.header(t("Experts' view"))
    gap = next((gap for gap in expert_ratings.gaps(ctx.session, scope) if gap.theme.id == theme.id), None)
    if gap is None:
        st.markdown(t("No expert has rated this theme here yet."))
    else:
        st.markdown(
            f"{t('Experts')}: **{_experts(ctx, gap.experts)}**  \n"
            f"{t('Customers')}: **{_customers(ctx, gap.customers)}**  \n{_difference(ctx, gap)}"
        )
        rows = expert_ratings.ratings_in_force(ctx.session, unit_ids=scope.unit_ids, theme_id=key(theme.id))
        for row in [row for row in rows if row.note][:NOTES]:
            st.caption(t.say("{rating}/5, {day}: {note}", rating=row.rating, day=row.at, note=plain(row.note)))
    _form(ctx, theme)


def _form(ctx: Context, theme: Theme) -> None:
    """An expert's rating, in the unit that is chosen above."""
    t = ctx.t
    unit = theme_filters.named_unit(ctx)
    unit_id = key(unit.id) if unit is not None else None
    if not expert_ratings.may_rate(ctx.session, ctx.person, unit_id):
        return
    place = t.local(unit.name) if unit is not None else t("The whole county")
    with st.expander(t.say("Rate this theme as an expert: {place}", place=place), key="expert_form"):
        with st.form("expert_rating", border=False, clear_on_submit=True):
            rating = st.radio(
                t("How well does this work?"),
                [1, 2, 3, 4, 5],
                index=None,
                format_func=lambda value: {1: t("1 badly"), 5: t("5 well")}.get(value, str(value)),
                horizontal=True,
                key="expert_value",
            )
            note = st.text_input(t("Why (optional)"), key="expert_note", max_chars=expert_ratings.NOTE)
            sent = st.form_submit_button(t("Save the rating"), key="expert_save")
        if not sent:
            return
        if rating is None:
            st.error(t("Choose a number from 1 to 5."))
            return
        person = ctx.require(May.EVALUATE, unit_id)
        with refusals(ctx) as outcome, ctx.writing() as session:
            expert_ratings.rate(
                session, theme_id=key(theme.id), unit_id=unit_id, rating=int(rating), note=note or "", by=person
            )
        if outcome.ok:
            st.rerun()


def _row(ctx: Context, gap: Gap) -> dict[str, str]:
    t = ctx.t
    address = ctx.url("theme", **theme_filters.carried(code=gap.theme.code))
    return {
        t("Theme"): f"[{plain(t.local(gap.theme.name))}]({address})",
        t("Experts"): _experts(ctx, gap.experts),
        t("Customers"): f"[{_customers(ctx, gap.customers)}]({address}#comments)",
        t("Difference"): _difference(ctx, gap),
    }


def _experts(ctx: Context, view: View | None) -> str:
    t = ctx.t
    if view is None:
        return "–"
    number = t.plural("{n} rating", "{n} ratings", view.number)
    if view.lowest == view.highest:
        return f"{t.number(view.value, 1)} ({number})"
    span = t.say("{low}–{high}", low=int(view.lowest), high=int(view.highest))
    return f"{t.number(view.value, 1)} ({span}; {number})"


def _customers(ctx: Context, view: View | None) -> str:
    t = ctx.t
    if view is None or view.interval is None:
        return "–"
    if few(view.number):
        return t.say("fewer than {least} answers", least=LEAST_CUSTOMERS)
    return t.say(
        "{value} ({low}–{high}; {answers})",
        value=t.number(view.value, 1),
        low=t.number(view.interval.low, 1),
        high=t.number(view.interval.high, 1),
        answers=t.plural("{n} answer", "{n} answers", view.number),
    )


def _difference(ctx: Context, gap: Gap) -> str:
    t = ctx.t
    if gap.customers is not None and few(gap.customers.number):
        return t("no difference beyond chance, or too few answers to tell")
    if gap.size is None:
        return t("customers have not spoken of this")
    if not gap.differs:
        return t("no difference beyond chance, or too few answers to tell")
    amount = t.number(abs(gap.size), 1)
    if gap.size > 0:
        return t.say("experts see this {amount} points brighter than customers", amount=amount)
    return t.say("experts see this {amount} points darker than customers", amount=amount)
