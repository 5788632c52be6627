"""Which units are alike before the start."""

from __future__ import annotations

import numpy as np
import pytest

from stats.errors import CannotEstimateError, DataError
from stats.metric import Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_weeks
from stats.similarity import LEFT_OUT_WEEKS, Suggestion, suggest_comparison_units
from stats.unit_weeks import unit_weeks

FIRST = np.datetime64("2025-06-02")
WEEKS = 46
BEFORE = FIRST + 7 * WEEKS


def panel(levels: dict[str, float], *, seed: int = 1, moves: dict[str, Floats] | None = None, n: float = 40.0) -> Panel:
    """Units at levels of their own with independent weeks of SD 0.1 and chance of SD 1 a single answer."""
    random = np.random.default_rng(seed)
    rows = []
    for name, level in levels.items():
        weeks = 0.1 * random.normal(size=WEEKS) + random.normal(size=WEEKS) / np.sqrt(n)
        rows.append(level + weeks + (0.0 if moves is None else moves.get(name, np.zeros(WEEKS))))
    return from_weeks(
        kind=Kind.SCORE, unit=np.repeat(list(levels), WEEKS).tolist(),
        week=np.tile(FIRST + 7 * np.arange(WEEKS), len(levels)), n=np.full(len(levels) * WEEKS, n),
        mean=np.concatenate(rows), sd=np.ones(len(levels) * WEEKS),
    )  # fmt: skip


def names(found: tuple[Suggestion, ...]) -> list[str]:
    return [one.unit for one in found]


def test_the_nearest_level_comes_first() -> None:
    data = panel({"A": 3.5, "far": 4.6, "near": 3.55, "middle": 4.0})
    found = suggest_comparison_units(data, "A", before=BEFORE)
    assert names(found) == ["near", "middle", "far"]
    assert all(one.proposed for one in found)
    first = found[0].reasons[0].english()
    assert first.startswith("Its level has been about the same as yours (3.5")
    assert found[1].reasons[0].english().startswith("Its level has differed from yours")


def test_units_that_move_together_come_first() -> None:
    """Eight units at one level; B and C share slow swings with A, which the common week does not hold."""
    swing = 0.5 * np.sin(np.arange(WEEKS) / 3.0)
    data = panel(dict.fromkeys("ADEFGBHC", 3.5), moves={"A": swing, "B": swing, "C": swing}, seed=4)
    found = suggest_comparison_units(data, "A", before=BEFORE)
    assert set(names(found)[:2]) == {"B", "C"}
    assert min(one.correlation for one in found[:2]) > 0.3
    assert any("come along with yours" in reason.english() for reason in found[0].reasons)
    # The others move against A once the common week, which holds a third of the swing, is taken out.
    assert max(one.correlation for one in found[2:]) < 0.1


def test_independent_movements_have_no_correlation_on_average() -> None:
    """Without the correction for the common week the mean would be -1/5."""
    found = [
        one.correlation
        for seed in range(40)
        for one in suggest_comparison_units(panel(dict.fromkeys("ABCDEF", 3.5), seed=seed), "A", before=BEFORE)
    ]
    assert abs(np.mean(found)) < 0.03


def test_short_series_lean_on_what_is_usual() -> None:
    """With little data kin stay near 0.3 and others near 0; with much data both say what the weeks say."""
    data = panel(dict.fromkeys("ABCDEF", 3.5), seed=3)
    short = data.restricted(since=BEFORE - 7 * (LEFT_OUT_WEEKS + 9))
    few = {one.unit: one for one in suggest_comparison_units(short, "A", before=BEFORE, kin=["B"])}
    bare = {one.unit: one for one in suggest_comparison_units(short, "A", before=BEFORE)}
    assert few["B"].correlation - bare["B"].correlation > 0.1
    many = {one.unit: one for one in suggest_comparison_units(data, "A", before=BEFORE, kin=["B"])}
    plain = {one.unit: one for one in suggest_comparison_units(data, "A", before=BEFORE)}
    assert many["B"].correlation - plain["B"].correlation < few["B"].correlation - bare["B"].correlation
    assert many["C"] == plain["C"]


def test_a_unit_that_drifts_away_is_not_proposed() -> None:
    slide = -0.02 * np.arange(WEEKS)
    data = panel(dict.fromkeys("ABCDEF", 3.8), moves={"B": slide})
    found = {one.unit: one for one in suggest_comparison_units(data, "A", before=BEFORE)}
    assert not found["B"].suitable
    assert not found["B"].proposed
    assert found["B"].drift_z < -2.24
    assert "drifting away" in found["B"].reasons[0].english()
    assert sum(found[name].suitable for name in "CDEF") >= 3


def test_drift_is_seldom_seen_where_there_is_none() -> None:
    """Two hundred pairs with correlated shocks: about 2.5 % flagged, fewer than 8 %."""
    random = np.random.default_rng(6)
    flagged = []
    for seed in range(40):
        steps = 0.2 * random.normal(size=(6, WEEKS))
        for t in range(1, WEEKS):
            steps[:, t] += 0.6 * steps[:, t - 1]
        data = panel(dict.fromkeys("ABCDEF", 3.8), seed=seed, moves=dict(zip("ABCDEF", steps, strict=True)))
        flagged += [abs(one.drift_z) > 2.24 for one in suggest_comparison_units(data, "A", before=BEFORE)]
    assert np.mean(flagged) < 0.08


def test_the_last_weeks_have_no_say() -> None:
    """Whatever happened in the six weeks before the start, the same units are proposed for the same reasons."""
    data = panel({"A": 3.5, "B": 3.6, "C": 3.9, "D": 3.2, "E": 3.4})
    before = suggest_comparison_units(data, "A", before=BEFORE)
    for grid in (data.mean, data.n):
        grid[:, -LEFT_OUT_WEEKS:] *= np.random.default_rng(1).uniform(0.5, 2.0, (5, LEFT_OUT_WEEKS))
    assert suggest_comparison_units(data, "A", before=BEFORE) == before


def test_missing_weeks_and_few_answers_count_against_a_unit() -> None:
    data = panel(dict.fromkeys("ABCDE", 3.5))
    data.n[1] /= 4
    for grid in (data.n, data.mean, data.sd):
        grid[2, :30] = np.nan
        grid[3, ::3] = np.nan
    found = {one.unit: one for one in suggest_comparison_units(data, "A", before=BEFORE)}
    assert "It gets fewer answers or cases than you." in [reason.english() for reason in found["B"].reasons]
    assert not found["C"].suitable
    assert found["D"].suitable
    assert any("has data in 26 of your 40 weeks" in reason.english() for reason in found["D"].reasons)
    assert min(found.values(), key=lambda one: one.unlikeness).unit == "E"


def test_only_so_many_are_proposed_and_candidates_may_be_named() -> None:
    data = panel(dict.fromkeys("ABCDEFGH", 3.5))
    found = suggest_comparison_units(data, "A", before=BEFORE, most=3)
    assert [one.proposed for one in found].count(True) == 3
    assert all(one.proposed for one in found[:3])
    assert set(names(suggest_comparison_units(data, "A", candidates=["A", "C", "D"], before=BEFORE))) == {"C", "D"}


def test_the_order_of_the_units_does_not_matter() -> None:
    data = panel({"A": 3.5, "B": 3.6, "C": 3.9, "D": 3.2, "E": 3.4})
    turned = data.restricted(units=["E", "C", "A", "D", "B"])
    one, other = (suggest_comparison_units(part, "A", before=BEFORE) for part in (data, turned))
    assert names(one) == names(other)
    np.testing.assert_allclose([s.unlikeness for s in one], [s.unlikeness for s in other], rtol=1e-6)


def test_levels_and_common_weeks_are_those_of_two_way_least_squares() -> None:
    """On a panel without gaps and with equal answers the movements are the doubly centred values."""
    data = panel({"A": 3.5, "B": 3.6, "C": 3.9, "D": 3.2})
    found = unit_weeks(data)
    values = found.working.values
    centred = values - values.mean(axis=0) - values.mean(axis=1)[:, None] + values.mean()
    np.testing.assert_allclose(found.movements, centred, atol=1e-9)


def test_shocks_are_found_by_their_moments() -> None:
    """Twenty units of 46 weeks, shocks of 0.3 with a correlation of 0.5."""
    random = np.random.default_rng(9)
    steps = random.normal(size=(20, WEEKS))
    for t in range(1, WEEKS):
        steps[:, t] = 0.5 * steps[:, t - 1] + np.sqrt(0.75) * steps[:, t]
    named = {f"U{j}": 3.5 for j in range(20)}
    found = unit_weeks(panel(named, moves=dict(zip(named, 0.283 * steps, strict=True))))
    assert found.sigma == pytest.approx(0.3, rel=0.15)  # the panel's own weeks add 0.1
    assert found.rho == pytest.approx(0.45, abs=0.12)


def test_counts_and_units_without_spread_are_ranked_too() -> None:
    random = np.random.default_rng(3)
    counts = random.poisson(np.repeat([4.0, 4.2, 9.0], WEEKS))
    data = from_weeks(
        kind=Kind.COUNT, unit=np.repeat(["A", "B", "C"], WEEKS).tolist(), week=np.tile(FIRST + 7 * np.arange(WEEKS), 3),
        n=np.ones(3 * WEEKS), count=counts,
    )  # fmt: skip
    found = suggest_comparison_units(data, "A", before=BEFORE)
    assert names(found) == ["B", "C"]
    assert np.isnan(found[0].spread_ratio)


def test_nobody_to_compare_with_and_nothing_to_go_by() -> None:
    data = panel({"A": 3.5, "B": 3.6})
    assert suggest_comparison_units(data, "A", candidates=[], before=BEFORE) == ()
    with pytest.raises(CannotEstimateError, match="A has no data"):
        suggest_comparison_units(data, "A", before=FIRST)
    with pytest.raises(DataError, match="X is not in the data"):
        suggest_comparison_units(data, "X", before=BEFORE)
    with pytest.raises(ValueError, match="most == 0"):
        suggest_comparison_units(data, "A", before=BEFORE, most=0)
