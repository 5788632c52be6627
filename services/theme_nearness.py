"""Which theme there is already a proposal lies near to, so that nobody makes one theme twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlmodel import Session, col

from models.feedback import Feedback
from models.text_models import TextEmbedding
from models.theme_answers import ThemeAnswer
from models.theme_curation import ThemeProposal
from models.themes import Theme
from services import text_vectors
from services.rows import key
from services.theme_pages import all_themes
from themes.keywords import ThemeKeywords, assign

COMMENTS = 60
"""Comments that stand for a theme (the newest) and for a proposal (the most typical)."""
FEWEST = 5
NEAR = 0.35
"""Cosine of two groups' mean vectors about the mean of all themes. On 600 labelled comments of 20 themes: halves of one
theme are above it in 73 cases of 100, a theme and the nearest other one in 7."""
KEYWORDS = 1 / 3
"""Share of a proposal's comments that hold a keyword of a theme."""

Vector = NDArray[np.float32]


def nearest(session: Session, proposals: Sequence[ThemeProposal]) -> dict[int, Theme]:
    """The theme each proposal lies near to, by the proposal's number; none for those that lie near none.

    What the comments mean decides; for a theme with hardly any comments, its keywords do.
    """
    if not proposals:
        return {}
    themes = {key(theme.id): theme for theme in all_themes(session)}
    own = {key(row.id): _texts(session, row.members[:COMMENTS]) for row in proposals}
    theirs = {number: _newest(session, number) for number in themes}
    vectors = _vectors(session, {text for texts in (*own.values(), *theirs.values()) for text in texts})
    means = {number: mean for number in themes if (mean := _mean(theirs[number], vectors)) is not None}
    centre = np.mean(list(means.values()), axis=0) if means else None
    found: dict[int, Theme] = {}
    for proposal in proposals:
        number = key(proposal.id)
        others = [theme for theme in themes if theme != proposal.theme_id]
        mean = _mean(own[number], vectors)
        near = None
        if mean is not None and centre is not None:
            near = _most({theme: _cosine(mean, means[theme], centre) for theme in others if theme in means}, NEAR)
        if near is None:
            unknown = [themes[theme] for theme in others if theme not in means]
            near = _most(_keyword_shares(own[number], unknown), KEYWORDS)
        if near is not None:
            found[number] = themes[near]
    return found


def _texts(session: Session, ids: Sequence[int]) -> list[str]:
    query = sa.select(col(Feedback.text)).where(col(Feedback.id).in_(list(ids)), col(Feedback.text).is_not(None))
    return [str(text) for text in session.execute(query).scalars()]


def _newest(session: Session, theme_id: int) -> list[str]:
    """Texts of a theme's newest comments."""
    fact = ThemeAnswer
    newest = (
        sa.select(col(fact.feedback_id))
        .where(col(fact.theme_id) == theme_id, col(fact.has_text))
        .order_by(col(fact.given_on).desc(), col(fact.feedback_id).desc())
        .limit(COMMENTS)
    )
    return _texts(session, list(session.execute(newest).scalars()))


def _vectors(session: Session, texts: set[str]) -> dict[str, Vector]:
    """Stored vectors by text, of the embedding model that most of the texts have one of."""
    digests = sorted(text_vectors.digest(text) for text in texts)
    engine = session.execute(
        sa.select(col(TextEmbedding.engine))
        .where(col(TextEmbedding.digest).in_(digests[:500]))
        .group_by(col(TextEmbedding.engine))
        .order_by(sa.func.count().desc(), col(TextEmbedding.engine))
        .limit(1)
    ).scalar()
    if engine is None:
        return {}
    packed = text_vectors.by_text(session, texts, engine)
    vectors = text_vectors.unpacked(list(packed.values()), 0)
    return dict(zip(packed, vectors, strict=True))


def _mean(texts: Sequence[str], vectors: dict[str, Vector]) -> Vector | None:
    known = [vectors[text] for text in texts if text in vectors]
    if len(known) < FEWEST:
        return None
    mean: Vector = np.mean(known, axis=0)
    return mean


def _cosine(one: Vector, other: Vector, centre: Vector) -> float:
    a, b = one - centre, other - centre
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / length if length else 0.0


def _keyword_shares(texts: Sequence[str], themes: Sequence[Theme]) -> dict[int, float]:
    rules = [ThemeKeywords(theme=key(theme.id), keywords=tuple(theme.keywords)) for theme in themes if theme.keywords]
    shares = dict.fromkeys((key(theme.id) for theme in themes), 0.0)
    for text in texts:
        for hit in assign(text, rules):
            shares[int(hit.theme)] += 1 / len(texts)
    return shares


def _most(scores: dict[int, float], least: float) -> int | None:
    best = max(scores, key=lambda number: scores[number], default=None)
    return best if best is not None and scores[best] >= least else None
