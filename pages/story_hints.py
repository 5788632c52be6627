"""What helps a story's writer: plainer words, and languages that are still missing. Hints only: nothing is refused."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from models.base import LANGUAGES
from models.decisions import Story
from pages.context import Context
from pages.plain import plain
from services import public_language, public_words
from services.i18n import N_, Translator
from services.public_language import Hint, LongSentence

IN_LANGUAGE: dict[str, str] = {"fi": N_("in Finnish"), "sv": N_("in Swedish"), "en": N_("in English")}


def plainer(ctx: Context, texts: Mapping[str, Mapping[str, str]], language: str) -> None:
    """What could be said more plainly in the texts of one language."""
    t = ctx.t
    lines = [
        f"- {plain(t(public_words.PARTS[part]))}: {_hint(t, hint)}"
        for part, text in texts.items()
        for hint in public_language.hints(text.get(language, ""), language)
    ]
    if lines:
        with st.container(key=f"story_hints_{language}"):
            st.markdown(f"**{t('Could this be said more plainly?')}**\n\n" + "\n".join(lines))


def _hint(t: Translator, hint: Hint) -> str:
    if isinstance(hint, LongSentence):
        return t.say(
            "the sentence “{beginning}…” has {words} words; up to {most} is easy to read",
            beginning=plain(hint.beginning),
            words=hint.words,
            most=hint.most,
        )
    return t.say("instead of “{word}”, for example “{instead}”", word=plain(hint.word), instead=plain(hint.instead))


def missing(ctx: Context, story: Story) -> None:
    """Which languages lack which part: a warning before it is approved, for the approver to weigh."""
    t = ctx.t
    lines = []
    for language in LANGUAGES:
        parts = [
            t(name)
            for part, name in public_words.PARTS.items()
            if any(getattr(story, part).values()) and not getattr(story, part).get(language)
        ]
        if parts:
            lines.append(f"- {t(IN_LANGUAGE[language])}: {', '.join(plain(part) for part in parts)}")
    if lines:
        st.warning(
            t("Some of it is not written in all three languages. Readers of the missing ones see another language.")
            + "\n\n"
            + "\n".join(lines)
        )
