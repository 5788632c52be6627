"""Calls the interface with whatever its OpenAPI document allows and forbids, and lists what breaks a promise."""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import Case, HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from starlette.types import ASGIApp

DOCUMENT = "/api/v1/openapi.json"
OF_THE_RECORD = {"positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "422"]}}
"""Which units, measures and days there are only the record knows, no schema: a row of the right shape may be refused,
and so may a story's unit or a cursor that nobody has given. Everywhere else what the document allows is taken."""
NAMING_THE_RECORD = (
    *("POST /feedback", "POST /measurements", "GET /public/stories"),
    *("GET /pilots", "GET /measurements", "GET /themes", "GET /themes/quarters", "GET /decisions"),
)


@dataclass
class Found:
    """What calling found.

    Attributes:
        calls: How many answers were looked at.
        statuses: How often each status came.
        checks: How many times each promise was looked at.
        failures: Broken promises, a text each.
    """

    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)


def name_what_there_is(context: HookContext, case: Case) -> Case:
    """Have most of the allowed calls name what the small county has: else every row would be refused for its unit."""
    if case.meta is None or not case.meta.generation.mode.is_positive or zlib.crc32(repr(case).encode()) % 4 == 0:
        return case
    for name in ("cursor", "next", "unit", "theme"):
        case.query.pop(name, None)
    rows = case.body.get("rows") if isinstance(case.body, dict) else None
    for number, row in enumerate(rows or ()):
        row["unit"], row["date"] = ("A1", "A2", "B1", "B2")[number % 4], f"2026-1{number % 2}-{number % 20 + 1:02}"
        if "metric" in row:
            row |= {"metric": "score", "n": 20, "mean": number % 5 + 1, "sd": 1, "group": None}
        else:
            row |= {"decision_upheld": None, "external_id": None, "scores": []}
            row["scores"].append({"item": "recommend", "value": number % 11, "low": 0, "high": 10})
    return case


def call(app: ASGIApp, *, key: str | None, examples: int, seed: int = 1, **config: Any) -> Found:
    """Call every operation in every phase, all checks on.

    Args:
        app: The server.
        key: The key shown; None for none.
        examples: How many different calls of an operation, in each phase that makes them up.
        seed: Of the made-up values.
        config: Further configuration.
    """
    settings: dict[str, Any] = {
        "seed": seed,
        "cache": {"enabled": False},
        "continue-on-failure": True,
        "generation": {"max-examples": examples, "database": "none"},
        "operations": [{"include-name": name, "checks": OF_THE_RECORD} for name in NAMING_THE_RECORD],
        **({"headers": {"Authorization": f"Bearer {key}"}} if key else {}),
        **config,
    }
    schema = schemathesis.openapi.from_asgi(DOCUMENT, app, config=SchemathesisConfig.from_dict(settings))
    schema.hook("map_case")(name_what_there_is)
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for interaction in event.recorder.interactions.values():
                if interaction.response is not None:
                    found.calls += 1
                    found.statuses[interaction.response.status_code] += 1
            for checks in event.recorder.checks.values():
                for check in checks:
                    found.checks[check.name] += 1
                    if check.failure_info is not None:
                        failure = check.failure_info
                        found.failures.append(f"{event.recorder.label}: {failure.failure}\n{failure.code_sample}")
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            found.failures.append(f"{type(event).__name__}: {event!r}")
    return found
