"""What every request to the interface passes: whose key it is, how many came before, one shape for what goes wrong."""

from __future__ import annotations

import ipaddress
import logging
import threading
import time

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest_problems import Problem, unavailable
from api.rest_rate import Buckets, Verdict
from models.base import now
from models.interface import KeyScope
from services import api_keys, settings
from services.api_keys import Caller
from services.record import database
from services.settings import InterfaceSettings

CALLER = "luotsi.caller"
LOG = logging.getLogger(__name__)


class Guard:
    """Pure ASGI middleware around the interface."""

    def __init__(self, app: ASGIApp, *, buckets: Buckets | None = None) -> None:
        self.app = app
        self.buckets = buckets if buckets is not None else Buckets()
        self._noted: dict[int, float] = {}
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told: dict[str, str] = {"Cache-Control": "no-store"}

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in told.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            caller, verdict = await run_in_threadpool(self._met, scope)
        except (OperationalError, PoolTimeout) as error:
            await unavailable(error).response()(scope, receive, telling)
            return
        told |= verdict.headers()
        if not verdict.passes:
            detail = f"More than {verdict.limit} requests a minute; the next passes in {verdict.wait} s."
            await Problem(429, detail).response()(scope, receive, telling)
            return
        await self._answer({**scope, CALLER: caller}, receive, telling)
        if caller is not None and self._is_due(caller.key_id):
            await run_in_threadpool(_note, caller.key_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            # The application has answered it, and logged it under its reference: nothing is left to say.
            if not started:
                raise

    def _met(self, scope: Scope) -> tuple[Caller | None, Verdict]:
        """Whose key a request shows, and whether it may pass."""
        allowed = settings.interface()
        shown = _bearer(scope)
        caller = None
        if shown:
            with database().reading() as session:
                caller = api_keys.caller(session, shown, moment=now())
        if caller is not None:
            return caller, self.buckets.take(f"key {caller.key_id}", limit=allowed.rate)
        return None, self.buckets.take(f"address {address_of(scope, allowed)}", limit=allowed.anonymous_rate)

    def _is_due(self, key_id: int) -> bool:
        """Whether a minute has gone since this process kept when the key was used."""
        at = time.monotonic()
        with self._lock:
            before = self._noted.get(key_id)
            if before is not None and at - before < api_keys.NOTED_EVERY.total_seconds():
                return False
            self._noted[key_id] = at
            return True


def _note(key_id: int) -> None:
    """Keep when a key was used: after the answer, so that nobody waits for it."""
    try:
        with database().writing() as session:
            api_keys.note_use(session, key_id, moment=now())
    except SQLAlchemyError as error:
        LOG.warning("The last use of key %d could not be kept: %s", key_id, type(error).__name__)


def _bearer(scope: Scope) -> str | None:
    kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None


def address_of(scope: Scope, allowed: InterfaceSettings) -> str:
    """Where a request comes from; behind proxies of one's own, what the outermost of them saw.

    A network of one household (IPv6, /64) counts as one address.
    """
    host = scope["client"][0] if scope.get("client") else ""
    if allowed.proxies:
        passed = [part.strip() for part in ", ".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")]
        if len(passed) >= allowed.proxies and passed[-allowed.proxies]:
            host = passed[-allowed.proxies]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host[:80]
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)


def caller_with(request: Request, needed: KeyScope) -> Caller:
    """Whose key a request shows.

    Raises:
        Problem: It shows none that opens anything, or one without this scope.
    """
    caller: Caller | None = request.scope[CALLER]
    if caller is None:
        given = "authorization" in request.headers
        challenge = 'Bearer realm="luotsi"' + (', error="invalid_token"' if given else "")
        detail = (
            "This key opens nothing: it is wrong, revoked or has run out."
            if given
            else "Send the header Authorization: Bearer KEY."
        )
        raise Problem(401, detail, headers={"WWW-Authenticate": challenge})
    if needed not in caller.scopes:
        challenge = f'Bearer realm="luotsi", error="insufficient_scope", scope="{needed}"'
        raise Problem(403, f"The key lacks the scope {needed}.", headers={"WWW-Authenticate": challenge}, scope=needed)
    return caller
