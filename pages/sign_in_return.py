"""Where somebody was going when they were asked to sign in: the sign-in service always sends them to the first page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import streamlit as st

from pages import language, sign_in
from pages.context import Context

COOKIE = "luotsi_next"
LONGEST = 1000
"""Characters of an address that are remembered."""


def wanted(kept: str | None, known: Mapping[str, object]) -> tuple[str, dict[str, list[str]]] | None:
    """The page and the question in a remembered address; None when it is not one of ours.

    >>> wanted("%2Flog%3Fpilot%3DP01", {"log": 1})
    ('log', {'pilot': ['P01']})
    >>> wanted("//elsewhere.example/log", {"log": 1}), wanted("/", {"": 1})
    (None, None)
    """
    if not kept or len(kept) > 3 * LONGEST:
        return None
    try:
        parts = urlsplit(unquote(kept))
    except ValueError:
        return None
    path = parts.path.strip("/")
    if parts.scheme or parts.netloc or not path or path not in known:
        return None
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query):
        query.setdefault(name, []).append(value)
    return path, query


def go(ctx: Context) -> None:
    """Right after a sign-in, open the page that was asked for before it."""
    if ctx.person is None or not st.session_state.pop(sign_in.ARRIVED, False):
        return
    found = wanted(language.cookie(COOKIE), ctx.routes)
    if found is not None:
        path, query = found
        st.switch_page(ctx.routes[path], query_params=query)


def marks(ctx: Context, path: str, *, asked: bool) -> dict[str, str]:
    """What the browser is to remember while somebody signs in, and to forget once they have.

    Args:
        ctx: The rerun.
        path: The page the address names.
        asked: Whether the person is asked to sign in in its place.
    """
    if ctx.person is not None:
        return {"next": ""} if language.cookie(COOKIE) else {}
    if not asked:
        return {}
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    address = f"/{path}" + (f"?{query}" if query else "")
    return {"next": address if len(address) <= LONGEST else f"/{path}"}
