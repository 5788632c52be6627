"""You said, we tried: what came of the feedback, also when it did not help. Open to everyone, in three languages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from models.organisation import Unit
from models.themes import Theme
from pages import public_posters, story_card
from pages.choices import choice
from pages.context import Context
from pages.plain import plain
from services.stories import PublicStory, public_stories

STORY = "story"
"""The address' parameter that names one story."""
SHOWN = "stories_shown"
AT_ONCE = 10


def render(ctx: Context) -> None:
    """One story when the address names it, else every approved story that the filters leave."""
    t = ctx.t
    st.html(story_card.STYLE)
    st.title(t("You said, we tried"))
    with st.container(width=story_card.WIDTH, key="stories_intro"):
        st.markdown(
            t(
                "Customers told us what does not work. Units tried a change for some weeks, measured what happened, "
                "and decided. Here is what came of it."
            )
        )
        _give_feedback(ctx)
    told = public_stories(ctx.session)
    asked = st.query_params.get(STORY)
    if asked:
        _one(ctx, next((story for story in told if story.pilot.code == asked), None))
    elif told:
        _many(ctx, told)
    else:
        st.info(t("No story has been published yet. Come back in a few weeks."))


def _give_feedback(ctx: Context) -> None:
    t = ctx.t
    with st.container(key="no_print_feedback"):
        if ctx.settings.feedback_url:
            st.link_button(t("Give feedback"), ctx.settings.feedback_url, icon=":material/forum:", key="give_feedback")
        else:
            st.markdown(
                t(
                    "Do you want to give feedback? Tell the unit that served you, or your wellbeing services county’s "
                    "customer service."
                )
            )


def _one(ctx: Context, story: PublicStory | None) -> None:
    """The story that a link or a code opened."""
    t = ctx.t
    if story is None:
        st.info(t("This story is not public, or it has been taken off. The others are still here."))
    else:
        _show(ctx, story, alone=True)
    st.button(t("Read all stories"), key="no_print_all", icon=":material/arrow_back:", on_click=_open)


def _many(ctx: Context, told: Sequence[PublicStory]) -> None:
    t = ctx.t
    themes = {"": t("all")} | _by_name(ctx, (story.theme for story in told))
    units = {"": t("all")} | _by_name(ctx, (story.unit for story in told))
    orders = {"": t("newest first"), "theme": t("by subject"), "unit": t("by unit")}
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_stories"):
        words = st.text_input(t("Search"), key="story_search", type="search", width=250, live=True, bind="query-params")
        theme = choice(t("Subject"), "story_theme", themes, width=250)
        unit = choice(t("Unit"), "story_unit", units, width=250)
        order = choice(t("Order"), "story_order", orders, width=160)
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
    if unit:
        with st.container(key="no_print_unit_poster"):
            public_posters.of_unit(ctx, [story for story in told if story.unit.code == unit])
    shown = found if order else found[: st.session_state.setdefault(SHOWN, AT_ONCE)]
    if not order:
        st.header(t.plural("{n} story, the newest first", "{n} stories, the newest first", len(found)))
        for story in shown:
            _show(ctx, story)
    else:
        for name, stories in _grouped(ctx, shown, order).items():
            st.header(plain(name))
            for story in stories:
                _show(ctx, story)
    if len(shown) < len(found):
        st.button(t("Show more"), key="no_print_more", on_click=_more)


def _open(code: str = "") -> None:
    """Put one story into the address, from where it can be copied; without a code, all of them."""
    if code:
        st.query_params[STORY] = code
    elif STORY in st.query_params:
        del st.query_params[STORY]


def _more() -> None:
    st.session_state[SHOWN] += AT_ONCE


def _grouped(ctx: Context, told: Sequence[PublicStory], order: str) -> dict[str, list[PublicStory]]:
    """Stories under the names of their subjects or units, the names in order, the newest first under each."""
    groups: dict[str, list[PublicStory]] = {}
    for story in told:
        name = ctx.t.local(story.theme.name if order == "theme" else story.unit.name)
        groups.setdefault(name, []).append(story)
    return dict(sorted(groups.items(), key=lambda item: item[0].casefold()))


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


def _show(ctx: Context, story: PublicStory, *, alone: bool = False) -> None:
    code = story.pilot.code
    facts = public_posters.facts_of(ctx, story)
    with st.container(gap="xsmall", width=story_card.WIDTH, key=f"told_{code}"):
        story_card.card(ctx.t, story, facts, today=ctx.today, key=f"story_card_{code}", alone=alone)
        with st.container(horizontal=True, vertical_alignment="center", key=f"no_print_{code}"):
            public_posters.of_story(ctx, story, facts, label=ctx.t("Poster (PDF)"))
            if not alone:
                st.button(
                    ctx.t("Only this story"),
                    key=f"only_{code}",
                    type="tertiary",
                    icon=":material/link:",
                    on_click=_open,
                    args=(code,),
                )
