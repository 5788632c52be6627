"""Opening one page as one person, without a server: what the tests of the pilots' pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlmodel import Session, select
from streamlit.testing.v1 import AppTest

from models.people import Person
from models.pilots import Pilot
from services.i18n import translator
from services.record import database

REFUSED = translator("fi")("Your role does not allow this here.")
"""What a person reads whose role does not reach this."""


def _script(module: str, person: str, language: str) -> None:
    import importlib

    from sqlmodel import select

    from models.people import Person
    from pages.context import opened
    from services.i18n import translator
    from services.record import database

    with database().reading() as session:
        found = session.exec(select(Person).where(Person.code == person)).first()
    with opened(person_id=found.id if found else None, t=translator(language)) as ctx:
        importlib.import_module(f"pages.{module}").render(ctx)


def opened_page(module: str, person: str, *, language: str = "fi", **query: str) -> AppTest:
    """A page as a person sees it, run once.

    Args:
        module: The page's file.
        person: The person's code in the demo county; an unknown one is nobody.
        language: What the person reads.
        query: The address' parameters.
    """
    page = AppTest.from_function(
        _script, kwargs={"module": module, "person": person, "language": language}, default_timeout=60
    )
    for name, value in query.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def words(page: AppTest) -> str:
    """Everything the page says in running text, headings, notices and tables."""
    parts = [
        *(
            element.value
            for kind in ("title", "header", "subheader", "markdown", "caption")
            for element in page.get(kind)
        ),
        *(element.value for kind in ("error", "warning", "info", "success") for element in page.get(kind)),
    ]
    tables = [table.value.to_csv() for table in page.table]
    return "\n".join(str(part) for part in [*parts, *tables]).replace("\\", "")


def errors(page: AppTest) -> list[str]:
    """The page's refusals."""
    return [element.value for element in page.error]


@contextmanager
def record() -> Iterator[Session]:
    """The installation's record, read afresh."""
    with database().reading() as session:
        yield session


@contextmanager
def changing() -> Iterator[Session]:
    """The installation's record, to prepare a test in."""
    with database().writing() as session:
        yield session


def pilot(code: str) -> Pilot:
    """A pilot of the demo county."""
    with record() as session:
        return session.exec(select(Pilot).where(Pilot.code == code)).one()


def person(code: str) -> Person:
    """A person of the demo county."""
    with record() as session:
        return session.exec(select(Person).where(Person.code == code)).one()


def widget(page: AppTest, kind: str, key: str) -> Any:
    """The widget with a key, which must be on the page."""
    found = [element for element in page.get(kind) if element.key == key]
    if not found:
        pytest.fail(f"no {kind} with the key {key}: {[element.key for element in page.get(kind)]}")
    return found[0]


def keyed(page: AppTest, kind: str, beginning: str) -> Any:
    """The widget whose key begins so."""
    return widget(page, kind, next((e.key for e in page.get(kind) if e.key and e.key.startswith(beginning)), beginning))
