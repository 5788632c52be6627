"""What the server answers besides the screens."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from api import demo_session, health
from api.middleware import Document


def routes() -> list[BaseRoute]:
    """Addresses beside the screens'."""
    return [
        Route("/healthz", health.healthz, methods=["GET"]),
        Route("/session", demo_session.start, methods=["POST"]),
        Route("/session", demo_session.end, methods=["DELETE"]),
    ]


def middleware() -> list[Middleware]:
    """What every answer passes through."""
    return [Middleware(Document)]
