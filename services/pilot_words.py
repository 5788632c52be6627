"""Names of what the statistics report, and its sentences with metrics and groups named as people know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.decisions import Verdict
from models.metrics import Metric, MetricKind
from services.check_names import PLAIN_LINES, SURROUNDINGS
from services.i18n import N_, Translator
from services.labels import group
from services.plans import WholePlan
from services.wording import amount, sentence
from stats.effect import EffectEstimate
from stats.messages import Message

METHODS: dict[str, str] = {
    "controlled_mixed_model": N_("Mixed model against the comparison units"),
    "single_series_reml_difference": N_("Level change of the difference to the comparison unit"),
    "single_series_reml": N_("Level change of the unit's own series"),
    "controlled_mixed_model_without_trigger_weeks": N_("Mixed model without the weeks that led to the pilot"),
    "difference_in_differences_without_trigger_weeks": N_(
        "Difference of differences without the weeks that led to the pilot"
    ),
    "unit_ancova": N_("After-level compared at an equal before-level"),
    "single_series_reml_difference_without_last_weeks": N_("The difference without the last weeks before the start"),
    "single_series_reml_without_last_weeks": N_("The unit's own series without the last weeks before the start"),
    "single_series_reml_pilot_alone": N_("The pilot unit alone, without comparison"),
    **PLAIN_LINES,
}
CHECKS: dict[str, str] = {
    "enough_data": N_("Enough data"),
    "regression_to_the_mean": N_("Regression to the mean"),
    "drift": N_("Change before the start"),
    "secular_trend": N_("Background trend"),
    "season": N_("Seasonality"),
    "novelty_fade": N_("Does the effect last"),
    "ceiling": N_("Room on the scale"),
    "volume_change": N_("Number of answers"),
    "over_dispersion": N_("Variation between weeks"),
    "data_gaps": N_("Missing weeks"),
    "events": N_("Other events"),
    "process_signal": N_("Control chart"),
    "placebo_rank": N_("Units that changed nothing"),
    "extreme_weeks": N_("Weeks that stand far out"),
    **SURROUNDINGS,
}
GRADES: dict[str, str] = {
    "very_low": N_("very low"),
    "low": N_("low"),
    "moderate": N_("moderate"),
    "high": N_("high"),
}
GUARDS: dict[str, str] = {
    "held": N_("has held"),
    "harmed": N_("got worse"),
    "unclear": N_("not clear yet"),
}
GROUPS: dict[str, str] = {
    "held": N_("not worse off"),
    "harmed": N_("worse off"),
    "unclear": N_("not clear yet"),
}
VERDICTS: dict[Verdict, str] = {
    Verdict.SCALE: N_("The evidence speaks for scaling up"),
    Verdict.EXTEND: N_("The evidence speaks for extending the follow-up"),
    Verdict.ADAPT: N_("The evidence speaks for adapting and retesting"),
    Verdict.STOP: N_("The evidence speaks for stopping: we learned"),
    Verdict.NOT_ENOUGH_DATA: N_("There are not enough data for a recommendation yet"),
}


@dataclass(frozen=True, kw_only=True)
class Teller:
    """Prints the statistics' sentences of one pilot: guardrails and groups by their names, amounts in their own units.

    Attributes:
        t: The language.
        metric: The primary metric.
        guardrails: Metrics of the guardrails, by the code that the statistics know them by.
    """

    t: Translator
    metric: Metric
    guardrails: Mapping[str, Metric]

    def say(self, message: Message) -> str:
        """A sentence in the language."""
        name = message.values.get("name")
        guardrail = self.guardrails.get(name) if isinstance(name, str) else None
        if guardrail is not None:
            named = Message(
                message.text, {**message.values, "name": self.t.say("“{name}”", name=self.t.local(guardrail.name))}
            )
            return sentence(self.t, named, guardrail)
        if isinstance(name, str):
            return sentence(self.t, Message(message.text, {**message.values, "name": group(self.t, name)}), self.metric)
        return sentence(self.t, message, self.metric)


def teller(t: Translator, whole: WholePlan) -> Teller:
    """The teller of a pilot's plan."""
    return Teller(t=t, metric=whole.metric, guardrails={metric.code: metric for metric, _ in whole.guardrails})


def named(t: Translator, names: Mapping[str, str], key: str) -> str:
    """The name of something the statistics report."""
    return t(names[key])


def bare(t: Translator, value: float, metric: Metric) -> str:
    """A change with its sign and without its unit, for where the unit stands beside it."""
    times = 100.0 if metric.kind is MetricKind.PROPORTION else 1.0
    return t.number(value * times, 2 if metric.kind is MetricKind.SCORE else 1, signed=True)


def with_interval(t: Translator, found: EffectEstimate, metric: Metric) -> str:
    """An effect with its interval, the unit once."""
    return t.say(
        "{effect} (from {low} to {high})",
        effect=amount(t, found.effect, metric, signed=True),
        low=bare(t, found.interval.low, metric),
        high=bare(t, found.interval.high, metric),
    )
