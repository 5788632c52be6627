"""Which language a request asks for: its address, its cookie, its browser, else Finnish."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import HTTPConnection

from models.base import LANGUAGES
from services.i18n import DEFAULT_LANGUAGE

COOKIE = "luotsi_language"


def language_of(request: HTTPConnection) -> str:
    """The language to answer in before the session has said otherwise."""
    wanted = [request.query_params.get("lang"), request.cookies.get(COOKIE)]
    accepted = _accepted(request.headers.get("accept-language", ""))
    return next((code for code in (*wanted, *accepted) if code in LANGUAGES), DEFAULT_LANGUAGE)


def _accepted(header: str) -> Iterator[str]:
    """The browser's first language, as the screens see it; its further ones do not count."""
    first = header.partition(",")[0].partition(";")[0].strip()
    yield first.partition("-")[0].lower()
