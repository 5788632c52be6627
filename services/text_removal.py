"""Words out of stored comments, by hand and for good: more personal data, or the whole text.

What is erased is gone from every table: the comment, the words that decided on its themes, its vector, quotes of it in
plans and stories. What the answer tells in numbers stays: scores, themes, unit, day. So does the digest of its row,
by which the import knows it: the same file, or another one with the same row, does not bring the words back, even
after the import was undone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now
from models.feedback import Feedback
from models.people import Person
from models.text_models import RemovalKind, TextRemoval
from services import audit, text_copies
from services.bulk import in_lists, insert_rows, overwrite_what_goes
from services.errors import BadInput
from services.permissions import May, allowed, permitted, require
from services.rows import get, key
from services.text_vectors import digest
from services.theme_facts import refresh
from themes.redaction import PLACEHOLDER, redact
from themes.spans import Kind

LONGEST_REASON = 1000
_SHORTEST = 2
_BATCH = 2_000


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What was taken out.

    Attributes:
        comments: Comments that were changed or erased.
        quotes: Texts of pilots and stories that quoted one, and were changed too.
        respondents: Respondents' marks erased, of answers that are past their time.
    """

    comments: int
    quotes: int = 0
    respondents: int = 0


def redact_more(session: Session, *, feedback_id: int, words: str, kind: Kind, by: Person) -> Removed:
    """Put a placeholder in place of words that the rules left in a comment, everywhere they stand in it. Commits.

    Comments that repeat this one, or that it repeats, are changed too, as far as the person's units reach.

    Args:
        session: A writing session.
        feedback_id: The comment's answer.
        words: The words as they stand in the comment; small and capital letters are taken for the same.
        kind: What they are.
        by: Who says so.

    Raises:
        BadInput: The words are too short, not in the comment, or part of a placeholder.
        NotAllowed: The person may not label answers of the unit.
    """
    feedback = get(session, Feedback, feedback_id)
    require(session, by, May.LABEL, unit_id=feedback.unit_id)
    sought = " ".join(words.split())
    if len(sought) < _SHORTEST:
        raise BadInput("Give at least two characters to hide.", field="words")
    change = _hiding(sought, feedback.text or "", kind)
    if change(feedback.text or "") == feedback.text or not feedback.text:
        raise BadInput("These words are not in the comment.", field="words")
    changed: dict[str, str | None] = {}
    rows = [row for row in _same_words(session, feedback, by) if row.text and change(row.text) != row.text]
    for row in rows:
        before = row.text or ""
        after = redact(change(before)).text
        changed[before] = after
        row.text, row.embedded_by, row.model_id = after, None, None
        row.text_digest = digest(after) if row.text_digest else None
        session.add(row)
        text_copies.change_matches(session, key(row.id), change)
    ids = [key(row.id) for row in rows]
    _record(session, ids, RemovalKind.REDACTED, by=by, reason=kind.value)
    text_copies.drop_vectors(session, changed)
    quotes = text_copies.replace_quotes(session, changed)
    audit.forget(session, "feedback", ids)
    refresh(session, ids)
    session.commit()
    return Removed(comments=len(ids), quotes=quotes)


def erase_text(session: Session, *, feedback_id: int, by: Person | None, reason: str) -> Removed:
    """Erase a comment for good, with the comments that repeat it; the answers stay. Commits.

    Args:
        session: A writing session.
        feedback_id: The comment's answer.
        by: Who erases it, None for the operator at the terminal. Repeats outside the person's units stay.
        reason: Why; personal data in it is redacted.

    Raises:
        BadInput: There is no reason.
        NotAllowed: The person may not label answers of the unit.
        NotFound: There is no such answer.
    """
    feedback = get(session, Feedback, feedback_id)
    permitted(session, by, May.LABEL, unit_id=feedback.unit_id)
    if not reason.strip():
        raise BadInput("Say why the text is erased.", field="reason")
    rows = [row for row in _same_words(session, feedback, by) if row.text is not None]
    quotes = _erase(session, [(key(row.id), row.text or "") for row in rows], by=by, reason=reason)
    session.commit()
    return Removed(comments=len(rows), quotes=quotes)


def erase_texts(session: Session, *, feedback_ids: Sequence[int], by: Person | None, reason: str) -> Removed:
    """Erase several comments as `erase_text` does; nothing happens when one of the answers does not exist.

    Raises:
        NotFound: There is no such answer.
    """
    for feedback_id in feedback_ids:
        get(session, Feedback, feedback_id)
    done = [erase_text(session, feedback_id=one, by=by, reason=reason) for one in feedback_ids]
    return Removed(comments=sum(one.comments for one in done), quotes=sum(one.quotes for one in done))


def first_day_kept(told: str, *, today: dt.date) -> dt.date:
    """The day before which answers are past their time: a date as told, or so many years before today.

    Args:
        told: "2021-01-01", or a number of years: "5", "5y", "5 years".
        today: The day it is.

    Raises:
        BadInput: It is neither, or the day has not come.

    >>> first_day_kept("5y", today=dt.date(2026, 11, 23)).isoformat()
    '2021-11-23'
    """
    years = re.fullmatch(r"(\d{1,3})\s*(?:y|years?)?", told.strip())
    try:
        if years:
            day = min(today.day, 28) if today.month == 2 else today.day
            found = today.replace(year=today.year - int(years[1]), day=day)
        else:
            found = dt.date.fromisoformat(told.strip())
    except ValueError as error:
        raise BadInput("{told} is neither a date such as 2021-01-01 nor a number of years.", told=told) from error
    if found > today or (years and not int(years[1])):
        raise BadInput("{told} is not in the past.", told=told)
    return found


def erase_older_than(
    session: Session, *, before: dt.date, reason: str, progress: Callable[[int], object] | None = None
) -> Removed:
    """Erase the texts and the respondents' marks of answers given before a day. Commits batch by batch.

    Interrupted, it goes on when it is run again. A repeat given later keeps its words until its own time comes.

    Args:
        session: A writing session.
        before: The first day whose answers stay as they are.
        reason: Why, for the record.
        progress: Called with how many answers have been done.
    """
    comments = quotes = respondents = 0
    condition = sa.and_(
        col(Feedback.given_on) < before, sa.or_(col(Feedback.text).is_not(None), col(Feedback.respondent).is_not(None))
    )
    while True:
        query = sa.select(col(Feedback.id), col(Feedback.text), col(Feedback.respondent)).where(condition)
        found = session.execute(query.order_by(col(Feedback.id)).limit(_BATCH)).all()
        if not found:
            return Removed(comments=comments, quotes=quotes, respondents=respondents)
        ids = [int(row[0]) for row in found]
        session.execute(sa.update(Feedback).where(col(Feedback.id).in_(ids)).values(respondent=None))
        texts = [(int(row_id), text) for row_id, text, _ in found if text is not None]
        quotes += _erase(session, texts, by=None, reason=reason)
        refresh(session, ids)
        session.commit()
        comments += len(texts)
        respondents += sum(respondent is not None for _, _, respondent in found)
        if progress:
            progress(len(found))


def _erase(session: Session, texts: Sequence[tuple[int, str]], *, by: Person | None, reason: str) -> int:
    """Words of answers out of every table, in the caller's transaction; how many other texts had quoted them."""
    if not texts:
        return 0
    overwrite_what_goes(session)
    ids = [row_id for row_id, _ in texts]
    words = {text: None for _, text in texts}
    session.execute(
        sa.update(Feedback)
        .where(col(Feedback.id).in_(ids))
        .values(text=None, text_digest=None, embedded_by=None, doubt=None)
    )
    text_copies.clear_matches(session, ids)
    text_copies.drop_vectors(session, words)
    quotes = text_copies.replace_quotes(session, words)
    audit.forget(session, "feedback", ids)
    _record(session, ids, RemovalKind.ERASED, by=by, reason=reason)
    refresh(session, ids)
    return quotes


def _record(session: Session, ids: Sequence[int], kind: RemovalKind, *, by: Person | None, reason: str) -> None:
    """Who did what, when and why; never the words. Of erased answers also the digests of their rows."""
    digests: dict[int, str | None] = {}
    if kind is RemovalKind.ERASED:
        for part in in_lists(ids):
            query = sa.select(col(Feedback.id), col(Feedback.row_digest)).where(col(Feedback.id).in_(part))
            digests |= {int(row_id): row_digest for row_id, row_digest in session.execute(query)}
    shared: dict[str, object] = {
        "kind": kind,
        "by_id": by.id if by else None,
        "reason": redact(reason.strip()).text[:LONGEST_REASON],
        "at": now(),
    }
    rows = ({"feedback_id": row_id, "row_digest": digests.get(row_id)} | shared for row_id in ids)
    insert_rows(session, TextRemoval, rows)


def _same_words(session: Session, feedback: Feedback, by: Person | None) -> list[Feedback]:
    """The answer first, then those that repeat it or that it repeats, in the person's reach."""
    first = feedback.repeats_id or key(feedback.id)
    query = select(Feedback).where(sa.or_(col(Feedback.id) == first, col(Feedback.repeats_id) == first))
    others = [row for row in session.exec(query.order_by(col(Feedback.id))).all() if row.id != feedback.id]
    return [
        feedback,
        *(row for row in others if by is None or allowed(session, by, May.LABEL, unit_id=row.unit_id)),
    ]


def _hiding(words: str, text: str, kind: Kind) -> Callable[[str], str]:
    """What puts a kind's placeholder in place of words: whole words if the text has them so, else wherever they are."""
    anywhere = r"\s+".join(re.escape(word) for word in words.split())
    whole = re.compile(rf"(?<!\w){anywhere}(?!\w)", re.IGNORECASE)
    pattern = whole if whole.search(PLACEHOLDER.sub("\0", text)) else re.compile(anywhere, re.IGNORECASE)

    def change(written: str) -> str:
        parts = PLACEHOLDER.split(written)
        kept = PLACEHOLDER.findall(written)
        hidden = [pattern.sub(kind.placeholder, part) for part in parts]
        return "".join(part + mark for part, mark in zip(hidden, [*kept, ""], strict=True))

    return change
