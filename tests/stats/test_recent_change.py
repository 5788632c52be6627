"""Latest weeks against the weeks before, in many places at once: exact, and seldom wrong."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from stats.recent_change import WINDOWS, pooled_dispersion, recent_changes

STEADY = [3, 2, 4, 3, 3, 2, 4, 3] * 5


def counties(
    rng: np.random.Generator, *, weeks: int, spread: float
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """Twenty themes in 26 units of different size in which nothing changes: counts and exposures, (520, weeks)."""
    answers = rng.gamma(2.0, 17.0, 26)
    share = 0.4 * rng.dirichlet(np.full(20, 1.5), 26)
    exposed = np.repeat(rng.poisson(np.repeat(answers[:, None], weeks, axis=1)), 20, axis=0).astype(np.float64)
    mean = share.ravel()[:, None] * exposed
    if spread > 1:
        mean = rng.gamma(np.maximum(mean / (spread - 1), 1e-9), spread - 1)
    return rng.poisson(mean).astype(np.float64), exposed


def test_it_is_the_exact_test_times_all_that_was_tried() -> None:
    counts = np.array([[*STEADY, 9, 11, 8, 12]])
    found = recent_changes(counts, np.full((1, 44), 50.0))
    # 40 events in the latest 4 of 44 weeks, 120 before: scipy's exact one-sided test, five windows, two directions.
    exact = scipy.stats.binomtest(40, 160, 4 / 44, alternative="greater").pvalue
    assert found.p_values[0] == pytest.approx(10 * exact, rel=1e-9)
    assert (found.weeks[0], found.rise[0], found.recent[0], found.expected[0]) == (4, True, 40, 12)
    fewer = recent_changes(np.array([[*STEADY, *[0] * 13]]), np.full((1, 53), 50.0))
    exact = scipy.stats.binomtest(0, 120, 13 / 53, alternative="less").pvalue
    assert fewer.p_values[0] == pytest.approx(10 * exact, rel=1e-9)
    assert not fewer.rise[0]


def test_more_answers_are_no_change() -> None:
    twice = [6, 4, 8, 6]
    exposed = np.array([[50.0] * 40 + [100.0] * 4])
    assert not recent_changes(np.array([[*STEADY, *twice]]), exposed).found[0]
    assert recent_changes(np.array([[*STEADY, *twice]]), np.full((1, 44), 50.0)).p_values[0] < 0.1


def test_order_of_places_does_not_matter() -> None:
    counts, exposed = counties(np.random.default_rng(3), weeks=52, spread=1.0)
    order = np.random.default_rng(4).permutation(len(counts))
    straight, mixed = recent_changes(counts, exposed), recent_changes(counts[order], exposed[order])
    np.testing.assert_array_equal(straight.p_values[order], mixed.p_values)
    np.testing.assert_array_equal(straight.found[order], mixed.found)


def test_a_wide_spread_makes_events_count_for_less() -> None:
    counts = np.array([[*STEADY, 9, 11, 8, 12]])
    exposed = np.full((1, 44), 50.0)
    plain, spread = (recent_changes(counts, exposed, dispersion=d).p_values[0] for d in (1.0, 2.0))
    # Half as many independent events in the same proportion.
    assert spread == pytest.approx(10 * scipy.stats.binomtest(20, 80, 4 / 44, alternative="greater").pvalue)
    assert plain < spread


@pytest.mark.parametrize(
    ("counts", "exposed"),
    [([[0] * 40], [[10] * 40]), ([[1] * 40], [[0] * 40]), ([[5] * 10], [[10] * 10])],
    ids=["no events", "no answers", "too short"],
)
def test_nothing_to_compare_is_no_change(counts: list[list[int]], exposed: list[list[int]]) -> None:
    found = recent_changes(counts, exposed)
    assert found.p_values.tolist() == [1.0]
    assert found.weeks.tolist() == [0]
    assert not found.found.any()


@pytest.mark.parametrize(
    ("counts", "exposed", "dispersion", "name"),
    [
        ([[1.0, -1.0]], [[1.0, 1.0]], 1.0, "counts"),
        ([[1.0, 1.0]], [[1.0, float("nan")]], 1.0, "exposures"),
        ([1.0, 1.0], [[1.0, 1.0]], 1.0, "counts"),
        ([[1.0, 1.0]], [[1.0]], 1.0, "shape"),
        ([[1.0, 1.0]], [[1.0, 1.0]], 0.5, "dispersion"),
    ],
)
def test_bad_input_is_named(
    counts: list[list[float]], exposed: list[list[float]], dispersion: float, name: str
) -> None:
    with pytest.raises(ValueError, match=name):
        recent_changes(counts, exposed, dispersion=dispersion)


def test_the_dispersion_of_stable_and_of_clustered_counts() -> None:
    for spread in (1.0, 2.0):
        counts, exposed = counties(np.random.default_rng(7), weeks=52, spread=spread)
        assert pooled_dispersion(counts, exposed) == pytest.approx(spread, rel=0.1)
    assert pooled_dispersion(np.zeros((3, 20)), np.ones((3, 20))) == 1.0


@pytest.mark.parametrize(("spread", "most"), [(1.0, 0.3), (2.0, 1.0)])
def test_a_stable_county_has_less_than_one_false_alarm_a_month(spread: float, most: float) -> None:
    # 520 places, looked at every week of half a year over the 52 weeks before: alarms that were not there a week
    # earlier, a month. A longer run of 12 counties gave 0.04 without and 0.3 to 0.5 with clusters.
    rng = np.random.default_rng(11)
    fresh, looks = 0, 0
    for _ in range(3):
        counts, exposed = counties(rng, weeks=78, spread=spread)
        earlier = np.zeros(len(counts), dtype=np.bool_)
        for week in range(52, 78, 2):
            seen, of = counts[:, week - 52 : week], exposed[:, week - 52 : week]
            dispersion = [pooled_dispersion(seen[k::20], of[k::20]) for k in range(20)]
            found = recent_changes(seen, of, dispersion=np.tile(dispersion, 26)).found
            fresh, looks, earlier = fresh + int((found & ~earlier).sum()), looks + 2, found
    assert fresh / looks * 52 / 12 < most


def test_true_changes_are_found() -> None:
    # In 20 of 520 places the share becomes four times as large eight weeks ago; those with at least three events a
    # week are found nearly always.
    rng = np.random.default_rng(5)
    counts, exposed = counties(rng, weeks=52, spread=1.0)
    busy = np.argsort(counts.mean(axis=1))[-60:][::3]
    counts[busy, -8:] = rng.poisson(4 * counts[busy, :-8].mean(axis=1)[:, None], (len(busy), 8))
    found = recent_changes(counts, exposed)
    assert found.found[busy].mean() > 0.9
    assert (found.found.sum() - found.found[busy].sum()) <= 2
    assert set(found.weeks[found.found]) <= set(WINDOWS)
