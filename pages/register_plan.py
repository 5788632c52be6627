"""The last two cards of a registration: what is expected and measured, and when and with whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from models.organisation import Unit
from pages import register_expect, register_picture, register_when
from pages.context import Context
from pages.register_why import Why
from services.pilots import PilotInput
from services.plans import PlanInput
from services.rows import key


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What the last two cards hold."""

    unit: Unit
    language: str
    expected: register_expect.Expected
    arranged: register_when.Arranged

    def fields(self, why: Why) -> PilotInput:
        """The eight answers."""
        return PilotInput(
            unit_id=key(why.unit.id),
            theme_ids=why.theme_ids,
            customers_say=why.customers_say,
            change=why.change,
            title=why.title,
            kind=why.kind,
            risk=why.risk,
            prediction=self.expected.prediction,
            noticing=self.expected.noticing,
            must_not_worsen=self.expected.must_not_worsen,
            resources=self.arranged.resources,
            taken_part=self.arranged.taken_part,
            setup_hours=self.arranged.setup_hours,
            setup_eur=self.arranged.setup_eur,
            staff_hours_per_week=self.arranged.staff_hours_per_week,
            language=self.language,
        )

    def plan(self) -> PlanInput:
        """What the plan fixes."""
        when = self.arranged
        return PlanInput(
            metric_id=key(self.expected.metric.id),
            smallest_change=self.expected.smallest_change,
            start_on=when.start_on,
            end_on=when.start_on + dt.timedelta(weeks=when.weeks) - dt.timedelta(days=1),
            decide_on=when.decide_on,
            pilot_unit_ids=(key(self.unit.id),),
            comparison_unit_ids=when.comparison_unit_ids,
            guardrails=self.expected.guardrails,
            trigger=when.trigger,
            subgroups=self.expected.subgroups,
            randomised=when.randomised,
        )


def cards(ctx: Context, why: Why) -> Planned | None:
    """Draw the two cards; None when there is no metric at all."""
    with st.container(border=True, key="register_card_3"):
        st.header(ctx.t("3 What do you expect, and how will you notice?"))
        expected = register_expect.card(ctx, why)
    if expected is None:
        return None
    with st.container(border=True, key="register_card_4"):
        st.header(ctx.t("4 When, and with whom?"))
        arranged = register_when.card(ctx, why, expected.metric)
    planned = Planned(unit=why.unit, language=ctx.t.language, expected=expected, arranged=arranged)
    register_picture.show(ctx, why.unit, expected, arranged)
    return planned
