"""Writing a pilot's public story: you said, we tried, what happened, what next; another person approves it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from models.base import LANGUAGES
from models.decisions import Story, StoryStatus
from models.pilots import Pilot
from pages import form_problems, story_hints, story_preview, touch
from pages.context import Context, refusals
from pages.pilot_address import pilot_of_address
from pages.plain import plain
from services import decisions, pilots, stories
from services.i18n import LANGUAGE_NAMES, N_
from services.labels import label
from services.permissions import May
from services.pilots import PilotRow
from services.rows import key

FORM = "story"
READ = "story_read"
LONGEST = 1500
PARTS: dict[str, str] = {
    "you_said": N_("You said"),
    "we_tried": N_("We tried"),
    "what_happened": N_("What happened (also when it did not help)"),
    "what_next": N_("What next"),
}


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is in the form: texts by part and language."""

    texts: Mapping[str, Mapping[str, str]]
    next_on: dt.date | None


def render(ctx: Context) -> None:
    """The story's form for those who write it, its preview and its approval."""
    ctx.require(May.SEE_PILOTS)
    t = ctx.t
    row = pilot_of_address(ctx)
    pilot = row.pilot
    st.title(t("The pilot's public story"))
    ctx.link(plain(pilots.title(pilot, t.language)), "pilot", icon=":material/arrow_back:", code=pilot.code)
    story = stories.story_of(ctx.session, key(pilot.id))
    _status(ctx, story)
    may_write = ctx.may(May.WRITE_STORY, pilot.unit_id)
    if may_write:
        draft = _form(ctx, row, story)
    elif story is not None:
        draft = _stored(story)
    else:
        st.info(t("Nobody has written this pilot's story yet."))
        return
    st.header(t("As customers read it"))
    story_preview.show(ctx, _as_it_stands(pilot, story, draft))
    if may_write:
        form_problems.by_button(ctx, FORM)
        if st.button(t("Save for approval"), key="story_save", type="primary"):
            _save(ctx, pilot, draft)
    if story is not None:
        _approval(ctx, pilot, story, changed=may_write and _changed(draft, _stored(story)))


def _status(ctx: Context, story: Story | None) -> None:
    t = ctx.t
    if story is None:
        st.markdown(t("Tell those who gave feedback what came of it, in their own language and without jargon."))
        return
    status = StoryStatus(story.status)
    words = {
        StoryStatus.DRAFT: t("This story waits for another person's approval. It is not public yet."),
        StoryStatus.APPROVED: t("This story is public. Changing it takes it off the public page until it is approved."),
        StoryStatus.WITHDRAWN: t("This story has been taken off the public page."),
    }[status]
    colour = {StoryStatus.DRAFT: "orange", StoryStatus.APPROVED: "green", StoryStatus.WITHDRAWN: "gray"}[status]
    st.badge(label(t, status), color=colour)
    st.markdown(words)


def _form(ctx: Context, row: PilotRow, story: Story | None) -> Draft:
    t = ctx.t
    given = _stored(story).texts if story is not None else _proposed(ctx, row.pilot)
    texts: dict[str, dict[str, str]] = {part: {} for part in PARTS}
    st.markdown(t("Write as you would tell a customer at the door: short sentences, no words of the office."))
    st.markdown(t("Finnish is needed; the other languages make the story reach more people."))
    for language, tab in zip(LANGUAGES, st.tabs([LANGUAGE_NAMES[code] for code in LANGUAGES]), strict=True):
        with tab:
            for part, name in PARTS.items():
                typed = st.text_area(
                    f"{t(name)} – {LANGUAGE_NAMES[language]}",
                    value=given[part].get(language, ""),
                    height=100,
                    max_chars=LONGEST,
                    key=f"story_{row.pilot.code}_{part}_{language}",
                    persist_state="page",
                )
                texts[part][language] = typed or ""
                if language == LANGUAGES[0]:
                    form_problems.at_field(ctx, FORM, part)
            story_hints.plainer(ctx, texts, language)
    touch.targets()
    next_on = st.date_input(
        t("When customers hear more (optional)"),
        value=story.next_on if story is not None else None,
        format="DD.MM.YYYY",
        key=f"story_{row.pilot.code}_next_on",
        persist_state="page",
    )
    return Draft(texts=texts, next_on=next_on if isinstance(next_on, dt.date) else None)


def _proposed(ctx: Context, pilot: Pilot) -> dict[str, dict[str, str]]:
    """What the registration already says, to begin from; what happened is for the team to tell."""
    decided = decisions.in_force(ctx.session, key(pilot.id))
    next_words = {"fi": decided.decision.reason} if decided is not None and decided.decision.reason else {}
    return {
        "you_said": dict(pilot.customers_say),
        "we_tried": dict(pilot.change),
        "what_happened": dict(pilot.lesson),
        "what_next": next_words,
    }


def _as_it_stands(pilot: Pilot, story: Story | None, draft: Draft) -> Story:
    """The story with what the form holds, not to be stored: public only if it is what customers read now."""
    if story is not None and not _changed(draft, _stored(story)):
        return story
    return Story(pilot_id=key(pilot.id), next_on=draft.next_on, **{k: dict(v) for k, v in draft.texts.items()})


def _stored(story: Story) -> Draft:
    return Draft(texts={part: dict(getattr(story, part)) for part in PARTS}, next_on=story.next_on)


def _save(ctx: Context, pilot: Pilot, draft: Draft) -> None:
    def write() -> None:
        person = ctx.require(May.WRITE_STORY, pilot.unit_id)
        with ctx.writing() as session:
            stories.write_story(session, pilot_id=key(pilot.id), by=person, next_on=draft.next_on, **draft.texts)

    if form_problems.tried(FORM, write):
        st.toast(ctx.t("Saved. Another person approves it before it is public."))
    st.rerun()


def _changed(draft: Draft, stored: Draft) -> bool:
    """Whether the form holds something that has not been saved."""

    def words(texts: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
        return {(part, code): text.strip() for part in PARTS for code, text in texts[part].items() if text.strip()}

    return words(draft.texts) != words(stored.texts) or draft.next_on != stored.next_on


def _approval(ctx: Context, pilot: Pilot, story: Story, *, changed: bool) -> None:
    t = ctx.t
    if not ctx.may(May.APPROVE_STORY, pilot.unit_id):
        return
    person = ctx.require(May.APPROVE_STORY, pilot.unit_id)
    if story.status is StoryStatus.APPROVED:
        if st.button(t("Take it off the public page"), key="story_withdraw"):
            with refusals(ctx) as outcome, ctx.writing() as session:
                stories.withdraw_story(session, story_id=key(story.id), by=person)
            if outcome.ok:
                st.rerun()
        return
    if story.written_by_id == person.id:
        st.info(t("You wrote this story, so someone else approves it."))
        return
    if changed:
        st.info(
            t("The form holds changes that are not saved. Save them first, or reload the page to see the saved text.")
        )
        return
    story_hints.missing(ctx, story)
    st.markdown(t("Read the preview in every language. Approving makes the saved text public at once."))
    st.button(
        t("Approve and publish"),
        key="story_approve",
        type="primary",
        on_click=st.session_state.__setitem__,
        args=(READ, (story.id, story.written_at)),
    )
    read = st.session_state.pop(READ, None)
    if read is None:
        return
    if read != (story.id, story.written_at):
        st.warning(t("The text was changed after you opened it. Read it once more."))
        return
    with refusals(ctx) as outcome, ctx.writing() as session:
        stories.approve_story(session, story_id=key(story.id), by=person, read=story.written_at)
    if outcome.ok:
        st.rerun()
