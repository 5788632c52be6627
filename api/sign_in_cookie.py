"""Keeps an invented person signed in over a reload: a ticket from the page is exchanged for a cookie."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from services import demo_sign_in, settings, sign_in_settings
from services.record import database

LONGEST = 200


async def start(request: Request) -> Response:
    """POST the ticket; 204 with the cookie, or 403."""
    ticket = b""
    async for part in request.stream():
        ticket += part
        if len(ticket) > LONGEST:
            return Response(status_code=403)
    value = await run_in_threadpool(_cookie, ticket.decode("ascii", errors="replace"))
    if value is None:
        return Response(status_code=403)
    answer = Response(status_code=204)
    answer.set_cookie(
        demo_sign_in.COOKIE,
        value,
        max_age=int(sign_in_settings.load().longest.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=settings.load().base_url.startswith("https:"),
    )
    return answer


async def end(request: Request) -> Response:
    """Drop the cookie; the session itself was ended by the page."""
    answer = Response(status_code=204)
    answer.delete_cookie(demo_sign_in.COOKIE, httponly=True, samesite="lax")
    return answer


def _cookie(ticket: str) -> str | None:
    rules, now = sign_in_settings.load(), datetime.now(UTC)
    with database().reading() as session:  # a stranger's guess never waits for the turn to write
        if not demo_sign_in.valid(session, rules, ticket, now=now):
            return None
    with database().writing() as session:
        return demo_sign_in.exchange(session, rules, ticket, now=now)
