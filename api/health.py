"""GET /healthz: for load balancers, monitors and the tests' waiting."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from services import health


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
            "pages": dict(page_faults) or "ok",
        }
        return JSONResponse(body, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"})

    return healthz
