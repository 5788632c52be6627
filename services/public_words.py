"""The sentences beside a story, for the page and the poster: plain words, and no more said than is known."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping

from models.base import LANGUAGES
from models.metrics import MetricKind
from services.i18n import N_, Translator
from services.public_facts import PublicEffect
from services.stories import Outcome

OUTCOMES: dict[Outcome, str] = {
    Outcome.HELPED: N_("It helped: we took it into use"),
    Outcome.DID_NOT_HELP: N_("It did not help: we stopped, and learned"),
    Outcome.CONTINUING: N_("We go on looking into it"),
}
PARTS: dict[str, str] = {
    "you_said": N_("You said"),
    "we_tried": N_("We tried"),
    "what_happened": N_("What happened"),
    "what_next": N_("What next"),
}
"""The parts of a story as columns of it, with their headings."""
UP_AND_DOWN: dict[MetricKind, tuple[str, str]] = {
    MetricKind.SCORE: (N_("higher than"), N_("lower than")),
    MetricKind.NPS: (N_("higher than"), N_("lower than")),
    MetricKind.DURATION: (N_("longer than"), N_("shorter than")),
}
MORE_AND_LESS = (N_("more than"), N_("less than"))


def language_of(t: Translator, texts: Mapping[str, str]) -> str:
    """The language in which a reader gets a text: the own one, or the first it is written in.

    Example:
        >>> from services.i18n import translator
        >>> language_of(translator("sv"), {"fi": "Kiitos", "en": "Thanks"})
        'fi'
    """
    return next((code for code in (t.language, *LANGUAGES) if texts.get(code)), t.language)


def people(t: Translator, number: int) -> str:
    """How many people said it."""
    return t.plural(
        "{n} person told us about this in the half year before the change.",
        "{n} people told us about this in the half year before the change.",
        number,
    )


def effect(t: Translator, found: PublicEffect) -> str:
    """What was measured, in one or two plain sentences.

    That the change did it is said only when the evidence is good enough; otherwise that it happened at the same time.
    """
    name = t.local(found.metric.name)
    if not found.seen:
        return t.say("{what}: we saw no change that could not be chance.", what=name)
    small, large = sorted((abs(found.low), abs(found.high)))
    words = {
        "what": name,
        "size": _size(t, found),
        "more": t(UP_AND_DOWN.get(MetricKind(found.metric.kind), MORE_AND_LESS)[0 if found.effect > 0 else 1]),
        "small": _number(t, found, small, math.floor),
        "large": _number(t, found, large, math.ceil),
    }
    if found.by_the_change:
        return t.say(
            "{what}: about {size} {more} without the change, when the units compared with are taken into account. "
            "The true figure can be from {small} to {large}.",
            **words,
        )
    return t.say(
        "At the same time: {what} about {size} {more} we would have expected. The true figure can be from {small} "
        "to {large}. We do not know for sure that it came from the change.",
        **words,
    )


def hear_more(t: Translator, day: dt.date, today: dt.date) -> str:
    """When customers hear more, or that the day has passed."""
    if day >= today:
        return t.say("We tell more by {date}.", date=day)
    return t.say("We promised to tell more by {date}, and we are late.", date=day)


def _size(t: Translator, found: PublicEffect) -> str:
    """The size of the effect with its unit."""
    number = _number(t, found, abs(found.effect), round)
    if found.metric.kind is MetricKind.PROPORTION:
        return t.say("{points} percentage points", points=number)
    unit = t.local(found.metric.unit_text)
    return f"{number}\N{NO-BREAK SPACE}{unit}" if unit else number


def _number(t: Translator, found: PublicEffect, size: float, rounded: Callable[[float], float]) -> str:
    """A size with as few decimals as the effect allows.

    Args:
        t: The language.
        found: The effect, which sets the decimals.
        size: What is printed, in the metric's unit.
        rounded: round for the effect; the ends of the interval go outwards with math.floor and math.ceil.
    """
    times = 100.0 if found.metric.kind is MetricKind.PROPORTION else 1.0
    typical = abs(found.effect) * times
    decimals = 0 if typical >= 10 or (times > 1 and typical >= 2) else 1 if typical >= 0.1 else 2
    step = 10**decimals
    return t.number(rounded(round(size * times * step, 9)) / step, decimals)
