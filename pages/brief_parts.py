"""The parts of the one-page brief, a section each."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from charts import effect as effect_chart
from pages import drawing
from pages.context import Context
from pages.plain import plain, quoted
from pages.terms import Term, explain
from pages.voices import voice
from services.brief_words import BriefWords
from services.briefs import Brief


def effect(ctx: Context, brief: Brief, said: BriefWords) -> None:
    """The effect as a picture and the same in numbers beside it."""
    t, metric = ctx.t, brief.whole.metric
    found = None if brief.result is None or brief.few_answers else effect_chart.of(brief.result)
    st.header(t("What is measured") if found is None else t("Effect against the smallest change that matters"))
    with st.grid(columns=2, min_column_width=300, gap="large", key="brief_effect"):
        if found is not None:
            with st.container(key="brief_picture"):
                drawn = effect_chart.chart(found, measure=drawing.measure(ctx, metric), look=drawing.look(ctx), t=t)
                drawing.draw(ctx, drawn, effect_chart.describe(found), key="brief_effect_chart", metric=metric)
        rows = [{t("What"): plain(name), t("Value"): plain(value)} for name, value in said.numbers]
        with st.container(key="brief_numbers"):
            st.table(rows, hide_index=True, hide_header=True, border="horizontal")
            if found is not None:
                explain(ctx, Term.INTERVAL, Term.SMALLEST)


def customers(ctx: Context, brief: Brief, said: BriefWords) -> None:
    """What customers say: the team's sentence, how many said so, their own words."""
    t = ctx.t
    st.subheader(t("What do customers say?"))
    st.markdown(plain(said.customers_say))
    st.markdown(said.heard)
    for quote, words in zip(brief.voice.quotes, said.quotes, strict=True):
        voice(ctx, quote)
        st.caption(words.source)


def change(ctx: Context, said: BriefWords) -> None:
    """What was changed, what was expected of it, who took part."""
    t = ctx.t
    st.subheader(t("What changes"))
    st.markdown(plain(said.change))
    for name, text in ((t("What we expect"), said.prediction), (t("Who has taken part"), said.taken_part)):
        if text:
            st.markdown(f"**{name}:** {plain(text)}")


def staff(ctx: Context, said: BriefWords) -> None:
    """The weekly log and what the team noticed."""
    st.subheader(ctx.t("What the staff say"))
    st.markdown(" ".join(said.staff))
    for note in said.noticed:
        st.markdown(quoted(note.words))
        st.caption(note.source)


def guards(ctx: Context, said: BriefWords) -> None:
    """Guardrails and groups of customers."""
    t = ctx.t
    st.subheader(t("What must not get worse"))
    if not said.guards:
        st.markdown(t("The plan names no guardrail."))
        return
    rows = [
        {t("What"): plain(name), t("State"): state, t("Change and its interval"): amount}
        for name, state, amount in said.guards
    ]
    st.table(rows, hide_index=True, border="horizontal")
    explain(ctx, Term.GUARDRAIL)


def evidence(ctx: Context, said: BriefWords) -> None:
    """How good the evidence is, and the checks."""
    t = ctx.t
    if said.evidence:
        st.subheader(t("How good the evidence is"))
        st.markdown(said.evidence)
        explain(ctx, Term.LEVEL)
    if said.checks:
        st.subheader(t("Checks"))
        st.markdown(said.checks)
        if said.attention:
            st.markdown("\n".join(f"- {plain(one)}" for one in said.attention))


def cost(ctx: Context, said: BriefWords) -> None:
    """What the first year takes."""
    st.subheader(ctx.t("Cost of the first year"))
    st.markdown(said.cost)


def listed(title: str, sentences: Sequence[str], *, key: str) -> None:
    """A section of sentences; nothing where there are none."""
    if not sentences:
        return
    with st.container(border=True, key=key):
        st.subheader(title)
        st.markdown("\n".join(f"- {plain(one)}" for one in sentences))
