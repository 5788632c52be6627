"""The one-page brief in a reader's words: the same sentences on the screen and on paper."""

from __future__ import annotations

from dataclasses import dataclass

from models.base import monday_of
from models.decisions import Choice, Verdict
from models.pilots import Happened, LogEntry
from services import brief_result, pilot_words, pilots
from services.brief_cost import cost, if_wrong
from services.briefs import LEAST_CUSTOMERS, Brief, Stage
from services.decisions import DecisionRow
from services.i18n import Translator
from services.labels import label
from services.redacted import readable
from services.staff_views import LEAST_STAFF


@dataclass(frozen=True, kw_only=True)
class Said:
    """Somebody's own words.

    Attributes:
        words: Redacted, placeholders in the reader's language.
        language: What they are in; "" when that is the reader's own or unknown.
        source: Where they come from.
    """

    words: str
    language: str
    source: str


@dataclass(frozen=True, kw_only=True)
class BriefWords:
    """The brief, section by section.

    Attributes:
        title: The pilot's code and name.
        facts: Unit, dates, where it stands.
        verdict: The recommendation, or why there is none.
        verdict_key: The verdict's stable name for its sign; "" without one.
        as_of: Until when the data go.
        reasons: Why, the deciding reason first.
        numbers: The effect as names and values; empty without an estimate.
        evidence: How good the evidence is, in a sentence or two.
        customers_say: What customers say, as the team put it.
        heard: How many said it, or that too few did.
        quotes: Customers' own words.
        change: What was changed.
        prediction: What the team expected.
        taken_part: Who has taken part; "" when nobody was named.
        guards: Guardrails and groups: name, state, change with interval.
        attention: How the numbers could mislead, a sentence each.
        checks: How many checks are in order.
        cost: What the first year takes.
        staff: What the weekly log says, a sentence each.
        noticed: The team's own observations.
        if_wrong: What it costs to be wrong, either way.
        would_change: What would change the recommendation.
        decision: The decision so far, a sentence each.
    """

    title: str
    facts: tuple[str, ...]
    verdict: str
    verdict_key: str
    as_of: str
    reasons: tuple[str, ...]
    numbers: tuple[brief_result.Row, ...]
    evidence: str
    customers_say: str
    heard: str
    quotes: tuple[Said, ...]
    change: str
    prediction: str
    taken_part: str
    guards: tuple[tuple[str, str, str], ...]
    attention: tuple[str, ...]
    checks: str
    cost: str
    staff: tuple[str, ...]
    noticed: tuple[Said, ...]
    if_wrong: tuple[str, ...]
    would_change: tuple[str, ...]
    decision: tuple[str, ...]


def words(t: Translator, brief: Brief) -> BriefWords:
    """The brief in the translator's language."""
    pilot, plan, result = brief.row.pilot, brief.whole.plan, brief.result
    tell = pilot_words.teller(t, brief.whole)
    unit = brief.row.unit
    verdict, reasons = _verdict(t, brief)
    told = () if result is None else brief_result.reasons(brief, result)
    return BriefWords(
        title=pilots.title(pilot, t.language),
        facts=(
            f"{unit.code} {t.local(unit.name)}",
            f"{t.date(plan.start_on)} – {t.date(plan.end_on)}",
            label(t, brief.row.status),
        ),
        verdict=verdict,
        verdict_key="" if result is None else result.verdict.value,
        as_of=""
        if result is None
        else t.say("Recommendation of the agreed rules from data until {date}.", date=result.as_of),
        reasons=reasons if result is None else tuple(tell.say(brief_result.in_words(reason)) for reason in told),
        numbers=brief_result.numbers(t, brief),
        evidence="" if result is None else brief_result.evidence(t, tell, result),
        customers_say=t.local(pilot.customers_say),
        heard=_heard(t, brief),
        quotes=_quotes(t, brief),
        change=t.local(pilot.change),
        prediction=t.local(pilot.prediction),
        taken_part=t.local(pilot.taken_part),
        guards=brief_result.guards(t, brief),
        attention=() if result is None else brief_result.attention(t, tell, result),
        checks="" if result is None else brief_result.checks(t, result),
        cost=cost(t, brief),
        staff=_staff(t, brief),
        noticed=tuple(_noticed(t, note) for note in brief.staff.notes),
        if_wrong=if_wrong(t, brief),
        would_change=()
        if result is None
        else tuple(tell.say(message) for message in result.what_would_change if message not in told),
        decision=_decision(t, brief),
    )


def _verdict(t: Translator, brief: Brief) -> tuple[str, tuple[str, ...]]:
    plan, result = brief.whole.plan, brief.result
    if result is not None:
        return t(pilot_words.VERDICTS[Verdict(result.verdict.value)]), ()
    if brief.stage is Stage.IDEA:
        return t("An idea, not a pilot yet"), (
            t.say("If it is started, the plan proposes {date}.", date=plan.start_on),
        )  # fmt: skip
    if brief.stage is Stage.NOT_STARTED:
        return t.say("Starts on {date}", date=plan.start_on), (t("There is nothing to evaluate before the start."),)
    if brief.stage is Stage.NOT_EVALUATED:
        return t("Not evaluated yet"), (t("The pilot has started, but nobody has evaluated it so far."),)
    return t("To be evaluated again"), (
        t("The last evaluation was made by another version of the program and can no longer be read."),
    )


def _heard(t: Translator, brief: Brief) -> str:
    voice = brief.voice
    if voice.few:
        return t.say(
            "In the half year before the start fewer than {least} people spoke of this: "
            "a hint rather than a pattern, so no numbers are shown.",
            least=LEAST_CUSTOMERS,
        )
    told = t.say(
        "In the half year before the start {people} people said so through {channels} in {answers} answers.",
        people=voice.people,
        channels=t.plural("{n} channel", "{n} channels", voice.channels),
        answers=voice.answers,
    )
    if not voice.on_decisions:
        return told
    return f"{told} " + t.say(
        "Of these answers {number} were about an official decision or order.", number=voice.on_decisions
    )


def _quotes(t: Translator, brief: Brief) -> tuple[Said, ...]:
    return tuple(
        Said(
            words=readable(t, (quote.text or "").strip()),
            language="" if quote.language in (None, t.language) else quote.language or "",
            source=t.date(quote.given_on),
        )
        for quote in brief.voice.quotes
    )


def _noticed(t: Translator, entry: LogEntry) -> Said:
    source = t.say(
        "week of {date}, carried out: {happened}",
        date=monday_of(entry.week),
        happened=label(t, Happened(entry.happened)),
    )
    return Said(words=readable(t, entry.note), language="", source=source)


def _staff(t: Translator, brief: Brief) -> tuple[str, ...]:
    staff = brief.staff
    if staff.fidelity is None:
        return (t("Nothing has been logged yet."),)
    told = [
        t.say("Logged in {weeks} of {total} weeks.", weeks=staff.weeks, total=max(staff.total, staff.weeks)),
        t.say(
            "The change has been carried out in {share} of the logged weeks (partly counts half).",
            share=t.percent(staff.fidelity),
        ),
    ]
    if staff.work_went is None:
        told.append(t.say("How the work went is told once {least} people have logged it.", least=LEAST_STAFF))
    else:
        told.append(t.say("How the work went: {mean} on a scale of 1 to 5.", mean=t.number(staff.work_went, 1)))
    return tuple(told)


def _decision(t: Translator, brief: Brief) -> tuple[str, ...]:
    told = []
    if brief.decided is not None:
        told.append(_made(t, brief.decided))
    if brief.waiting is not None:
        waits = t.say("Waits for a second person: {choice}.", choice=label(t, Choice(brief.waiting.decision.choice)))
        reason = readable(t, brief.waiting.decision.reason)
        told.append(f"{waits} {t.say('Reason: {reason}', reason=reason)}" if reason else waits)
    return tuple(told) or (
        t.say("No decision yet. The plan says it is made on {date}.", date=brief.whole.plan.decide_on),
    )


def _made(t: Translator, made: DecisionRow) -> str:
    decision = made.decision
    told = t.say(
        "Decided on {date}: {choice}.", date=decision.at, choice=label(t, Choice(decision.choice))
    )  # fmt: skip
    if decision.overrides:
        told += " " + t("This differs from the recommendation of that day.")
    if decision.reason:
        told += " " + t.say("Reason: {reason}", reason=readable(t, decision.reason))
    return told
