"""Feedback: one answer by one person, its scores on their own scales, its redacted text."""

import datetime as dt
import enum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now
from models.organisation import CustomerType


class Channel(enum.StrEnum):
    """How the answer reached us."""

    TEXT_MESSAGE = "text_message"
    KIOSK = "kiosk"
    WEB = "web"
    QR = "qr"
    PAPER = "paper"
    PHONE = "phone"
    INTERVIEW = "interview"
    INTERNAL = "internal"


_HAS_TEXT = sa.text("text IS NOT NULL")
_COUNTED = ("unit_id", "channel", "solicited", "statutory_decision", "repeats_id")


class Sentiment(enum.StrEnum):
    """The tone of a comment; neutral stands for unclear too."""

    NEGATIVE = "neg"
    NEUTRAL = "neu"
    POSITIVE = "pos"


class Feedback(SQLModel, table=True):
    """One answer. The original text is never stored, only the redacted one."""

    __tablename__ = "feedback"
    __table_args__ = (
        sa.UniqueConstraint("source", "external_id"),
        sa.Index("ix_feedback_unit_id_week", "unit_id", "week"),
        sa.Index("ix_feedback_time", "given_on", *_COUNTED),
        sa.Index("ix_feedback_embedded_by", "embedded_by", "id", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
        sa.Index("ix_feedback_doubt", "doubt", "id", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
        sa.Index("ix_feedback_model_id", "model_id", "id", sqlite_where=_HAS_TEXT, postgresql_where=_HAS_TEXT),
        sa.CheckConstraint("decision_upheld IS NULL OR statutory_decision", name="upheld_only_for_statutory"),
        sa.CheckConstraint("repeats_id IS NULL OR repeats_id <> id", name="does_not_repeat_itself"),
    )

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    source: str = Field(default="", max_length=120, description="Profile or system the external id belongs to.")
    external_id: str | None = Field(default=None, max_length=120)
    row_digest: str | None = Field(
        default=None, max_length=64, index=True, description="SHA-256 of the row's content, to find repeats."
    )
    unit_id: int = Field(foreign_key="unit.id")
    given_on: dt.date
    week: int
    channel: Channel = Field(sa_type=choice(Channel))
    solicited: bool
    customer_type: CustomerType = Field(sa_type=choice(CustomerType))
    age_group: str | None = Field(default=None, max_length=20)
    life_situation: str | None = Field(default=None, max_length=40)
    language: str | None = Field(default=None, max_length=8)
    text: str | None = Field(default=None, max_length=20000, description="Redacted before it was stored.")
    statutory_decision: bool = False
    decision_upheld: bool | None = None
    respondent: str | None = Field(
        default=None, max_length=64, index=True, description="Salted hash; never an identity."
    )
    repeats_id: int | None = Field(
        default=None,
        foreign_key="feedback.id",
        index=True,
        ondelete="SET NULL",
        description="An earlier comment that this one repeats: they count once.",
    )
    text_digest: str | None = Field(default=None, max_length=32, index=True, description="Of the redacted text.")
    embedded_by: str | None = Field(default=None, max_length=80, description="Embedding model that has read the text.")
    model_id: int | None = Field(
        default=None, foreign_key="theme_model.id", description="Theme model that has read the text."
    )
    doubt: float | None = Field(
        default=None, ge=0, le=1, description="How unsure the theme model is of the comment, 0 sure ... 1 a toss-up."
    )
    sentiment: Sentiment | None = Field(
        default=None, sa_type=choice(Sentiment), description="Tone of the words; the answer's own rating wins over it."
    )
    is_demo: bool = False
    stored_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class FeedbackScore(SQLModel, table=True):
    """One score of an answer, on the scale it was given on. Missing answers have no row."""

    __tablename__ = "feedback_score"
    __table_args__ = (
        sa.Index("ix_feedback_score_series", "unit_id", "item", "week", "value"),
        sa.CheckConstraint("low < high", name="scale_has_a_width"),
        sa.CheckConstraint("value >= low AND value <= high", name="value_on_scale"),
    )

    feedback_id: int = Field(foreign_key="feedback.id", primary_key=True, ondelete="CASCADE")
    item: str = Field(primary_key=True, max_length=40)
    unit_id: int = Field(foreign_key="unit.id", description="The feedback's unit, repeated for the series index.")
    week: int = Field(description="The feedback's week, repeated for the series index.")
    value: float
    low: float
    high: float
