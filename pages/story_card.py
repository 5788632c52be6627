"""One story as customers read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import streamlit as st

from pages.plain import plain
from services.i18n import Translator


def card(
    t: Translator,
    *,
    title: str,
    you_said: Mapping[str, str],
    we_tried: Mapping[str, str],
    what_happened: Mapping[str, str],
    what_next: Mapping[str, str],
    next_on: dt.date | None,
    today: dt.date,
    key: str,
) -> None:
    """Draw the card in the translator's language; a part without words is left out."""
    with st.container(border=True, key=key):
        st.subheader(plain(title))
        for heading, part in (
            (t("You said"), you_said),
            (t("We tried"), we_tried),
            (t("What happened"), what_happened),
            (t("What next"), what_next),
        ):
            words = t.local(part)
            if words:
                st.markdown(f"**{heading}**  \n{plain(words)}")
        if next_on is not None:
            if next_on >= today:
                st.caption(t.say("We tell more by {date}.", date=next_on))
            else:
                st.caption(t.say("We promised to tell more by {date}, and we are late.", date=next_on))
