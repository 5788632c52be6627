"""You said, we tried: written by the team, approved by another, read by anyone."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import now, validated
from models.decisions import Choice, Decision, DecisionApproval, Story, StoryStatus
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from services import given
from services.bulk import in_lists
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key
from themes.redaction import redact


class Outcome(enum.StrEnum):
    """What came of a change, as customers are told."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    CONTINUING = "continuing"


@dataclass(frozen=True, kw_only=True)
class PublicStory:
    """What customers read: approved words only, no answer and no person in it.

    Attributes:
        story: The words.
        pilot: The pilot they tell of.
        unit: Its unit.
        theme: The feedback it answers; what its lead theme was merged into, if it was.
        decision: The decision in force on it.
        decided_at: Since when that decision counts.
    """

    story: Story
    pilot: Pilot
    unit: Unit
    theme: Theme
    decision: Decision | None
    decided_at: dt.datetime | None = None

    @property
    def helped(self) -> bool | None:
        """Whether the change was taken into use (True), was ended as of no help (False), or goes on (None)."""
        if self.decision is None:
            return None
        return {Choice.SCALE: True, Choice.STOP: False}.get(Choice(self.decision.choice))

    @property
    def outcome(self) -> Outcome:
        """The same in a word."""
        return {True: Outcome.HELPED, False: Outcome.DID_NOT_HELP, None: Outcome.CONTINUING}[self.helped]

    @property
    def updated_at(self) -> dt.datetime:
        """When the words, or what was decided, last changed for the reader."""
        published = self.story.approved_at or self.story.written_at
        return max(published, self.decided_at) if self.decided_at is not None else published


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
    cleaned = {name: {k: given.clean(v) for k, v in part.items() if given.clean(v)} for name, part in parts.items()}
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


def approve_story(session: Session, *, story_id: int, by: Person, read: dt.datetime | None = None) -> None:
    """Publish a story.

    Args:
        session: A writing session.
        story_id: The story.
        by: Who approves it.
        read: When the text that they have read was written; None where nobody else could have written since.

    Raises:
        Conflict: It is public already, the approver wrote it, or it was rewritten since they read it.
        NotAllowed: The person may not approve the unit's stories.
    """
    story = get(session, Story, story_id)
    pilot = get(session, Pilot, story.pilot_id)
    require(session, by, May.APPROVE_STORY, unit_id=pilot.unit_id)
    if story.status is StoryStatus.APPROVED:
        raise Conflict("This story is public already.")
    if story.written_by_id == by.id:
        raise Conflict("A story is approved by someone else than its writer.")
    if read is not None and read != story.written_at:
        raise Conflict("The text was changed after you opened it. Read it once more.")
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


def as_public(session: Session, story: Story) -> PublicStory:
    """A story in any status with what stands beside it, for those who write and approve it.

    Args:
        session: Reads the record.
        story: A stored story, or one that has not been saved yet.
    """
    pilot = get(session, Pilot, story.pilot_id)
    theme = get(session, Theme, pilot.lead_theme_id)
    return _beside(session, [(story, pilot, get(session, Unit, pilot.unit_id), theme)])[0]


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
    return _beside(session, list(session.exec(query).all()))


def _beside(session: Session, rows: Sequence[tuple[Story, Pilot, Unit, Theme]]) -> list[PublicStory]:
    """Stories with the decisions in force, which are read together."""
    found: dict[int, tuple[Decision, dt.datetime]] = {}
    for part in in_lists([key(pilot.id) for _, pilot, _, _ in rows]):
        query = (
            select(Decision, DecisionApproval)
            .outerjoin(DecisionApproval, col(DecisionApproval.decision_id) == Decision.id)
            .where(col(Decision.pilot_id).in_(part))
            .order_by(col(Decision.id))
        )
        for decision, approval in session.exec(query).all():
            if not decision.overrides or approval is not None:
                since = max(decision.at, approval.at) if approval is not None else decision.at
                found[decision.pilot_id] = (decision, since)
    told = []
    for story, pilot, unit, theme in rows:
        decided = found.get(key(pilot.id))
        told.append(
            PublicStory(
                story=story,
                pilot=pilot,
                unit=unit,
                theme=theme if theme.merged_into_id is None else get(session, Theme, theme.merged_into_id),
                decision=decided[0] if decided else None,
                decided_at=decided[1] if decided else None,
            )
        )
    return told
