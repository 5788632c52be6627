"""Proposals: groups of comments that seem to speak of one thing, for people to decide on.

They never change the list of themes by themselves. Looking for them reads and reckons without holding the record; only
`keep` writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import validated
from models.feedback import Feedback
from models.organisation import Unit
from models.people import Person
from models.theme_answers import ThemeAnswer
from models.theme_curation import ProposalState, ThemeProposal
from models.themes import Theme
from services import text_vectors, theme_fields
from services.bulk import in_lists
from services.permissions import May, reach, require
from services.ratings import ratings
from services.rows import key
from services.theme_quotes import Quote
from themes import discovery
from themes.embedding import Embedder, embedder

LOOK_BACK = dt.timedelta(days=365)
MOST = 20_000
"""Comments that are looked at: of more, so many are taken at even distances in time."""
EMBEDDED_ON_THE_WAY = 300
JUDGED_BEFORE = 0.5
"""A group does not come back when this much of it was in groups that people have decided on."""


class Comment(NamedTuple):
    """A comment to look at."""

    feedback_id: int
    text: str
    language: str | None


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a look at the comments found; nothing of it is stored yet.

    Attributes:
        within_theme_id: The theme whose comments were looked at; None for comments without a theme.
        comments: How many there are.
        looked_at: How many of them were looked at.
        unread: How many could not be, since the background reading has not come to them yet.
        groups: The groups as proposals to be kept.
        judged_before: Groups left out because people have decided on most of their comments.
        vectors: Vectors made on the way, packed, by the text's digest.
        engine: The embedding model they are of.
    """

    within_theme_id: int | None
    comments: int
    looked_at: int
    unread: int
    groups: tuple[ThemeProposal, ...]
    judged_before: int
    vectors: Mapping[str, bytes]
    engine: str


def search(
    session: Session, *, by: Person, today: dt.date, within_theme_id: int | None = None, engine: Embedder | None = None
) -> Search:
    """Look for groups among the last twelve months' comments: those without a theme, or those of one theme.

    Args:
        session: Reads the record.
        by: Who asks.
        today: The day it is.
        within_theme_id: The theme to look for parts of; None for comments without a theme.
        engine: The embedding model; the installation's own when None.

    Raises:
        Conflict: The theme to look within is not in use.
        NotAllowed: The person may not keep the list of themes.
    """
    require(session, by, May.CURATE)
    if within_theme_id is not None:
        theme_fields.in_use(session, within_theme_id)
    engine = engine or embedder()
    ids = _ids(session, today, within_theme_id)
    step = max(1, -(-len(ids) // MOST))
    comments = _comments(session, ids[::step])
    packed, made = _vectors(session, comments, engine)
    known = [comment for comment in comments if comment.text in packed]
    groups = discovery.discover(
        [comment.text for comment in known],
        text_vectors.unpacked([packed[comment.text] for comment in known], engine.dimensions),
        [comment.language for comment in known],
        engine=engine,
    )
    rows = [_row(group, known, within_theme_id) for group in groups]
    judged = _judged(session, within_theme_id)
    fresh = tuple(row for row in rows if not _mostly(row.members, judged))
    return Search(
        within_theme_id=within_theme_id,
        comments=len(ids),
        looked_at=len(known),
        unread=len(comments) - len(known),
        groups=fresh,
        judged_before=len(rows) - len(fresh),
        vectors=made,
        engine=engine.version,
    )


def keep(session: Session, found: Search, *, by: Person) -> None:
    """Store a look's groups in place of the open proposals of the look before; decided ones stay. Commits."""
    require(session, by, May.CURATE)
    theme_fields.hold(session)
    text_vectors.keep(session, found.vectors, found.engine)
    of_the_same = col(ThemeProposal.theme_id) == found.within_theme_id  # IS NULL for None
    session.execute(sa.delete(ThemeProposal).where(col(ThemeProposal.state) == ProposalState.OPEN, of_the_same))
    judged = _judged(session, found.within_theme_id)
    session.add_all(row for row in found.groups if not _mostly(row.members, judged))
    session.commit()


def waiting(session: Session) -> Sequence[ThemeProposal]:
    """Proposals that nobody has decided on: parts of themes first, then the largest first."""
    query = select(ThemeProposal).where(ThemeProposal.state == ProposalState.OPEN)
    return session.exec(
        query.order_by(col(ThemeProposal.theme_id).is_(None), col(ThemeProposal.size).desc(), col(ThemeProposal.id))
    ).all()


def quotes_of(session: Session, proposal: ThemeProposal, *, by: Person, limit: int) -> list[Quote]:
    """A proposal's most typical comments from units within the person's reach; erased ones are left out."""
    units = reach(session, by)
    found: list[tuple[Feedback, Unit]] = []
    for part in in_lists(proposal.members):
        query = select(Feedback, Unit).join(Unit, col(Unit.id) == Feedback.unit_id)
        query = query.where(col(Feedback.id).in_(part), col(Feedback.text).is_not(None))
        rows = {key(feedback.id): (feedback, unit) for feedback, unit in session.exec(query).all()}
        mine = (rows[number] for number in part if number in rows)
        found += [(feedback, unit) for feedback, unit in mine if units is None or feedback.unit_id in units]
        if len(found) >= limit:
            break
    scores = ratings(session, [key(feedback.id) for feedback, _ in found[:limit]])
    return [
        Quote(feedback=feedback, unit=unit, rating=scores.get(key(feedback.id))) for feedback, unit in found[:limit]
    ]


def _ids(session: Session, today: dt.date, within_theme_id: int | None) -> list[int]:
    """Comments of the last twelve months with or without a theme, by their number; repeats are left out."""
    query = sa.select(col(Feedback.id)).where(
        col(Feedback.text).is_not(None),
        col(Feedback.repeats_id).is_(None),
        col(Feedback.given_on) > today - LOOK_BACK,
        col(Feedback.given_on) <= today,
    )
    fact = sa.select(col(ThemeAnswer.feedback_id)).where(col(ThemeAnswer.feedback_id) == col(Feedback.id))
    if within_theme_id is None:
        query = query.where(~fact.exists())
    else:
        query = query.where(fact.where(col(ThemeAnswer.theme_id) == within_theme_id).exists())
    return [int(number) for number in session.execute(query.order_by(col(Feedback.id))).scalars()]


def _comments(session: Session, ids: Sequence[int]) -> list[Comment]:
    columns = (col(Feedback.id), col(Feedback.text), col(Feedback.language))
    return [
        Comment(*row)
        for part in in_lists(ids)
        for row in session.execute(sa.select(*columns).where(col(Feedback.id).in_(part)).order_by(col(Feedback.id)))
    ]


def _vectors(
    session: Session, comments: Sequence[Comment], engine: Embedder
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Packed vectors by text, and those made now by digest: a few are, many wait for the background reading."""
    texts = {comment.text for comment in comments}
    known = text_vectors.by_text(session, texts, engine.version)
    fresh = texts - known.keys()
    if len(fresh) > EMBEDDED_ON_THE_WAY:
        return known, {}
    made = text_vectors.embedded(fresh, engine)
    return known | made, {text_vectors.digest(text): vector for text, vector in made.items()}


def _row(group: discovery.Proposal, comments: Sequence[Comment], within_theme_id: int | None) -> ThemeProposal:
    return validated(
        ThemeProposal,
        label=group.label[:200],
        keywords=list(group.keywords),
        size=group.size,
        share=group.share,
        members=[comments[at].feedback_id for at in group.members],
        theme_id=within_theme_id,
    )


def _judged(session: Session, within_theme_id: int | None) -> set[int]:
    """Comments of the groups that people have dismissed, or given to a theme that is still in use."""
    state, theme = col(ThemeProposal.state), col(ThemeProposal.theme_id)
    dismissed = sa.and_(state == ProposalState.DISMISSED, theme == within_theme_id)  # IS NULL for None
    given = sa.and_(state.in_((ProposalState.ACCEPTED, ProposalState.JOINED)), col(Theme.retired_at).is_(None))
    query = select(ThemeProposal.members).outerjoin(Theme, col(Theme.id) == theme)
    query = query.where(sa.or_(dismissed, given) if within_theme_id is None else dismissed)
    return {number for members in session.exec(query).all() for number in members}


def _mostly(members: Collection[int], judged: Collection[int]) -> bool:
    return sum(number in judged for number in members) > JUDGED_BEFORE * len(members)
