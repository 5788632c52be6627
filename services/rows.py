"""Small helpers over rows that every service needs."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import Session, SQLModel

from services.errors import NotFound

Row = TypeVar("Row", bound=SQLModel)


def get(session: Session, model: type[Row], row_id: int | None) -> Row:
    """The row with an id.

    Raises:
        NotFound: There is none.
    """
    row = session.get(model, row_id) if row_id is not None else None
    if row is None:
        raise NotFound("There is no {what} with the number {id}.", what=model.__name__.lower(), id=row_id)
    return row


def key(row_id: int | None) -> int:
    """The id of a stored row, known not to be None.

    Raises:
        ValueError: The row has not been stored.
    """
    if row_id is None:
        raise ValueError("The row has not been stored.")
    return row_id
