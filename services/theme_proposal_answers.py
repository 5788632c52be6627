"""What people make of a proposal: a theme, a part of one there is, or nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.base import now
from models.feedback import Feedback
from models.people import Person
from models.theme_curation import ChangeKind, ProposalState, ThemeProposal
from models.themes import Theme
from services import theme_curation, theme_fields
from services.bulk import in_lists
from services.errors import BadInput, Conflict
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh
from services.theme_fields import LONGEST_NAME
from services.theme_history import finish, latest, record
from services.theme_labels import persons_word, say

Said = list[list[Any]]
"""Words said along with a change: answer, theme, whether it applies, what a person had said before."""


@dataclass(frozen=True, kw_only=True)
class Decided:
    """What became of a proposal.

    Attributes:
        theme: The theme made or joined.
        change_id: The line of history, to undo it.
        labelled: Comments that a person's word was given to.
    """

    theme: Theme
    change_id: int
    labelled: int


def accept(
    session: Session,
    *,
    proposal_id: int,
    names: Mapping[str, str],
    by: Person,
    keywords: Sequence[str] = (),
    parent_id: int | None = None,
    praise: bool = False,
    controllable: bool = True,
    confirmed: Collection[int] = (),
) -> Decided:
    """Make a theme of a proposal. Commits.

    The comments the person ticked get that person's label; of a group found within a theme they no longer count for it.

    Args:
        session: A writing session.
        proposal_id: The proposal.
        names: The theme's name in every language.
        by: Who accepts it.
        keywords: What the theme is recognised by.
        parent_id: The theme it lies under.
        praise: Whether it collects thanks.
        controllable: Whether a unit can change it.
        confirmed: Answers of the group that the person has read and ticked as right.

    Raises:
        BadInput: A name or keyword cannot be used, or a ticked answer is not of the group.
        Conflict: The proposal has been decided on.
        NotAllowed: The person may not keep the list, or not label the answers of a unit.
    """
    proposal = _open(session, proposal_id, by)
    right = _confirmed(session, proposal, confirmed, by)
    source = proposal.theme_id
    said = _words(session, right, source, applies=False) if source is not None else []
    theme = theme_curation.create(
        session,
        names=names,
        keywords=keywords,
        parent_id=parent_id,
        praise=praise,
        controllable=controllable,
        by=by,
        kind=ChangeKind.CREATED if source is None else ChangeKind.SPLIT,
        before={} if source is None else {"within_theme_id": source},
        after={"proposal_id": proposal.id, "confirmed": len(right), "said": said},
    )
    change_id = key(latest(session, key(theme.id)))
    _say(session, [*said, *_words(session, right, key(theme.id), applies=True)], by)
    _decide(session, proposal, ProposalState.ACCEPTED, theme, by)
    finish(session)
    return Decided(theme=theme, change_id=change_id, labelled=len(right))


def join(
    session: Session,
    *,
    proposal_id: int,
    theme_id: int,
    by: Person,
    keywords: Sequence[str] = (),
    confirmed: Collection[int] = (),
) -> Decided:
    """Say that a proposal belongs to a theme there is: it gets the keywords, the ticked comments the label. Commits.

    Raises:
        BadInput: A keyword cannot be used, or a ticked answer is not of the group.
        Conflict: The proposal has been decided on, or the theme is not in use.
        NotAllowed: The person may not keep the list, or not label the answers of a unit.
    """
    proposal = _open(session, proposal_id, by)
    theme = theme_fields.in_use(session, theme_id)
    right = _confirmed(session, proposal, confirmed, by)
    said = _words(session, right, theme_id, applies=True)
    before = list(theme.keywords)
    theme.keywords = theme_fields.words([*before, *keywords], longest=LONGEST_NAME, field="keywords")
    after = {
        "keywords": list(theme.keywords),
        "proposal_id": proposal.id,
        "confirmed": len(right),
        "said": said,
    }
    told = {"keywords": before, "within_theme_id": proposal.theme_id}
    change_id = record(session, theme, ChangeKind.REWORDED, told, after, by)
    _say(session, said, by)
    _decide(session, proposal, ProposalState.JOINED, theme, by)
    finish(session)
    return Decided(theme=theme, change_id=change_id, labelled=len(right))


def dismiss(session: Session, *, proposal_id: int, by: Person) -> None:
    """Say that a proposal is no theme: most of the same comments do not come back as one. Commits.

    Raises:
        Conflict: The proposal has been decided on.
    """
    proposal = _open(session, proposal_id, by)
    proposal.state, proposal.by_id, proposal.decided_at = ProposalState.DISMISSED, by.id, now()
    session.add(proposal)
    session.commit()


def reopen(session: Session, *, proposal_id: int, by: Person) -> None:
    """Take a dismissal back. Commits.

    Raises:
        Conflict: The proposal was not dismissed.
    """
    require(session, by, May.CURATE)
    proposal = get(session, ThemeProposal, proposal_id)
    if proposal.state is not ProposalState.DISMISSED:
        raise Conflict("This proposal was not dismissed.")
    proposal.state, proposal.by_id, proposal.decided_at = ProposalState.OPEN, None, None
    session.add(proposal)
    session.commit()


def _open(session: Session, proposal_id: int, by: Person) -> ThemeProposal:
    require(session, by, May.CURATE)
    theme_fields.hold(session)
    proposal = get(session, ThemeProposal, proposal_id)
    if ProposalState(proposal.state) is not ProposalState.OPEN:
        raise Conflict("Somebody has decided on this proposal already.")
    return proposal


def _confirmed(session: Session, proposal: ThemeProposal, ticked: Collection[int], by: Person) -> list[int]:
    """Ticked answers, known to be of the group, to have words and to be within the person's reach."""
    chosen = sorted(set(ticked))
    if not set(chosen) <= set(proposal.members):
        raise BadInput("A ticked comment does not belong to this proposal.", field="confirmed")
    found: list[int] = []
    for part in in_lists(chosen):
        rows = session.exec(select(Feedback).where(col(Feedback.id).in_(part), col(Feedback.text).is_not(None))).all()
        for feedback in rows:
            require(session, by, May.LABEL, unit_id=feedback.unit_id)
            found.append(key(feedback.id))
    return sorted(found)


def _words(session: Session, answers: Sequence[int], theme_id: int, *, applies: bool) -> Said:
    found: Said = []
    for number in answers:
        word = persons_word(session, feedback_id=number, theme_id=theme_id)
        found.append([number, theme_id, applies, None if word is None else word.applies])
    return found


def _say(session: Session, said: Said, by: Person) -> None:
    for feedback_id, theme_id, applies, _ in said:
        say(session, feedback_id=feedback_id, theme_id=theme_id, applies=applies, by=by)
    session.flush()
    refresh(session, {feedback_id for feedback_id, *_ in said})


def _decide(session: Session, proposal: ThemeProposal, state: ProposalState, theme: Theme, by: Person) -> None:
    proposal.state, proposal.theme_id, proposal.by_id, proposal.decided_at = state, theme.id, by.id, now()
    session.add(proposal)
