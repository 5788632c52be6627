"""Which subjects of feedback move an outcome: how large the effect of each is, and which matter most.

Effect and importance are two things. The effect is how much lower (or higher) those who name a subject answer than
others of the same unit, channel and week. The importance is how much of the differences between answers it accounts
for, so that a subject which few name matters little however hard it hits them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats.arguments import probability, whole
from stats.driver_odds import Odds, driver_odds
from stats.driver_ranges import driver_ranges
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.panel import Floats
from stats.partialled import Codes, partialled, pooled
from stats.relative_importance import MOST_PREDICTORS, lmg

METHOD = "linear regression, errors clustered by respondent"
FEWEST_ANSWERS = 100
FEWEST_NAMED = 20
"""Answers that must name a subject, and that must not."""
FEWEST_OF_LEVEL = 5
"""Answers below which levels of a factor are put together."""
LEAST_OWN = 0.05
"""Share of a subject's variation that must be its own, beside the factors and beside the other subjects."""
SURE = 0.8
"""Share of the resamples in which one driver must come first to be called the top one."""
CANDIDATES = 0.95
"""Share of the resamples in which one of the candidates comes first."""


@dataclass(frozen=True, kw_only=True)
class Driver:
    """One subject and what naming it goes with.

    Attributes:
        name: As the caller names it.
        answers: Answers that name it.
        share: Of all answers.
        difference: Mean outcome of those who name it minus that of all others, nothing allowed for.
        effect: The same with unit, channel, week and the other subjects allowed for.
        importance: Its part of R squared (LMG).
        importance_range: What resampling allows.
        best_rank: The best rank that resampling allows, 1 for the most important.
        worst_rank: The worst.
        first: Share of the resamples in which it comes first.
        odds: Odds ratio of a higher answer by the ordered model; None where that model does not fit the outcome.
    """

    name: str
    answers: int
    share: float
    difference: float
    effect: EffectEstimate
    importance: float
    importance_range: Interval
    best_rank: int
    worst_rank: int
    first: float
    odds: Odds | None


@dataclass(frozen=True, kw_only=True)
class DriverAnalysis:
    """Every driver of an outcome, the most important first.

    Attributes:
        drivers: The subjects, by importance.
        answers: How many answers there are.
        people: How many respondents.
        mean: Mean outcome.
        explained: R squared of all subjects together, of what unit, channel and week leave.
        p_value: Of the hypothesis that no subject goes with any difference.
        at_top: Share of the answers at the highest value that occurs.
        at_bottom: Share at the lowest.
        resamples: Behind the ranges.
    """

    drivers: tuple[Driver, ...]
    answers: int
    people: int
    mean: float
    explained: float
    p_value: float
    at_top: float
    at_bottom: float
    resamples: int

    @property
    def leader(self) -> Driver | None:
        """The top driver, if one comes first in four resamples of five; else there is no single one."""
        top = max(self.drivers, key=lambda one: one.first)
        return top if top.first >= SURE else None

    @property
    def candidates(self) -> tuple[Driver, ...]:
        """The fewest drivers of which one comes first in 95 % of the resamples."""
        by_first = sorted(self.drivers, key=lambda one: -one.first)
        reached = np.cumsum([one.first for one in by_first])
        return tuple(by_first[: int(np.searchsorted(reached, CANDIDATES - 1e-12)) + 1])


def analyse_drivers(
    named: npt.NDArray[np.generic],
    outcome: Sequence[float] | Floats,
    *,
    names: Sequence[str],
    factors: Sequence[npt.NDArray[np.generic]] = (),
    respondents: npt.NDArray[np.generic] | None = None,
    resamples: int = 1000,
    confidence_level: float = 0.95,
    seed: int = 1,
) -> DriverAnalysis:
    """Estimate what naming each of some subjects goes with, and how important each is.

    Args:
        named: (N, P) whether an answer names a subject; P from 1 to 20.
        outcome: (N,) the outcome, such as 0 to 10, or 0 and 1.
        names: (P,) names of the subjects.
        factors: Each (N,) codes of what is allowed for: unit, channel, week.
        respondents: (N,) whose answer it is; everyone their own when not given. They are resampled as wholes.
        resamples: For the ranges, at least 500.
        confidence_level: Of intervals and ranges.
        seed: The same seed gives the same ranges.

    Raises:
        ValueError: The shapes differ, something is not finite, or a subject is named by fewer than 20 answers or all.
        CannotEstimateError: Fewer than 100 answers, an outcome that hardly varies, or subjects that cannot be told
            from each other or from the factors.

    References:
        Grömping (2006), J Statistical Software 17(1); Cameron & Miller (2015), A Practitioner's Guide to
        Cluster-Robust Inference, J Human Resources 50:317.

    Example:
        >>> rng = np.random.default_rng(3)
        >>> named = rng.random((2000, 2)) < 0.2
        >>> found = analyse_drivers(named, 8 - 2.0 * named[:, 0] + rng.normal(0, 2, 2000), names=["queue", "food"])
        >>> [(one.name, round(one.effect.effect, 1) + 0.0, one.first) for one in found.drivers]
        [('queue', -2.0, 1.0), ('food', 0.0, 0.0)]
    """
    level = probability("confidence_level", confidence_level)
    whole("resamples", resamples, least=500)
    values, themes = _checked(named, outcome, names)
    codes = [pooled(np.asarray(factor, dtype=np.int64), fewest=FEWEST_OF_LEVEL) for factor in factors]
    for place, factor in enumerate(codes):
        if factor.shape != values.shape:
            raise ValueError(f"factors[{place}] has the shape {factor.shape}, must be {values.shape}.")
    people = _people(respondents, len(values))
    left = partialled(np.column_stack([themes, values]), codes)
    own_share = left.columns.var(axis=0) / np.maximum(np.append(themes.var(axis=0), values.var()), 1e-300)
    products = left.columns.T @ left.columns
    _tellable(products, own_share, names)
    effects, covariance, df = _regression(left.columns, products, people, left.rank)
    importance = lmg(products)
    ranges = driver_ranges(left.columns, people, importance, resamples=resamples, level=level, seed=seed)
    odds = driver_odds(themes, values, codes, level=level)
    errors = np.sqrt(np.diag(covariance))
    half = float(scipy.stats.t.ppf((1 + level) / 2, df)) * errors
    size = len(names)
    wald = float(effects @ np.linalg.solve(covariance, effects)) / size
    counts = themes.sum(axis=0)
    drivers = [
        Driver(
            name=names[i], answers=int(counts[i]), share=float(counts[i] / len(values)),
            difference=float(values[themes[:, i]].mean() - values[~themes[:, i]].mean()),
            effect=EffectEstimate(
                effect=float(effects[i]), standard_error=float(errors[i]), method=METHOD,
                interval=Interval(low=float(effects[i] - half[i]), high=float(effects[i] + half[i])),
            ),
            importance=float(importance[i]),
            importance_range=Interval(low=float(ranges.low[i]), high=float(ranges.high[i])),
            best_rank=int(ranges.best[i]), worst_rank=int(ranges.worst[i]), first=float(ranges.first[i]),
            odds=None if odds is None else odds[i],
        )
        for i in np.argsort(-importance, kind="stable")
    ]  # fmt: skip
    return DriverAnalysis(
        drivers=tuple(drivers), answers=len(values), people=int(people.max()) + 1, mean=float(values.mean()),
        explained=float(importance.sum()), p_value=float(scipy.stats.f.sf(wald, size, df)),
        at_top=float((values == values.max()).mean()), at_bottom=float((values == values.min()).mean()),
        resamples=resamples,
    )  # fmt: skip


def _checked(
    named: npt.NDArray[np.generic], outcome: Sequence[float] | Floats, names: Sequence[str]
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    values = np.asarray(outcome, dtype=np.float64)
    themes = np.asarray(named, dtype=bool)
    if values.ndim != 1 or not np.isfinite(values).all():
        raise ValueError("outcome must have one dimension and finite numbers only.")
    if themes.shape != (len(values), len(names)):
        raise ValueError(f"named has the shape {themes.shape}, must be {(len(values), len(names))}.")
    if not 1 <= len(names) <= MOST_PREDICTORS:
        raise ValueError(f"{len(names)} subjects, must be from 1 to {MOST_PREDICTORS}.")
    if len(values) < FEWEST_ANSWERS:
        raise CannotEstimateError(
            "There are {answers} answers; at least {fewest} are needed.", answers=len(values), fewest=FEWEST_ANSWERS
        )
    counts = themes.sum(axis=0)
    for name, count in zip(names, counts, strict=True):
        if not FEWEST_NAMED <= count <= len(values) - FEWEST_NAMED:
            raise ValueError(
                f"{name!r} is named by {count} of {len(values)} answers, must be by at least {FEWEST_NAMED}, "
                f"and not by at least {FEWEST_NAMED}."
            )
    commonest = np.unique(values, return_counts=True)[1].max()
    if len(values) - commonest < FEWEST_NAMED:
        raise CannotEstimateError("Nearly everyone gave the same answer, so nothing can be seen to move it.")
    return values, themes


def _people(respondents: npt.NDArray[np.generic] | None, size: int) -> Codes:
    if respondents is None:
        return np.arange(size)
    if np.shape(respondents) != (size,):
        raise ValueError(f"respondents has the shape {np.shape(respondents)}, must be {(size,)}.")
    found: Codes = np.unique(np.asarray(respondents), return_inverse=True)[1].astype(np.int64)
    return found


def _tellable(products: Floats, own_share: Floats, names: Sequence[str]) -> None:
    if own_share[-1] < 1e-9:
        raise CannotEstimateError("Within a unit, channel and week everyone gave the same answer.")
    fixed = [name for name, share in zip(names, own_share, strict=False) if share < LEAST_OWN]
    if fixed:
        raise CannotEstimateError(
            "What {themes} does cannot be told from the units, channels and weeks in which it is named.", themes=fixed
        )
    scale = np.sqrt(np.diag(products)[:-1])
    related = products[:-1, :-1] / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(related)
    alone = 1 / ((vectors**2) @ (1 / np.maximum(values, 1e-12)))
    entangled = [name for name, share in zip(names, alone, strict=True) if share < LEAST_OWN]
    if entangled:
        raise CannotEstimateError(
            "These are nearly always named together, so what each does cannot be told apart: {themes}.",
            themes=entangled,
        )


def _regression(columns: Floats, products: Floats, people: Codes, rank: int) -> tuple[Floats, Floats, float]:
    """Coefficients, their covariance with errors clustered by respondent, and its degrees of freedom."""
    bread = np.linalg.inv(products[:-1, :-1])
    effects = bread @ products[:-1, -1]
    residuals = columns[:, -1] - columns[:, :-1] @ effects
    clusters = int(people.max()) + 1
    scores = np.column_stack(
        [np.bincount(people, weights=columns[:, i] * residuals, minlength=clusters) for i in range(len(effects))]
    )
    terms = len(effects) + rank
    if clusters < 2 or len(columns) <= terms:
        raise CannotEstimateError(
            "There are {answers} answers; at least {fewest} are needed.", answers=len(columns), fewest=terms + 1
        )
    factor = clusters / (clusters - 1) * (len(columns) - 1) / (len(columns) - terms)
    return effects, factor * bread @ (scores.T @ scores) @ bread, float(clusters - 1)
