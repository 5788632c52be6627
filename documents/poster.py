"""The poster for the team's huddle board: what is tried, why, what is watched, and the code that opens the log."""

from __future__ import annotations

import math

from documents import pictures, typesetting
from models.metrics import Direction
from services import customer_words, weekly_log
from services.i18n import Translator
from services.pilots import PilotRow
from services.plans import WholePlan
from services.wording import amount, level

MOST_BOXES = 16
"""Weeks with a box each to fill in by pen; a longer trial has lines to write on."""
BOXES_A_ROW = 8
LINES = 4
LONGEST = 220
"""Characters of a person's text that can be read from across a room."""
LONGEST_TITLE = 90
LONG_TITLE = 45
"""From here on a title is set smaller."""
SIZES = (16.5, 15.0, 13.5, 12.0)
"""Size of the letters: the first that fits the page is taken."""


def huddle(t: Translator, *, row: PilotRow, whole: WholePlan, address: str, before: float | None = None) -> bytes:
    """The poster as PDF, one A4 page in letters as large as its texts allow.

    Args:
        t: The language.
        row: The pilot.
        whole: Its plan.
        address: What the code opens: the pilot's log on a phone.
        before: Where the metric stood before the start, when it is known.

    Raises:
        ValueError: The texts do not fit a page in the smallest letters.
    """
    title = _short(t.local(row.pilot.title), LONGEST_TITLE)
    weeks = weekly_log.pilot_week(whole.plan, whole.plan.start_on).total
    boxed = weeks <= MOST_BOXES
    data = {
        "title": title,
        "title_size": 1.2 if len(title) <= LONG_TITLE else 0.95,
        "unit": f"{row.unit.code} {t.local(row.unit.name)}",
        "change": _short(t.local(row.pilot.change)),
        "why": _short(t.local(row.pilot.customers_say)),
        "quoted": customer_words.quotes(t.local(row.pilot.customers_say)),
        "measure": t.local(whole.metric.name),
        "from_to": _goal(t, whole, before),
        "when": f"{t.date(whole.plan.start_on)} – {t.date(whole.plan.end_on)}",
        "how": t(
            "Point your phone's camera at the code. Did the change happen this week? How did your work go? "
            "It takes 20 seconds."
        ),
        "address": address,
        "code_alt": t.say("QR code that opens the weekly log of the pilot {code}", code=row.pilot.code),
        "weeks": [t.say("Week {number}", number=number) for number in range(1, weeks + 1)] if boxed else [],
        "a_row": math.ceil(weeks / math.ceil(weeks / BOXES_A_ROW)),
        "lines": LINES,
        "foot": t.say(
            "Pilot {code}. The result is looked at on {date}; whatever it is, we learn from it.",
            code=row.pilot.code,
            date=whole.plan.decide_on,
        ),
        "labels": {
            "kind": t("We are trying this"),
            "change": t("What do we change?"),
            "why": t("Why? This is what customers say"),
            "measure": t("What do we watch?"),
            "when": t("When?"),
            "log": t("Log the week in 20 seconds"),
            "by_pen": t("What did we notice? Write it down"),
        },
    }
    name = t.say("{pilot}: poster for the huddle board", pilot=f"{row.pilot.code} {title}")
    code = {"log.svg": pictures.qr(address)}
    for size in SIZES:
        page = typesetting.pdf("poster", {**data, "size": size}, title=name, language=t.language, pictures=code)
        if typesetting.page_count(page) == 1:
            return page
    raise ValueError(f"the poster of {row.pilot.code} does not fit one page.")


def _goal(t: Translator, whole: WholePlan, before: float | None) -> str:
    """From what to what; which way and by how much at least where the level before is not known."""
    metric, size = whole.metric, whole.plan.smallest_change
    rising = whole.plan.direction is Direction.INCREASE
    if before is not None:
        start = level(t, before, metric)
        if rising:
            return t.say("From {before} to {goal} at least.", before=start, goal=level(t, before + size, metric))
        return t.say("From {before} down to {goal} at most.", before=start, goal=level(t, before - size, metric))
    if rising:
        return t.say("We want it to rise by {change} at least.", change=amount(t, size, metric))
    return t.say("We want it to fall by {change} at least.", change=amount(t, size, metric))


def _short(text: str, longest: int = LONGEST) -> str:
    text = typesetting.one_line(text)
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
