"""The words of a reminder, in the person's language: pilots' codes and units' names, never a customer's or a story."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from models.people import Person
from services.i18n import DEFAULT_LANGUAGE, N_, Translator, translator
from services.mailing import Letter
from services.reminders_due import Matter, MatterKind

SENTENCES: dict[MatterKind, str] = {
    MatterKind.LOG: N_(
        "Pilot {pilot}, {unit}: last week has not been logged. It takes twenty seconds and can be done until {date}."
    ),
    MatterKind.SECOND_PERSON: N_(
        "Pilot {pilot}, {unit}: a decision of {date} is not in force until a second person approves it."
    ),
    MatterKind.DECIDE: N_("Pilot {pilot}, {unit}: the decision was to be made on {date}, and it is still open."),
    MatterKind.FOLLOW_UP: N_("Pilot {pilot}, {unit}: has the effect held? The check was agreed for {date}."),
    MatterKind.STORY: N_("Pilot {pilot}, {unit}: it was decided on {date}, and customers have not been told yet."),
}
PLACES: dict[MatterKind, str] = {
    MatterKind.LOG: "log",
    MatterKind.SECOND_PERSON: "brief",
    MatterKind.DECIDE: "brief",
    MatterKind.FOLLOW_UP: "pilot",
    MatterKind.STORY: "story",
}


def letter(person: Person, matters: Sequence[Matter], *, base_url: str) -> Letter:
    """What a person is sent.

    Args:
        person: To whom.
        matters: What waits for them.
        base_url: Where the service is.
    """
    t = translator(person.language or DEFAULT_LANGUAGE)
    told = [{**_facts(t, matter), "link": _link(matter, base_url)} for matter in matters]
    paragraphs = [
        t("Hello,"),
        *(f"{one['text']}\n{one['link']}" for one in told),
        t("Luotsi sends this until the matter is dealt with. Nobody reads answers to this address."),
    ]
    return Letter(
        to=person.code,
        email=person.email or "",
        language=t.language,
        subject=t.plural("Luotsi: {n} thing waits for you", "Luotsi: {n} things wait for you", len(matters)),
        text="\n\n".join(paragraphs) + "\n",
        matters=told,
    )


def _facts(t: Translator, matter: Matter) -> dict[str, str]:
    code, unit = matter.row.pilot.code, t.local(matter.row.unit.name)
    return {
        "kind": matter.kind.value,
        "pilot": code,
        "unit": matter.row.unit.code,
        "date": matter.day.isoformat(),
        "text": t.say(SENTENCES[matter.kind], pilot=code, unit=unit, date=matter.day),
    }


def _link(matter: Matter, base_url: str) -> str:
    """The page where it is dealt with; the log lists what waits by itself, so its secret address is not sent."""
    page = PLACES[matter.kind]
    return f"{base_url}/{page}" + ("" if page == "log" else "?" + urlencode({"code": matter.row.pilot.code}))
