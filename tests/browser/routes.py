"""The app's pages, in one place: which there are, and as whom they are best seen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """A page to visit.

    Attributes:
        name: What its picture is called.
        path: Its address, from the slash on.
        person: The demo person who sees it, None for someone who has not signed in.
    """

    name: str
    path: str
    person: str | None


ROUTES = (
    Route("home", "/", "Sari Lehto"),
    Route("themes", "/themes", "Sari Lehto"),
    Route("register", "/register", "Sari Lehto"),
    Route("import", "/import", "Sari Lehto"),
    Route("log", "/log", "Ali Hassan"),
    Route("portfolio", "/portfolio", "Katri Wallin"),
    Route("brief", "/brief", "Katri Wallin"),
    Route("decide", "/decide", "Katri Wallin"),
    Route("public", "/public", None),
)


def picture(route: Route, width: int) -> str:
    """The file name of a page's picture at a width."""
    return f"{route.name}.png" if width >= 600 else f"{route.name}-{width}.png"


def pictures() -> frozenset[str]:
    """The file names `make screenshots` writes."""
    return frozenset(picture(route, width) for route in ROUTES for width in (1280, 390))
