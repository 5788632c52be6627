"""How the numbers came about: copies, impossible spreads and rounding are found; answers as people give them pass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.check import Check
from stats.checks_quality import digit_preference, duplicated_values, implausible_spread
from stats.metric import Direction, Kind
from stats.panel import Floats
from stats.pilot_data import PilotData
from stats.repeats import repeated_rows
from stats.scale_ends import Scale
from tests.stats.small_pilots import AFTER, pilot_data

FIVE = Scale(low=1, high=5)
WEEK = np.arange(24)


def likert(random: np.random.Generator, n: int, level: float = 3.6, spread: float = 0.3) -> Floats:
    """Answers 1-5, beta-binomial."""
    share, size = (level - 1) / 4, 1 / spread - 1
    return 1.0 + random.binomial(4, random.beta(share * size, (1 - share) * size, n))


def answered(
    random: np.random.Generator, *, n: float = 16, level: float = 3.6, decimals: int | None = None
) -> list[Floats]:
    """(n, mean, sd) grids of three units' weeks."""
    grids = [np.zeros((3, 24)) for _ in range(3)]
    for j, t in np.ndindex(3, 24):
        answers = likert(random, max(random.poisson(n), 2), np.clip(level + 0.1 * random.normal(), 1.3, 4.9))
        for grid, value in zip(grids, (len(answers), answers.mean(), answers.std(ddof=1)), strict=True):
            grid[j, t] = value if decimals is None else round(value, decimals)
    return grids


def scores(grids: list[Floats]) -> PilotData:
    n, mean, sd = grids
    return pilot_data(n, mean=mean, sd=sd)


def seen(check: Check | None) -> Check:
    assert check is not None
    return check


def copied(grids: list[Floats], pairs: list[tuple[int, int]], unit: int = 0) -> list[Floats]:
    for grid in grids:
        for source, target in pairs:
            grid[unit, target] = grid[unit, source]
    return grids


def test_a_file_read_twice_is_found() -> None:
    grids = copied(answered(np.random.default_rng(1), n=25), [(4, 14), (5, 15), (6, 16)])
    check = seen(duplicated_values(scores(grids)))
    assert (check.passed, check.blocks_scale) == (False, True)
    assert "U0 2026-03-16, U0 2026-03-23, U0 2026-03-30." in check.detail.english()
    many = copied(answered(np.random.default_rng(1), n=25), [(k, k + 12) for k in range(5)], unit=2)
    check = seen(duplicated_values(scores(many)))
    assert (check.passed, check.blocks_scale) == (False, False)  # copies in a comparison unit are told
    assert "and 2 more" in check.detail.english()


@pytest.mark.parametrize(("n", "level", "decimals"), [(12, 3.6, None), (12, 3.6, 2), (30, 3.6, 2), (30, 4.6, None)])
def test_whole_answers_that_agree_by_chance_are_no_copies(n: float, level: float, decimals: int | None) -> None:
    """40 pilots each, at a level of 0.1 %: more than 1 has probability 0.08 %. Measured with 120 each: none."""
    random = np.random.default_rng([2, round(10 * n), round(10 * level)])
    copies = 0
    for _ in range(40):
        check = duplicated_values(scores(answered(random, n=n, level=level, decimals=decimals)))
        copies += check is not None and check.passed is False
    assert copies <= 1


def test_the_chance_of_agreeing_is_not_understated() -> None:
    """Pairs that agree in 40 panels of whole answers, against the number that was expected."""
    random = np.random.default_rng(3)
    found = [repeated_rows(scores(answered(random, n=14)).panel) for _ in range(40)]
    pairs = sum(one.pairs for one in found if one is not None)
    expected = sum(one.expected for one in found if one is not None)
    assert pairs <= expected + 3 * np.sqrt(expected)


def test_kinds_that_agree_by_chance_are_not_compared() -> None:
    n = np.full((2, 24), 20.0)
    counts = 5.0 + WEEK % 3 + np.zeros((2, 1))
    assert duplicated_values(pilot_data(n, count=counts, kind=Kind.PROPORTION)) is None
    assert duplicated_values(pilot_data(n / 10, mean=3 + 0.1 * counts, sd=np.ones(n.shape))) is None  # few answers


@given(st.integers(1, 1000), st.floats(0.5, 20), st.floats(-50, 1e3))
def test_copies_stay_copies_on_another_scale(seed: int, factor: float, shift: float) -> None:
    random = np.random.default_rng(seed)
    n, mean, sd = np.full((2, 24), 20.0), random.gamma(9, 2, (2, 24)), random.gamma(9, 1, (2, 24))
    mean[0, 15], sd[0, 15] = mean[0, 3], sd[0, 3]
    data = pilot_data(n, mean=shift + factor * mean, sd=factor * sd, kind=Kind.COST, direction=Direction.DECREASE)
    found = repeated_rows(data.panel)
    assert found is not None
    assert found.rows == ((0, 15),)
    assert found.p_value < 1e-6


def impossible(change: dict[str, float], scale: Scale | None = FIVE, unit: int = 0) -> Check:
    n, mean, sd = answered(np.random.default_rng(5), n=16)
    for name, grid in (("n", n), ("mean", mean), ("sd", sd)):
        grid[unit, 13] = change.get(name, grid[unit, 13])
    return seen(implausible_spread(pilot_data(n, mean=mean, sd=sd), scale))


def test_a_spread_wider_than_the_scale_allows() -> None:
    # Answers 1 and 5 only, four each: mean 3, SD sqrt(4 * 8 / 7) = 2.138. That is possible; 2.3 is not.
    assert impossible({"n": 8, "mean": 3.0, "sd": float(np.std([1] * 4 + [5] * 4, ddof=1))}).passed is True
    check = impossible({"n": 8, "mean": 3.0, "sd": 2.3})
    assert (check.passed, check.blocks_scale) == (False, True)
    assert "first in U0 in the week of 2026-03-09: no answers with the mean 3 can differ" in check.detail.english()
    # A mean of 4.8 leaves much less room: at most sqrt(3.8 * 0.2 * 16 / 15) = 0.900.
    assert impossible({"n": 16, "mean": 4.8, "sd": 0.90}).passed is True
    assert impossible({"n": 16, "mean": 4.8, "sd": 1.05}).passed is False
    assert not impossible({"n": 16, "mean": 4.8, "sd": 1.05}, unit=1).blocks_scale


def test_a_mean_outside_the_scale() -> None:
    check = impossible({"mean": 6.0})
    assert (check.passed, check.blocks_scale) == (False, True)
    assert "the mean 6 lies outside the scale" in check.detail.english()
    assert impossible({"mean": 6.0}, scale=None).passed is True  # a guessed scale refutes nothing


def test_equal_answers_where_answers_differ() -> None:
    check = impossible({"n": 20, "mean": 2.0, "sd": 0.0})
    assert (check.passed, check.blocks_scale) == (False, False)
    assert "every answer was the same" in check.detail.english()
    assert impossible({"n": 4, "mean": 2.0, "sd": 0.0}).passed is True  # four alike are no wonder


def test_equal_answers_at_a_full_scale_are_no_wonder() -> None:
    """Where most weeks are near 4.9, ten answers of 5 happen."""
    random = np.random.default_rng(6)
    flagged = 0
    for _ in range(40):
        check = implausible_spread(scores(answered(random, n=12, level=4.85)), FIVE)
        flagged += check is None or check.passed is False
    assert flagged == 0


@given(st.integers(1, 10_000))
def test_real_answers_are_never_impossible(seed: int) -> None:
    random = np.random.default_rng(seed)
    n, mean, sd = (np.zeros((2, 24)) for _ in range(3))
    for cell in np.ndindex(2, 24):
        answers = random.choice([1.0, 2, 3, 4, 5], size=random.integers(2, 9), p=random.dirichlet(np.full(5, 0.4)))
        n[cell], mean[cell], sd[cell] = len(answers), round(answers.mean(), 2), round(answers.std(ddof=1), 2)
    if np.ptp(mean) > 0 or (sd > 0).any():
        assert seen(implausible_spread(pilot_data(n, mean=mean, sd=sd), FIVE)).passed is True


def written(values: Floats, kind: Kind = Kind.DURATION) -> PilotData:
    ones = np.ones(values.shape)
    if kind is Kind.COUNT:
        return pilot_data(ones, count=values, kind=kind, direction=Direction.DECREASE)
    return pilot_data(ones, mean=values, kind=kind, direction=Direction.DECREASE)


@pytest.mark.parametrize("kind", [Kind.DURATION, Kind.COUNT])
def test_rounded_numbers_are_told_and_pass_no_judgement(kind: Kind) -> None:
    minutes = np.random.default_rng(7).gamma(9, 4, (2, 24))
    assert seen(digit_preference(written(np.round(minutes), kind))).passed is True
    check = seen(digit_preference(written(5 * np.round(minutes / 5), kind)))
    assert check.passed is None
    assert "100 % of them end in 0 or 5, where 2" in check.detail.english()


def test_a_habit_that_changed_with_the_start_fails() -> None:
    minutes = np.random.default_rng(8).gamma(9, 4, (2, 24))
    rounded = np.where(AFTER, 5 * np.round(minutes / 5), np.round(minutes))
    check = seen(digit_preference(written(rounded)))
    assert (check.passed, check.blocks_scale) == (False, False)
    assert check.detail.values["after"] == 100


def test_another_favourite_digit_is_named() -> None:
    values = np.random.default_rng(9).gamma(9, 4, (4, 24))
    check = seen(digit_preference(written(10 * np.round(values / 10) + 7)))
    assert check.passed is None
    assert check.detail.values["digit"] == 7


def test_rounding_is_not_asked_of_means_and_scores() -> None:
    n, mean, sd = answered(np.random.default_rng(10))
    assert digit_preference(pilot_data(n, mean=mean, sd=sd)) is None
    assert (
        digit_preference(pilot_data(n, mean=10 * mean, sd=sd, kind=Kind.DURATION, direction=Direction.DECREASE)) is None
    )
    assert digit_preference(written(np.random.default_rng(1).gamma(9, 4, (2, 24)))) is None  # not whole numbers
