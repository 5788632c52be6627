"""GET /healthz: for load balancers, monitors and the tests' waiting."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse

from services import health


async def healthz(request: Request) -> JSONResponse:
    """200 when the installation can serve, else 503; the body says what is wrong."""
    found = await run_in_threadpool(health.check)
    body = {
        "status": "ok" if found.ok else "failing",
        "database": found.database,
        "migration": {"current": found.migration, "expected": found.expected},
    }
    return JSONResponse(body, status_code=200 if found.ok else 503, headers={"Cache-Control": "no-store"})
