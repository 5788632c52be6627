"""How a recommendation comes about: a card for every method, in plain words first. For everyone who is signed in."""

from __future__ import annotations

import streamlit as st

from pages import methods_around, methods_effect, methods_judging, touch
from pages.context import Context
from pages.methods_card import Card
from services.wording import sentence

STYLE = """<style>
.katex-display { overflow: visible !important; font-size: clamp(0.85rem, 4vw, 1.15rem); }
.stTable td * { max-width: none !important; }
@media print {
  .stApp, .stApp * { overflow: visible; }
  .stExpander details::details-content { content-visibility: visible; display: block; block-size: auto; }
  .stExpander details > * { display: block !important; height: auto !important; visibility: visible !important; }
  [class*="st-key-method_"] { break-inside: avoid-page; }
}
</style>"""


def cards() -> tuple[Card, ...]:
    """Every method, in the order of a pilot's life."""
    return (*methods_effect.cards(), *methods_judging.cards(), *methods_around.cards())


def render(ctx: Context) -> None:
    """The cards that the search leaves."""
    if ctx.person is None:
        st.stop()
    t = ctx.t
    st.html(STYLE)
    touch.tables()
    st.title(t("Methods"))
    st.markdown(
        t(
            "How Luotsi reaches its recommendations. The beginning of every card is written for everyone; formulas and "
            "sources stand behind “In more detail”."
        )
    )
    with st.container(key="no_print_methods"):
        words = st.text_input(t("Search"), key="q", bind="query-params", type="search", width=280)
        found = [card for card in cards() if card.holds(t, words or "")]
        if not found:
            st.info(t("No method matches. Try fewer words or another one."))
            return
        st.markdown(" · ".join(f"[{t(card.title)}](#{card.name})" for card in found))
    for card in found:
        _show(ctx, card)


def _show(ctx: Context, card: Card) -> None:
    t = ctx.t
    first, *others = card.plain
    with st.container(border=True, width=860, key=f"method_{card.name}"):
        st.header(t(card.title), anchor=card.name)
        st.markdown(sentence(t, first))
        if card.picture is not None:
            card.picture(ctx)
        for message in others:
            st.markdown(sentence(t, message))
        if card.table is not None:
            st.table(card.table(t), hide_index=True, border="horizontal")
        with st.expander(t("In more detail"), key=f"detail_{card.name}"):
            if card.formula:
                st.latex(card.formula_in(t))
            for message in card.detail:
                st.markdown(sentence(t, message))
            if card.detail_table is not None:
                st.table(card.detail_table(t), hide_index=True, border="horizontal")
            if card.sources:
                st.markdown(f"**{t('Sources')}**\n\n" + "\n".join(f"- {source}" for source in card.sources))
