"""People come, files come, things fail: and nowhere in the log is anybody's name, number, address or comment."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from api import serving
from models.base import now
from models.database import Database, database_at
from models.feedback import Channel, Feedback
from models.organisation import Unit
from models.people import Person, Role
from services import (
    api_keys,
    importing,
    jobs,
    logs,
    settings,
    sign_in_oidc,
    sign_in_settings,
    typed_feedback,
)
from services.errors import ServiceError
from services.job_work import Done, Work
from services.jobs import Job
from services.settings import LogSettings
from services.sign_in_oidc import identity_of
from services.typed_feedback import TypedAnswer
from tests.api.door import ask
from tests.api.interface import feedback, small_county
from tests.services.test_logs import written as written

NAME, HETU, PHONE, EMAIL = "Kerttu Korhonen", "131052-308T", "0401234567", "kerttu.korhonen@example.fi"
SECRETS = (NAME, "Korhonen", HETU, PHONE, "040 123 4567", EMAIL, "kerttu", "Lonkkaleikkaus")
TEXT = f"Lonkkaleikkaus peruttiin. Soittakaa {NAME}, {HETU}, puh. 040 123 4567 tai {EMAIL}."


@pytest.fixture
def installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A small county, with an administrator."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LUOTSI_TODAY", "2026-11-25")
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path))
    small_county(database_url)
    yield database_at(database_url)
    database_at(database_url).dispose()


def imports(database: Database, folder: Path) -> None:
    """Files with personal data in good rows, in bad rows, and in a form that cannot be read at all."""
    good = folder / f"{NAME}.csv"
    rows = [f'2026-11-{day:02d};A1;web;"{TEXT}"' for day in range(2, 9)]
    bad = [f'{NAME};A1;web;"{TEXT}"', f'2026-11-09;{EMAIL};web;"{TEXT}"', f'2026-11-09;A1;{HETU};"{TEXT}"']
    good.write_text("\n".join(["date;unit;channel;text", *rows, *bad]) + "\n", encoding="utf-8")
    with database.writing() as session:
        done = importing.import_feedback(session, path=good, by=None)
    assert done.imported == len(rows)
    broken = folder / "broken.csv"
    broken.write_bytes(b"\x00\xff" + TEXT.encode("utf-16") * 3)
    with pytest.raises(ServiceError), database.writing() as session:
        importing.import_feedback(session, path=broken, by=None)


def typed(database: Database) -> None:
    """Feedback that somebody types in, also where they may not."""
    with database.writing() as session:
        by = session.exec(select(Person).where(Person.role == Role.ADMIN)).one()
        unit = session.exec(select(Unit).where(Unit.code == "A1")).one()
        answer = TypedAnswer(unit_id=unit.id or 0, channel=Channel.INTERVIEW, given_on=dt.date(2026, 11, 20), text=TEXT)
        stored = typed_feedback.record(session, answer, by=by, today=dt.date(2026, 11, 25))
        assert NAME not in str(stored.text)
    with pytest.raises(ServiceError), database.writing() as session:
        typed_feedback.record(
            session, answer, by=Person(code=NAME, name=NAME, role=Role.TRUSTEE), today=answer.given_on
        )


def sign_ins(database: Database) -> None:
    """Somebody unknown, and somebody known who comes twice."""
    moment = now()
    with database.writing() as session:
        session.add(Person(code="kerttu", name=NAME, email=EMAIL, role=Role.ANALYST))
        session.commit()
    for email in (f"x{EMAIL}", EMAIL, EMAIL):
        claims = {"iss": "https://id.example.fi", "sub": email, "iat": moment.timestamp(), "email": email}
        identity = identity_of({**claims, "email_verified": True})
        assert identity is not None
        with database.writing() as session:
            sign_in_oidc.enter(session, identity, settings=sign_in_settings.load(), now=moment)


def requests(database: Database) -> None:
    """Other systems and browsers, with personal data wherever they can put any, and a page that fails over it."""

    async def fails(request: Request) -> PlainTextResponse:
        with Session(database.read_engine) as session:
            session.execute(sa.text("SELECT * FROM nowhere WHERE words = :words"), {"words": TEXT})
        return PlainTextResponse("never")

    app = Starlette(
        routes=[*serving.routes(page_faults={}), Route("/fails", fails)],
        middleware=serving.middleware(settings.load()),
    )
    with database.writing() as session:
        key = api_keys.create(session, system="kerttu-system", scopes=list(api_keys.KeyScope), by=None).secret
    given = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    for rows in ([feedback(text=TEXT)], [feedback(text=TEXT, unit=NAME)], [{NAME: TEXT}], TEXT):
        ask(app, "/api/v1/feedback", method="POST", headers=given, content=json.dumps({"rows": rows}).encode())
    for address in (f"/api/v1/pilots?x={PHONE}", f"/api/v1/{HETU}", f"/{EMAIL}?q={PHONE}", f"/session?{HETU}"):
        ask(app, address, headers={"authorization": f"Bearer {EMAIL}", "cookie": f"a={HETU}", "x-request-id": PHONE})
    with pytest.raises(sa.exc.DatabaseError):
        ask(app, f"/fails?{PHONE}", headers={"x-request-id": EMAIL})


def failures(database: Database) -> None:
    """A job that fails over a comment, a database that refuses a row and says which."""

    def refused(work: Work) -> Done:
        with work.database.writing() as session:
            session.add(Feedback(unit_id=-1, text=TEXT, respondent=NAME, source=EMAIL))
            session.commit()
        return Done()

    def thrown(work: Work) -> Done:
        logging.getLogger("services.somewhere").warning("Cannot read %s", TEXT)
        raise RuntimeError(TEXT)

    chosen = [*jobs.JOBS, Job(name="refused", run=refused), Job(name="thrown", run=thrown)]
    found = list(jobs.run(database, settings.load(), today=dt.date(2026, 11, 25), jobs=chosen))
    assert [one.job for one in found if one.failed] == ["refused", "thrown"]
    assert not any(secret.casefold() in one.said.casefold() for one in found for secret in SECRETS)


def test_nobodys_words_are_in_the_log(installation: Database, written: io.StringIO, tmp_path: Path) -> None:
    imports(installation, tmp_path)
    typed(installation)
    sign_ins(installation)
    requests(installation)
    failures(installation)

    text = written.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    messages = {line["message"] for line in lines}
    assert {"Answered", "The job refused failed", "The job thrown failed"} <= messages
    assert any(line.get("error", {}).get("type", "").endswith("IntegrityError") for line in lines)
    assert len(lines) > 20
    assert [secret for secret in SECRETS if secret.casefold() in text.casefold()] == []


def test_the_same_lines_for_people_hold_nothing_either(
    installation: Database, written: io.StringIO, tmp_path: Path
) -> None:
    stream = io.StringIO()
    logs.set_up(LogSettings(as_json=False, level="DEBUG"), stream)
    requests(installation)
    failures(installation)
    text = stream.getvalue()
    assert "luotsi.http: Answered" in text
    assert [secret for secret in SECRETS if secret.casefold() in text.casefold()] == []
