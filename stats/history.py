"""What a unit's own past says about the weeks to come: how many answers, and how much the weeks vary."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.stats

from stats import arguments
from stats.controlled import MAX_RHO, RHO_POWERS, SIGMA_SCALE, TAU_SCALE
from stats.errors import CannotEstimateError
from stats.estimate import LEAST_COMPARISONS, Components
from stats.messages import N_, Message
from stats.metric import Kind
from stats.panel import Floats, Panel
from stats.past import LEAST_WEEKS, Past, fit_past, past_of
from stats.pilot_data import Mask

RECENT_WEEKS = 16
"""Answers to come are as many as in these last weeks."""
ENOUGH_WEEKS = 8
TYPICAL_RHO = MAX_RHO * (RHO_POWERS[0] + 1.0) / (sum(RHO_POWERS) + 2.0)
TYPICAL_SIGMA = SIGMA_SCALE * math.sqrt(math.pi / 2.0)
TYPICAL_TAU = TAU_SCALE
"""What stands for a unit that has too few weeks of its own: the means of the controlled model's priors of rho and
sigma (Beta and Rayleigh) and the median of tau's (half-Cauchy); SDs in that of one answer (log odds, log rate)."""


@dataclass(frozen=True, kw_only=True)
class History:
    """A unit's own past in one metric. All sizes are in the metric's unit (a share as a fraction).

    Taken from data by `history_of`, or written down by hand.

    Attributes:
        kind: The metric's kind.
        level: The unit's level; events per unit of exposure for a count.
        answers_a_week: Mean number of answers (exposure) in a week that has any.
        sd: SD of one answer. Of a share or a count it follows from the level and need not be given.
        shock_sd: SD of what moves all answers of one week together, beyond what comparison units share.
        autocorrelation: Of those shocks from week to week, from 0 to below 1.
        between_sd: SD between units; needed for plans with two comparison units or more.
        harmonic_answers: Harmonic mean of the weekly answers; left out: every week has the same.
        comparison_answers: Answers a week of a comparison unit, counted as answers of this unit that would tell as
            much; left out: as many as here.
        coverage: Share of the weeks that have any answers.
        error_ratio: Root mean variance of an effect, the components integrated out, over that at the components above.
        tail_ratio: Half-width of an effect's 95 % interval, the components integrated out, over 1.96 standard errors
            at the components above; left out: from the degrees of freedom of the plan.
        comparisons: Comparison units whose shared weeks are taken out of the shocks; None when written by hand.
        weeks: Weeks with data behind the figures.
        thin: The weeks were too few, or nearly so, to tell how they vary.
        note: What was done about it.

    Raises:
        ValueError: A figure is out of its bounds.

    Example:
        >>> past = History(kind=Kind.SCORE, level=3.9, answers_a_week=20, sd=1.1, shock_sd=0.2, autocorrelation=0.5)
        >>> past.steady_answers
        20.0
    """

    kind: Kind
    level: float
    answers_a_week: float
    sd: float = math.nan
    shock_sd: float
    autocorrelation: float
    between_sd: float = math.nan
    harmonic_answers: float = math.nan
    comparison_answers: float = math.nan
    coverage: float = 1.0
    error_ratio: float = 1.0
    tail_ratio: float = math.nan
    comparisons: int | None = None
    weeks: int = 0
    thin: bool = False
    note: Message | None = None

    def __post_init__(self) -> None:
        arguments.above("answers_a_week", self.answers_a_week, 0)
        arguments.number("shock_sd", self.shock_sd, least=0)
        if not 0 <= self.autocorrelation < 1:
            raise ValueError(f"autocorrelation == {self.autocorrelation}, must be from 0 to below 1.")
        if not 0 < self.coverage <= 1:
            raise ValueError(f"coverage == {self.coverage}, must be above 0 and at most 1.")
        if self.kind is Kind.PROPORTION:
            arguments.probability("level", self.level)
        elif self.kind is Kind.COUNT:
            arguments.above("level", self.level, 0)
        else:
            arguments.number("level", self.level)
        if self.kind.counted:
            object.__setattr__(self, "sd", math.sqrt(self.slope))
        arguments.above("sd", self.sd, 0)
        arguments.above("error_ratio", self.error_ratio, 0)
        for name in ("harmonic_answers", "comparison_answers", "tail_ratio"):
            if not math.isnan(getattr(self, name)):
                arguments.above(name, getattr(self, name), 0)
        if self.harmonic_answers > self.answers_a_week * (1 + 1e-9):
            raise ValueError(
                f"harmonic_answers == {self.harmonic_answers}, must be <= answers_a_week ({self.answers_a_week:g})."
            )
        if not math.isnan(self.between_sd):
            arguments.number("between_sd", self.between_sd, least=0)

    @property
    def slope(self) -> float:
        """Metric units per working unit: one answer's SD, or how fast a share or rate moves on its log scale."""
        if self.kind is Kind.PROPORTION:
            return self.level * (1 - self.level)
        return self.level if self.kind is Kind.COUNT else self.sd

    @property
    def steady_answers(self) -> float:
        """Answers a week that would tell as much if every week had the same.

        Between the harmonic mean (weeks count alike, because shocks outweigh chance) and the mean (answers count
        alike): weeks of two equally frequent sizes with this mean and harmonic mean, weighted by what each tells.
        """
        mean = self.answers_a_week
        if math.isnan(self.harmonic_answers):
            return float(mean)
        away = math.sqrt(max(mean * (mean - self.harmonic_answers), 0.0))
        return steady(np.array([mean - away, mean + away]), (self.shock_sd / self.sd) ** 2)


def steady(answers: Floats, ratio: float) -> float:
    """Return the constant number of answers that tells as much as these numbers.

    Args:
        answers: (K,) answers of weeks.
        ratio: Variance of a week's shock over that of one answer.

    Example:
        >>> steady(np.array([10.0, 30.0]), 0.0), round(steady(np.array([10.0, 30.0]), 1e6), 3)
        (20.0, 15.0)
    """
    told = np.mean(answers / (1.0 + ratio * answers))
    return float(told / (1.0 - ratio * told))


def history_of(panel: Panel, unit: str, comparison_units: Sequence[str] = (), *, before: np.datetime64) -> History:
    """Read a unit's history off its weeks before a Monday.

    How the weeks vary comes from the evaluation's own model: the controlled one with two comparison units or more,
    else the single series (minus the comparison unit, if there is one), its nuisance parameters integrated out. A
    change is pretended in the later half of the unit's weeks, where nothing changed, so that the model fitted is the
    one that the pilot will be judged by. Answers to come are those of the last sixteen weeks.

    A history of fewer than 8 weeks is marked thin. Of those, one with 4 weeks or more and two comparison units takes
    the fit, to which the other units' weeks contribute; any other takes typical values, the means of the model's
    priors: shocks of about 0.3 SDs of one answer with a correlation of about 0.4, and units half an SD apart.

    Args:
        panel: The metric in at least these units.
        unit: The unit that may try something.
        comparison_units: The units it would be compared with.
        before: The first week that is not past.

    Raises:
        DataError: A unit is not in the panel.
        CannotEstimateError: The unit has no data before that week, every value is the same, or the weeks are few
            and the spread of single answers unknown.

    Example:
        >>> from stats.panel_rows import from_weeks
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(6)]
        >>> panel = from_weeks(kind=Kind.SCORE, unit=["A"] * 6, week=weeks, n=[20] * 6, mean=[3, 4, 3, 4, 3, 4],
        ...                    sd=[1] * 6)
        >>> past = history_of(panel, "A", before=np.datetime64("2026-02-16"))
        >>> past.weeks, past.thin
        (6, True)
    """
    past = past_of(panel, unit, comparison_units, before=before)
    seen = past.seen
    weeks = int(seen.sum())
    few = weeks < ENOUGH_WEEKS
    if weeks < LEAST_WEEKS or (few and past.comparisons < LEAST_COMPARISONS):
        return _typical(past, weeks)
    half = np.flatnonzero(seen)[weeks // 2]
    fit = fit_past(past, (np.arange(len(seen)) >= half).astype(np.float64))
    note = None
    if few:
        note = Message(
            N_("The unit has only {weeks} weeks of data, so how they vary is known mostly from the comparison units."),
            {"weeks": weeks},
        )
    found = _read(past, fit.components, thin=few, note=note)
    low, high = (float(np.squeeze(end)) for end in fit.posterior.interval(0.95))
    plain = math.sqrt(fit.plain_variance)
    mean_variance = float(np.sum(fit.posterior.weights * fit.posterior.variances))
    return replace(
        found, error_ratio=math.sqrt(mean_variance) / plain,
        tail_ratio=(high - low) / 2.0 / (float(scipy.stats.norm.isf(0.025)) * plain),
    )  # fmt: skip


def _typical(past: Past, weeks: int) -> History:
    if not past.working.scale_known:
        raise CannotEstimateError(
            N_("The unit has only {weeks} weeks of data; with so few, the spread of single answers must be known."),
            weeks=weeks,
        )
    note = Message(
        N_("The unit has only {weeks} weeks of data, so typical values stand for how its weeks vary."), {"weeks": weeks}
    )
    parts = Components(
        rho=TYPICAL_RHO, sigma=TYPICAL_SIGMA, tau=TYPICAL_TAU, slope=float(past.working.slope[0]), scale=1.0
    )
    return _read(past, parts, thin=True, note=note)


def _read(past: Past, parts: Components, *, thin: bool, note: Message | None) -> History:
    """The history from components on the working scale and the counts of answers."""
    panel, working, seen = past.panel, past.working, past.seen
    slope, lately = parts.slope, _lately(seen)
    answers = panel.n[0][seen & lately]
    total = panel.n[0][seen]
    level = float((panel.mean[0][seen] * total).sum() / total.sum())
    theirs = math.nan
    if past.comparisons:
        precision = working.precision[1:, lately] / parts.scale
        precision = precision if (precision > 0).any() else working.precision[1:] / parts.scale
        of_one_answer = (slope if panel.kind.counted else 1.0) / parts.scale
        theirs = steady(precision[precision > 0], parts.sigma**2) / of_one_answer
    return History(
        kind=panel.kind,
        level=float(working.back(working.base[0])) if panel.kind.counted else level,
        answers_a_week=float(answers.mean()),
        sd=working.spread * math.sqrt(parts.scale),
        shock_sd=parts.sigma * slope,
        autocorrelation=parts.rho,
        between_sd=parts.tau * slope,
        harmonic_answers=float(len(answers) / (1.0 / answers).sum()),
        comparison_answers=theirs,
        coverage=float(seen[lately].mean()),
        comparisons=past.comparisons,
        weeks=int(seen.sum()),
        thin=thin,
        note=note,
    )


def _lately(seen: Mask) -> Mask:
    """(T,) True in the last sixteen weeks; in all of them when the unit has hardly any data in those."""
    lately = np.arange(len(seen)) >= len(seen) - RECENT_WEEKS
    return lately if (seen & lately).sum() >= LEAST_WEEKS else np.ones(len(seen), dtype=bool)
