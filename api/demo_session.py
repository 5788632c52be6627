"""Keeps an invented person signed in over a reload: a ticket from the page is exchanged for a cookie."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from services import demo_sign_in, settings
from services.record import database

LONGEST = 200


async def start(request: Request) -> Response:
    """POST the ticket; 204 with the cookie, or 403."""
    ticket = (await request.body())[:LONGEST].decode("ascii", errors="replace")
    value = await run_in_threadpool(_cookie, ticket)
    if value is None:
        return Response(status_code=403)
    answer = Response(status_code=204)
    answer.set_cookie(
        demo_sign_in.COOKIE,
        value,
        max_age=int(demo_sign_in.COOKIE_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.load().base_url.startswith("https:"),
    )
    return answer


async def end(request: Request) -> Response:
    """Drop the cookie."""
    answer = Response(status_code=204)
    answer.delete_cookie(demo_sign_in.COOKIE, httponly=True, samesite="lax")
    return answer


def _cookie(ticket: str) -> str | None:
    with database().reading() as session:
        return demo_sign_in.cookie_for(session, settings.load(), ticket, now=datetime.now(UTC))
