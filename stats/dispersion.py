"""The rate of events before and after, from weekly counts that vary more than chance alone would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats.arguments import choice, numbers, probability, whole
from stats.autocorrelation import LAGS, Autocorrelation, autocorrelation_check, ljung_box
from stats.check import Check
from stats.effect import Interval, TestedEffect
from stats.errors import CannotEstimateError
from stats.messages import N_, Message
from stats.negative_binomial import fit_negative_binomial
from stats.over_dispersion import Dispersion, pearson_dispersion
from stats.panel import Floats

QUASI_POISSON, NEGATIVE_BINOMIAL = "quasipoisson", "negative-binomial"
FEWEST_A_WEEK = 2.0
LEAST_WEEKS = 2
LARGE_JUMP, CERTAIN_JUMP, LEAST_JUMP_ERROR = 1.6, 3.0, 0.05


@dataclass(frozen=True, eq=False, kw_only=True)
class RateChange(TestedEffect):
    """The ratio of two rates, after / before; 1 means no change. The standard error is the ratio times its log's.

    Attributes:
        rates: Events per unit of exposure, before and after.
        dispersion: Pearson's chi-square over its degrees of freedom about the two rates, with the test that it is 1.
        alpha: Of the negative binomial, variance = mean + alpha mean^2; NaN for quasi-Poisson.
        autocorrelation: Ljung-Box test of the Pearson residuals, before and after in one row; None when there are too
            few weeks for it. When it finds something the interval is too narrow: use `stats.interrupted.segmented`.
        checks: over_dispersion, autocorrelation, exposure_change and sparse_counts, each with its sentence.
    """

    rates: tuple[float, float]
    dispersion: Dispersion
    alpha: float
    autocorrelation: Autocorrelation | None
    checks: tuple[Check, ...]


def rate_change(
    before_counts: Sequence[float] | npt.NDArray[np.generic],
    before_exposure: Sequence[float] | npt.NDArray[np.generic] | float,
    after_counts: Sequence[float] | npt.NDArray[np.generic],
    after_exposure: Sequence[float] | npt.NDArray[np.generic] | float,
    *,
    family: str = QUASI_POISSON,
    confidence_level: float = 0.95,
) -> RateChange:
    """Estimate the ratio of the rate after a change to the rate before it.

    Nothing is compared with other units, and a trend or a season counts as change.

    Args:
        before_counts: (B,) events of each week before, in order of time.
        before_exposure: (B,) what they could have happened in (visits, days), or one number for every week.
        after_counts: (A,) events of each week after.
        after_exposure: (A,) their exposure.
        family: "quasipoisson" (variance proportional to the mean, as far as the weeks show) or "negative-binomial"
            (variance = mean + alpha mean^2: busy weeks vary more). A dispersion under 1 narrows the quasi-Poisson
            interval; in a few weeks it is usually chance.
        confidence_level: Of the interval, which is t on the number of weeks less 2 about the logarithm (R's glm.nb
            takes the normal distribution, which is too narrow with few weeks).

    Raises:
        ValueError: A count that is no whole number >= 0, an exposure that is not above 0, unequal lengths, fewer than
            two weeks on a side, an unknown family, or a confidence level outside (0, 1).
        CannotEstimateError: No events on one side, or weeks without any scatter. `stats.rates.rate_ratio` still gives
            the exact interval for the former.

    References:
        McCullagh & Nelder (1989), Generalized Linear Models, 6.2; Ver Hoef & Boveng (2007), Ecology 88:2766, on the
        choice between the two families.

    Example:
        >>> found = rate_change([12, 5, 9, 16, 8, 11], 100, [6, 3, 9, 4, 7, 2], 100)
        >>> round(found.effect, 3), round(found.interval.low, 3), round(found.interval.high, 3)
        (0.508, 0.286, 0.904)
        >>> round(found.dispersion.ratio, 2)
        1.37
    """
    choice("family", family, (QUASI_POISSON, NEGATIVE_BINOMIAL))
    probability("confidence_level", confidence_level)
    before = _side("before", before_counts, before_exposure)
    after = _side("after", after_counts, after_exposure)
    if before[0].sum() == 0 or after[0].sum() == 0:
        raise CannotEstimateError(
            N_("There were no events at all before the start, or none after it; only the exact rate ratio can be told.")
        )
    rates = tuple(float(counts.sum() / exposure.sum()) for counts, exposure in (before, after))
    counts = np.concatenate([before[0], after[0]])
    expected = np.concatenate([rates[0] * before[1], rates[1] * after[1]])
    dispersion = pearson_dispersion(counts, expected, parameters=2)
    if dispersion.ratio <= np.finfo(np.float64).eps:
        raise CannotEstimateError(N_("The weeks vary in nothing but the change itself; no error can be told."))
    alpha, variance = float("nan"), dispersion.ratio * (1.0 / before[0].sum() + 1.0 / after[0].sum())
    if family == NEGATIVE_BINOMIAL:
        fit = fit_negative_binomial([before, after])
        rates, alpha = (float(fit.rates[0]), float(fit.rates[1])), fit.alpha
        expected = np.concatenate([rates[0] * before[1], rates[1] * after[1]])
        variance = float(fit.log_variances.sum())
    spread = np.sqrt(expected * (1.0 + np.nan_to_num(alpha) * expected))
    tested = ljung_box((counts - expected) / spread) if len(counts) >= LAGS + 2 else None
    log_ratio, error, df = float(np.log(rates[1] / rates[0])), float(np.sqrt(variance)), float(len(counts) - 2)
    reach = float(scipy.stats.t.isf((1.0 - confidence_level) / 2.0, df)) * error
    return RateChange(
        effect=float(np.exp(log_ratio)), standard_error=float(np.exp(log_ratio)) * error,
        interval=Interval(low=float(np.exp(log_ratio - reach)), high=float(np.exp(log_ratio + reach))),
        method="quasi_poisson" if family == QUASI_POISSON else "negative_binomial",
        statistic=log_ratio / error, df=df, p_value=float(2.0 * scipy.stats.t.sf(abs(log_ratio / error), df)),
        rates=(rates[0], rates[1]), dispersion=dispersion, alpha=alpha, autocorrelation=tested,
        checks=(
            over_dispersion_check(dispersion),
            *([autocorrelation_check(tested)] if tested is not None else []),
            exposure_change_check(before[1], after[1]),
            sparse_counts_check(before[0], after[0]),
        ),
    )  # fmt: skip


def over_dispersion_check(found: Dispersion) -> Check:
    """Return how much the weeks vary beyond chance; it informs."""
    text = N_("Weeks vary {ratio} times as much as chance alone would make them; the interval takes this into account.")
    return Check(name="over_dispersion", passed=None, detail=Message(text, {"ratio": _rounded(found.ratio)}))


def exposure_change_check(before: Floats, after: Floats) -> Check:
    """Did the exposure of a week change so much, beyond chance, that the events may be of another kind?

    Args:
        before: (B,) exposure of each week before.
        after: (A,) exposure of each week after.
    """
    logs = np.log(before), np.log(after)
    shift = float(logs[1].mean() - logs[0].mean())
    error = max(float(np.sqrt(sum(part.var(ddof=1) / len(part) for part in logs))), LEAST_JUMP_ERROR)
    values = {"ratio": _rounded(float(np.exp(shift)))}
    if abs(shift) > np.log(LARGE_JUMP) and abs(shift) > CERTAIN_JUMP * error:
        text = N_("A week's exposure is {ratio} times what it was; the events may come from other cases than before.")
        return Check(name="exposure_change", passed=False, detail=Message(text, values))
    text = N_("A week's exposure stayed about the same ({ratio} times the earlier).")
    return Check(name="exposure_change", passed=True, detail=Message(text, values))


def sparse_counts_check(before: Floats, after: Floats) -> Check:
    """Are there enough events a week for a regression of weekly counts?

    Args:
        before: (B,) events of each week before.
        after: (A,) events of each week after.
    """
    values = {"before": _rounded(float(before.mean())), "after": _rounded(float(after.mean()))}
    if min(before.mean(), after.mean()) < FEWEST_A_WEEK:
        text = N_(
            "There were {before} events a week before the start and {after} after it. With so few, trust a chart of "
            "the time between events (G or T) and the exact rate ratio more than this interval."
        )
        return Check(name="sparse_counts", passed=False, detail=Message(text, values))
    text = N_("There were {before} events a week before the start and {after} after it, enough for this method.")
    return Check(name="sparse_counts", passed=True, detail=Message(text, values))


def _side(
    side: str,
    counts: Sequence[float] | npt.NDArray[np.generic],
    exposure: Sequence[float] | npt.NDArray[np.generic] | float,
) -> tuple[Floats, Floats]:
    """Counts and exposures of one side, checked."""
    events = numbers(f"{side}_counts", counts, least=LEAST_WEEKS)
    for place, count in enumerate(events):
        whole(f"{side}_counts[{place}]", count)
    every = np.full(len(events), exposure) if isinstance(exposure, int | float) else exposure
    size = numbers(f"{side}_exposure", every)
    if len(size) != len(events):
        raise ValueError(f"{side}_exposure has {len(size)} values, must have {len(events)} as {side}_counts has.")
    if not (size > 0).all():
        place = int(np.argmin(size > 0))
        raise ValueError(f"{side}_exposure[{place}] == {size[place]}, must be > 0.")
    return events, size


def _rounded(value: float) -> float:
    """Two figures, as a number: whoever shows it chooses the decimal mark."""
    return float(f"{value:.2g}")
