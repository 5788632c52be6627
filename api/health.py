"""GET /healthz: for load balancers, monitors and the tests' waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from services import health
from services.health import Health


def endpoint(page_faults: Mapping[str, str]) -> Callable[[Request], Awaitable[JSONResponse]]:
    """Answers 200 when the installation can serve, else 503; the body says what is wrong.

    Args:
        page_faults: Pages that could not be imported, with the kind of error.
    """

    async def healthz(request: Request) -> JSONResponse:
        found = await run_in_threadpool(health.check)
        ok = found.ok and not page_faults
        body = {
            "status": "ok" if ok else "failing",
            "database": found.database,
            "migration": {"current": found.migration, "expected": found.expected},
            "audit": _audit(found),
            "jobs": _jobs(found),
            "pages": dict(page_faults) or "ok",
        }
        return JSONResponse(body, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"})

    return healthz


def _audit(found: Health) -> dict[str, Any]:
    told: dict[str, Any] = {"state": found.audit}
    if found.missing_triggers:
        told["missing_triggers"] = list(found.missing_triggers)
    if found.head is not None:
        told |= {"entries": found.head.entries, "head": found.head.hash}
    return told


def _jobs(found: Health) -> dict[str, Any]:
    """How fresh the jobs are: for information only."""
    return {
        name: {
            "outcome": job.outcome.value,
            "started_at": job.started_at.isoformat(timespec="seconds"),
            "last_success": job.last_success.isoformat(timespec="seconds") if job.last_success else None,
        }
        for name, job in found.jobs.items()
    }
