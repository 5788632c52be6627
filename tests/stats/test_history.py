"""What a unit's own past says, on simulated pasts whose components are known."""

from __future__ import annotations

import numpy as np
import pytest

from stats.controlled import MAX_RHO, RHO_POWERS, SIGMA_SCALE, fit_controlled
from stats.errors import CannotEstimateError, DataError
from stats.history import TYPICAL_RHO, TYPICAL_SIGMA, History, history_of, steady
from stats.metric import Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_weeks
from stats.single_series import design, fit_single
from stats.working_scale import to_working

FIRST = np.datetime64("2025-01-06")


def units_of(
    seed: int,
    *,
    units: int = 6,
    weeks: int = 40,
    n: float | Floats = 20.0,
    sd: float = 1.0,
    sigma: float = 0.2,
    rho: float = 0.6,
    kind: Kind = Kind.SCORE,
) -> Panel:
    """Units 0.3 apart with AR(1) shocks; an answer's SD is `sd`, the shocks' and units' SDs are in that unit."""
    random = np.random.default_rng(seed)
    steps = random.normal(size=(units, weeks))
    for t in range(1, weeks):
        steps[:, t] = rho * steps[:, t - 1] + np.sqrt(1 - rho**2) * steps[:, t]
    answers = np.broadcast_to(np.asarray(n, dtype=np.float64), (units, weeks))
    level = 0.3 * random.normal(size=(units, 1)) + sigma * steps
    unit = np.repeat([f"U{j}" for j in range(units)], weeks).tolist()
    week = np.tile(FIRST + 7 * np.arange(weeks), units)
    if kind is Kind.PROPORTION:
        count = random.binomial(answers.astype(int), 1 / (1 + np.exp(-level)))
        return from_weeks(kind=kind, unit=unit, week=week, n=answers.ravel(), count=count.ravel())
    means = 3.5 + sd * (level + random.normal(size=level.shape) / np.sqrt(answers))
    return from_weeks(
        kind=kind, unit=unit, week=week, n=answers.ravel(), mean=means.ravel(), sd=np.full(means.size, sd)
    )


def end_of(panel: Panel) -> np.datetime64:
    return panel.weeks[-1] + np.timedelta64(7, "D")


def test_it_is_the_evaluations_fit_with_a_split_in_the_middle() -> None:
    panel = units_of(1)
    others = panel.units[1:]
    found = history_of(panel, "U0", others, before=end_of(panel))
    working = to_working(panel)
    treated = np.zeros_like(working.precision)
    treated[0, 20:] = 1.0
    fit = fit_controlled(working.values[None], working.precision[None], treated[None])
    assert found.shock_sd == pytest.approx(fit.sigma[0] * working.spread)
    assert found.between_sd == pytest.approx(fit.tau[0] * working.spread)
    assert found.autocorrelation == pytest.approx(fit.rho[0])
    assert (found.weeks, found.comparisons, found.thin, found.coverage) == (40, 5, False, 1.0)


def test_a_unit_alone_and_one_beside_another() -> None:
    panel = units_of(2)
    working = to_working(panel.restricted(units=["U0"]))
    treated = (np.arange(40) >= 20).astype(float)
    alone = history_of(panel, "U0", before=end_of(panel))
    fit = fit_single(working.values[0], working.precision[0], design(40, treated))
    assert alone.shock_sd == pytest.approx(fit.sigma * working.spread)
    assert (alone.comparisons, np.isnan(alone.between_sd)) == (0, True)
    two = to_working(panel.restricted(units=["U0", "U1"]))
    beside = history_of(panel, "U0", ["U1"], before=end_of(panel))
    difference = fit_single(two.values[0] - two.values[1], two.precision[0] / 2, design(40, treated))
    assert beside.shock_sd == pytest.approx(difference.sigma / np.sqrt(2) * two.spread)


def test_components_are_found_again_on_average() -> None:
    """Thirty pasts of nine units and 52 weeks: the means are near the truth, 0.3 SD of shocks with rho 0.6."""
    found = [
        history_of(p, "U0", p.units[1:], before=end_of(p))
        for p in (units_of(s, units=9, weeks=52, sigma=0.3) for s in range(30))
    ]
    # The SD is a root mean square over what it may be, hence a little above the truth on average.
    assert np.mean([one.shock_sd for one in found]) == pytest.approx(0.3, rel=0.1)
    assert np.mean([one.autocorrelation for one in found]) == pytest.approx(0.6, abs=0.06)
    assert np.mean([one.between_sd for one in found]) == pytest.approx(0.3, rel=0.15)
    assert 1.0 <= np.mean([one.tail_ratio for one in found]) < 1.1


def test_later_weeks_do_not_count() -> None:
    panel = units_of(3)
    cut = panel.restricted(until=panel.weeks[29])
    one, other = (
        history_of(part, "U0", panel.units[1:], before=panel.weeks[30]) for part in (panel, cut)
    )  # fmt: skip
    assert one == other
    assert one.weeks == 30


def test_answers_to_come_are_those_of_the_last_sixteen_weeks() -> None:
    n = np.concatenate([np.full(24, 60.0), np.tile([10.0, 30.0], 8)])
    panel = units_of(4, n=n)
    found = history_of(panel, "U0", panel.units[1:], before=end_of(panel))
    assert found.answers_a_week == 20.0
    assert found.harmonic_answers == pytest.approx(15.0)
    assert found.steady_answers == pytest.approx(steady(np.array([10.0, 30.0]), (found.shock_sd / found.sd) ** 2))
    assert found.comparison_answers == pytest.approx(found.steady_answers, rel=1e-6)


def test_missing_weeks_are_told() -> None:
    panel = units_of(5)
    for grid in (panel.n, panel.mean, panel.sd):
        grid[0, 1::2] = np.nan
    found = history_of(panel, "U0", panel.units[1:], before=end_of(panel))
    assert (found.weeks, found.coverage) == (20, 0.5)


def test_a_share_has_its_own_spread() -> None:
    panel = units_of(6, kind=Kind.PROPORTION, n=40.0)
    found = history_of(panel, "U0", panel.units[1:], before=end_of(panel))
    own = panel.count[0].sum() / panel.n[0].sum()
    assert found.level == pytest.approx(own, abs=0.002)
    assert found.sd == pytest.approx(np.sqrt(found.level * (1 - found.level)))
    assert 0.1 < found.shock_sd / found.slope < 0.35
    # A comparison unit nearer to one half tells more by each answer, one farther away less.
    assert found.comparison_answers == pytest.approx(40.0, rel=0.2)


@pytest.mark.parametrize(("weeks", "comparisons", "typical"), [(3, 5, True), (6, 5, False), (7, 0, True), (7, 1, True)])
def test_short_histories_are_thin(weeks: int, comparisons: int, typical: bool) -> None:
    panel = units_of(7, weeks=weeks)
    found = history_of(panel, "U0", panel.units[1 : 1 + comparisons], before=end_of(panel))
    assert found.thin
    assert found.note is not None
    assert f"only {weeks} weeks" in found.note.english()
    if typical:
        assert found.shock_sd == pytest.approx(TYPICAL_SIGMA * found.sd)
        assert found.autocorrelation == TYPICAL_RHO


def test_typical_values_are_the_means_of_the_models_priors() -> None:
    """A Beta density on (0, 0.97) and a Rayleigh density, by the midpoint rule."""
    r = (np.arange(20_000) + 0.5) / 20_000
    density = r ** RHO_POWERS[0] * (1 - r) ** RHO_POWERS[1]
    assert pytest.approx(MAX_RHO * (r * density).sum() / density.sum(), rel=1e-6) == TYPICAL_RHO
    s = 3.0 * r
    density = s * np.exp(-0.5 * (s / SIGMA_SCALE) ** 2)
    assert pytest.approx((s * density).sum() / density.sum(), rel=1e-6) == TYPICAL_SIGMA


def test_another_unit_of_measurement_changes_the_units_only() -> None:
    panel = units_of(8)
    wide = from_weeks(
        kind=Kind.COST, unit=np.repeat(panel.units, 40).tolist(), week=np.tile(panel.weeks, 6), n=panel.n.ravel(),
        mean=1e8 + 250 * panel.mean.ravel(), sd=250 * panel.sd.ravel(),
    )  # fmt: skip
    one, other = (history_of(p, "U0", p.units[1:], before=end_of(p)) for p in (panel, wide))
    assert other.shock_sd == pytest.approx(250 * one.shock_sd, rel=1e-4)
    assert other.between_sd == pytest.approx(250 * one.between_sd, rel=1e-4)
    assert other.tail_ratio == pytest.approx(one.tail_ratio, rel=1e-4)


def test_an_unknown_spread_of_answers_is_read_off_the_weeks() -> None:
    panel = units_of(9, sigma=0.02, rho=0.1)
    panel.sd[:] = np.nan
    found = history_of(panel, "U0", panel.units[1:], before=end_of(panel))
    noise = np.hypot(found.sd / np.sqrt(20.0), found.shock_sd)
    assert noise == pytest.approx(1 / np.sqrt(20.0), rel=0.25)
    with pytest.raises(CannotEstimateError, match="only 5 weeks of data; with so few"):
        history_of(panel, "U0", before=panel.weeks[5])


def test_what_cannot_be_read_is_refused() -> None:
    panel = units_of(10)
    with pytest.raises(CannotEstimateError, match="U0 has no data"):
        history_of(panel, "U0", before=panel.weeks[0])
    with pytest.raises(DataError, match="X is not in the data"):
        history_of(panel, "X", before=end_of(panel))
    flat = from_weeks(kind=Kind.SCORE, unit=["A"] * 9, week=FIRST + 7 * np.arange(9), n=[5] * 9, mean=[4] * 9)
    with pytest.raises(CannotEstimateError, match="Every value is the same"):
        history_of(flat, "A", before=end_of(flat))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"answers_a_week": 0}, "answers_a_week == 0"),
        ({"sd": -1}, "sd == -1"),
        ({"sd": np.nan}, "sd == nan"),
        ({"shock_sd": -0.1}, "shock_sd == -0.1"),
        ({"autocorrelation": 1.0}, "autocorrelation == 1.0"),
        ({"coverage": 0.0}, "coverage == 0.0"),
        ({"harmonic_answers": 25}, "harmonic_answers == 25"),
        ({"kind": Kind.PROPORTION, "level": 1.0}, "level == 1.0"),
        ({"kind": Kind.COUNT, "level": 0.0}, "level == 0.0"),
        ({"level": np.nan}, "level == nan"),
        ({"between_sd": -1}, "between_sd == -1"),
    ],
)
def test_figures_out_of_bounds_are_refused(changes: dict[str, object], named: str) -> None:
    fields = {
        "kind": Kind.SCORE,
        "level": 3.9,
        "answers_a_week": 20,
        "sd": 1.1,
        "shock_sd": 0.2,
        "autocorrelation": 0.5,
    }
    with pytest.raises(ValueError, match=named):
        History(**{**fields, **changes})  # type: ignore[arg-type]


def test_steady_answers_lie_between_the_harmonic_mean_and_the_mean() -> None:
    """Both ends, and in between the information of the exact weeks: mean of 1 / (ratio + 1 / n)."""
    n = np.arange(5.0, 31.0)
    harmonic = len(n) / (1 / n).sum()
    assert steady(n, 0.0) == pytest.approx(n.mean())
    assert steady(n, 1e8) == pytest.approx(harmonic, rel=1e-4)
    some = steady(n, 0.04)
    assert 1 / (0.04 + 1 / some) == pytest.approx(np.mean(1 / (0.04 + 1 / n)))
    two = History(
        kind=Kind.SCORE, level=0, answers_a_week=n.mean(), harmonic_answers=harmonic, sd=1, shock_sd=0.2,
        autocorrelation=0.5,
    )  # fmt: skip
    assert two.steady_answers == pytest.approx(some, rel=0.02)
