"""A portfolio of pilots estimated together: each effect drawn towards the others as far as its own data are unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import scipy.stats

from stats.arguments import choice, numbers, probability
from stats.between import (
    Pooled,
    SpreadPosterior,
    pool,
    q_profile_interval,
    restricted_maximum_likelihood,
    spread_posterior,
)
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.normal_mixture import quantile, tail_below
from stats.panel import Floats

LEAST_PILOTS = 3
CHUNK = 2048
METHOD = "normal_normal_shrinkage"
MEAN_METHOD = "random_effects_reml_hartung_knapp"


@dataclass(frozen=True, kw_only=True, eq=False)
class ShrunkenEffects:
    """The effects of a portfolio's pilots, each in the light of all.

    Attributes:
        effects: (J,) the shrunken effects.
        standard_errors: (J,) their standard errors.
        weights: (J,) how much of its own estimate a pilot's shrunken effect keeps; the rest comes from the mean.
        between_sd: SD of the true effects between pilots, by restricted maximum likelihood.
        between_sd_interval: Its Q-profile interval; None when the estimates agree so closely that no between-pilot SD,
            not even 0, is compatible with them (as happens by chance in 2.5 % of portfolios whose effects are equal).
        mean: The mean effect of such pilots, with its interval (Hartung-Knapp, never narrower than if all true effects
            were equal).
        confidence_level: Of every interval here.
        raw_effects: (J,) the estimates that went in.
        raw_standard_errors: (J,) and their standard errors.
        posterior: The between-pilot SDs that were averaged over, with their weights. Its mean effects are measured
            from `centre`.
        centre: The value subtracted from the estimates before anything was computed, so that large ones keep their
            digits.
    """

    effects: Floats
    standard_errors: Floats
    weights: Floats
    between_sd: float
    between_sd_interval: Interval | None
    mean: EffectEstimate
    confidence_level: float
    raw_effects: Floats
    raw_standard_errors: Floats
    posterior: SpreadPosterior
    centre: float

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """J intervals of the pilots' true effects."""
        found = []
        for part in _parts(len(self.effects)):
            means, sds, _ = self._given_spread(part)
            found += self._intervals(means, sds)
        return tuple(found)

    @cached_property
    def prediction(self) -> Interval:
        """Interval of the true effect of a new pilot of the same sort."""
        pooled = self.posterior.pooled
        return self._intervals(pooled.means[None], np.sqrt(pooled.mean_variances + pooled.sds**2)[None])[0]

    def chances_above(self, bound: float) -> Floats:
        """(J,) The chance that each pilot's true effect is above a bound.

        Example:
            >>> found = shrink([0.6, 0.1, 0.3, -0.1], [0.15, 0.15, 0.1, 0.2])
            >>> found.chances_above(0.2).round(2)
            array([0.98, 0.34, 0.84, 0.18])
        """
        found = np.empty(len(self.effects))
        for part in _parts(len(found)):
            means, sds, _ = self._given_spread(part)
            found[part] = 1.0 - tail_below(bound - self.centre, self.posterior.weights, means, sds)
        return found

    def combined(self, shares: Sequence[float] | Floats) -> EffectEstimate:
        """The sum of the pilots' true effects, each times a number; what the pilots have in common is counted once.

        Args:
            shares: (J,) what each effect is multiplied by, for example its customers a year. Zero leaves a pilot out.

        Raises:
            ValueError: Another number of shares than pilots, or one that is not finite.

        Example:
            >>> found = shrink([0.6, 0.1, 0.3, -0.1], [0.15, 0.15, 0.1, 0.2])
            >>> total = found.combined([100, 0, 0, 0])
            >>> round(total.effect, 6) == round(100 * float(found.effects[0]), 6)
            True
        """
        factors = numbers("shares", shares)
        if len(factors) != len(self.effects):
            raise ValueError(f"shares has {len(factors)} values, must have one for each of {len(self.effects)} pilots.")
        weights, pooled = self.posterior.weights, self.posterior.pooled
        means, variances, common = np.zeros((3, len(weights)))
        for part in _parts(len(factors)):
            given, _, own = self._given_spread(part)
            means += factors[part] @ given
            variances += factors[part] ** 2 @ (own * self.raw_standard_errors[part, None] ** 2)
            common += factors[part] @ (1.0 - own)
        sds = np.sqrt(variances + common**2 * pooled.mean_variances)
        effect, standard_error = _moments(weights, means, sds)
        shift = float(factors.sum()) * self.centre
        low, high = (float(end) for end in _interval(weights, means, sds, self.confidence_level))
        return EffectEstimate(
            effect=float(effect) + shift,
            standard_error=float(standard_error),
            interval=Interval(low=low + shift, high=high + shift),
            method=METHOD,
        )

    @cached_property
    def _centred(self) -> Floats:
        return self.raw_effects - self.centre

    def _intervals(self, means: Floats, sds: Floats) -> list[Interval]:
        lows, highs = _interval(self.posterior.weights, means, sds, self.confidence_level)
        return [
            Interval(low=float(low) + self.centre, high=float(high) + self.centre)
            for low, high in zip(lows, highs, strict=True)
        ]

    def _given_spread(self, part: slice) -> tuple[Floats, Floats, Floats]:
        return _given_spread(self.posterior.pooled, self._centred[part], self.raw_standard_errors[part])


def shrink(
    effects: Sequence[float] | Floats,
    standard_errors: Sequence[float] | Floats,
    *,
    confidence_level: float = 0.95,
    method: Literal["integrated", "reml"] = "integrated",
) -> ShrunkenEffects:
    """Shrink the effects of a portfolio's pilots towards each other.

    The true effects are taken as drawn from a normal distribution whose mean is unknown, and each estimate as normal
    around its true effect with its own standard error. An effect is drawn towards the mean the more, the wider its own
    interval and the more alike the pilots. What chance added to the best-looking ones (the winner's curse) comes off.

    Args:
        effects: (J,) estimates in one unit, turned the same way: for example multiples of each pilot's smallest change,
            positive for better. J >= 3.
        standard_errors: (J,) their standard errors, above 0.
        confidence_level: Of every interval.
        method: `integrated` averages over what the between-pilot SD may be, under a uniform prior on it, so that an
            interval covers its pilot's true effect about as often as it says (93.7-97.5 % at 95 % with 3-20 pilots;
            more, up to 99.7 %, when the pilots' true effects are all equal). `reml` takes the restricted maximum
            likelihood estimate for the truth, as best linear unbiased prediction does: its intervals are too narrow
            with few pilots.

    Raises:
        ValueError: An estimate or a standard error is no finite number, a standard error is not above 0, or the two are
            not equally many.
        CannotEstimateError: Fewer than 3 pilots: two say nothing about how much pilots differ.

    References:
        Morris, C. N. (1983). Parametric empirical Bayes inference: theory and applications. Journal of the American
        Statistical Association 78(381), 47-55.
        Gelman, A. (2006). Prior distributions for variance parameters in hierarchical models. Bayesian Analysis 1(3),
        515-534.
        Viechtbauer, W. (2007). Confidence intervals for the amount of heterogeneity in meta-analysis. Statistics in
        Medicine 26(1), 37-52.
        Roever, C., Knapp, G. and Friede, T. (2015). Hartung-Knapp-Sidik-Jonkman approach and its modification for
        random-effects meta-analysis with few studies. BMC Medical Research Methodology 15, 99.

    Example:
        >>> found = shrink([0.6, 0.1, 0.3, -0.1], [0.15, 0.15, 0.1, 0.2])
        >>> found.effects.round(2), round(found.between_sd, 2)
        (array([0.52, 0.14, 0.29, 0.01]), 0.23)
    """
    raw = numbers("effects", effects)
    errors = numbers("standard_errors", standard_errors)
    if len(raw) != len(errors):
        raise ValueError(f"effects has {len(raw)} values and standard_errors {len(errors)}, must be equally many.")
    if not (errors > 0).all():
        place = int(np.argmin(errors > 0))
        raise ValueError(f"standard_errors[{place}] == {errors[place]}, must be > 0.")
    level = probability("confidence_level", confidence_level)
    choice("method", method, ("integrated", "reml"))
    if len(raw) < LEAST_PILOTS:
        raise CannotEstimateError(
            N_("Estimating pilots together takes at least {least} of them with an effect; there are {pilots}."),
            least=LEAST_PILOTS, pilots=len(raw),
        )  # fmt: skip
    centre = float(np.average(raw, weights=1.0 / errors**2))
    centred = raw - centre
    between_sd = restricted_maximum_likelihood(centred, errors)
    at_estimate = pool(centred, errors, np.array([between_sd]))
    posterior = SpreadPosterior(pooled=at_estimate, weights=np.ones(1))
    if method == "integrated":
        posterior = spread_posterior(centred, errors)
    shrunken, sds, own = _each(posterior, centred, errors)
    return ShrunkenEffects(
        effects=shrunken + centre,
        standard_errors=sds,
        weights=own,
        between_sd=between_sd,
        between_sd_interval=q_profile_interval(centred, errors, confidence_level=level),
        mean=_mean(at_estimate, len(raw), centre, level),
        confidence_level=level,
        raw_effects=raw,
        raw_standard_errors=errors,
        posterior=posterior,
        centre=centre,
    )


def _each(posterior: SpreadPosterior, effects: Floats, errors: Floats) -> Floats:
    """(3, J) Shrunken effects, standard errors, and weights of the own estimate."""
    found = np.empty((3, len(effects)))
    for part in _parts(len(effects)):
        means, sds, own = _given_spread(posterior.pooled, effects[part], errors[part])
        found[:2, part] = _moments(posterior.weights, means, sds)
        found[2, part] = own @ posterior.weights
    return found


def _given_spread(pooled: Pooled, effects: Floats, errors: Floats) -> tuple[Floats, Floats, Floats]:
    """(J, G) Means, SDs and own weights of the true effects at each between-pilot SD."""
    own = pooled.sds**2 / (pooled.sds**2 + errors[:, None] ** 2)
    means = pooled.means + own * (effects[:, None] - pooled.means)
    sds = np.sqrt(own * errors[:, None] ** 2 + (1.0 - own) ** 2 * pooled.mean_variances)
    return means, sds, own


def _moments(weights: Floats, means: Floats, sds: Floats) -> tuple[Floats, Floats]:
    """Mean and SD of mixtures."""
    mean = means @ weights
    return mean, np.sqrt((sds**2 + (means - mean[..., None]) ** 2) @ weights)


def _interval(weights: Floats, means: Floats, sds: Floats, level: float) -> tuple[Floats, Floats]:
    """Equal-tailed intervals of mixtures."""
    tail = (1.0 - level) / 2.0
    return quantile(tail, weights, means, sds), quantile(1.0 - tail, weights, means, sds)


def _mean(pooled: Pooled, pilots: int, centre: float, level: float) -> EffectEstimate:
    """The mean effect; the residual sum of squares widens its standard error, and never narrows it."""
    inflation = max(1.0, float(pooled.heterogeneities[0]) / (pilots - 1))
    effect = float(pooled.means[0]) + centre
    error = float(np.sqrt(pooled.mean_variances[0] * inflation))
    reach = float(scipy.stats.t.isf((1.0 - level) / 2.0, pilots - 1)) * error
    return EffectEstimate(
        effect=effect,
        standard_error=error,
        interval=Interval(low=effect - reach, high=effect + reach),
        method=MEAN_METHOD,
    )


def _parts(pilots: int) -> list[slice]:
    """Slices that keep the arrays of pilots by grid points small."""
    return [slice(first, first + CHUNK) for first in range(0, pilots, CHUNK)]
