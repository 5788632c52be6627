"""Net Promoter Scores: promoters minus detractors in hundredths of all who answered, from -100 to 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.arguments import choice, numbers, probability
from stats.effect import EffectEstimate, Interval, TestedEffect
from stats.panel import Floats
from stats.proportions import difference_in_proportions

Answers = Sequence[float] | npt.NDArray[np.generic]
Scale = Literal["0-10", "-100/0/100"]

SCALES = ("0-10", "-100/0/100")
ADDED, ADDED_AT_AN_END = 3.0, 0.75


@dataclass(frozen=True, kw_only=True)
class ShareChange:
    """One group's share of the answers, before and in the pilot.

    Attributes:
        before: Share of the baseline's answers.
        after: Share of the pilot's answers.
        difference: Pilot minus baseline, with Newcombe's interval.
    """

    before: float
    after: float
    difference: EffectEstimate


@dataclass(frozen=True, kw_only=True)
class PromoterMix:
    """Where a Net Promoter Score comes from.

    Attributes:
        promoters: Answers of 9 and 10.
        passives: Answers of 7 and 8.
        detractors: Answers of 0 to 6.
    """

    promoters: ShareChange
    passives: ShareChange
    detractors: ShareChange


def difference_in_nps(
    baseline: Answers, pilot: Answers, *, confidence_level: float = 0.95, scale: Scale | None = None
) -> TestedEffect:
    """Difference of two Net Promoter Scores, pilot minus baseline, in points from -200 to 200.

    Args:
        baseline: (n,) answers before, at least 2: 0 to 10, or already coded as -100, 0 and 100.
        pilot: (m,) answers in the pilot, at least 2, on the same scale.
        confidence_level: Of the interval.
        scale: "0-10" or "-100/0/100"; None tells it by whether any answer is -100 or 100.

    Returns:
        `effect` is the plain difference. The interval is an adjusted Wald interval: three answers are added to each
        side, three quarters of one a promoter and as much a detractor, so that sides where all
        agree do not look certain. It is centred on the difference of the adjusted scores, and reaches to the effect
        where that lies outside. `standard_error` and `statistic` (a normal deviate) are those of the adjusted scores.

    Raises:
        ValueError: Fewer than 2 answers on a side, an answer that is not on the scale, only zeros (which may be the
            lowest answers or passives) without a scale, or a confidence level outside (0, 1).

    Notes:
        Coverage of 95 % intervals (`python -m benchmarks coverage`, sides of the same size): 94 to 97 % from 12 answers
        a side on for scores from 0 to 60, with 5 and 8 answers up to 99 % at 60. Near the end of the scale it is
        cautious: at scores of 88 it gives 99 to 100 % up to 40 answers and 97 % with 100.

    Example:
        >>> result = difference_in_nps([9, 7, 3, 10, 8, 6, 9, 2], [10, 9, 8, 10, 7, 9, 6, 9])
        >>> result.effect, round(result.interval.low, 1), round(result.interval.high, 1)
        (50.0, -29.2, 101.9)

    References:
        Rocks (2016), Interval estimation for the 'Net Promoter Score', The American Statistician 70:365.
    """
    before, after = _coded(baseline, pilot, scale)
    deviate = -float(scipy.special.ndtri((1.0 - probability("confidence_level", confidence_level)) / 2.0))
    effect = 100.0 * float(after.mean() - before.mean())
    (score, variance), (pilot_score, pilot_variance) = _adjusted(before), _adjusted(after)
    centre = 100.0 * (pilot_score - score)
    standard_error = 100.0 * math.sqrt(variance + pilot_variance)
    reach = deviate * standard_error
    statistic = centre / standard_error
    return TestedEffect(
        effect=effect,
        standard_error=standard_error,
        interval=Interval(
            low=max(min(centre - reach, effect), -200.0), high=min(max(centre + reach, effect), 200.0)
        ),
        method="adjusted_wald",
        statistic=statistic,
        df=math.inf,
        p_value=2.0 * float(scipy.special.ndtr(-abs(statistic))),
    )  # fmt: skip


def promoter_mix(
    baseline: Answers, pilot: Answers, *, confidence_level: float = 0.95, scale: Scale | None = None
) -> PromoterMix:
    """Shares of promoters, passives and detractors, before and in the pilot.

    The same score can come from many promoters and many detractors or from none of either.

    Args:
        baseline: (n,) answers before, at least 2: 0 to 10, or already coded as -100, 0 and 100.
        pilot: (m,) answers in the pilot, at least 2, on the same scale.
        confidence_level: Of each interval.
        scale: "0-10" or "-100/0/100"; None tells it by whether any answer is -100 or 100.

    Raises:
        ValueError: As for `difference_in_nps`.

    Example:
        >>> mix = promoter_mix([9, 7, 3, 10, 8, 6, 9, 2], [10, 9, 8, 10, 7, 9, 6, 9])
        >>> mix.promoters.before, mix.promoters.after, mix.detractors.difference.effect
        (0.375, 0.625, -0.25)
    """
    before, after = _coded(baseline, pilot, scale)

    def change(group: int) -> ShareChange:
        counts = [(int((side == group).sum()), len(side)) for side in (before, after)]
        return ShareChange(
            before=counts[0][0] / counts[0][1],
            after=counts[1][0] / counts[1][1],
            difference=difference_in_proportions(*counts[0], *counts[1], confidence_level=confidence_level),
        )

    return PromoterMix(promoters=change(1), passives=change(0), detractors=change(-1))


def _coded(baseline: Answers, pilot: Answers, scale: Scale | None) -> tuple[Floats, Floats]:
    """The answers as -1, 0 and 1."""
    before, after = numbers("baseline", baseline, least=2), numbers("pilot", pilot, least=2)
    if scale is None:
        together = np.concatenate([before, after])
        if not together.any():
            raise ValueError("baseline and pilot hold only 0; scale must be one of 0-10, -100/0/100.")
        told = SCALES[1] if (np.abs(together) == 100.0).any() else SCALES[0]
    else:
        told = choice("scale", scale, SCALES)
    return _groups("baseline", before, told), _groups("pilot", after, told)


def _groups(name: str, answers: Floats, scale: str) -> Floats:
    if scale == SCALES[1]:
        possible, allowed = np.isin(answers, (-100.0, 0.0, 100.0)), "-100, 0 or 100, like the other answers"
    else:
        possible = (answers == np.round(answers)) & (answers >= 0.0) & (answers <= 10.0)
        allowed = "a whole number from 0 to 10 (or every answer -100, 0 or 100)"
    if not possible.all():
        place = int(np.argmin(possible))
        raise ValueError(f"{name}[{place}] == {answers[place]:g}, must be {allowed}.")
    if scale == SCALES[1]:
        return np.sign(answers)
    return np.where(answers >= 9.0, 1.0, 0.0) - (answers <= 6.0)


def _adjusted(groups: Floats) -> tuple[float, float]:
    """Score of one side, between -1 and 1, with the added answers, and its variance."""
    n = len(groups) + ADDED
    promoters = (float((groups == 1.0).sum()) + ADDED_AT_AN_END) / n
    detractors = (float((groups == -1.0).sum()) + ADDED_AT_AN_END) / n
    score = promoters - detractors
    return score, (promoters + detractors - score * score) / n
