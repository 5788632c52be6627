"""Versions of the theme model: which is in force, whether it knows today's list of themes, taking one back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now
from models.people import Person
from models.text_models import ThemeModel
from models.themes import Theme
from services import text_vectors, theme_fields
from services.errors import Conflict, NotFound
from services.permissions import May, require
from themes.classifier import THRESHOLD, FittedThemes, ThemeDefinition
from themes.embedding import Embedder, embedder


class Found(NamedTuple):
    """A theme the model sees in a comment: its number, how sure it is (0-1), the words or the example that decided."""

    theme_id: int
    confidence: float
    because: str


class Reading(NamedTuple):
    """What the model makes of a comment: themes, how unsure it is (0-1), the tone of the words."""

    themes: tuple[Found, ...]
    doubt: float
    sentiment: str


@dataclass(frozen=True, kw_only=True)
class Version:
    """A version of the model, without its fitted numbers.

    Attributes:
        model_id: Its row.
        version: Its name.
        engine: The embedding model whose vectors it reads.
        themes_digest: Of the list of themes it knows.
        labels: Comments labelled by people that it learnt from.
        quality: How often it and the version before it were right; empty when nobody had checked enough.
        at: When it was put in force.
        by: Who had it fitted; None for the installation itself.
        withdrawn: Whether it was taken back.
    """

    model_id: int
    version: str
    engine: str
    themes_digest: str
    labels: int
    quality: dict[str, Any]
    at: dt.datetime
    by: str | None
    withdrawn: bool


class Reader:
    """A version of the model, ready to read comments."""

    def __init__(self, version: Version, model: FittedThemes, engine: Embedder) -> None:
        self.model_id = version.model_id
        self.version = version.version
        self.themes_digest = version.themes_digest
        self.engine = engine
        self.model = model

    def read(self, texts: Sequence[str], vectors: text_vectors.Vectors) -> list[Reading]:
        """Themes and tone of comments, given their vectors."""
        from themes.sentiment import classify

        tones = classify(texts, vectors)
        return [
            Reading(
                themes=tuple(
                    Found(int(score.theme), score.score, ", ".join(score.because))
                    for score in found.themes
                    if score.score >= THRESHOLD
                ),
                doubt=found.doubt,
                sentiment=tone.label,
            )
            for found, tone in zip(self.model.assign(texts, vectors, least=THRESHOLD), tones, strict=True)
        ]


def versions(session: Session, *, limit: int | None = 20) -> list[Version]:
    """Versions, the one last put in force first; every one when the limit is None."""
    columns = (
        col(ThemeModel.id),
        col(ThemeModel.version),
        col(ThemeModel.engine),
        col(ThemeModel.themes_digest),
        col(ThemeModel.labels),
        col(ThemeModel.quality),
        col(ThemeModel.at),
        col(Person.name),
        col(ThemeModel.withdrawn_at).is_not(None),
    )
    query = sa.select(*columns).outerjoin(Person, col(Person.id) == ThemeModel.by_id)
    found = session.execute(query.order_by(col(ThemeModel.at).desc(), col(ThemeModel.id).desc()).limit(limit)).all()
    names = ("model_id", "version", "engine", "themes_digest", "labels", "quality", "at", "by", "withdrawn")
    return [Version(**dict(zip(names, row, strict=True))) for row in found]


def version_of(session: Session, model_id: int) -> Version:
    """A version by its row's number; one that was taken back too.

    Raises:
        NotFound: There is none.
    """
    found = next((row for row in versions(session, limit=None) if row.model_id == model_id), None)
    if found is None:
        raise NotFound("There is no version of the theme model with the number {number}.", number=model_id)
    return found


def in_force(session: Session) -> Version | None:
    """The version last put in force and not taken back; None before the first."""
    return next((version for version in versions(session) if not version.withdrawn), None)


def out_of_date(session: Session, reader: Reader | None = None) -> bool:
    """Whether a version must be fitted, or another than the reader's is in force, before comments are read."""
    version = in_force(session)
    if version is None or (reader is not None and version.model_id != reader.model_id):
        return True
    return version.engine != embedder().version or not _knows_the_list(session, version)


def list_changed(session: Session) -> bool:
    """Whether the list of themes is another than the version in force knows."""
    version = in_force(session)
    return version is None or not _knows_the_list(session, version)


def reader(session: Session, model_id: int | None = None) -> Reader:
    """A version, ready to read.

    Args:
        session: Any session.
        model_id: A certain version, such as the one a pilot stays with; None for the one in force.

    Raises:
        Conflict: That version reads the vectors of an embedding model that this installation does not have, or none
            has been fitted yet.
    """
    version = in_force(session) if model_id is None else version_of(session, model_id)
    if version is None:
        raise Conflict("No version of the theme model has been fitted yet.")
    engine = embedder()
    if version.engine != engine.version:
        raise Conflict(
            "Version {version} of the theme model reads vectors of {engine}, which this installation does not have.",
            version=version.version,
            engine=version.engine,
        )
    artefact = session.execute(sa.select(col(ThemeModel.artefact)).where(col(ThemeModel.id) == version.model_id))
    return Reader(version, FittedThemes.from_bytes(artefact.scalar_one()), engine)


def withdraw(session: Session, *, model_id: int, by: Person) -> None:
    """Take the version in force back: the one before it is in force again, and comments are read anew. Commits.

    Raises:
        Conflict: It is not the version in force, or there is none before it that knows today's list of themes.
        NotAllowed: The person may not keep the list of themes.
    """
    require(session, by, May.CURATE)
    standing = [version for version in versions(session, limit=None) if not version.withdrawn]
    if not standing or standing[0].model_id != model_id:
        raise Conflict("Only the version in force can be taken back.")
    if len(standing) < 2 or standing[1].themes_digest != standing[0].themes_digest:
        raise Conflict("There is no earlier version that knows today's list of themes.")
    row = session.get(ThemeModel, model_id)
    if row is None:
        raise ValueError("The version has gone.")
    row.withdrawn_at = now()
    session.add(row)
    session.commit()


def definitions(session: Session) -> list[ThemeDefinition]:
    """The themes in use, as the model sees them."""
    query = select(Theme).where(theme_fields.used())
    merged = session.exec(select(Theme).where(col(Theme.merged_into_id).is_not(None))).all()
    found = []
    for theme in session.exec(query.order_by(col(Theme.id))).all():
        own = [theme, *(row for row in merged if row.merged_into_id == theme.id)]
        found.append(
            ThemeDefinition(
                id=str(theme.id),
                names=dict(theme.name),
                keywords=tuple(dict.fromkeys(word for row in own for word in row.keywords)),
                examples=tuple(dict.fromkeys(example for row in own for example in row.examples)),
            )
        )
    return found


def list_digest(themes: Sequence[ThemeDefinition]) -> str:
    """Of everything about the themes that the model learns from."""
    said = [[theme.id, theme.names, list(theme.keywords), list(theme.examples)] for theme in themes]
    return hashlib.blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()


def _knows_the_list(session: Session, version: Version) -> bool:
    return version.themes_digest == list_digest(definitions(session))
