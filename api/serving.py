"""What the server answers besides the screens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from api import browser, health, metrics, public, rest, sign_in_cookie
from api.document import Document
from api.unavailable import Unavailable
from services import logs
from services.settings import Settings
from services.settings import logs as log_settings


def routes(*, page_faults: Mapping[str, str]) -> list[BaseRoute]:
    """Addresses beside the screens'.

    Args:
        page_faults: Pages that could not be imported, with the kind of error; filled in while the server starts.
    """
    return [
        Route("/healthz", health.endpoint(page_faults), methods=["GET"]),
        Route(metrics.PATH, metrics.endpoint, methods=["GET"]),
        Route("/session", sign_in_cookie.start, methods=["POST"]),
        Route("/session", sign_in_cookie.end, methods=["DELETE"]),
        Route(f"/{browser.NAME}", browser.frame_js, methods=["GET"]),
        Route(public.STORIES, public.stories, methods=["GET"]),
        Route(public.FEED, public.feed, methods=["GET"]),
        rest.mount(),
    ]


def middleware(settings: Settings) -> list[Middleware]:
    """What every answer passes through."""
    secured = Middleware(Document, https=settings.base_url.startswith("https:"))
    return [secured, Middleware(metrics.Watched), Middleware(Unavailable)]


def lifespan(prepare: Callable[[], None]) -> Callable[[object], AbstractAsyncContextManager[None]]:
    """What is done before the first request is answered.

    Args:
        prepare: Called once, when Streamlit's runtime is there.
    """

    @asynccontextmanager
    async def running(app: object) -> AsyncIterator[None]:
        logs.set_up(log_settings())  # now, since Streamlit and the server set theirs up while they start
        prepare()
        yield

    return running
