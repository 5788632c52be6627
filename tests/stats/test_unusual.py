"""Were the last weeks out of the ordinary, and what comes back by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks._pilots import CELLS, Cell, simulate
from stats.errors import CannotEstimateError
from stats.history import history_of
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.unusual import Standing, unusual_weeks

WEEKS = np.datetime64("2026-01-05") + 7 * np.arange(30)


def panel(last: float, *, weeks: int = 24, kind: Kind = Kind.SCORE) -> Panel:
    """Alternating 3.9 and 4.1, then six weeks at `last`; a count of events per unit of exposure when counted."""
    means = np.concatenate([np.resize([3.9, 4.1], weeks), np.full(6, last)])
    if kind is Kind.COUNT:
        return from_weeks(
            kind=kind, unit=["A"] * len(means), week=WEEKS[: len(means)], n=[10.0] * len(means),
            count=np.round(means * 10),
        )  # fmt: skip
    return from_weeks(
        kind=kind, unit=["A"] * len(means), week=WEEKS[: len(means)], n=[25] * len(means), mean=means,
        sd=[1.0] * len(means),
    )  # fmt: skip


@pytest.mark.parametrize("direction", list(Direction))
@pytest.mark.parametrize(("last", "better"), [(3.4, -1), (4.6, 1), (4.0, 0)])
def test_weeks_are_bad_or_good_by_the_metrics_direction(last: float, better: int, direction: Direction) -> None:
    found = unusual_weeks(panel(last), "A", direction=direction)
    expected = {0: Standing.USUAL, 1: Standing.GOOD, -1: Standing.BAD}[better * direction.sign]
    assert found.standing is expected
    assert (found.level, found.expected, found.weeks) == (pytest.approx(last), pytest.approx(4.0, abs=0.02), 6)
    assert np.sign(round(found.z, 6)) == (better * direction.sign if better else np.sign(round(found.z, 6)))
    if better:
        assert 0 < -better * found.expected_return < abs(last - 4.0) + 0.01


def test_the_sentence_says_how_much_comes_back() -> None:
    found = unusual_weeks(panel(3.4), "A")
    text = found.message.english()
    assert text.startswith("The last 6 weeks were unusually bad (3.4, expected 4")
    assert f"by itself (about {found.expected_return:.3g})" in text
    good = unusual_weeks(panel(4.6), "A").message.english()
    assert "unusually good" in good
    assert "worsen somewhat by themselves" in good
    assert "no different" in unusual_weeks(panel(4.0), "A").message.english()


def test_rates_are_told_in_their_own_unit() -> None:
    found = unusual_weeks(panel(6.0, kind=Kind.COUNT), "A", direction=Direction.DECREASE)
    assert found.standing is Standing.BAD
    assert -2.0 < found.expected_return < -0.3
    assert found.level == pytest.approx(6.0)


def dense_return(values: np.ndarray, noise: np.ndarray, sigma: float, rho: float, late: int, ahead: int) -> float:
    """Best linear unbiased prediction of the mean of the coming weeks, less the mean of the last ones, by Lagrange."""
    count = len(values)
    gap = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    covariance = sigma**2 * rho**gap + np.diag(noise)
    to_come = np.array([np.mean(sigma**2 * rho ** (count + np.arange(ahead) - t)) for t in range(count)])
    system = np.block([[covariance, np.ones((count, 1))], [np.ones((1, count)), np.zeros((1, 1))]])
    weights = np.linalg.solve(system, np.append(to_come, 1.0))[:count]
    return float(weights @ values - values[-late:].mean())


def test_what_comes_back_is_the_best_linear_prediction() -> None:
    """Of one unit alone: the kriging equations, at the components of its history."""
    random = np.random.default_rng(5)
    means = 4.0 + random.normal(size=30) * 0.3
    data = from_weeks(kind=Kind.SCORE, unit=["A"] * 30, week=WEEKS, n=[25] * 30, mean=means, sd=[1.0] * 30)
    past = history_of(data, "A", before=WEEKS[-1] + np.timedelta64(7, "D"))
    expected = dense_return(means, np.full(30, 1 / 25), past.shock_sd, past.autocorrelation, 6, 12)
    assert unusual_weeks(data, "A").expected_return == pytest.approx(expected, rel=2e-3)


def test_comparison_units_that_had_the_same_weeks_explain_them() -> None:
    """A dip that all units share is nobody's bad luck."""
    random = np.random.default_rng(2)
    dip = np.where(np.arange(30) >= 24, -0.6, 0.0)
    means = 4.0 + dip + random.normal(size=(5, 30)) * 0.15
    data = from_weeks(
        kind=Kind.SCORE, unit=np.repeat(list("ABCDE"), 30).tolist(), week=np.tile(WEEKS, 5), n=[30] * 150,
        mean=means.ravel(), sd=[1.0] * 150,
    )  # fmt: skip
    assert unusual_weeks(data, "A").standing is Standing.BAD
    assert unusual_weeks(data, "A", comparison_units=list("BCDE")).standing is Standing.USUAL


def _returns(cell: Cell, pilots: int) -> tuple[np.ndarray, np.ndarray]:
    """Predicted and real returns of units that were picked because their last weeks looked worst."""
    predicted, real = np.empty(pilots), np.empty(pilots)
    for seed in range(pilots):
        data, plan = simulate(cell, effect=0.0, random=np.random.default_rng([5, seed]))
        before = data.restricted(until=data.weeks[cell.before - 1])
        predicted[seed] = unusual_weeks(before, "U0", comparison_units=plan.comparison_units).expected_return
        others = data.mean[1:].mean(axis=0) if cell.units > 1 else 0.0
        series, last = data.mean[0] - others, slice(cell.before - 6, cell.before)
        real[seed] = series[cell.before :].mean() - np.average(series[last], weights=data.n[0][last])
    return predicted, real


@pytest.mark.slow
@pytest.mark.parametrize(("units", "pilots"), [(9, 150), (1, 150)])
def test_the_return_foretold_is_the_return_that_comes(units: int, pilots: int) -> None:
    """Worst of nine units by its last four weeks: the mean return is foretold within two standard errors and 0.02."""
    cell = replace(CELLS[0], units=units, before=30, season=0.15 if units > 1 else 0.0)
    predicted, real = _returns(cell, pilots)
    assert real.mean() > 0.06
    assert abs(predicted.mean() - real.mean()) < 2.0 * real.std() / np.sqrt(pilots) + 0.02
    assert 0.5 < np.polyfit(predicted, real, 1)[0] < 1.6


def test_rare_false_alarms() -> None:
    """A hundred units nobody picked: at most one in twenty looks bad, which 13 or more would contradict."""
    random = np.random.default_rng(11)
    bad = 0
    for _ in range(100):
        means = 4.0 + random.normal(size=30) / 5.0
        data = from_weeks(kind=Kind.SCORE, unit=["A"] * 30, week=WEEKS, n=[25] * 30, mean=means, sd=[1.0] * 30)
        bad += unusual_weeks(data, "A").standing is Standing.BAD
    assert bad <= 12


def test_too_few_weeks_say_nothing() -> None:
    with pytest.raises(CannotEstimateError, match="Too few weeks"):
        unusual_weeks(panel(3.0, weeks=7), "A")
    with pytest.raises(ValueError, match="last == 1"):
        unusual_weeks(panel(3.0), "A", last=1)
