"""The minutes in a reader's words, section by section: the same on the screen, in the PDF and in the DOCX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from models.decisions import Choice, Verdict
from services import meetings, pilot_words, row_words
from services.i18n import Translator
from services.labels import group, label
from services.minutes import Decided, Left, Minutes
from services.pilots import PilotRow, title
from services.portfolio import PILE_NAMES, Pile
from services.redacted import readable
from services.settings import ZONE
from services.wording import amount
from stats.guardrails import Guard


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One pilot, or one line, of a section.

    Attributes:
        code: Stable name within the section.
        title: The pilot's code and name; "" where there is none.
        lines: What is said, a sentence or a fact each.
    """

    code: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the minutes.

    Attributes:
        name: Stable name: harm, decisions, waiting, left, counts or note.
        title: Its heading.
        entries: What it holds; never empty.
        boxed: Whether each entry stands in a box of its own.
    """

    name: str
    title: str
    entries: tuple[Entry, ...]
    boxed: bool = False


@dataclass(frozen=True, kw_only=True)
class MinutesWords:
    """The minutes in words.

    Attributes:
        title: With the day.
        facts: Who led, who was present, from when to when.
        sections: Harm that is still open first.
    """

    title: str
    facts: tuple[str, ...]
    sections: tuple[Section, ...]


def words(t: Translator, found: Minutes) -> MinutesWords:
    """The minutes in the translator's language."""
    meeting = found.of.meeting
    facts = [t.say("Led by: {person}", person=found.of.led_by.name)]
    if meeting.present:
        facts.append(t.say("Present: {people}", people=" ".join(meeting.present.split())))
    facts.append(_time(t, meeting.opened_at, meeting.ended_at))
    return MinutesWords(
        title=t.say("Minutes {date}", date=meeting.opened_at.astimezone(ZONE)),
        facts=tuple(facts),
        sections=tuple(section for section in _sections(t, found) if section.entries),
    )


def _time(t: Translator, opened: dt.datetime, ended: dt.datetime | None) -> str:
    if ended is None:
        return t.say("Opened at {time}, still going on", time=meetings.clock(t, opened))
    times = {"opened": meetings.clock(t, opened), "ended": meetings.clock(t, ended)}
    if opened.astimezone(ZONE).date() == ended.astimezone(ZONE).date():
        return t.say("Opened at {opened}, ended at {ended}", **times)
    return t.say("Opened at {opened}, ended {date} at {ended}", date=ended.astimezone(ZONE), **times)


def _sections(t: Translator, found: Minutes) -> list[Section]:
    rest = [one for one in found.left if not one.harm]
    note = readable(t, found.of.meeting.note)
    return [
        Section(
            name="harm",
            title=t("Someone may be harmed and nothing was decided"),
            entries=_left(t, found.harm_open),
        ),
        Section(
            name="decisions",
            title=t("Decisions"),
            entries=tuple(_decided(t, one) for one in found.decided)
            or (Entry(code="none", title="", lines=(t("Nothing was decided."),)),),
            boxed=bool(found.decided),
        ),
        Section(
            name="waiting",
            title=t("Waiting for a second person"),
            entries=tuple(
                Entry(code=one.row.pilot.code, title=_title(t, one.row), lines=(_not_yet(t, one),))
                for one in found.waiting
            ),
        ),
        Section(
            name="left", title=t("Left for the next meeting"), entries=_left(t, rest)
        ),
        Section(
            name="counts",
            title=t("Pilots in the meeting"),
            entries=(Entry(code="counts", title="", lines=_counts(t, found)),),
        ),
        Section(
            name="note",
            title=t("Also said"),
            entries=(Entry(code="note", title="", lines=tuple(note.splitlines())),) if note else (),
        ),
    ]  # fmt: skip


def _title(t: Translator, row: PilotRow) -> str:
    return f"{title(row.pilot, t.language)}, {t.local(row.unit.name)}"


def _left(t: Translator, found: Sequence[Left]) -> tuple[Entry, ...]:
    """One entry with a line a pilot, and why it was left where somebody said; none without pilots."""
    lines = tuple(f"{_title(t, one.row)}: {readable(t, one.note)}" if one.note else _title(t, one.row) for one in found)
    return (Entry(code="left", title="", lines=lines),) if lines else ()


def _decided(t: Translator, one: Decided) -> Entry:
    made = one.made
    decision = made.decision
    facts: list[tuple[str, str]] = [
        (t("Decision"), _chosen(t, one)),
        (t("Recommendation"), label(t, Verdict(decision.recommended))),
        (t("Effect when it was scaled up") if _check(one) else t("Estimated effect"), _effect(t, one)),
        (t("Smallest change that matters"), amount(t, one.row.plan.smallest_change, one.metric)),
    ]
    worse = _worse(t, one)
    if worse:
        facts.append((t("What got worse"), worse))
    if decision.reason:
        facts.append((t("Reason"), " ".join(readable(t, decision.reason).split())))
    if made.owner is not None:
        facts.append((t("Who carries it through"), made.owner.name))
    if made.units:
        facts.append((t("Units"), ", ".join(f"{unit.code} {t.local(unit.name)}" for unit in made.units)))
    if decision.review_on is not None:
        scaled = Choice(decision.choice) is Choice.SCALE
        name = t("Has the effect held, checked on") if scaled else t("Taken up again on")
        facts.append((name, t.date(decision.review_on)))
    lines = [f"{name}: {value}" for name, value in facts]
    if decision.overrides:
        lines.append(_override(t, one))
    return Entry(code=one.row.pilot.code, title=_title(t, one.row), lines=tuple(lines))


def _check(one: Decided) -> bool:
    """Whether the decision is a check of a pilot that had been scaled up before."""
    return one.pile is Pile.FOLLOW_UP


def _chosen(t: Translator, one: Decided) -> str:
    """What was decided; of a check, what becomes of the change."""
    if not _check(one) or Choice(one.made.decision.choice) is not Choice.SCALE:
        return row_words.chosen(t, one.made)
    if one.established:
        return t("It has held: make it an established practice")
    return t("Keep it in use and check again")


def _worse(t: Translator, one: Decided) -> str:
    """Guardrails and groups of customers that the evaluation found worse off; "" without any."""
    groups = one.stored.result.subgroups if one.stored.result is not None else ()
    names = [t.local(metric.name) for metric in one.worse]
    names += [group(t, found.name) for found in groups if found.status is Guard.HARMED]
    return "; ".join(names)


def _effect(t: Translator, one: Decided) -> str:
    result, metric = one.stored.result, one.metric
    if result is None or result.effect is None or result.interval is None:
        return t("no estimate yet")
    found = t.say(
        "{effect} (from {low} to {high})",
        effect=amount(t, result.effect, metric, signed=True),
        low=pilot_words.bare(t, result.interval.low, metric),
        high=pilot_words.bare(t, result.interval.high, metric),
    )
    return f"{t.local(metric.name)}: {found}"


def _override(t: Translator, one: Decided) -> str:
    if one.made.approved_by is not None:
        return t.say("Goes against the recommendation; approved by {person}.", person=one.made.approved_by.name)
    return _not_yet(t, one)


def _not_yet(t: Translator, one: Decided) -> str:
    if one.made.replaced:
        return t("Goes against the recommendation; decided anew later.")
    return t.say(
        "Goes against the recommendation; not in force until somebody else than {person} has approved it.",
        person=one.made.by.name,
    )


def _counts(t: Translator, found: Minutes) -> tuple[str, ...]:
    return tuple(f"{t(PILE_NAMES[pile])} ({found.counts[pile]})" for pile in Pile if found.counts[pile])
