"""Ideas as people read them: found, sorted, with how many would try them too, never who."""

from __future__ import annotations

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.ideas import Idea, IdeaStatus, IdeaVote
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from services.errors import NotFound
from services.i18n import N_
from services.permissions import May, allowed, reach
from services.rows import get, key

STATUS_NAMES: dict[IdeaStatus, str] = {
    IdeaStatus.OPEN: N_("waits for an answer"),
    IdeaStatus.TRIED: N_("became a pilot"),
    IdeaStatus.SOLVED: N_("solved on the spot"),
    IdeaStatus.DECLINED: N_("not now"),
    IdeaStatus.WITHDRAWN: N_("taken back"),
}
ANSWERED = (IdeaStatus.TRIED, IdeaStatus.SOLVED, IdeaStatus.DECLINED)


class Sort(enum.StrEnum):
    """What comes first."""

    NEWEST = "newest"
    VOTES = "votes"


@dataclass(frozen=True, kw_only=True)
class IdeaRow:
    """An idea with what is shown beside it.

    Attributes:
        idea: The idea.
        unit: The unit that would try it.
        theme: The theme of feedback it answers, if it names one.
        pilot: The pilot that tries it, if one does.
        votes: How many others would try it too.
        voted: Whether the reader is among them.
        own: Whether the reader proposed it.
        answerable: Whether the reader may answer it.
    """

    idea: Idea
    unit: Unit
    theme: Theme | None
    pilot: Pilot | None
    votes: int
    voted: bool
    own: bool
    answerable: bool


def times_proposed(session: Session, by: Person) -> int:
    """How many ideas the person has proposed, those taken back too: it never shrinks."""
    return session.exec(select(sa.func.count(col(Idea.id))).where(Idea.by_id == by.id)).one()


def list_ideas(
    session: Session,
    *,
    person: Person,
    unit_ids: Collection[int] | None = None,
    theme_id: int | None = None,
    status: IdeaStatus | None = None,
    words: str = "",
    sort: Sort = Sort.NEWEST,
) -> list[IdeaRow]:
    """Ideas of the whole county; those taken back are seen by their proposer alone.

    Args:
        session: Reads the record.
        person: Who reads.
        unit_ids: Only these units' ideas; None for all.
        theme_id: Only ideas on this theme.
        status: Only ideas that stand so; None for all but those taken back.
        words: Every one of these occurs in the idea, its unit's or its theme's name, in any language.
        sort: What comes first; votes fall back on the newest.
    """
    where: list[sa.ColumnElement[bool]] = []
    if unit_ids is not None:
        where.append(col(Idea.unit_id).in_(sorted(unit_ids)))
    if status is None:
        where.append(col(Idea.status) != IdeaStatus.WITHDRAWN)
    else:
        where.append(col(Idea.status) == status)
    if status is IdeaStatus.WITHDRAWN:
        where.append(col(Idea.by_id) == person.id)
    rows = _rows(session, person, *where)
    if theme_id is not None:
        rows = [row for row in rows if row.theme is not None and row.theme.id == theme_id]
    wanted = words.casefold().split()
    rows = [row for row in rows if all(word in _said(row) for word in wanted)]
    if sort is Sort.VOTES:
        rows.sort(key=lambda row: -row.votes)
    return rows


def idea_row(session: Session, *, idea_id: int, person: Person) -> IdeaRow:
    """One idea as in the list.

    Raises:
        NotFound: There is no such idea, or somebody else took it back.
    """
    for row in _rows(session, person, col(Idea.id) == idea_id):
        if row.own or row.idea.status is not IdeaStatus.WITHDRAWN:
            return row
    raise NotFound("There is no {what} with the number {id}.", what="idea", id=idea_id)


def to_answer(session: Session, *, person: Person) -> list[IdeaRow]:
    """Open ideas that the person may answer, the longest waiting first."""
    where: list[sa.ColumnElement[bool]] = [col(Idea.status) == IdeaStatus.OPEN]
    units = reach(session, person)
    if units is not None:
        where.append(col(Idea.unit_id).in_(sorted(units)))
    return [row for row in reversed(_rows(session, person, *where)) if row.answerable]


def answered(session: Session, *, person: Person, limit: int) -> list[IdeaRow]:
    """What became of the person's own ideas, the newest answer first."""
    rows = _rows(session, person, col(Idea.by_id) == person.id, col(Idea.status).in_(ANSWERED))
    rows.sort(key=lambda row: row.idea.answered_at or row.idea.at, reverse=True)
    return rows[:limit]


def _rows(session: Session, person: Person, *where: sa.ColumnElement[bool]) -> list[IdeaRow]:
    """Ideas with what stands beside them, the newest first."""
    query = (
        select(Idea, Unit, Theme, Pilot)
        .join(Unit, col(Unit.id) == Idea.unit_id)
        .outerjoin(Theme, col(Theme.id) == Idea.theme_id)
        .outerjoin(Pilot, col(Pilot.id) == Idea.pilot_id)
        .where(*where)
        .order_by(col(Idea.at).desc(), col(Idea.id).desc())
    )
    found = session.exec(query).all()
    votes, mine = _votes(session, [key(idea.id) for idea, *_ in found], key(person.id))
    may = allowed(session, person, May.ANSWER_IDEAS)
    units = reach(session, person) if may and found else None
    return [
        IdeaRow(
            idea=idea,
            unit=unit,
            theme=_standing(session, theme),
            pilot=pilot,
            votes=votes.get(key(idea.id), 0),
            voted=key(idea.id) in mine,
            own=idea.by_id == person.id,
            answerable=may and (units is None or idea.unit_id in units),
        )
        for idea, unit, theme, pilot in found
    ]


def _votes(session: Session, idea_ids: Sequence[int], person_id: int) -> tuple[dict[int, int], set[int]]:
    """Per idea how many votes; and the ideas a person voted for."""
    counted = (
        sa.select(col(IdeaVote.idea_id), sa.func.count())
        .where(col(IdeaVote.idea_id).in_(idea_ids))
        .group_by(col(IdeaVote.idea_id))
    )
    own = sa.select(col(IdeaVote.idea_id)).where(col(IdeaVote.person_id) == person_id)
    return {row[0]: row[1] for row in session.execute(counted)}, set(session.execute(own).scalars())


def _standing(session: Session, theme: Theme | None) -> Theme | None:
    """The theme, or the one it was merged into."""
    if theme is None or theme.merged_into_id is None:
        return theme
    return get(session, Theme, theme.merged_into_id)


def _said(row: IdeaRow) -> str:
    """Everything a search looks at."""
    names = [*row.unit.name.values(), *(row.theme.name.values() if row.theme is not None else ())]
    return " ".join([row.idea.words, row.unit.code, *names]).casefold()
