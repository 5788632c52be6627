"""Everything the interface refuses has one shape: problem+json (RFC 9457), never a stack trace."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from services.errors import BadInput, NotAllowed, NotFound, ServiceError
from services.idempotency import Reused
from services.intake.refused import presentable

LOG = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "The request cannot be read",
    401: "A key is needed",
    403: "The key does not open this",
    404: "There is nothing here",
    405: "The method is not known here",
    409: "Something else got there first",
    413: "The request is too large",
    415: "The request is not JSON",
    422: "The request holds what is not allowed",
    429: "Too many requests",
    500: "Something went wrong",
    503: "The service cannot answer now",
}
KINDS = {
    400: "unreadable",
    401: "no-key",
    403: "no-scope",
    404: "not-found",
    405: "method",
    409: "conflict",
    413: "too-large",
    415: "not-json",
    422: "not-allowed",
    429: "too-many",
    500: "failed",
    503: "unavailable",
}
RETRY_AFTER = {"Retry-After": "5"}


class Problem(Exception):
    """An answer that refuses.

    Attributes:
        status: Its number.
        detail: One sentence: what is wrong, and what is allowed.
        kind: What sort of problem, where the number leaves it open.
        headers: Headers beside it.
        more: Further members.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status = status
        self.detail = detail
        self.kind = kind or KINDS[status]
        self.headers = dict(headers or {})
        self.more = more
        super().__init__(detail)

    def response(self) -> Response:
        """The answer."""
        body = {
            "type": f"urn:luotsi:problem:{self.kind}",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return Response(content, status_code=self.status, media_type=MEDIA_TYPE, headers=self.headers)


def fault(
    field: str, reason: str, *, value: object = None, row: int | None = None, allowed: Sequence[str] = ()
) -> dict[str, Any]:
    """One thing that is wrong, as it stands in a problem's `errors`.

    Args:
        field: The parameter's, header's or field's name.
        reason: What is wrong with it.
        value: What was given.
        row: The row's number from 1; None when it is the request as a whole.
        allowed: What it may hold, where that is a list.
    """
    shown = None if value is None else presentable(value if isinstance(value, str) else _as_json(value))
    return {"row": row, "field": presentable(field), "value": shown, "reason": reason, "allowed": list(allowed)}


def _as_json(value: object) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, default=str)[:400]
    except RecursionError:
        return "…"


def install(app: FastAPI) -> None:
    """Have the application answer in this shape whatever happens."""

    @app.exception_handler(Problem)
    async def refused(request: Request, error: Problem) -> Response:
        return error.response()

    @app.exception_handler(HTTPException)
    async def unknown(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404:
            return Problem(404, "There is no such address; openapi.json lists those there are.").response()
        if error.status_code == 405:
            allow = ", ".join(allowed_methods(app, request))
            detail = f"{presentable(request.method)} is not known here; allowed is {allow}."
            return Problem(405, detail, headers={"Allow": allow}).response()
        status = error.status_code if error.status_code in TITLES else 400
        return Problem(status, "The request cannot be read.").response()

    @app.exception_handler(RequestValidationError)
    async def wrong_parameters(request: Request, error: RequestValidationError) -> Response:
        faults = [
            fault(".".join(str(part) for part in one["loc"][1:]), one["msg"], value=one.get("input"))
            for one in error.errors()
        ]
        return Problem(422, "A parameter is not allowed; errors says which.", errors=faults).response()

    @app.exception_handler(ServiceError)
    async def service_refused(request: Request, error: ServiceError) -> Response:
        return _of_service(error).response()

    @app.exception_handler(OperationalError)
    @app.exception_handler(PoolTimeout)
    async def no_database(request: Request, error: Exception) -> Response:
        return unavailable(error).response()

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        return unexpected(error).response()


def _of_service(error: ServiceError) -> Problem:
    if isinstance(error, Reused):
        return Problem(422, str(error), kind="key-reused", errors=[fault("Idempotency-Key", str(error))])
    if isinstance(error, BadInput):
        return Problem(422, str(error), errors=[fault(error.field, str(error))])
    if isinstance(error, NotAllowed):
        return Problem(403, "The system of this key may not do this any more.", kind="no-right")
    return Problem(404 if isinstance(error, NotFound) else 409, str(error))


def unavailable(error: Exception) -> Problem:
    """No database, or none that lets anybody write just now; nothing was stored."""
    LOG.error("The database cannot be used: %s", type(error).__name__)
    return Problem(503, "The database cannot be used just now; nothing was stored. Try again.", headers=RETRY_AFTER)


def unexpected(error: Exception) -> Problem:
    """A fault of this program: the log has it under a reference, the answer has the reference."""
    reference = secrets.token_hex(4)
    LOG.error("Reference %s", reference, exc_info=error)
    return Problem(500, f"It is not your fault. Tell support this reference: {reference}.", reference=reference)


def allowed_methods(app: FastAPI, request: Request) -> list[str]:
    """Every method that an address knows, whichever route has it."""
    found: set[str] = set()
    for route in app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)
