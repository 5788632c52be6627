"""Places in a list as other systems keep them: cursors, and moments to begin from."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from dataclasses import dataclass

from services.errors import BadInput
from services.settings import ZONE

_EDGES = (dt.datetime.min, dt.datetime.max)  # noqa: DTZ901  (their zone is added)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A row's place in the order.

    Attributes:
        at: Its moment of change.
        key: Its key.
    """

    at: dt.datetime
    key: str


def written(feed: str, place: Place) -> str:
    """A place as other systems keep it."""
    text = f"{feed} {place.at.isoformat()} {place.key}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place(feed: str, text: str) -> Place:
    """The place that was written.

    Raises:
        BadInput: It is none of this subject.
    """
    wrong = BadInput(
        "cursor == {value}, must be what an earlier page gave as next or resume.", field="cursor", value=repr(text[:80])
    )
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
        name, moment, row_key = plain.split(" ", 2)
        at = dt.datetime.fromisoformat(moment)
    except (ValueError, binascii.Error) as error:
        raise wrong from error
    if name != feed or at.tzinfo is None or not row_key:
        raise wrong
    return Place(at=at, key=row_key)


def since_moment(text: str) -> dt.datetime:
    """A day, at its beginning in Finland, or a moment with its offset.

    Raises:
        BadInput: It is neither.

    >>> since_moment("2026-11-23").isoformat(), since_moment("2026-11-23T08:00:00Z").isoformat()
    ('2026-11-22T22:00:00+00:00', '2026-11-23T08:00:00+00:00')
    """
    wrong = BadInput(
        "updated_since == {value}, must be a date such as 2026-11-23 or a moment such as 2026-11-23T08:00:00Z.",
        field="updated_since",
        value=repr(text[:80]),
    )
    # A plus that an address turned into a space; the leap second, which clocks here do not have.
    text = text.upper().replace(" ", "+").replace(":60", ":59", 1)
    try:
        moment = dt.datetime.fromisoformat(text)
        if len(text) == len("2026-11-23"):
            moment = moment.replace(tzinfo=ZONE)
        if moment.tzinfo is None:
            raise wrong
        return moment.astimezone(dt.UTC)
    except ValueError as error:
        raise wrong from error
    except OverflowError:  # the calendar's first and last day
        return _EDGES[text.startswith("9")].replace(tzinfo=dt.UTC)
