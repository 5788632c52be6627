"""Held, faded or unclear, and how fast."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.optimize

from stats.sustainment import Held, Sustainment, sustainment


def found(*follow_ups: float, error: float = 0.08, effect: float = 0.6, **changed: object) -> Sustainment:
    arguments: dict[str, object] = {
        "months": [3, 6, 12, 18][: len(follow_ups)], "follow_ups": follow_ups,
        "follow_up_errors": [error] * len(follow_ups), "smallest_change": 0.3,
    }  # fmt: skip
    return sustainment(effect, 0.1, **(arguments | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("newest", "status"),
    [
        (0.55, Held.HELD),  # 0.39 to 0.71
        (0.10, Held.FADED),  # -0.06 to 0.26
        (0.40, Held.UNCLEAR),  # 0.24 to 0.56
        (0.25, Held.FADED),  # 0.09 to 0.41, and a loss of 0.35 with standard error 0.128
        (-0.3, Held.FADED),
    ],
)
def test_what_is_said_of_the_newest_follow_up(newest: float, status: Held) -> None:
    assert found(newest).status is status


def test_a_small_estimate_without_a_clear_loss_is_unclear() -> None:
    assert found(0.25, effect=0.35).status is Held.UNCLEAR


def test_the_change_since_the_decision() -> None:
    result = found(0.5, 0.4)
    assert result.change.effect == pytest.approx(-0.2)
    assert result.change.standard_error == pytest.approx(math.hypot(0.1, 0.08))
    half = 1.959963984540054 * math.hypot(0.1, 0.08)
    assert [result.change.interval.low, result.change.interval.high] == pytest.approx([-0.2 - half, -0.2 + half])
    assert result.half_life is None


def test_half_life_against_a_fit_of_both_parameters() -> None:
    """scipy.optimize.least_squares fits level and rate at once; the limits are where the refitted misfit passes."""
    times, effects = np.array([0.0, 3.0, 6.0, 12.0]), np.array([0.6, 0.5, 0.35, 0.1])
    errors = np.array([0.1, 0.08, 0.08, 0.08])
    both = scipy.optimize.least_squares(
        lambda x: (effects - x[0] * np.exp(-x[1] * times)) / errors, [0.6, 0.1], xtol=1e-14, ftol=1e-14
    )
    result = found(0.5, 0.35, 0.1).half_life
    assert result is not None
    assert result.value == pytest.approx(math.log(2) / both.x[1], rel=1e-4)
    assert result.interval is not None
    for limit in (result.interval.low, result.interval.high):
        rate = math.log(2) / limit
        level = scipy.optimize.minimize_scalar(
            lambda x, rate=rate: (((effects - x * np.exp(-rate * times)) / errors) ** 2).sum()
        )
        assert level.fun - 2 * both.cost == pytest.approx(1.959963984540054**2, rel=1e-4)


def test_half_life_is_covered() -> None:
    """True half-life 8 months, 600 series; binomial standard error 0.9 points."""
    random = np.random.default_rng(10)
    held = 0
    for _ in range(600):
        drawn = 0.8 * 0.5 ** (np.array([0, 3, 6, 12]) / 8) + random.normal(size=4) * [0.1, 0.08, 0.08, 0.08]
        result = found(*drawn[1:], effect=drawn[0]).half_life
        assert result is not None
        held += result.interval is None or result.interval.low <= 8 <= result.interval.high
    assert held / 600 == pytest.approx(0.95, abs=0.025)


def test_an_effect_that_stays_has_no_half_life() -> None:
    result = found(0.6, 0.62, 0.61).half_life
    assert result is not None
    assert result.value == math.inf
    assert result.interval is not None
    assert result.interval.high == math.inf
    assert result.interval.low > 10
    assert result.reason is not None
    assert "does not fall off" in result.reason.english()


def test_follow_ups_that_say_nothing() -> None:
    result = found(0.1, -0.1, 0.0, error=3.0, effect=0.01).half_life
    assert result is not None
    assert math.isnan(result.value)
    assert result.interval is None
    assert result.reason is not None


def test_units_do_not_matter() -> None:
    plain = found(0.5, 0.35, 0.1)
    large = sustainment(
        6000, 1000, months=[3, 6, 12], follow_ups=[5000, 3500, 1000], follow_up_errors=[800] * 3, smallest_change=3000
    )
    assert large.status is plain.status
    assert plain.half_life is not None
    assert large.half_life is not None
    assert large.half_life.value == pytest.approx(plain.half_life.value)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"months": [3, 3]}, "must be ascending and above 0"),
        ({"months": [0, 3]}, "must be ascending and above 0"),
        ({"months": [3]}, "must be equally many"),
        ({"follow_up_errors": [0.1, 0.0]}, "must all be > 0"),
        ({"follow_ups": [0.1, np.nan]}, r"follow_ups\[1\] == nan"),
        ({"smallest_change": -0.3}, "smallest_change == -0.3"),
    ],
)
def test_unusable_numbers_are_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        found(0.5, 0.4, **changed)
