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


def held(session: Session, model: type[Row], row_id: int | None) -> Row:
    """The row with an id, kept until the transaction ends: a second writer waits here and reads what the first left.

    Rows that point at it may still be stored meanwhile.

    Raises:
        NotFound: There is none.
    """
    get(session, model, row_id)
    return session.get_one(model, row_id, populate_existing=True, with_for_update={"key_share": True})


def key(row_id: int | None) -> int:
    """The id of a stored row, known not to be None.

    Raises:
        ValueError: The row has not been stored.
    """
    if row_id is None:
        raise ValueError("The row has not been stored.")
    return row_id
