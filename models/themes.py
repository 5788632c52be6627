"""Themes that feedback is about, and who or what said so of each answer."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import LocalText, Timestamp, UtcDateTime, choice, now


class AssignedBy(enum.StrEnum):
    """Where an assignment comes from; a person's always wins."""

    PERSON = "person"
    RESPONDENT = "respondent"
    RULE = "rule"
    MODEL = "model"


class Theme(SQLModel, table=True):
    """A recurring subject of feedback."""

    __tablename__ = "theme"
    __table_args__ = (
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        sa.CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_merged_into_itself"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(min_length=1, max_length=40, unique=True)
    name: LocalText = Field(sa_type=sa.JSON)
    keywords: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    examples: list[str] = Field(
        default_factory=list,
        sa_type=sa.JSON,
        sa_column_kwargs={"server_default": "[]"},
        description="Short sentences of the kind customers write, in any of the languages.",
    )
    controllable: bool = Field(default=True, description="Whether a unit can change it by its own decision.")
    praise: bool = Field(default=False, description="Collects thanks rather than problems.")
    parent_id: int | None = Field(default=None, foreign_key="theme.id", index=True)
    merged_into_id: int | None = Field(default=None, foreign_key="theme.id")
    retired_at: dt.datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="Out of use: no answer counts for it any more."
    )
    created_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class ThemeAssignment(SQLModel, table=True):
    """An answer is (or, said by a person, is not) about a theme. Corrections are added, the newest in force."""

    __tablename__ = "theme_assignment"
    __table_args__ = (
        sa.UniqueConstraint("feedback_id", "theme_id", "assigned_by"),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence_is_a_share"),
        sa.CheckConstraint("assigned_by <> 'person' OR by_id IS NOT NULL", name="a_person_is_named"),
        sa.CheckConstraint("applies OR assigned_by = 'person'", name="only_a_person_denies"),
    )

    id: int | None = Field(default=None, primary_key=True)
    feedback_id: int = Field(foreign_key="feedback.id", index=True, ondelete="CASCADE")
    theme_id: int = Field(foreign_key="theme.id", index=True)
    assigned_by: AssignedBy = Field(sa_type=choice(AssignedBy))
    by_id: int | None = Field(default=None, foreign_key="person.id")
    model_version: str = Field(default="", max_length=80, description="Version of the rules or the model.")
    confidence: float = Field(default=1.0, ge=0, le=1)
    matched: str = Field(default="", max_length=400, description="The words that decided, for rules.")
    applies: bool = True
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
