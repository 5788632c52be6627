"""Where a comment's words stand beside the comment itself: matched words, vectors, quotes in plans and stories."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models.decisions import Story
from models.feedback import Feedback
from models.pilots import Pilot
from models.text_models import TextEmbedding
from models.themes import ThemeAssignment
from services import audit
from services.bulk import in_lists
from services.i18n import translator
from services.redacted import readable, stored
from services.text_vectors import digest

REMOVED = {"fi": "[poistettu]", "sv": "[borttaget]", "en": "[removed]"}
"""What stands in a plan or a story in place of a quote that was erased, by the text's language."""

_PILOT_TEXTS = ("customers_say",)
_STORY_TEXTS = ("you_said", "we_tried", "what_happened", "what_next")
_QUOTED = re.compile(r"[”“\"]([^”“\"]+)[”“\"]")

Row = TypeVar("Row", bound=SQLModel)


def clear_matches(session: Session, feedback_ids: Sequence[int]) -> None:
    """Empty the words that decided on answers' themes; the themes stay."""
    for part in in_lists(feedback_ids):
        session.execute(sa.update(ThemeAssignment).where(col(ThemeAssignment.feedback_id).in_(part)).values(matched=""))


def change_matches(session: Session, feedback_id: int, change: Callable[[str], str]) -> None:
    """Change the words that decided on an answer's themes as its text was changed."""
    for row in session.exec(select(ThemeAssignment).where(ThemeAssignment.feedback_id == feedback_id)).all():
        if row.matched and row.matched != (changed := change(row.matched)):
            row.matched = changed
            session.add(row)


def drop_vectors(session: Session, texts: Iterable[str]) -> None:
    """Delete the vectors of texts that no comment has any more. Call it when the comments have been changed."""
    session.flush()
    for part in in_lists(sorted(set(texts))):
        kept = set(session.exec(select(Feedback.text).where(col(Feedback.text).in_(part))).all())
        gone = [digest(text) for text in part if text not in kept]
        session.execute(sa.delete(TextEmbedding).where(col(TextEmbedding.digest).in_(gone)))


def replace_quotes(session: Session, changed: Mapping[str, str | None]) -> int:
    """Replace comments quoted in pilots' plans and in stories; how many texts held one.

    Found are whole comments: between quotation marks, on a line of their own, or as the whole text. A quote that was
    shortened or reworded is a text of its writer and stays.

    Args:
        session: A writing session.
        changed: The comments as they were stored, and what they are now; None for erased.
    """
    places = 0
    quoting: dict[str, list[int]] = {}
    for model, names in ((Pilot, _PILOT_TEXTS), (Story, _STORY_TEXTS)):
        for row in session.exec(select(model)).all():
            for name in names:
                texts: dict[str, str] = getattr(row, name) or {}
                replaced = {language: _replaced(text, language, changed) for language, text in texts.items()}
                if replaced != texts:
                    places += sum(replaced[language] != texts[language] for language in texts)
                    setattr(row, name, replaced)
                    session.add(row)
                    quoting.setdefault(str(model.__tablename__), []).append(sa.inspect(row).identity[0])
    session.flush()
    for table, ids in quoting.items():
        audit.forget(session, table, ids)
    return places


def _replaced(text: str, language: str, changed: Mapping[str, str | None]) -> str:
    for candidate in sorted(set(_candidates(text)), key=len, reverse=True):
        original = stored(candidate.strip())
        if original in changed:
            now = changed[original]
            told = REMOVED.get(language, REMOVED["en"]) if now is None else readable(translator(language), now)
            text = text.replace(candidate.strip(), told)
    return text


def _candidates(text: str) -> Iterator[str]:
    yield text
    for line in text.splitlines():
        yield line
        yield line.strip(' -–•”“"')
    yield from _QUOTED.findall(text)
