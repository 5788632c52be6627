"""The REST interface under /api/v1, mounted beside the screens and the public addresses."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount

from api import public, rest_problems, rest_routes
from api.metrics import Named
from api.rest_document import document, of_public_stories
from api.rest_guard import Guard
from api.rest_rate import Buckets
from services.version import VERSION


class Interface(FastAPI):
    """FastAPI whose document is our own."""

    def openapi(self) -> dict[str, Any]:
        """The whole document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = document(self)
        return self.openapi_schema


def application() -> FastAPI:
    """The interface without its guard. It serves no page of documentation: that would fetch scripts elsewhere."""
    app = Interface(
        title="Luotsi",
        version=VERSION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        root_path_in_servers=False,
    )
    rest_problems.install(app)
    rest_routes.add_to(app)
    # Asked for outside the guard, as ever; here for the document and for methods that it does not know.
    app.add_api_route(
        public.STORIES.removeprefix(rest_routes.PREFIX),
        public.stories,
        methods=["GET"],
        response_model=None,
        **of_public_stories(),
    )
    return app


def mount(*, buckets: Buckets | None = None) -> BaseRoute:
    """The interface as a route of the server.

    Args:
        buckets: Counts the requests; None for buckets of its own.
    """
    return Mount(rest_routes.PREFIX, app=Guard(Named(application()), buckets=buckets), name="interface")
