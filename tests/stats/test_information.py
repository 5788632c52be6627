"""The value of more information against numerical integration of the decision problem itself."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.information import (
    belief_after,
    expected_value_of_perfect_information,
    expected_value_of_sample_information,
    unit_normal_loss,
    value_of_extending,
)


def test_unit_normal_loss_against_a_table() -> None:
    # Any table of the unit normal loss integral: L(0) = .3989, L(0.5) = .1978, L(1) = .0833, L(2) = .00849,
    # L(3) = .000382.
    assert unit_normal_loss(np.array([0.0, 0.5, 1.0, 2.0, 3.0])) == pytest.approx(
        [0.3989, 0.1978, 0.0833, 0.00849, 0.000382], abs=5e-5
    )
    # Far out, against the integral of the tail: scipy.integrate.quad(norm.sf, 12, inf).
    far = scipy.integrate.quad(scipy.stats.norm.sf, 12, np.inf, epsabs=0)[0]
    assert unit_normal_loss(np.array([12.0]))[0] == pytest.approx(far, rel=1e-9)


@pytest.mark.parametrize("belief", [(0.25, 0.15), (0.5, 0.15), (-0.2, 0.3), (0.3, 0.02)])
def test_perfect_information_against_integration(belief: tuple[float, float]) -> None:
    """Mean of max(0, payoff) over the belief, less max(0, mean payoff)."""
    effect, error = belief

    def gained(true: float) -> float:
        return float(2.0 * (true - 0.3) * scipy.stats.norm.pdf(true, effect, error))

    told = scipy.integrate.quad(gained, 0.3, effect + 40 * error, epsabs=1e-14, limit=400)[0] if error else 0.0
    expected = told - max(0.0, 2.0 * (effect - 0.3))
    found = expected_value_of_perfect_information(effect, error, break_even=0.3, value_per_unit=2.0)
    assert found == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("belief", [(0.25, 0.15), (0.5, 0.15), (0.1, 0.3)])
def test_sample_information_against_integration(belief: tuple[float, float]) -> None:
    """True effects drawn from the belief, new data drawn given them, the decision taken by Bayes' rule."""
    effect, error = belief
    later = np.array([0.13, 0.1, 0.05])
    found = expected_value_of_sample_information(
        effect, error, standard_errors_after=later, break_even=0.3, value_per_unit=5.0
    )
    for one, after in zip(found, later, strict=True):
        data_variance = 1 / (1 / after**2 - 1 / error**2)
        reach = effect + np.linspace(-9, 9, 1201) * error
        seen = effect + np.linspace(-9, 9, 1601) * np.sqrt(error**2 + data_variance)
        true = reach[:, None]
        joint = scipy.stats.norm.pdf(true, effect, error) * scipy.stats.norm.pdf(seen, true, data_variance**0.5)
        mean_after = (seen / data_variance + effect / error**2) / (1 / data_variance + 1 / error**2)
        payoff = np.where(mean_after > 0.3, 5.0 * (true - 0.3), 0.0) * joint
        decided = scipy.integrate.trapezoid(scipy.integrate.trapezoid(payoff, seen, axis=1), reach)
        assert one == pytest.approx(decided - max(0.0, 5.0 * (effect - 0.3)), abs=2e-3 * abs(decided) + 1e-4)


def test_the_best_number_of_weeks_against_search() -> None:
    """Each week's net value by simulating the belief's mean, 2 million draws."""
    later = np.array([0.13, 0.115, 0.105, 0.1])
    found = value_of_extending(
        0.25, 0.15, standard_errors_after=later, break_even=0.3, value_per_unit=100_000, cost_per_week=300,
    )  # fmt: skip
    drawn = np.random.default_rng(3).normal(size=2_000_000)
    means = 0.25 + np.sqrt(0.15**2 - later**2) * drawn[:, None]
    simulated = 100_000 * np.maximum(means - 0.3, 0).mean(axis=0) - 300 * np.arange(1, 5)
    assert found.net_values == pytest.approx(simulated, abs=15)
    assert found.best_weeks == int(np.argmax(simulated)) + 1
    assert found.best_value == max(found.net_values)
    assert found.worth_it
    assert (np.diff(found.information_values) > 0).all()
    assert found.perfect_information > found.information_values[-1]


def test_weeks_that_cost_more_than_they_teach_are_not_worth_it() -> None:
    found = value_of_extending(0.25, 0.15, standard_errors_after=[0.13, 0.12], break_even=0.3, cost_per_week=1.0)
    assert (found.best_weeks, found.best_value, found.worth_it) == (0, 0.0, False)


def test_waiting_forgoes_what_is_all_but_certain() -> None:
    """Without a horizon free weeks are always worth something; with one, a clear gain should not wait."""
    clear = {"standard_errors_after": [0.09, 0.08], "break_even": 0.3, "value_per_unit": 1000.0}
    assert value_of_extending(0.6, 0.1, **clear).worth_it  # type: ignore[arg-type]
    assert not value_of_extending(0.6, 0.1, **clear, horizon_weeks=52).worth_it  # type: ignore[arg-type]
    unsure = value_of_extending(0.3, 0.1, **clear, horizon_weeks=52)  # type: ignore[arg-type]
    assert unsure.worth_it
    # Week 1: 51 of 52 weeks are left of what is learnt, and deciding now is worth nothing.
    assert unsure.net_values[0] == pytest.approx(51 / 52 * unsure.information_values[0])


def test_own_weeks() -> None:
    arguments = {"standard_errors_after": [0.12, 0.1], "break_even": 0.3, "cost_per_week": 0.001}
    found = value_of_extending(0.25, 0.15, weeks=[4, 12], **arguments)  # type: ignore[arg-type]
    assert found.net_values == pytest.approx(found.information_values - [0.004, 0.012])
    for weeks in ([12, 4], [0, 4], [1.5, 4]):
        with pytest.raises(ValueError, match="ascending whole numbers above 0"):
            value_of_extending(0.25, 0.15, weeks=weeks, **arguments)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="weeks has 1 values and standard_errors_after 2"):
        value_of_extending(0.25, 0.15, weeks=[4], **arguments)  # type: ignore[arg-type]


def test_no_new_data_teach_nothing() -> None:
    found = expected_value_of_sample_information(0.25, 0.15, standard_errors_after=[0.15], break_even=0.3)
    assert list(found) == [0.0]
    assert list(belief_after(0.1, estimate_now=0.2, estimates_after=[0.2])) == [0.1]


def test_a_belief_and_its_estimate() -> None:
    """A prior N(., 0.2^2) and an estimate of 0.15: the belief is their product, before and after 0.15 becomes 0.1."""
    now = (1 / 0.2**2 + 1 / 0.15**2) ** -0.5
    after = (1 / 0.2**2 + 1 / 0.1**2) ** -0.5
    assert belief_after(now, estimate_now=0.15, estimates_after=[0.1])[0] == pytest.approx(after)


@given(
    effect=st.floats(-1, 1), error=st.floats(0.01, 1), share=st.floats(0.05, 1), bar=st.floats(-1, 1),
    factor=st.sampled_from([1e-3, 7.0, 1e4]), shift=st.sampled_from([-3.0, 0.5]),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_units_do_not_matter(
    effect: float, error: float, share: float, bar: float, factor: float, shift: float
) -> None:
    plain = expected_value_of_sample_information(effect, error, standard_errors_after=[share * error], break_even=bar)
    moved = expected_value_of_sample_information(
        factor * effect + shift, factor * error, standard_errors_after=[factor * share * error * (1 - 1e-12)],
        break_even=factor * bar + shift, value_per_unit=1 / factor,
    )  # fmt: skip
    assert moved == pytest.approx(plain, rel=1e-3, abs=1e-6)
    mirrored = expected_value_of_sample_information(
        2 * bar - effect, error, standard_errors_after=[share * error], break_even=bar
    )
    assert mirrored == pytest.approx(plain, rel=1e-6, abs=1e-12)
    assert 0 <= plain[0] <= expected_value_of_perfect_information(effect, error, break_even=bar) + 1e-12


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"effect": np.nan}, "effect == nan, must be a number"),
        ({"standard_error": 0.0}, "standard_error == 0.0, must be > 0"),
        ({"standard_errors_after": [0.2]}, r"standard_errors_after\[0\] == 0.2, must be from 0 to 0.15"),
        ({"standard_errors_after": [0.1, np.nan]}, r"standard_errors_after\[1\] == nan"),
        ({"value_per_unit": 0.0}, "value_per_unit == 0.0, must be > 0"),
        ({"cost_per_week": -1.0}, "cost_per_week == -1.0, must be a number >= 0"),
        ({"break_even": np.inf}, "break_even == inf, must be a number"),
        ({"horizon_weeks": 0.0}, "horizon_weeks == 0.0, must be > 0"),
    ],
)
def test_impossible_numbers_are_refused(changed: dict[str, object], said: str) -> None:
    given: dict[str, object] = {
        "effect": 0.25, "standard_error": 0.15, "standard_errors_after": [0.1], "break_even": 0.3,
    }  # fmt: skip
    given |= changed
    with pytest.raises(ValueError, match=said):
        value_of_extending(**given)  # type: ignore[arg-type]


def test_an_estimate_does_not_grow_less_exact() -> None:
    with pytest.raises(ValueError, match=r"estimates_after\[1\] == 0.3, must be above 0 and at most 0.2"):
        belief_after(0.1, estimate_now=0.2, estimates_after=[0.1, 0.3])
