"""Benefit, ratios and net benefit: against search, against simulation, and where there is no bound."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stats.errors import DataError
from stats.fieller import Shape, fieller
from stats.portfolio import shrink
from stats.value import cost_per_unit, cumulative_benefit, expected_net_benefit, value_per_cost

PORTFOLIO = shrink([0.42, 0.10, 0.55, -0.12, 0.05, 0.31], [0.12, 0.15, 0.20, 0.11, 0.09, 0.16])
Z = 1.959963984540054  # R: qnorm(0.975)


def test_benefit_adds_up_pilot_by_pilot() -> None:
    reach = np.array([100.0, 0.0, 50.0, 20.0, 10.0, 400.0])
    found = cumulative_benefit(PORTFOLIO, reach)
    assert found.benefits == pytest.approx(np.cumsum(reach * PORTFOLIO.effects))
    assert found.benefits[0] == found.benefits[1]
    assert found.standard_errors[0] == pytest.approx(100 * PORTFOLIO.standard_errors[0])
    first = PORTFOLIO.intervals[0]
    assert [found.intervals[0].low, found.intervals[0].high] == pytest.approx([100 * first.low, 100 * first.high])
    assert found.total == PORTFOLIO.combined(reach)
    # What all share makes the sum less certain than six unrelated numbers would be.
    assert found.total.standard_error > np.sqrt((reach**2 * PORTFOLIO.standard_errors**2).sum())


@pytest.mark.slow
def test_the_total_is_covered() -> None:
    """400 portfolios of eight pilots, each with another reach; binomial standard error 1.1 points."""
    random = np.random.default_rng(20260102)
    reach = np.array([1.0, 5.0, 2.0, 0.0, 3.0, 1.0, 8.0, 2.0])
    held = 0
    for _ in range(400):
        errors = np.exp(0.4 * random.normal(size=8))
        truth = 0.5 + random.normal(size=8)
        total = shrink(truth + errors * random.normal(size=8), errors).combined(reach)
        held += total.interval.low <= truth @ reach <= total.interval.high
    assert 0.92 <= held / 400 <= 0.99


@given(
    a=st.floats(-5, 5), b=st.floats(-5, 5), sa=st.floats(0.01, 3), sb=st.one_of(st.just(0.0), st.floats(0.001, 3)),
    r=st.floats(-0.9, 0.9), ratio=st.floats(-20, 20),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_a_ratio_is_in_the_set_when_the_test_of_it_does_not_reject(
    a: float, b: float, sa: float, sb: float, r: float, ratio: float
) -> None:
    """The definition: a - ratio * b differs from 0 by at most the deviate times its own standard error."""
    assume(sb > 0.01 or abs(b) > 0.01)
    covariance = r * sa * sb
    found = fieller(a, b, numerator_variance=sa**2, denominator_variance=sb**2, covariance=covariance, deviate=Z)
    error = math.sqrt(sa**2 + ratio**2 * sb**2 - 2 * ratio * covariance)
    assume(abs(abs(a - ratio * b) / error - Z) > 1e-6)
    assert found.holds(ratio) == (abs(a - ratio * b) <= Z * error)


def test_shapes_of_the_set() -> None:
    both = {"numerator_variance": 1.0, "denominator_variance": 1.0, "deviate": Z}
    assert fieller(10, 5, **both).shape is Shape.BETWEEN
    assert fieller(10, 1, **both).shape is Shape.OUTSIDE
    assert fieller(1, 1, **both).shape is Shape.EVERYTHING
    with pytest.raises(DataError, match="A ratio to 0 has no meaning"):
        fieller(1, 0, numerator_variance=1.0, denominator_variance=0.0, deviate=Z)
    with pytest.raises(ValueError, match="covariance == 5"):
        fieller(1, 1, covariance=5, **both)


def test_a_known_cost_only_divides() -> None:
    found = value_per_cost(1200, 400, 3000)
    assert found.value == pytest.approx(0.4)
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx(
        [(1200 - Z * 400) / 3000, (1200 + Z * 400) / 3000]
    )
    assert found.reason is None


def test_an_uncertain_cost_widens_more_upwards() -> None:
    """Covered as often as said: true value 0.4 per euro, 20,000 draws of benefit and cost."""
    random = np.random.default_rng(4)
    sure, unsure = value_per_cost(1200, 400, 3000), value_per_cost(1200, 400, 3000, cost_standard_error=600)
    assert sure.interval is not None
    assert unsure.interval is not None
    assert unsure.interval.high - 0.4 > sure.interval.high - 0.4
    assert unsure.interval.high - 0.4 > 0.4 - unsure.interval.low
    held = 0
    for benefit, cost in zip(random.normal(1200, 400, 4000), random.normal(3000, 600, 4000), strict=True):
        interval = value_per_cost(benefit, 400, cost, cost_standard_error=600).interval
        held += interval is None or interval.low <= 0.4 <= interval.high
    assert held / 4000 == pytest.approx(0.95, abs=0.011)


def test_a_cost_that_may_be_nothing_gives_no_bounds() -> None:
    found = value_per_cost(1200, 400, 3000, cost_standard_error=2000)
    assert found.interval is None
    assert found.reason is not None
    assert "too uncertain" in found.reason.english()


def test_cost_of_a_clear_gain() -> None:
    found = cost_per_unit(0.5, 0.1, 3000)
    assert found.value == pytest.approx(6000)
    assert found.interval is not None
    assert [found.interval.low, found.interval.high] == pytest.approx([3000 / (0.5 + Z * 0.1), 3000 / (0.5 - Z * 0.1)])
    assert found.reason is None


@pytest.mark.parametrize("effect", [0.1, 0.0, -0.1])
def test_cost_of_a_gain_that_may_be_none_has_no_upper_bound(effect: float) -> None:
    found = cost_per_unit(effect, 0.1, 3000)
    assert found.interval is not None
    assert found.interval.low == pytest.approx(3000 / (effect + Z * 0.1))
    assert found.interval.high == math.inf
    assert math.isnan(found.value) == (effect <= 0)
    assert found.reason is not None
    assert "no upper bound" in found.reason.english()


def test_no_gain_has_no_cost() -> None:
    found = cost_per_unit(-0.5, 0.1, 3000)
    assert math.isnan(found.value)
    assert found.interval is None
    assert found.reason is not None
    assert "no cost of a gain" in found.reason.english()


def test_cost_of_a_gain_is_covered_when_both_are_uncertain() -> None:
    """True effect 0.2, true cost 3000, so 15,000 a unit; one in four intervals has no upper bound."""
    random = np.random.default_rng(6)
    held = unbounded = 0
    for effect, cost in zip(random.normal(0.2, 0.1, 4000), random.normal(3000, 500, 4000), strict=True):
        found = cost_per_unit(effect, 0.1, cost, cost_standard_error=500)
        unbounded += found.interval is None or math.isinf(found.interval.high)
        held += found.interval is not None and found.interval.low <= 15_000 <= found.interval.high
    assert held / 4000 == pytest.approx(0.95, abs=0.011)
    assert 0.2 < unbounded / 4000 < 0.6


def test_net_benefit_and_its_chance() -> None:
    # R: pnorm(3000 / sqrt(3000^2 + 1000^2)) is 0.82860914
    found = expected_net_benefit(0.4, 0.15, value_per_unit=20_000, cost=5000, cost_standard_error=1000)
    assert found.expected == pytest.approx(3000)
    assert found.standard_error == pytest.approx(math.hypot(3000, 1000))
    assert found.chance_of_gain == pytest.approx(0.82860914, abs=1e-8)
    assert found.interval.high - found.expected == pytest.approx(Z * math.hypot(3000, 1000))
    saved = expected_net_benefit(0.0, 0.15, value_per_unit=20_000, cost=-5000)
    assert saved.expected == 5000


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cumulative_benefit(PORTFOLIO, [1, 1]), "reach has 2 values, must have one for each of 6 pilots"),
        (lambda: cumulative_benefit(PORTFOLIO, [1, 1, -1, 1, 1, 1]), r"reach\[2\] == -1.0, must be >= 0"),
        (lambda: cumulative_benefit(PORTFOLIO, [1, 1, np.nan, 1, 1, 1]), r"reach\[2\] == nan"),
        (lambda: value_per_cost(1.0, 0.1, 0.0), "cost == 0.0, must be > 0"),
        (lambda: value_per_cost(np.nan, 0.1, 1.0), "benefit == nan"),
        (lambda: value_per_cost(1.0, -0.1, 1.0), "standard_error == -0.1"),
        (lambda: cost_per_unit(1.0, 0.1, -5.0), "cost == -5.0, must be > 0"),
        (lambda: expected_net_benefit(1.0, 0.0, value_per_unit=1.0, cost=1.0), "at least one must be > 0"),
        (lambda: expected_net_benefit(1.0, 0.1, value_per_unit=0.0, cost=1.0), "value_per_unit == 0.0"),
    ],
)
def test_impossible_numbers_are_refused(call: object, said: str) -> None:
    assert callable(call)
    with pytest.raises(ValueError, match=said):
        call()
