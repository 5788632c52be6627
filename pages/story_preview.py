"""A story as customers will read it, on the page and on the poster, in each language it is written in."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from models.base import LANGUAGES
from models.decisions import Story
from pages import public_posters, story_card
from pages.context import Context
from services import public_facts, public_words, stories
from services.i18n import LANGUAGE_NAMES, translator


def show(ctx: Context, story: Story) -> None:
    """Draw the preview.

    Args:
        ctx: The rerun.
        story: As it stands in the form; it need not be stored.
    """
    t = ctx.t
    texts = [getattr(story, part) for part in public_words.PARTS]
    written = [code for code in LANGUAGES if any(text.get(code, "").strip() for text in texts)]
    if not written:
        st.info(t("Nothing has been written yet."))
        return
    language = st.segmented_control(
        t("Language of the preview"),
        written,
        default=t.language if t.language in written else written[0],
        format_func=LANGUAGE_NAMES.__getitem__,
        required=True,
        key=f"story_preview_{'_'.join(written)}",
    )
    reader = translator(language or written[0])
    told = stories.as_public(ctx.session, story)
    facts = public_facts.facts(ctx.session, told)
    st.html(story_card.STYLE)
    story_card.card(reader, told, facts, today=ctx.today, key="story_card_preview")
    if facts.people is not None or facts.effect is not None:
        st.caption(
            t("The number of people and what was measured come from the data by themselves; they are shown as above.")
        )
    public_posters.of_story(replace(ctx, t=reader), told, facts, label=t("How it looks on the poster (PDF)"))
