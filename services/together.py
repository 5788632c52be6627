"""The evaluated pilots estimated together: what their effects may be expected to be, and how many gains will last."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import scipy.stats

from services.portfolio import PortfolioRow
from services.rows import key
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.multiplicity import discoveries
from stats.portfolio import METHOD, shrink

FALSE_SHARE = 0.1
"""The share of gains that may be chance, in the long run, among those that are called real."""


@dataclass(frozen=True, kw_only=True)
class Together:
    """What the pilots say of each other. Sizes over all pilots are in multiples of each one's smallest change.

    Attributes:
        estimates: Each evaluated pilot's effect in the light of all, in its own metric's unit, by pilot id.
        mean: The mean effect; positive for better.
        between_sd: SD of the true effects between pilots.
        between_sd_interval: Its interval; None when the estimates agree too closely for one.
        finished: Pilots whose last planned review has been held.
        gains: Those of them whose gain stands when all finished pilots are judged at once.
    """

    estimates: dict[int, EffectEstimate]
    mean: EffectEstimate
    between_sd: float
    between_sd_interval: Interval | None
    finished: int
    gains: int


def together(rows: Iterable[PortfolioRow]) -> Together:
    """Estimate the pilots together.

    Args:
        rows: The whole portfolio; pilots without an effect are passed over.

    Raises:
        CannotEstimateError: Fewer than three pilots have an effect.
    """
    known = [one for row in rows if (one := _known(row)) is not None]
    if not known:
        raise CannotEstimateError(N_("No pilot has an effect yet, so there is nothing to estimate together."))
    portfolio = shrink([one.effect / one.unit for one in known], [one.error / abs(one.unit) for one in known])
    estimates = {}
    for one, effect, error, interval in zip(
        known, portfolio.effects, portfolio.standard_errors, portfolio.intervals, strict=True
    ):
        low, high = sorted((interval.low * one.unit, interval.high * one.unit))
        estimates[one.pilot_id] = EffectEstimate(
            effect=float(effect) * one.unit,
            standard_error=float(error) * abs(one.unit),
            interval=Interval(low=low, high=high),
            method=METHOD,
        )
    ended = [one.z for one in known if one.z is not None]
    gains = discoveries([float(scipy.stats.norm.sf(z)) for z in ended], rate=FALSE_SHARE).sum() if ended else 0
    return Together(
        estimates=estimates,
        mean=portfolio.mean,
        between_sd=portfolio.between_sd,
        between_sd_interval=portfolio.between_sd_interval,
        finished=len(ended),
        gains=int(gains),
    )


@dataclass(frozen=True, kw_only=True)
class _Known:
    """What one evaluated pilot brings.

    Attributes:
        pilot_id: Whose.
        effect: In its metric's unit.
        error: Its standard error.
        unit: The smallest change that matters, with the sign of the better direction.
        z: Of the last planned review, positive for better; None before it has been held.
    """

    pilot_id: int
    effect: float
    error: float
    unit: float
    z: float | None


def _known(row: PortfolioRow) -> _Known | None:
    """None for a pilot without an effect, or one that another version evaluated and must be evaluated again."""
    result = row.stored.result if row.stored else None
    if result is None or result.effect is None or result.standard_error is None:
        return None
    if not (math.isfinite(result.effect) and 0 < result.standard_error < math.inf):
        return None
    over = bool(result.looks) and result.as_of >= result.plan.end
    return _Known(
        pilot_id=key(row.row.pilot.id),
        effect=result.effect,
        error=result.standard_error,
        unit=result.plan.direction.sign * result.plan.smallest_change,
        z=result.looks[-1].z if over else None,
    )
