"""Differences of Net Promoter Scores, and where they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.nps import difference_in_nps, promoter_mix
from stats.proportions import difference_in_proportions

# R 4.2.2:
#   nps <- function(v) { n <- length(v) + 3; p <- (sum(v >= 9) + .75) / n; d <- (sum(v <= 6) + .75) / n
#     c(p - d, (p + d - (p - d)^2) / n) }
#   dn <- function(x, y) { a <- nps(x); b <- nps(y); s <- sqrt(a[2] + b[2]); e <- b[1] - a[1]
#     c(100 * (e + c(-1, 1) * qnorm(.975) * s), 100 * s, e / s, 2 * pnorm(-abs(e / s))) }
REFERENCES = [
    # dn(c(9, 7, 3, 10, 8, 6, 9, 2), c(10, 9, 8, 10, 7, 9, 6, 9))
    # [1] -29.21346219 101.9407349 33.45831815 1.086833959 0.277110197
    ([9, 7, 3, 10, 8, 6, 9, 2], [10, 9, 8, 10, 7, 9, 6, 9], 50.0,
     (-29.21346219, 101.9407349, 33.45831815, 1.086833959, 0.277110197)),
    # dn(rep(c(10, 8, 4), c(40, 30, 30)), rep(c(10, 8, 4), c(75, 30, 15)))
    # [1] 18.73958973 59.40391015 10.37374175 3.766408581 0.000165612686
    ([10] * 40 + [8] * 30 + [4] * 30, [10] * 75 + [8] * 30 + [4] * 15, 40.0,
     (18.73958973, 59.40391015, 10.37374175, 3.766408581, 0.000165612686)),
    # dn(rep(10, 5), rep(3, 6)); its interval leaves the effect, -200, outside and is drawn out to it
    # [1] -189.8762945 -68.45703882 30.97486909 -4.170047217 3.045365368e-05
    ([10] * 5, [3] * 6, -200.0, (-200.0, -68.45703882, 30.97486909, -4.170047217, 3.045365368e-05)),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "effect", "expected"), REFERENCES)
def test_adjusted_wald(before: list[int], after: list[int], effect: float, expected: tuple[float, ...]) -> None:
    found = difference_in_nps(before, after)
    assert found.effect == pytest.approx(effect)
    told = (found.interval.low, found.interval.high, found.standard_error, found.statistic, found.p_value)
    assert told == pytest.approx(expected)
    assert math.isinf(found.df)


answers = st.lists(st.integers(0, 10), min_size=2, max_size=40)


@given(answers, answers)
@settings(max_examples=100, deadline=None)
def test_coding_order_and_direction(before: list[int], after: list[int]) -> None:
    found = difference_in_nps(before, after, scale="0-10")
    assert -200.0 <= found.interval.low <= found.effect <= found.interval.high <= 200.0
    assert found.interval.low < found.interval.high

    def coded(side: list[int]) -> list[int]:
        return sorted(100 * ((answer >= 9) - (answer <= 6)) for answer in side)

    recoded = difference_in_nps(coded(before), coded(after), scale="-100/0/100")
    assert recoded.interval.low == pytest.approx(found.interval.low)
    assert recoded.p_value == pytest.approx(found.p_value)
    turned = difference_in_nps(after, before, scale="0-10")
    assert turned.effect == pytest.approx(-found.effect)
    assert turned.interval.low == pytest.approx(-found.interval.high)
    mix = promoter_mix(before, after, scale="0-10")
    assert mix.promoters.before + mix.passives.before + mix.detractors.before == pytest.approx(1.0)
    scores = [100 * (mix.promoters.before - mix.detractors.before), 100 * (mix.promoters.after - mix.detractors.after)]
    assert scores[1] - scores[0] == pytest.approx(found.effect, abs=1e-9)


def test_the_mix_behind_a_score_that_did_not_move() -> None:
    """All passives before; as many promoters as detractors in the pilot."""
    before, after = [7, 8, 7, 8], [10, 9, 0, 6]
    assert difference_in_nps(before, after).effect == 0.0
    mix = promoter_mix(before, after)
    assert (mix.passives.before, mix.passives.after) == (1.0, 0.0)
    assert mix.promoters.difference == difference_in_proportions(0, 4, 2, 4)
    assert mix.passives.difference == difference_in_proportions(4, 4, 0, 4)
    assert mix.detractors.difference == difference_in_proportions(0, 4, 2, 4)


def test_the_scale_is_told_by_the_answers() -> None:
    assert difference_in_nps([100, 0, 0], [100, -100, 0]).effect == pytest.approx(-100 / 3)
    assert difference_in_nps([0, 0, 0], [100, 0, 100]).effect == pytest.approx(200 / 3)
    assert difference_in_nps([0, 0, 0], [9, 10, 7]).effect == pytest.approx(500 / 3)
    with pytest.raises(ValueError, match=r"hold only 0; scale must be one of 0-10, -100/0/100."):
        difference_in_nps([0, 0], [0, 0])
    nothing = difference_in_nps([0, 0], [0, 0], scale="0-10")
    assert nothing.effect == 0.0
    assert nothing.interval.high > 50.0


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ([9, 11], [5, 6], "baseline[1] == 11, must be a whole number from 0 to 10 (or every answer -100, 0 or 100)."),
        ([9, 10], [5.5, 6], "pilot[0] == 5.5, must be a whole number from 0 to 10 (or every answer -100, 0 or 100)."),
        ([-100, 0], [5, 100], "pilot[0] == 5, must be -100, 0 or 100, like the other answers."),
        ([9], [5, 6], "baseline has 1 values, must have at least 2."),
        ([9, math.nan], [5, 6], "baseline[1] == nan, must be a finite number."),
    ],
)
def test_impossible_answers_are_refused(before: list[float], after: list[float], sentence: str) -> None:
    for function in (difference_in_nps, promoter_mix):
        with pytest.raises(ValueError, match=r"must") as refused:
            function(before, after)
        assert str(refused.value) == sentence


def test_other_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match=r"scale == '1-5', must be one of 0-10, -100/0/100."):
        difference_in_nps([9, 8], [5, 6], scale="1-5")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"confidence_level == 2, must be between 0 and 1."):
        difference_in_nps([9, 8], [5, 6], confidence_level=2)
    assert difference_in_nps(np.array([9, 8]), np.array([5, 6])).effect == pytest.approx(-150.0)
