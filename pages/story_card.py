"""One story as customers read it."""

from __future__ import annotations

import datetime as dt
import html

import streamlit as st

from pages.plain import plain
from services import public_words
from services.i18n import LANGUAGE_NAMES, Translator
from services.public_facts import PublicFacts
from services.stories import Outcome, PublicStory

STYLE = """<style>
[class*="st-key-story_card"] p { font-size: 1.125rem; line-height: 1.6; max-width: 68ch; overflow-wrap: anywhere; }
[class*="st-key-story_card"] :is(h2, h3) { overflow-wrap: anywhere; }
[class*="st-key-told_"] { break-inside: avoid; }
</style>"""
WIDTH = 760
BADGES: dict[Outcome, tuple[str, str]] = {
    Outcome.HELPED: ("green", "check_circle"),
    Outcome.DID_NOT_HELP: ("orange", "school"),
    Outcome.CONTINUING: ("blue", "autorenew"),
}


def card(
    t: Translator, told: PublicStory, facts: PublicFacts, *, today: dt.date, key: str, alone: bool = False
) -> None:
    """Draw the card in the translator's language; a part without words is left out.

    Args:
        t: The reader's language.
        told: The story.
        facts: What stands beside its words.
        today: Whether a promise's day has passed.
        key: The container's key; its name begins story_card.
        alone: Whether it is the only one on the page: its name is then a heading of the page itself.
    """
    story, outcome = told.story, told.outcome
    colour, icon = BADGES[outcome]
    beside = {
        "you_said": public_words.people(t, facts.people) if facts.people is not None else "",
        "what_happened": public_words.effect(t, facts.effect) if facts.effect is not None else "",
        "what_next": public_words.hear_more(t, story.next_on, today) if story.next_on is not None else "",
    }
    with st.container(border=True, width=WIDTH, gap="xsmall", key=key):
        (st.header if alone else st.subheader)(plain(t.local(told.pilot.title)))
        st.badge(t(public_words.OUTCOMES[outcome]), icon=f":material/{icon}:", color=colour)
        st.caption(f"{plain(t.local(told.unit.name))} · {plain(t.local(told.theme.name))}")
        for part, name in public_words.PARTS.items():
            _part(t, t(name), getattr(story, part))
            if beside.get(part):
                st.caption(plain(beside[part]))
        if story.approved_at is not None:
            st.caption(t.say("Published {date}", date=story.approved_at))


def _part(t: Translator, heading: str, texts: dict[str, str]) -> None:
    """A part; marked as another language when it is not written in the reader's."""
    words = t.local(texts)
    if not words:
        return
    language = public_words.language_of(t, texts)
    if language == t.language:
        st.markdown(f"**{plain(heading)}**  \n{plain(words)}")
        return
    lines = "<br>".join(html.escape(line) for line in words.split("\n"))
    st.markdown(f"**{plain(heading)}** ({LANGUAGE_NAMES[language]})")
    st.html(f'<p lang="{language}">{lines}</p>')
