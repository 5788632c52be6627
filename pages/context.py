"""What a page is handed on every rerun: the database, the person, the language, the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import streamlit as st
from sqlmodel import Session

import models.tables  # noqa: F401  every table must be known before the first write
from models.people import Person
from pages.plain import told_plainly
from services import sessions, sign_in_settings
from services import settings as configuration
from services.errors import ServiceError
from services.i18n import Translator
from services.permissions import May, allowed
from services.record import database
from services.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Context:
    """One rerun of one person's session.

    Attributes:
        session: Reads the record; never write through it. Do not keep it in a fragment: it closes with the rerun.
        person: Who is signed in, read afresh on this rerun; None for nobody.
        t: Says things in the person's language.
        today: The day it is in Finland, or the configured one.
        settings: The installation's configuration.
        routes: The pages that can be linked to, by url_path.
        session_id: The person's session on the server, asked again before anything is written.
    """

    session: Session
    person: Person | None
    t: Translator
    today: dt.date
    settings: Settings
    routes: Mapping[str, st.Page] = field(default_factory=dict)
    session_id: int | None = None

    def may(self, may: May, unit_id: int | None = None) -> bool:
        """Whether the person may do something, in a unit when one is named."""
        return allowed(self.session, self.person, may, unit_id=unit_id)

    def require(self, may: May, unit_id: int | None = None) -> Person:
        """The person, if allowed; else one sentence with a way on, and the page ends here."""
        if self.person is None or not self.may(may, unit_id):
            st.title(self.t("No access"))
            st.error(self.t("Your role does not allow this here."))
            self.link(self.t("Home"), "", icon=":material/home:")
            st.stop()
        return self.person

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one service call; afterwards `session` reads what was written.

        Raises:
            NotAllowed: The person's session is over: their page lay open for too long, or somebody ended it.
        """
        with database().writing() as session:
            if self.session_id is not None:
                now = dt.datetime.now(dt.UTC)
                sessions.require_alive(session, self.session_id, settings=sign_in_settings.load(), now=now)
            yield session
        self.session.rollback()
        if self.person is not None and self.person in self.session:
            self.session.refresh(self.person)

    def url(self, page: str, **params: object) -> str:
        """The path of a page, such as /pilot?code=P01."""
        query = urlencode({name: str(value) for name, value in params.items() if value is not None})
        return f"/{page}" + (f"?{query}" if query else "")

    def address(self, page: str, **params: object) -> str:
        """The whole address of a page, for a QR code or a message."""
        return self.settings.base_url + self.url(page, **params)

    def link(self, label: str, page: str, *, icon: str | None = None, **params: object) -> None:
        """A link to a page that keeps the session, in the current container."""
        query = {name: str(value) for name, value in params.items() if value is not None}
        if page in self.routes:
            st.page_link(self.routes[page], label=label, icon=icon, query_params=query)
        else:
            st.markdown(f"[{label}]({self.url(page, **query)})")

    def action(self, label: str, page: str, *, icon: str | None = None, **params: object) -> None:
        """A link that is the thing to do here, drawn as a button."""
        marks = "_".join([page, *(str(value) for value in params.values() if value is not None)])
        with st.container(key=f"action_{marks}", width="content"):
            self.link(label, page, icon=icon, **params)


@dataclass
class Refusal:
    """How a block under `refusals` ended.

    Attributes:
        ok: Whether it ran to its end.
        error: What a service refused, if it did.
    """

    ok: bool = False
    error: ServiceError | None = None


@contextmanager
def refusals(ctx: Context) -> Iterator[Refusal]:
    """Turn a service's refusal into one sentence on the page; the page goes on after the block."""
    refusal = Refusal()
    try:
        yield refusal
        refusal.ok = True
    except ServiceError as error:
        refusal.error = error
        st.error(told_plainly(ctx.t, error))


@contextmanager
def opened(
    *,
    person_id: int | None,
    t: Translator,
    routes: Mapping[str, st.Page] | None = None,
    session_id: int | None = None,
) -> Iterator[Context]:
    """The context of a rerun, its reading session closed at the end."""
    from services.people import signed_in

    settings = configuration.load()
    with database().reading() as session:
        yield Context(
            session=session,
            person=signed_in(session, person_id),
            t=t,
            today=settings.today(),
            settings=settings,
            routes=routes if routes is not None else {},
            session_id=session_id,
        )
