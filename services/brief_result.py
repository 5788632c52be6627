"""What the statistics said of a pilot, in the words of its brief."""

from __future__ import annotations

from models.metrics import Metric
from services import pilot_words
from services.briefs import Brief
from services.i18n import N_, Translator
from services.labels import group
from services.pilot_words import Teller
from services.traps import traps_of
from services.wording import amount
from stats.effect import EffectEstimate, Interval
from stats.evaluation import Evaluation
from stats.guardrails import GuardResult
from stats.messages import Message
from stats.reasons import NOT_PASSED, PASSED, PASSED_WORSE

EMPTY = "–"
WITHOUT_NUMBERS: dict[str, str] = {
    PASSED: N_("The bound that was agreed beforehand was passed at the review on {date}."),
    PASSED_WORSE: N_("At the review on {date} the metric was worse, beyond the bound that was agreed beforehand."),
    NOT_PASSED: N_(
        "The bound that was agreed beforehand has not been passed at any review. Held so far: {count}, last on {date}."
    ),
}
"""What the reviews showed, for a reader who decides; the numbers stand in the pilot's own table of reviews."""
Row = tuple[str, str]


def numbers(t: Translator, brief: Brief) -> tuple[Row, ...]:
    """The effect as names and values; without one, what is measured and the smallest change that matters."""
    metric, plan, result = brief.whole.metric, brief.whole.plan, brief.result
    measured = (t("Metric"), t.local(metric.name))
    smallest = (t("Smallest change that matters"), amount(t, plan.smallest_change, metric))
    if result is None or result.effect is None or result.interval is None:
        return (measured, smallest)
    if brief.few_answers:
        return (measured, smallest, (t("Estimated effect"), t("not shown (too few respondents)")))
    return (
        measured,
        (t("Estimated effect"), amount(t, result.effect, metric, signed=True)),
        (
            t.say("Interval, {level} %", level=t.number(result.confidence_level * 100, 0)),
            between(t, result.interval, metric),
        ),
        smallest,
        (
            t("Answers or cases before and after"),
            f"{t.number(result.answers_before, 0)} / {t.number(result.answers_after, 0)}",
        ),
        (t("Evidence level"), t(pilot_words.GRADES[result.evidence.grade])),
    )


def evidence(t: Translator, tell: Teller, result: Evaluation) -> str:
    """How good the evidence is, and why."""
    grade = t.say("The evidence level is {grade}.", grade=t(pilot_words.GRADES[result.evidence.grade]))
    return " ".join([grade, *(tell.say(reason) for reason in result.evidence.reasons)])


def guards(t: Translator, brief: Brief) -> tuple[tuple[str, str, str], ...]:
    """Guardrails and groups of customers: name, state, change with its interval."""
    result, whole = brief.result, brief.whole
    found = {guard.name: guard for guard in result.guardrails} if result is not None else {}
    rows = []
    for metric, margin in whole.guardrails:
        guard = found.get(metric.code)
        if guard is None:
            allowed = t.say("may worsen by {margin} at most", margin=amount(t, margin, metric))
            rows.append((t.local(metric.name), EMPTY if result is None else t("no data"), allowed))
        else:
            change = EMPTY if guard.estimate is None else with_interval(t, guard.estimate, metric)
            rows.append((t.local(metric.name), t(pilot_words.GUARDS[guard.status.value]), change))
    groups = () if result is None else result.subgroups
    return (*rows, *(_group(t, brief, one) for one in groups))


def _group(t: Translator, brief: Brief, one: GuardResult) -> tuple[str, str, str]:
    name = t.say("Group: {group}", group=group(t, one.name))
    if one.estimate is None:
        return name, t(pilot_words.GROUPS[one.status.value]), t("not shown (too few respondents)")
    change = with_interval(t, one.estimate, brief.whole.metric)
    return name, t(pilot_words.GROUPS[one.status.value]), change


def attention(t: Translator, tell: Teller, result: Evaluation) -> tuple[str, ...]:
    """How the numbers could mislead: each trap in a few words, with its check's sentence where no reason says it."""
    details = {
        check.name: check.detail
        for check in result.checks
        if check.passed is False and check.detail not in result.reasons
    }
    return tuple(
        f"{t(trap.words)}: {tell.say(details[trap.name])}" if trap.name in details else f"{t(trap.words)}."
        for trap in traps_of(result)
    )


def checks(t: Translator, result: Evaluation) -> str:
    """How many checks are in order."""
    judged = [check.passed for check in result.checks if check.passed is not None]
    if not judged:
        return t("No check could be made yet.")
    return t.say("{passed} of {all} checks are in order.", passed=sum(judged), all=len(judged))


def reasons(brief: Brief, result: Evaluation) -> tuple[Message, ...]:
    """The reasons; of too few people only the rule's own, which has no numbers."""
    return result.reasons[:1] if brief.few_answers else result.reasons


def in_words(message: Message) -> Message:
    """A reason without the statistics' own numbers."""
    return Message(WITHOUT_NUMBERS.get(message.text, message.text), message.values)


def with_interval(t: Translator, found: EffectEstimate, metric: Metric) -> str:
    """A change with its interval, short enough for a narrow column."""
    return f"{amount(t, found.effect, metric, signed=True)} ({between(t, found.interval, metric)})"


def between(t: Translator, interval: Interval, metric: Metric) -> str:
    """The ends of an interval, without the unit."""
    low, high = (pilot_words.bare(t, end, metric) for end in (interval.low, interval.high))
    return t.say("{low} to {high}", low=low, high=high)
