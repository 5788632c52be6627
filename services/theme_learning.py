"""Learning: a version of the theme model is fitted and measured from a look at the record, then put in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from models.base import now, validated
from models.people import Person
from models.text_models import ThemeModel
from services import text_vectors, theme_models, theme_quality
from services.errors import Conflict
from services.permissions import May, permitted
from services.rows import key
from services.theme_training import LabelledComment, labelled_comments, labelled_since
from themes.classifier import fit
from themes.embedding import Embedder, embedder


def new_labels(session: Session) -> int:
    """How many comments people have labelled since the version in force was fitted."""
    version = theme_models.in_force(session)
    return labelled_since(session, version.at if version is not None else None)


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A version that was fitted and measured, and is not in the record yet.

    Attributes:
        row: The version.
        by: Who had it fitted; None for the installation itself.
    """

    row: ThemeModel
    by: Person | None


def learn(session: Session, *, by: Person | None) -> Learnt:
    """Fit a version to the list of themes and to what people have said, and measure it against the one in force.

    It takes a while: give it a session that only reads, so that nobody has to wait for the record.

    Raises:
        Conflict: Nothing has been said since.
        NotAllowed: The person may not label.
    """
    permitted(session, by, May.LABEL)
    engine, themes, labelled = embedder(), theme_models.definitions(session), labelled_comments(session)
    vectors = _vectors(session, labelled, engine)
    model = fit(themes, theme_quality.as_examples(labelled, vectors, themes), embedder=engine)
    before = theme_models.in_force(session)
    if before is not None and before.version == model.version:
        raise Conflict("Nothing has been said since the model was fitted last; check more comments first.")
    comparable = before is not None and before.engine == engine.version
    quality = theme_quality.before_and_after(
        before=theme_models.reader(session).model if comparable else None,
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
        themes_digest=theme_models.list_digest(themes),
        labels=len(labelled),
        quality=quality,
        artefact=model.to_bytes(),
        by_id=by.id if by else None,
    )
    return Learnt(row=row, by=by)


def keep(session: Session, learnt: Learnt) -> theme_models.Version:
    """Put a fitted version in force; one of the same labels that was taken back stands again instead. Commits.

    Raises:
        NotAllowed: The person may not label any more.
    """
    permitted(session, learnt.by, May.LABEL)
    row = session.exec(select(ThemeModel).where(ThemeModel.version == learnt.row.version)).first() or learnt.row
    row.withdrawn_at, row.at = None, now()
    session.add(row)
    session.commit()
    return theme_models.version_of(session, key(row.id))


def _vectors(session: Session, labelled: Sequence[LabelledComment], engine: Embedder) -> text_vectors.Vectors:
    """The comments' vectors; those that were never embedded are embedded now."""
    texts = [comment.text for comment in labelled]
    known = text_vectors.by_text(session, texts, engine.version)
    known |= text_vectors.embedded(set(texts) - known.keys(), engine)
    return text_vectors.unpacked([known[text] for text in texts], engine.dimensions)
