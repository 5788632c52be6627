"""What a person writes beside quotes of customers: personal data goes, the quotes stay as they are stored."""

from __future__ import annotations

from sqlmodel import Session, col, select

from models.feedback import Feedback
from services import given
from services.redacted import stored
from themes.redaction import redact

AROUND = ' -–•”“"'
"""What may stand around a quote on its line."""


def redacted(session: Session, text: str) -> str:
    """A text without personal data, line by line.

    A line that quotes a stored comment was redacted when the comment came in. It is left alone, so that the quote is
    still found when the comment is erased.
    """
    lines = given.clean(text).splitlines()
    quotes = {line: stored(line.strip(AROUND)) for line in lines if line.strip(AROUND)}
    query = select(Feedback.text).where(col(Feedback.text).in_(set(quotes.values())))
    known = set(session.exec(query).all()) if quotes else set()
    return "\n".join(line if quotes.get(line) in known else redact(line).text for line in lines)
