"""The way back in the list of themes, and forth again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, select

from models.base import now
from models.feedback import Feedback
from models.people import Person
from models.theme_curation import ChangeKind, ProposalState, ThemeChange, ThemeProposal
from models.themes import Theme
from services import theme_fields
from services.bulk import in_lists
from services.errors import Conflict
from services.permissions import May, require
from services.rows import get, key
from services.theme_facts import refresh
from services.theme_history import finish, history, record, recount
from services.theme_labels import persons_word, say, unsay

FIELDS = ("name", "keywords", "examples", "controllable", "praise", "parent_id")
"""What a line of history holds of a theme, and puts back."""
MADE = (ChangeKind.CREATED, ChangeKind.SPLIT)


def undo(session: Session, *, change_id: int, by: Person) -> None:
    """Undo the latest change of a theme that stands. Commits.

    A theme whose making is undone goes out of use; what people said of it stays and counts again if the making is done
    again. Words said along with the change to other themes are taken back, unless someone has said otherwise since.

    Raises:
        BadInput: Its earlier name or place has been taken meanwhile.
        Conflict: It is undone already, or a later change rests on it.
    """
    undo_all(session, change_ids=[change_id], by=by)


def undo_all(session: Session, *, change_ids: Sequence[int], by: Person) -> None:
    """Undo changes made at one time, the newest first, all or none. Commits."""
    _open(session, by)
    for change_id in sorted(change_ids, reverse=True):
        _undo(session, change_id, by)
    finish(session)


def redo(session: Session, *, change_id: int, by: Person) -> None:
    """Do an undone change again: the one that was undone last. Commits.

    Raises:
        BadInput: The name or the place has been taken meanwhile.
        Conflict: It is not undone, a later change stands, or an earlier one must be done again first.
    """
    _open(session, by)
    change = get(session, ThemeChange, change_id)
    theme = get(session, Theme, change.theme_id)
    found = next((row for row in history(session, theme_id=key(theme.id)) if row.row.id == change.id), None)
    if found is None or not found.can_redo:
        raise Conflict("This cannot be done again: the theme has been changed since.")
    kind = ChangeKind(change.kind)
    if kind in MADE:
        theme.retired_at = None
    elif kind is ChangeKind.RETIRED:
        theme_fields.refuse_children(session, theme)
        theme.retired_at = now()
    elif kind is ChangeKind.MERGED:
        hang_on(session, theme, theme_fields.in_use(session, int(change.after["merged_into_id"])))
    else:
        _put(theme, change.after)
    _check(session, theme)
    _words_again(session, change, by)
    _proposal(session, change, decided=True)
    record(session, theme, ChangeKind.RESTORED, change.before, change.after, by, "", undoes_id=found.last.id)
    recount(session, theme)
    finish(session)


def hang_on(session: Session, theme: Theme, into: Theme) -> dict[str, Any]:
    """Merge a theme into another, with those merged into it and those under it; what a way back needs to know."""
    followers = session.exec(select(Theme).where(Theme.merged_into_id == theme.id)).all()
    children = session.exec(select(Theme).where(Theme.parent_id == theme.id, Theme.id != into.id)).all()
    before = {
        "followers": [key(row.id) for row in followers],
        "children": [key(row.id) for row in children],
        "into_parent_id": into.parent_id,
    }
    if into.parent_id == theme.id:
        into.parent_id = theme.parent_id
    for row in followers:
        row.merged_into_id = into.id
    for row in children:
        row.parent_id = into.id
    theme.merged_into_id = into.id
    session.add_all([theme, into, *followers, *children])
    session.flush()
    return before


def _open(session: Session, by: Person) -> None:
    require(session, by, May.CURATE)
    theme_fields.hold(session)


def _undo(session: Session, change_id: int, by: Person) -> None:
    change = get(session, ThemeChange, change_id)
    theme = get(session, Theme, change.theme_id)
    found = next((row for row in history(session, theme_id=key(theme.id)) if row.row.id == change.id), None)
    if found is None or not found.can_undo:
        raise Conflict("Only the latest change of a theme can be undone; undo the later ones first.")
    kind = ChangeKind(change.kind)
    if kind in MADE:
        theme_fields.refuse_children(session, theme)
        theme.retired_at = now()
    elif kind is ChangeKind.RETIRED:
        theme.retired_at = None
    elif kind is ChangeKind.MERGED:
        _part_again(session, theme, change)
    else:
        _put(theme, change.before)
    _check(session, theme)
    _words_back(session, change)
    _proposal(session, change, decided=False)
    record(session, theme, ChangeKind.RESTORED, change.after, change.before, by, "", undoes_id=found.last.id)
    recount(session, theme)


def _put(theme: Theme, values: dict[str, Any]) -> None:
    for name in FIELDS:
        if name in values:
            setattr(theme, name, values[name])


def _check(session: Session, theme: Theme) -> None:
    """A theme in use has a name of its own and lies under one that is in use."""
    if theme_fields.is_used(theme):
        theme_fields.refuse_taken(session, theme.name, theme)
        theme_fields.parent(session, theme.parent_id, theme)


def _part_again(session: Session, theme: Theme, change: ThemeChange) -> None:
    """Take a theme out of the one it went into, with what came along and has not been moved since."""
    into = get(session, Theme, int(change.after["merged_into_id"]))
    theme.merged_into_id = None
    session.add(theme)
    session.flush()
    for follower in _themes(session, change.before["followers"]):
        if follower.merged_into_id == into.id:
            follower.merged_into_id = theme.id
            session.add(follower)
    for child in _themes(session, change.before["children"]):
        if child.parent_id == into.id:
            child.parent_id = theme_fields.parent(session, key(theme.id), child)
            session.add(child)
    if change.before["into_parent_id"] == theme.id and into.parent_id == theme.parent_id:
        into.parent_id = theme_fields.parent(session, key(theme.id), into)
        session.add(into)
    session.flush()


def _themes(session: Session, numbers: Iterable[int]) -> Sequence[Theme]:
    return session.exec(select(Theme).where(col(Theme.id).in_(list(numbers)))).all()


def _words_back(session: Session, change: ThemeChange) -> None:
    """Take back words said along with a change, where they still stand."""
    said = change.after.get("said", [])
    for feedback_id, theme_id, applies, before in said:
        row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
        if row is not None and row.applies == applies:
            unsay(session, feedback_id=feedback_id, theme_id=theme_id, before=before)
    refresh(session, {feedback_id for feedback_id, *_ in said})


def _words_again(session: Session, change: ThemeChange, by: Person) -> None:
    """Say the words again, where nobody has said otherwise and the answer is still there."""
    said = change.after.get("said", [])
    there: set[int] = set()
    for part in in_lists(feedback_id for feedback_id, *_ in said):
        there.update(key(number) for number in session.exec(select(Feedback.id).where(col(Feedback.id).in_(part))))
    for feedback_id, theme_id, applies, before in said:
        row = persons_word(session, feedback_id=feedback_id, theme_id=theme_id)
        if feedback_id in there and (None if row is None else row.applies) == before:
            say(session, feedback_id=feedback_id, theme_id=theme_id, applies=applies, by=by)
    session.flush()
    refresh(session, there)


def _proposal(session: Session, change: ThemeChange, *, decided: bool) -> None:
    """A proposal that the change came from waits again, or is decided again."""
    number = change.after.get("proposal_id")
    proposal = session.get(ThemeProposal, number) if number is not None else None
    if proposal is None:
        return
    accepted = ProposalState.ACCEPTED if ChangeKind(change.kind) in MADE else ProposalState.JOINED
    proposal.state = accepted if decided else ProposalState.OPEN
    proposal.theme_id = change.theme_id if decided else change.before.get("within_theme_id")
    proposal.decided_at = now() if decided else None
    session.add(proposal)
