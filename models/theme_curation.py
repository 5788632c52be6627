"""How the list of themes came to be what it is: proposals, changes with who and why, and experts' ratings."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class ChangeKind(enum.StrEnum):
    """What was done to a theme."""

    CREATED = "created"
    RENAMED = "renamed"
    REWORDED = "reworded"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"
    RETIRED = "retired"
    RESTORED = "restored"


class ThemeChange(SQLModel, table=True):
    """One change of the list of themes, appended; undoing one is a row of its own that names it."""

    __tablename__ = "theme_change"
    __table_args__ = (sa.CheckConstraint("undoes_id IS NULL OR undoes_id <> id", name="does_not_undo_itself"),)

    id: int | None = Field(default=None, primary_key=True)
    theme_id: int = Field(foreign_key="theme.id", index=True)
    kind: ChangeKind = Field(sa_type=choice(ChangeKind))
    before: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    after: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    reason: str = Field(default="", max_length=1000)
    undoes_id: int | None = Field(default=None, foreign_key="theme_change.id", unique=True)
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class ProposalState(enum.StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    JOINED = "joined"
    DISMISSED = "dismissed"


class ThemeProposal(SQLModel, table=True):
    """A group of comments without a theme that seem to speak of one thing."""

    __tablename__ = "theme_proposal"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="size_positive"),
        sa.CheckConstraint("share >= 0 AND share <= 1", name="share_is_a_share"),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'joined') OR theme_id IS NOT NULL", name="an_accepted_one_has_a_theme"
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    label: str = Field(min_length=1, max_length=200)
    keywords: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    size: int
    share: float
    members: list[int] = Field(
        default_factory=list, sa_type=sa.JSON, description="Ids of the answers, the most typical first."
    )
    state: ProposalState = Field(default=ProposalState.OPEN, sa_type=choice(ProposalState))
    theme_id: int | None = Field(default=None, foreign_key="theme.id")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    made_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class ExpertRating(SQLModel, table=True):
    """How experts see a theme in a unit (or, without a unit, in the county), beside what customers say of it."""

    __tablename__ = "expert_rating"
    __table_args__ = (
        sa.Index("ix_expert_rating_place", "theme_id", "unit_id"),
        sa.CheckConstraint("rating >= 1 AND rating <= 5", name="rating_from_1_to_5"),
    )

    id: int | None = Field(default=None, primary_key=True)
    theme_id: int = Field(foreign_key="theme.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    rating: int = Field(ge=1, le=5, description="1 works badly ... 5 works well, as experts see it.")
    note: str = Field(default="", max_length=1000)
    by_id: int = Field(foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
