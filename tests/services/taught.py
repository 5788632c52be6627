"""The theme model fitted and put in force in one session, as tests need it."""

from __future__ import annotations

from sqlmodel import Session

from models.people import Person
from services import theme_learning, theme_models
from services.theme_models import Reader, Version


def refit(session: Session, *, by: Person | None) -> Version:
    return theme_learning.keep(session, theme_learning.learn(session, by=by))


def reader(session: Session) -> Reader:
    """The version in force, fitted first when there is none that knows the list of themes."""
    if theme_models.out_of_date(session):
        refit(session, by=None)
    return theme_models.reader(session)
