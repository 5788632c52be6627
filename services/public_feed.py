"""Stories for other systems: a page at a time in the order they changed, so that a reader need not start over."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from services.errors import BadInput
from services.settings import ZONE
from services.stories import PublicStory, public_stories

MOST = 200
USUAL = 50
TAKEN = ("updated_since", "limit", "next", "unit", "theme")


@dataclass(frozen=True, kw_only=True)
class FeedQuery:
    """What is asked for.

    Attributes:
        updated_since: Only stories changed at this moment or later; None for all.
        limit: The most on a page.
        after: The last story of the page before, as its moment and code; None for the first page.
        unit: Only this unit's, by code; None for all.
        theme: Only this theme's, by code; None for all.
    """

    updated_since: dt.datetime | None = None
    limit: int = USUAL
    after: tuple[dt.datetime, str] | None = None
    unit: str | None = None
    theme: str | None = None


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    """One page.

    Attributes:
        stories: The stories, the one that changed longest ago first.
        next: What asks for the page after; None on the last.
        public_codes: Codes of every story that is public now: what a reader holds beyond them has been withdrawn.
    """

    stories: tuple[PublicStory, ...]
    next: str | None
    public_codes: tuple[str, ...]


def query(given: Mapping[str, str]) -> FeedQuery:
    """Read the parameters of an address.

    Raises:
        BadInput: One is not known or has a value that is not allowed.
    """
    for name in given:
        if name not in TAKEN:
            raise BadInput("{name} is not a parameter here; these are: {taken}.", name=name, taken=", ".join(TAKEN))
    return FeedQuery(
        updated_since=_moment(given["updated_since"]) if "updated_since" in given else None,
        limit=_limit(given["limit"]) if "limit" in given else USUAL,
        after=_place(given["next"]) if "next" in given else None,
        unit=given.get("unit"),
        theme=given.get("theme"),
    )


def page(session: Session, asked: FeedQuery) -> FeedPage:
    """The stories that are asked for.

    Raises:
        BadInput: No public story is of the unit or the theme that is named.
    """
    told = public_stories(session)
    for name, value, known in (
        ("unit", asked.unit, {story.unit.code for story in told}),
        ("theme", asked.theme, {story.theme.code for story in told}),
    ):
        if value is not None and value not in known:
            raise BadInput("{name} == {value}, no public story has this code.", name=name, value=repr(value))
    ordered = sorted(told, key=_place_of)
    wanted = [
        story
        for story in ordered
        if (asked.updated_since is None or story.updated_at >= asked.updated_since)
        and (asked.after is None or _place_of(story) > asked.after)
        and (asked.unit is None or story.unit.code == asked.unit)
        and (asked.theme is None or story.theme.code == asked.theme)
    ]
    shown = wanted[: asked.limit]
    return FeedPage(
        stories=tuple(shown),
        next=_written(_place_of(shown[-1])) if len(wanted) > len(shown) else None,
        public_codes=tuple(sorted(story.pilot.code for story in told)),
    )


def _place_of(story: PublicStory) -> tuple[dt.datetime, str]:
    return story.updated_at, story.pilot.code


def _moment(text: str) -> dt.datetime:
    """A day (its beginning in Finland) or a moment with its offset; a plus that an address turned into a space."""
    wrong = BadInput(
        "updated_since == {value}, must be a date such as 2026-11-23 or a moment such as 2026-11-23T08:00:00Z.",
        value=repr(text),
    )
    try:
        if len(text) == len("2026-11-23"):
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), ZONE)
        moment = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise wrong from error
    if moment.tzinfo is None:
        raise wrong
    return moment


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise BadInput("limit == {value}, must be a whole number from 1 to {most}.", value=repr(text), most=MOST)
    return int(text)


def _written(place: tuple[dt.datetime, str]) -> str:
    text = f"{place[0].isoformat()} {place[1]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(text: str) -> tuple[dt.datetime, str]:
    wrong = BadInput("next == {value}, must be what the page before gave as next.", value=repr(text))
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        moment, _, code = plain.partition(" ")
        at = dt.datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise wrong from error
    if at.tzinfo is None or not code:
        raise wrong
    return at, code
