"""Which answers count for which theme: derived from the assignments, so that pages need not work it out anew."""

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import choice
from models.feedback import Channel

_COVERED = (
    "given_on",
    "unit_id",
    "channel",
    "solicited",
    "statutory",
    "person",
    "tone",
    "rated",
    "has_text",
    "week",
    "feedback_id",
)


class ThemeAnswer(SQLModel, table=True):
    """An answer that counts for a theme. `services.theme_facts` keeps these rows; nobody else writes them.

    Repeats of an earlier comment have no row. The rows can be made again from the assignments at any time.
    """

    __tablename__ = "theme_answer"
    __table_args__ = (
        sa.Index("ix_theme_answer_time", "theme_id", *_COVERED),
        sa.Index("ix_theme_answer_cell", "theme_id", "unit_id", "week", "tone"),
        sa.CheckConstraint("tone IN ('', 'neg', 'neu', 'pos')", name="tone_is_known"),
        sa.CheckConstraint("NOT rated OR tone <> ''", name="a_rating_has_a_tone"),
    )

    theme_id: int = Field(foreign_key="theme.id", primary_key=True)
    feedback_id: int = Field(foreign_key="feedback.id", primary_key=True, index=True, ondelete="CASCADE")
    unit_id: int = Field(foreign_key="unit.id")
    week: int
    given_on: dt.date
    channel: Channel = Field(sa_type=choice(Channel))
    solicited: bool
    statutory: bool
    person: int = Field(sa_type=sa.BigInteger, description="The same number for one respondent's answers.")
    tone: str = Field(
        default="", max_length=3, description="neg, neu, pos by the rating, else by the words; '' unknown."
    )
    rated: bool = Field(description="Whether the tone is the answer's own rating.")
    has_text: bool
