"""Cards of the judgement: how good the evidence can be, the rules, the checks, what must not get worse."""

from __future__ import annotations

from models.decisions import Verdict
from pages import methods_checks
from pages.methods_card import Card, Rows
from services.i18n import N_, Translator
from services.labels import label
from services.pilot_words import GRADES
from services.wording import sentence
from stats.evidence import FEW, HISTORY, MANY, ONE, RANDOMISED, SHORT
from stats.evidence import GRADES as STEPS
from stats.messages import Message
from stats.rules import RULES, Rule

FACTS: dict[str, str] = {
    "estimable": N_("an effect can be estimated"),
    "reviewed": N_("a planned review has been held"),
    "final": N_("the plan has come to its end"),
    "gain_shown": N_("a planned review passed its bound"),
    "harm_shown": N_("a planned review passed its bound on the bad side, or the whole interval is bad at the end"),
    "reaches_change": N_("the effect is at least the smallest change that matters"),
    "misses_change": N_("even the better end of the interval is below the smallest change that matters"),
    "worth_its_cost": N_("the change is expected to bring more than it costs, or its cost is not known"),
    "design_may_scale": N_("the way the pilot is set up can carry a scale-up"),
    "check_failed": N_("a check failed that keeps from scaling up"),
    "guardrail_harmed": N_("a guardrail got worse"),
    "subgroup_harmed": N_("a group of customers is worse off"),
    "more_weeks_help": N_("more weeks would settle it or narrow the interval noticeably"),
}
"""What the rules ask, in words."""


def cards() -> tuple[Card, ...]:
    """From the estimate to the recommendation."""
    return (_evidence(), _rules(), _checks(), _guardrails())


def _evidence() -> Card:
    return Card(
        name="evidence",
        title=N_("How good the evidence can be"),
        plain=(
            Message(
                "The way a pilot is set up decides how strong a recommendation it can carry. Without comparison units "
                "something else may always be the reason, so the recommendation is then at most to go on or to adapt."
            ),
            Message(
                "The level of evidence starts from the set-up and goes one step down for every serious doubt. The "
                "pilot's page names each of them."
            ),
        ),
        keywords=N_("Maryland scale Nesta GRADE randomised lot design strength quality"),
        table=_designs,
        detail=(
            Message(
                "The levels from very low to high are our own, after GRADE's habit of giving a reason for each step. "
                "The Maryland scale (1–5) asks how well a comparison rules out other reasons, Nesta's standards (1–5) "
                "how far the evidence has come."
            ),
            Message(
                "Taking a change into use unit by unit, in an order drawn by lot, is the cheapest way from weak "
                "evidence to strong."
            ),
        ),
        sources=(
            "Sherman et al. (1998), Preventing Crime: What Works, What Doesn't, What's Promising. US National "
            "Institute of Justice",
            "Puttick & Ludlow (2013), Standards of Evidence. Nesta",
            "Guyatt et al. (2008), BMJ 336:924",
        ),
    )


def _designs(t: Translator) -> Rows:
    rows = []
    for design in (RANDOMISED, MANY, FEW, ONE, HISTORY, SHORT):
        strongest = label(t, Verdict.SCALE if design.may_scale else Verdict.EXTEND)
        if design.may_scale and design.drift_blocks:
            strongest = t.say("{verdict}, unless the unit was changing before the start", verdict=strongest)
        rows.append(
            {
                t("How the pilot is set up"): sentence(t, design.plain),
                t("Strongest recommendation"): strongest,
                t("Level at first"): t(GRADES[STEPS[design.start]]),
                "Maryland / Nesta": f"{design.maryland} / {design.nesta}",
            }
        )
    return rows


def _rules() -> Card:
    return Card(
        name="rules",
        title=N_("From numbers to a recommendation"),
        plain=(
            Message(
                "The recommendation comes from rules that are the same for every pilot. They are gone through from "
                "the top, and the first that fits decides. The pilot's page tells which one it was."
            ),
            Message(
                "The decision is always made by a person. Deciding against the recommendation needs a written reason "
                "and a second person's approval."
            ),
        ),
        keywords=N_("decision verdict scale extend adapt stop criteria"),
        table=_rules_in_words,
        detail=(
            Message(
                "Everything about the effect is read at the latest planned review. Before the plan's end “even the "
                "better end” is judged by the review's own stricter bound. When the pilot has been estimated together "
                "with others, that estimate has to reach the smallest change."
            ),
        ),
        detail_table=_conditions,
    )


def _rules_in_words(t: Translator) -> Rows:
    return [
        {
            t("Rule"): f"{number}\\. {sentence(t, rule.plain)}",
            t("Recommendation"): label(t, Verdict(rule.verdict.value)),
        }
        for number, rule in enumerate(RULES, start=1)
    ]


def _conditions(t: Translator) -> Rows:
    return [
        {t("Rule"): f"{number}\\.", t("It fits when"): "; ".join(_parts(t, rule)) or t("no other rule did")}
        for number, rule in enumerate(RULES, start=1)
    ]


def _parts(t: Translator, rule: Rule) -> list[str]:
    parts = [t(FACTS[fact]) for fact in rule.all_of]
    if rule.any_of:
        parts.append(t.say("one of these: {facts}", facts=", ".join(t(FACTS[fact]) for fact in rule.any_of)))
    return [*parts, *(t.say("not: {fact}", fact=t(FACTS[fact])) for fact in rule.none_of)]


def _checks() -> Card:
    return Card(
        name="checks",
        title=N_("What is checked"),
        plain=(
            Message(
                "Every evaluation asks the questions below. A check that needs attention can keep the recommendation "
                "from being to scale up, or lower the level of evidence; others are for information. A check that the "
                "pilot has no data for is left out."
            ),
        ),
        keywords=N_("doubt robustness validity bias quality of the data"),
        table=methods_checks.table,
        detail=(
            Message(
                "Most checks ask for a difference that is both large enough to matter and more than chance explains, "
                "so that good pilots are seldom held back. What was seen is told on the pilot's page."
            ),
        ),
        sources=(
            "Hausman (1978), Econometrica 46:1251",
            "McCullagh & Nelder (1989), Generalized Linear Models, 2nd edition. Chapman & Hall",
            "Preece (1981), The Statistician 30:31",
        ),
    )


def _guardrails() -> Card:
    return Card(
        name="guardrails",
        title=N_("What must not get worse"),
        plain=(
            Message(
                "A gain must not be paid for elsewhere. So the plan names guardrails, such as the strain on staff, and "
                "says how much worsening is too much. Groups of customers, such as the oldest, are looked at "
                "separately, so that none of them is harmed unseen."
            ),
            Message(
                "A guardrail has held when even the worse end of its interval is within what was agreed. It got worse "
                "when the whole interval is on the bad side and the worsening is at least what was agreed. Otherwise "
                "it is not clear yet."
            ),
        ),
        keywords=N_("guardrail harm safety equity subgroup non-inferiority margin"),
        detail=(
            Message("The same model is used as for the effect itself, and both are judged at the last planned review."),
            Message(
                "When many groups are looked at, one of them easily looks worse off by chance. So groups are judged "
                "together (Holm's method): however many there are, one is named falsely in at most 2.5 % of pilots."
            ),
        ),
        sources=(
            "Piaggio et al. (2012), JAMA 308:2594",
            "Holm (1979), Scandinavian Journal of Statistics 6:65",
        ),
    )
