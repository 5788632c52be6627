"""What is worked out from comments' texts: their vectors, the models that assign themes, and who checked what."""

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from models.base import Timestamp, UtcDateTime, choice, now


class TextEmbedding(SQLModel, table=True):
    """The vector of a redacted text under one embedding model; texts that are equal share it."""

    __tablename__ = "text_embedding"

    digest: str = Field(primary_key=True, max_length=32, description="BLAKE2b-128 of the redacted text.")
    engine: str = Field(primary_key=True, max_length=80, description="Version of the embedding model.")
    vector: bytes = Field(sa_type=sa.LargeBinary, description="The direction as int8 values, the largest 127.")


class ThemeModel(SQLModel, table=True):
    """A fitted version of the theme model. Versions are kept, so that a pilot can stay with the one it began with."""

    __tablename__ = "theme_model"
    __table_args__ = (sa.CheckConstraint("labels >= 0", name="labels_not_negative"),)

    id: int | None = Field(default=None, primary_key=True)
    version: str = Field(max_length=80, unique=True)
    engine: str = Field(max_length=80, description="Version of the embedding model whose vectors it reads.")
    themes_digest: str = Field(default="", max_length=32, description="Of the list of themes that it knows.")
    labels: int = Field(ge=0, description="Comments checked by people that it learnt from.")
    quality: dict[str, Any] = Field(
        default_factory=dict, sa_type=sa.JSON, description="Accuracy on people's labels, before and after."
    )
    artefact: bytes = Field(sa_type=sa.LargeBinary, description="The fitted numbers; no code in it.")
    by_id: int | None = Field(default=None, foreign_key="person.id")
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    withdrawn_at: dt.datetime | None = Field(
        default=None, sa_type=UtcDateTime, description="Taken back: the version before it is in force again."
    )


class Drawn(enum.StrEnum):
    """How a comment came to be checked: only those drawn at random tell how often the model is right."""

    UNCERTAIN = "uncertain"
    RANDOM = "random"
    CHOSEN = "chosen"


class TextReview(SQLModel, table=True):
    """A person has checked all themes of a comment: those not named by them do not apply."""

    __tablename__ = "text_review"

    feedback_id: int = Field(foreign_key="feedback.id", primary_key=True, ondelete="CASCADE")
    by_id: int = Field(foreign_key="person.id")
    drawn: Drawn = Field(sa_type=choice(Drawn))
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class RemovalKind(enum.StrEnum):
    """What became of the words."""

    REDACTED = "redacted"
    ERASED = "erased"


class TextRemoval(SQLModel, table=True):
    """Who took words out of a comment, or erased it; never the words. Stays when the answer itself goes."""

    __tablename__ = "text_removal"

    id: int | None = Field(default=None, primary_key=True)
    feedback_id: int = Field(index=True, description="The answer's number; no link, since the answer may go too.")
    kind: RemovalKind = Field(sa_type=choice(RemovalKind))
    by_id: int | None = Field(default=None, foreign_key="person.id")
    row_digest: str | None = Field(
        default=None,
        max_length=64,
        index=True,
        description="Of an erased answer's row, so that no file brings it back.",
    )
    reason: str = Field(default="", max_length=1000)
    at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)


class WorkLease(SQLModel, table=True):
    """Which process does a piece of background work, how far it is, and when it last said so."""

    __tablename__ = "work_lease"
    __table_args__ = (sa.CheckConstraint("done >= 0 AND total >= 0", name="counts_not_negative"),)

    work: str = Field(primary_key=True, max_length=40)
    owner: str = Field(max_length=120)
    done: int = 0
    total: int = 0
    problem: str = Field(default="", max_length=1000, description="Why it stopped, if it failed.")
    started_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    beat_at: Timestamp = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
