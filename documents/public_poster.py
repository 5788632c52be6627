"""Posters for customers: one story, or a unit's newest ones, on an A4 sheet with a code that opens them on a phone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from documents.pictures import qr
from documents.typesetting import pdf as typeset
from models.decisions import StoryStatus
from models.organisation import Unit
from services import public_words
from services.i18n import N_, Translator
from services.public_facts import PublicFacts
from services.stories import Outcome, PublicStory

CODE = "code.svg"
MOST = 3
"""How many stories a unit's poster has room for."""
LOOKS: dict[Outcome, tuple[str, str]] = {
    Outcome.HELPED: ("tick", "green"),
    Outcome.DID_NOT_HELP: ("stop", "amber"),
    Outcome.CONTINUING: ("forward", "sea"),
}
SIZES = ((300, 19.0), (500, 17.0), (800, 15.0), (1500, 12.5), (2600, 11.0))
"""Up to how many characters are set how large, in points; more than that is set in SMALLEST."""
SMALLEST = 9.5
KIND = N_("What your feedback changed")
SCAN = N_("Open the code with your phone’s camera to read this in Finnish, Swedish or English.")
SCAN_UNIT = N_("Open the code with your phone’s camera to read all of our stories.")
READ_MORE = N_("Code that opens {address}")


def pdf(t: Translator, told: PublicStory, facts: PublicFacts, *, address: str, today: dt.date) -> bytes:
    """One story as a poster. A story that is not public says on its face that it is a draft.

    Args:
        t: The language it is read in.
        told: The story.
        facts: What stands beside its words.
        address: Where the code leads.
        today: The day it is printed.
    """
    data = _story(t, told, facts, today)
    length = sum(len(part["text"]) for part in data["parts"])
    draft = told.story.status is not StoryStatus.APPROVED
    data |= {
        "size": next((size for most, size in SIZES if length <= most), SMALLEST),
        "draft": t("Draft: not published, not to be put up") if draft else "",
        **_foot(t, address, SCAN),
    }
    return typeset("public_poster", data, title=data["title"], language=t.language, pictures={CODE: qr(address)})


def unit_pdf(
    t: Translator, unit: Unit, told: Sequence[tuple[PublicStory, PublicFacts]], *, address: str, today: dt.date
) -> bytes:
    """A unit's newest stories as a poster.

    Args:
        t: The language it is read in.
        unit: The unit.
        told: Its public stories with their facts, the newest first; the first three are set.
        address: Where the code leads.
        today: The day it is printed.
    """
    stories = [_story(t, story, facts, today) for story, facts in told[:MOST]]
    data = {"kind": t(KIND), "title": t.local(unit.name), "stories": stories, **_foot(t, address, SCAN_UNIT)}
    length = sum(len(part["text"]) + len(part["after"]) // 2 for story in stories for part in story["parts"])
    data["size"] = next((size for most, size in SIZES if length * 1.25 <= most), SMALLEST)
    return typeset(
        "public_unit_poster",
        data,
        title=f"{t(KIND)}: {t.local(unit.name)}",
        language=t.language,
        pictures={CODE: qr(address)},
    )


def file_name(t: Translator, what: str) -> str:
    """What a poster is saved as: luotsi-poster-P01-en.pdf.

    Args:
        t: The language it is read in.
        what: The pilot's or the unit's code.
    """
    return f"luotsi-{t('poster')}-{what}-{t.language}.pdf"


def _story(t: Translator, told: PublicStory, facts: PublicFacts, today: dt.date) -> dict[str, Any]:
    story, outcome = told.story, told.outcome
    shape, tone = LOOKS[outcome]
    after: Mapping[str, str] = {
        "you_said": public_words.people(t, facts.people) if facts.people is not None else "",
        "what_happened": public_words.effect(t, facts.effect) if facts.effect is not None else "",
        "what_next": public_words.hear_more(t, story.next_on, today) if story.next_on is not None else "",
    }
    parts = [
        {
            "name": t(name),
            "text": t.local(getattr(story, part)),
            "language": public_words.language_of(t, getattr(story, part)),
            "after": after.get(part, ""),
            "part": part,
        }
        for part, name in public_words.PARTS.items()
    ]
    return {
        "kind": t(KIND),
        "title": t.local(told.pilot.title),
        "unit": t.local(told.unit.name),
        "theme": t.local(told.theme.name),
        "outcome": t(public_words.OUTCOMES[outcome]),
        "shape": shape,
        "tone": tone,
        "parts": [part for part in parts if part["text"] or part["after"]],
        "published": t.say("Published {date}", date=story.approved_at) if story.approved_at else "",
    }


def _foot(t: Translator, address: str, scan: str) -> dict[str, str]:
    return {"scan": t(scan), "address": address, "code": CODE, "code_alt": t.say(READ_MORE, address=address)}
