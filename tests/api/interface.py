"""Another system that uses the interface: its keys, its requests."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import Session, select
from starlette.applications import Starlette

from api import rest, serving
from api.rest_rate import Buckets
from models.database import database_at
from models.interface import KeyScope
from models.metrics import MetricKind
from models.organisation import Unit
from models.people import Person, Role
from models.themes import Theme
from services import api_keys, settings
from services.record import database
from tests.api.door import Answer, ask
from tests.services.small_county import answer, measure, metric, stored_county

READ = {
    "pilots": KeyScope.READ_PILOTS,
    "measurements": KeyScope.READ_MEASUREMENTS,
    "themes": KeyScope.READ_THEMES,
    "themes/quarters": KeyScope.READ_THEMES,
    "decisions": KeyScope.READ_DECISIONS,
}
"""What each list needs."""
WRITE = {"feedback": KeyScope.WRITE_FEEDBACK, "measurements": KeyScope.WRITE_MEASUREMENTS}
"""What each address that rows are sent to needs."""


class Interface:
    """The server's own routes and middleware, asked without a server."""

    def __init__(self, *, buckets: Buckets | None = None) -> None:
        routes = [*serving.routes(page_faults={})[:-1], rest.mount(buckets=buckets)]
        self.app = Starlette(routes=routes, middleware=serving.middleware(settings.load()))
        self._systems = 0

    def key(self, *scopes: KeyScope, unit: str | None = None, system: str | None = None) -> str:
        """A key of a new system; with every scope when none is named."""
        self._systems += 1
        with database().writing() as session:
            made = api_keys.create(
                session,
                system=system or f"system-{self._systems}",
                scopes=scopes or list(KeyScope),
                by=None,
                unit=unit,
            )
        return made.secret

    def get(self, path: str, key: str | None = None, **headers: str) -> Answer:
        """Read."""
        return ask(self.app, f"{rest.rest_routes.PREFIX}/{path}", headers={**_with(key), **headers})

    def send(
        self, path: str, body: object, key: str | None = None, *, once: str | None = None, **headers: str
    ) -> Answer:
        """Send a body: bytes as they are, else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"Content-Type": "application/json", **({"Idempotency-Key": once} if once else {}), **_with(key)}
        return ask(
            self.app,
            f"{rest.rest_routes.PREFIX}/{path}",
            method="POST",
            headers={**given, **headers},
            content=content,
        )

    def ask(self, path: str, method: str, key: str | None = None) -> Answer:
        """Ask by any method."""
        return ask(self.app, f"{rest.rest_routes.PREFIX}/{path}", method=method, headers=_with(key))

    def everything(self, name: str, key: str, *, limit: int = 1000, start: str = "") -> list[dict[str, Any]]:
        """Every row of a list, page after page."""
        rows: list[dict[str, Any]] = []
        address: str | None = f"{name}?limit={limit}{start}"
        while address:
            page = self.get(address, key).json()
            rows += page["items"]
            address = page["next_url"] and page["next_url"].removeprefix("/api/v1/")
        return rows


def small_county(url: str) -> None:
    """Store two areas of two units, two measures with weeks of values, a theme, answers, an administrator."""
    with database_at(url).writing() as session:
        units = stored_county(session)
        score = metric(session, "score", item="q1")
        shares = metric(session, "shares", kind=MetricKind.PROPORTION, scale_low=0.0, scale_high=1.0)
        measure(session, score, units["A1"], [3.1, 3.4])
        measure(session, score, units["B1"], [4.2], n=4)
        answer(session, units["A2"], text="Kukaan ei soita takaisin")
        session.add(Theme(code="T1", name={"fi": "Soitto"}, keywords=["soita"]))
        session.add(Person(code="chief", name="Chief", role=Role.ADMIN))
        session.commit()
        assert shares.id


def unit_id(session: Session, code: str) -> int:
    """A unit's number."""
    return session.exec(select(Unit.id).where(Unit.code == code)).one() or 0


def feedback(**fields: object) -> dict[str, Any]:
    """A row of feedback that can be taken, unless told otherwise."""
    row = {
        "date": "2026-11-20",
        "unit": "A1",
        "channel": "kiosk",
        "scores": [{"item": "q1", "value": 4, "low": 1, "high": 5}],
    }
    return {**row, **fields}


def measurement(**fields: object) -> dict[str, Any]:
    """A row of measurements that can be taken, unless told otherwise."""
    return {"date": "2026-11-16", "unit": "A2", "metric": "score", "n": 20, "mean": 3.5, "sd": 1.0, **fields}


def _with(key: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"} if key else {}


__all__ = ["READ", "WRITE", "Answer", "Interface", "feedback", "measurement", "small_county", "unit_id"]
