"""Posters of stories as buttons: set when somebody asks for one, in the language being read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from documents import public_poster
from pages.context import Context
from services import public_facts
from services.public_facts import PublicFacts
from services.rows import key
from services.stories import PublicStory

A_WHILE = 600
"""Seconds for which facts are kept: what has been taken back is gone after that."""


def facts_of(ctx: Context, told: PublicStory) -> PublicFacts:
    """The facts of a public story, kept for a while: the page is open to everyone and drawn at every key stroke."""
    decision = told.decision.id if told.decision is not None else None
    return _kept(ctx.settings.database_url, key(told.story.id), told.updated_at.isoformat(), decision, ctx, told)


@st.cache_data(ttl=A_WHILE, max_entries=2000, show_spinner=False)
def _kept(
    database_url: str, story_id: int, changed: str, decision_id: int | None, _ctx: Context, _told: PublicStory
) -> PublicFacts:
    return public_facts.facts(_ctx.session, _told)


def of_story(ctx: Context, told: PublicStory, facts: PublicFacts, *, label: str) -> None:
    """A button that saves a story's poster."""
    code = told.pilot.code
    st.download_button(
        label,
        partial(public_poster.pdf, ctx.t, told, facts, address=ctx.address("public", story=code), today=ctx.today),
        file_name=public_poster.file_name(ctx.t, code),
        mime="application/pdf",
        icon=":material/print:",
        key=f"poster_{code}",
        on_click="ignore",
    )


def of_unit(ctx: Context, told: Sequence[PublicStory]) -> None:
    """A button that saves the poster of a unit's newest stories.

    Args:
        ctx: The rerun.
        told: Its public stories, the newest first; at least one.
    """
    unit = told[0].unit
    newest = [(story, facts_of(ctx, story)) for story in told[: public_poster.MOST]]
    address = ctx.address("public", story_unit=unit.code)
    st.download_button(
        ctx.t("The unit’s poster (PDF)"),
        partial(public_poster.unit_pdf, ctx.t, unit, newest, address=address, today=ctx.today),
        file_name=public_poster.file_name(ctx.t, unit.code),
        mime="application/pdf",
        icon=":material/print:",
        key=f"poster_unit_{unit.code}",
        on_click="ignore",
    )
