"""Versions of the theme model: fitted to the list of themes and to what people said, kept, measured, taken back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now, validated
from models.people import Person
from models.text_models import ThemeModel
from models.themes import Theme
from services import text_vectors, theme_fields, theme_quality
from services.errors import Conflict
from services.permissions import May, require
from services.rows import key
from services.theme_training import LabelledComment, labelled_comments
from themes.classifier import THRESHOLD, FittedThemes, ThemeDefinition, fit
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
        at: When it was fitted.
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


def versions(session: Session, *, limit: int = 20) -> list[Version]:
    """Versions, the newest first."""
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
    found = session.execute(query.order_by(col(ThemeModel.id).desc()).limit(limit)).all()
    names = ("model_id", "version", "engine", "themes_digest", "labels", "quality", "at", "by", "withdrawn")
    return [Version(**dict(zip(names, row, strict=True))) for row in found]


def in_force(session: Session) -> Version | None:
    """The newest version that was not taken back; None before the first."""
    return next((version for version in versions(session) if not version.withdrawn), None)


def out_of_date(session: Session, reader: Reader | None = None) -> bool:
    """Whether a version must be fitted, or another than the reader's is in force, before comments are read."""
    version = in_force(session)
    if version is None or (reader is not None and version.model_id != reader.model_id):
        return True
    return version.engine != embedder().version or list_changed(session)


def list_changed(session: Session) -> bool:
    """Whether the list of themes is another than the version in force knows."""
    version = in_force(session)
    return version is None or version.themes_digest != list_digest(definitions(session))


def reader(session: Session, model_id: int | None = None) -> Reader:
    """The version in force, ready to read; fitted first when the list of themes is newer. May commit.

    Args:
        session: A writing session when a version may have to be fitted.
        model_id: A certain version instead, such as the one a pilot stays with.

    Raises:
        Conflict: That version reads the vectors of an embedding model that this installation does not have.
    """
    if model_id is None and out_of_date(session):
        _fit(session, by=None)
    found = versions(session, limit=1000)
    version = next(row for row in found if (row.model_id == model_id if model_id else not row.withdrawn))
    engine = embedder()
    if version.engine != engine.version:
        raise Conflict(
            "Version {version} of the theme model reads vectors of {engine}, which this installation does not have.",
            version=version.version,
            engine=version.engine,
        )
    artefact = session.execute(sa.select(col(ThemeModel.artefact)).where(col(ThemeModel.id) == version.model_id))
    return Reader(version, FittedThemes.from_bytes(artefact.scalar_one()), engine)


def new_labels(session: Session) -> int:
    """How many comments people have labelled since the version in force was fitted."""
    version = in_force(session)
    return sum(version is None or comment.at > version.at.isoformat() for comment in labelled_comments(session))


def refit(session: Session, *, by: Person | None) -> Version:
    """Fit a new version to what people have said by now, and measure it against the one before. Commits.

    Raises:
        Conflict: Nothing has been said since.
        NotAllowed: The person may not label.
    """
    if by is not None:
        require(session, by, May.LABEL)
    return _fit(session, by=by)


def withdraw(session: Session, *, model_id: int, by: Person) -> None:
    """Take the version in force back: the one before it is in force again, and comments are read anew. Commits.

    Raises:
        Conflict: It is not the version in force, or there is none before it that knows today's list of themes.
        NotAllowed: The person may not keep the list of themes.
    """
    require(session, by, May.CURATE)
    standing = [version for version in versions(session, limit=1000) if not version.withdrawn]
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


def _fit(session: Session, *, by: Person | None) -> Version:
    engine, themes, labelled = embedder(), definitions(session), labelled_comments(session)
    vectors = _vectors(session, labelled, engine)
    examples = theme_quality.as_examples(labelled, vectors, themes)
    before = in_force(session)
    model = fit(themes, examples, embedder=engine)
    known = session.exec(select(ThemeModel).where(ThemeModel.version == model.version)).first()
    if known is not None:
        if known.withdrawn_at is None and before is not None and before.model_id == known.id:
            raise Conflict("Nothing has been said since the model was fitted last; check more comments first.")
        known.withdrawn_at, known.at = None, now()
        session.add(known)
        session.commit()
        return next(version for version in versions(session, limit=1000) if version.model_id == known.id)
    quality = theme_quality.before_and_after(
        before=reader(session, before.model_id).model
        if before is not None and before.engine == engine.version
        else None,
        since=before.at.isoformat() if before is not None else "",
        labelled=labelled,
        vectors=vectors,
        themes=themes,
        embedder=engine,
    )
    row = validated(
        ThemeModel,
        version=model.version,
        engine=engine.version,
        themes_digest=list_digest(themes),
        labels=len(labelled),
        quality=quality,
        artefact=model.to_bytes(),
        by_id=by.id if by else None,
    )
    session.add(row)
    session.commit()
    return next(version for version in versions(session) if version.model_id == key(row.id))


def _vectors(session: Session, labelled: Sequence[LabelledComment], engine: Embedder) -> text_vectors.Vectors:
    """The comments' vectors; those that were never embedded are embedded now."""
    texts = [comment.text for comment in labelled]
    known = text_vectors.by_text(session, texts, engine.version)
    known |= text_vectors.embedded(set(texts) - known.keys(), engine)
    return text_vectors.unpacked([known[text] for text in texts], engine.dimensions)
