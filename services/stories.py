"""You said, we tried: written by the team, approved by another, read by anyone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import now, validated
from models.decisions import Choice, Decision, Story, StoryStatus
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from services import decisions
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key
from themes.redaction import redact


@dataclass(frozen=True, kw_only=True)
class PublicStory:
    """What customers read: approved words only, no answer and no person in it."""

    story: Story
    pilot: Pilot
    unit: Unit
    theme: Theme
    decision: Decision | None

    @property
    def helped(self) -> bool | None:
        """Whether the change was taken into use (True), was ended as of no help (False), or goes on (None)."""
        if self.decision is None:
            return None
        return {Choice.SCALE: True, Choice.STOP: False}.get(Choice(self.decision.choice))


def write_story(
    session: Session,
    *,
    pilot_id: int,
    you_said: Mapping[str, str],
    we_tried: Mapping[str, str],
    what_happened: Mapping[str, str],
    what_next: Mapping[str, str],
    by: Person,
    next_on: dt.date | None = None,
) -> Story:
    """Write or rewrite a pilot's story as a draft. Rewriting an approved one takes it off the public page.

    Raises:
        BadInput: A part has no Finnish text, or a text holds personal data.
        NotAllowed: The person may not write for the unit.
    """
    pilot = get(session, Pilot, pilot_id)
    require(session, by, May.WRITE_STORY, unit_id=pilot.unit_id)
    parts = {"you_said": you_said, "we_tried": we_tried, "what_happened": what_happened, "what_next": what_next}
    cleaned = {name: {k: v.strip() for k, v in part.items() if v.strip()} for name, part in parts.items()}
    for name in ("you_said", "we_tried", "what_happened"):
        if not cleaned[name].get("fi"):
            raise BadInput("Write this part at least in Finnish.", field=name)
    for name, part in cleaned.items():
        for text in part.values():
            if redact(text).spans:
                raise BadInput("This text seems to hold personal data. The public page must not.", field=name)
    story = session.exec(select(Story).where(Story.pilot_id == pilot_id)).first()
    fields = {**cleaned, "next_on": next_on, "written_by_id": by.id, "written_at": now()}
    if story is None:
        story = validated(Story, pilot_id=pilot_id, **fields)
    else:
        for name, value in fields.items():
            setattr(story, name, value)
        story.status, story.approved_by_id, story.approved_at = StoryStatus.DRAFT, None, None
    session.add(story)
    session.commit()
    return story


def approve_story(session: Session, *, story_id: int, by: Person) -> None:
    """Publish a story.

    Raises:
        Conflict: It is public already, or the approver wrote it.
        NotAllowed: The person may not approve the unit's stories.
    """
    story = get(session, Story, story_id)
    pilot = get(session, Pilot, story.pilot_id)
    require(session, by, May.APPROVE_STORY, unit_id=pilot.unit_id)
    if story.status is StoryStatus.APPROVED:
        raise Conflict("This story is public already.")
    if story.written_by_id == by.id:
        raise Conflict("A story is approved by someone else than its writer.")
    story.status, story.approved_by_id, story.approved_at = StoryStatus.APPROVED, by.id, now()
    session.add(story)
    session.commit()


def withdraw_story(session: Session, *, story_id: int, by: Person) -> None:
    """Take a story off the public page.

    Raises:
        NotAllowed: The person may not approve the unit's stories.
    """
    story = get(session, Story, story_id)
    pilot = get(session, Pilot, story.pilot_id)
    require(session, by, May.APPROVE_STORY, unit_id=pilot.unit_id)
    story.status = StoryStatus.WITHDRAWN
    session.add(story)
    session.commit()


def story_of(session: Session, pilot_id: int) -> Story | None:
    """A pilot's story in any status."""
    return session.exec(select(Story).where(Story.pilot_id == pilot_id)).first()


def public_stories(session: Session) -> list[PublicStory]:
    """Every approved story, the newest first. Needs no sign-in."""
    query = (
        select(Story, Pilot, Unit, Theme)
        .join(Pilot, col(Pilot.id) == Story.pilot_id)
        .join(Unit, col(Unit.id) == Pilot.unit_id)
        .join(Theme, col(Theme.id) == Pilot.lead_theme_id)
        .where(Story.status == StoryStatus.APPROVED)
        .order_by(col(Story.approved_at).desc(), col(Story.id).desc())
    )
    found = []
    for story, pilot, unit, theme in session.exec(query).all():
        row = decisions.in_force(session, key(pilot.id))
        found.append(
            PublicStory(story=story, pilot=pilot, unit=unit, theme=theme, decision=row.decision if row else None)
        )
    return found
