"""The five faces with which a person says how something was: the same picture, words and size on every form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from services.i18n import N_, Translator

GLYPHS: dict[int, str] = {
    1: "sentiment_very_dissatisfied",
    2: "sentiment_dissatisfied",
    3: "sentiment_neutral",
    4: "sentiment_satisfied",
    5: "sentiment_very_satisfied",
}
"""Faces of the icon font, which every phone has because it comes with the page: 1 the worst, 5 the best."""
WENT: dict[int, str] = {1: N_("very badly"), 2: N_("badly"), 3: N_("so-so"), 4: N_("well"), 5: N_("very well")}
"""How something went."""
FELT: dict[int, str] = {1: N_("very bad"), 2: N_("bad"), 3: N_("in between"), 4: N_("good"), 5: N_("very good")}
"""How something felt."""
STYLE = """<style>
FIELD button { min-height: 5rem; padding: 0.25rem 0.1rem; flex: 1 1 0; min-width: 0; }
FIELD button div:has(> span) { height: 100%; }
FIELD button span[data-has-shortcut] { flex-direction: column; justify-content: flex-start; gap: 0; }
FIELD button span:has(> span[translate=no]) { width: auto; height: auto; }
FIELD button span[translate=no] { font-size: 2.1rem; width: auto; height: auto; line-height: 1.15; }
FIELD button p { white-space: normal; font-size: 0.8rem; line-height: 1.1; text-align: center; }
FIELD [role=radio][aria-checked=true] { outline: 3px solid currentColor; outline-offset: -3px; }
FIELD [role=radio][aria-checked=true] p { font-weight: 700; }
</style>"""


def face(t: Translator, words: Mapping[int, str]) -> Callable[[int], str]:
    """What a choice of faces prints: the face over its word."""
    return lambda value: f":material/{GLYPHS[value]}: {t(words[value])}"


def style(field: str) -> None:
    """Give a choice of faces targets for a thumb, five in a row of a phone.

    Args:
        field: A selector of the choice's container.
    """
    st.html(STYLE.replace("FIELD", field))
