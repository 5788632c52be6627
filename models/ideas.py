"""What staff propose from the floor, who else would try it, and the thanks that colleagues send."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class IdeaStatus(enum.StrEnum):
    """What has become of an idea; whoever proposed it is told."""

    OPEN = "open"
    TRIED = "tried"
    SOLVED = "solved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Idea(SQLModel, table=True):
    """A change somebody proposes, in a sentence. Trying it makes it a pilot; declining it needs a reason."""

    __tablename__ = "idea"
    __table_args__ = (
        sa.CheckConstraint("length(trim(words)) > 0", name="has_words"),
        sa.CheckConstraint("status <> 'declined' OR length(trim(answer)) > 0", name="a_refusal_says_why"),
        sa.CheckConstraint("status <> 'tried' OR pilot_id IS NOT NULL", name="a_tried_one_names_its_pilot"),
    )

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    theme_id: int | None = Field(default=None, foreign_key="theme.id", index=True)
    words: str = Field(max_length=1000, description="Redacted before it was stored.")
    status: IdeaStatus = Field(default=IdeaStatus.OPEN, sa_type=choice(IdeaStatus))
    answer: str = Field(default="", max_length=1000)
    pilot_id: int | None = Field(default=None, foreign_key="pilot.id")
    by_id: int = Field(foreign_key="person.id", index=True)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_demo: bool = False


class IdeaVote(SQLModel, table=True):
    """A person who would try an idea too; who voted is shown to nobody, only how many."""

    __tablename__ = "idea_vote"

    idea_id: int = Field(foreign_key="idea.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class Thanks(SQLModel, table=True):
    """A word of thanks to a whole unit, never to one person. Taken back ones stay, marked."""

    __tablename__ = "thanks"
    __table_args__ = (sa.CheckConstraint("length(trim(words)) > 0", name="has_words"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    pilot_id: int | None = Field(default=None, foreign_key="pilot.id")
    words: str = Field(max_length=500, description="Redacted before it was stored.")
    by_id: int = Field(foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    taken_back_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_demo: bool = False
