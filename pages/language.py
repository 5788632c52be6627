"""Which language a person reads: the address, then the session, the cookie, the browser, else Finnish."""

from __future__ import annotations

import streamlit as st

from models.base import LANGUAGES
from services.i18n import DEFAULT_LANGUAGE, LANGUAGE_NAMES, Translator, translator

COOKIE = "luotsi_language"
KEPT = "language"
SWITCH = "language_switch"


def chosen() -> Translator:
    """The translator of this rerun."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state[KEPT] = asked
    kept = st.session_state.get(KEPT)
    if kept not in LANGUAGES:
        kept = cookie(COOKIE)
    if kept not in LANGUAGES:
        kept = (st.context.locale or "").partition("-")[0].lower()
    return translator(kept if kept in LANGUAGES else DEFAULT_LANGUAGE)


def cookie(name: str) -> str | None:
    """A cookie of the browser; None without one, and where there is no browser at all, as in tests."""
    value = st.context.cookies.get(name)
    return value if isinstance(value, str) else None


def switch(t: Translator) -> None:
    """Three visible names of languages, each in its own."""
    st.session_state[SWITCH] = t.language
    st.segmented_control(
        t("Language"),
        options=LANGUAGES,
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        label_visibility="collapsed",
        key=SWITCH,
        on_change=_switched,
    )


def _switched() -> None:
    st.session_state[KEPT] = st.session_state[SWITCH]
    if "lang" in st.query_params:
        del st.query_params["lang"]
