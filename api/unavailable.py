"""No record, no room, no turn: what answers beside the screens say then, instead of an error without a word."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.rest_problems import unavailable
from services.failures import Failure, failure_of


class Unavailable:
    """Pure ASGI middleware: 503 with a hint when to ask again; faults of this program go on as they are."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = False

        async def sent(message: Message) -> None:
            nonlocal began
            began = True
            await send(message)

        try:
            await self.app(scope, receive, sent)
        except Exception as error:
            if began or failure_of(error) is Failure.OTHER:
                raise
            await unavailable(error).response()(scope, receive, send)
