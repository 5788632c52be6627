"""The benchmark of coverage runs, and what it calls the truth is the truth."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._engine_worlds import WORLDS, Design, World, simulate
from benchmarks.engine_coverage import main, mark
from stats.metric import Kind

ONE_EACH = Design(name="one each", comparisons=1, before=5, after=5, season=0.0)


@pytest.mark.parametrize("world", WORLDS, ids=[world.kind.value for world in WORLDS])
def test_the_answers_have_the_mean_that_is_expected(world: World) -> None:
    level = np.full((4000, 1), 0.4)
    mean, sd, count = world.observed(level, np.full(level.shape, 20.0), np.random.default_rng(1))
    expected = float(world.expected(np.array([0.4]))[0])
    assert abs(mean.mean() - expected) < 4 * mean.std() / np.sqrt(4000)
    assert np.isfinite(count).all() == world.kind.counted
    if not world.kind.counted:  # weekly means vary as single answers do, over 20
        assert np.sqrt((sd**2).mean() / 20) == pytest.approx(mean.std(), rel=0.05)


@pytest.mark.parametrize("world", WORLDS, ids=[world.kind.value for world in WORLDS])
def test_the_truth_is_what_many_pilots_differ_by(world: World) -> None:
    """The same seed draws the same pilots, so the mean difference after the start is the mean effect."""
    with_it, truth = simulate(world, ONE_EACH, least=20, most=30, pilots=4000, effect=0.5, seed=[3])
    without, nothing = simulate(world, ONE_EACH, least=20, most=30, pilots=4000, effect=0.0, seed=[3])
    assert (nothing == 0).all()
    assert (truth * world.sign > 0).all()
    np.testing.assert_array_equal(with_it.mean[:, :, :5], without.mean[:, :, :5])
    difference = (with_it.mean - without.mean)[:, 0, 5:].mean(axis=1)
    assert abs((difference - truth).mean()) < 4 * (difference - truth).std() / np.sqrt(4000)


def test_a_picked_pilot_looked_bad_and_gets_better_by_itself() -> None:
    world = next(world for world in WORLDS if world.kind is Kind.SCORE)
    design = Design(name="picked", comparisons=2, picked=True)
    batch, _ = simulate(world, design, least=5, most=30, pilots=400, effect=0.0, seed=[4])
    last, after = batch.mean[:, 0, 8:12].mean(), batch.mean[:, 0, 12:].mean()
    assert last < batch.mean[:, 1:, 8:12].mean() - 0.3
    assert after > last + 0.1
    assert (batch.start - batch.trigger_from == np.timedelta64(28, "D")).all()


def test_a_figure_outside_the_bar_is_marked_and_twice_when_chance_does_not_explain_it() -> None:
    def told(inside: int, of: int) -> str:
        return mark(np.repeat([1.0, 0.0], [inside, of - inside])).strip()

    assert told(950, 1000) == "95.0"
    assert told(925, 1000) == "92.5<"
    assert told(900, 1000) == "90.0<<"
    assert told(100, 100) == "100.0>"
    assert told(1000, 1000) == "100.0>>"
    assert mark(np.array([np.nan])).strip() == "none"


def test_it_prints_a_row_for_every_design(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--pilots", "5", "--design", "8 comparison", "--workers", "1"])
    main(["--pilots", "5", "--design", "none, 20", "--kind", "score", "--workers", "1"])
    printed = capsys.readouterr().out
    assert len([line for line in printed.splitlines() if line.startswith("8 comparison")]) == 3
    assert len([line for line in printed.splitlines() if line.startswith("none, 20")]) == 4
