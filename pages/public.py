"""You said, we tried: what came of the feedback, also when it did not help. Open to everyone, in three languages."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from models.organisation import Unit
from models.themes import Theme
from pages import story_card
from pages.choices import choice
from pages.context import Context
from services.i18n import N_
from services.stories import PublicStory, public_stories

OUTCOMES: dict[bool | None, tuple[str, str]] = {
    True: (N_("It helped: we took it into use"), "green"),
    False: (N_("It did not help: we stopped, and learned"), "orange"),
    None: (N_("We go on looking into it"), "blue"),
}


def render(ctx: Context) -> None:
    """Every approved story that the filters leave."""
    t = ctx.t
    st.title(t("You said, we tried"))
    st.markdown(
        t(
            "Customers told us what does not work. Units tried a change for some weeks, measured what happened, "
            "and decided. Here is what came of it."
        )
    )
    told = public_stories(ctx.session)
    if not told:
        st.info(t("No story has been published yet. Come back in a few weeks."))
        return
    themes = {"": t("all")} | _by_name(ctx, (story.theme for story in told))
    units = {"": t("all")} | _by_name(ctx, (story.unit for story in told))
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_stories"):
        words = st.text_input(t("Search"), key="story_search", type="search", width=280)
        theme = choice(t("Subject"), "story_theme", themes, width=280)
        unit = choice(t("Unit"), "story_unit", units, width=280)
    found = [
        story
        for story in told
        if (not theme or story.theme.code == theme)
        and (not unit or story.unit.code == unit)
        and _holds(story, words or "")
    ]
    if not found:
        st.info(t("No story fits. Try fewer words, or all subjects and units."))
        return
    st.caption(t.plural("{n} story, the newest first", "{n} stories, the newest first", len(found)))
    for story in found:
        _show(ctx, story)


def _by_name(ctx: Context, rows: Iterable[Unit | Theme]) -> dict[str, str]:
    """Units or themes as a choice: code to name, by name."""
    names = {row.code: ctx.t.local(row.name) for row in rows}
    return dict(sorted(names.items(), key=lambda item: item[1].casefold()))


def _holds(story: PublicStory, words: str) -> bool:
    """Whether every word occurs in the story, in any language."""
    parts = (
        story.pilot.title,
        story.unit.name,
        story.theme.name,
        story.story.you_said,
        story.story.we_tried,
        story.story.what_happened,
        story.story.what_next,
    )
    everything = " ".join(text for part in parts for text in part.values()).casefold()
    return all(word in everything for word in words.casefold().split())


def _show(ctx: Context, story: PublicStory) -> None:
    t = ctx.t
    words, colour = OUTCOMES[story.helped]
    with st.container(gap="xxsmall", width=760, key=f"told_{story.pilot.code}"):
        st.markdown(f":{colour}-badge[{t(words)}] {t.local(story.unit.name)} · {t.local(story.theme.name)}")
        story_card.card(
            t,
            title=t.local(story.pilot.title),
            you_said=story.story.you_said,
            we_tried=story.story.we_tried,
            what_happened=story.story.what_happened,
            what_next=story.story.what_next,
            next_on=story.story.next_on,
            today=ctx.today,
            key=f"story_{story.pilot.code}",
        )
        if story.story.approved_at is not None:
            st.caption(t.say("Published {date}", date=story.story.approved_at))
