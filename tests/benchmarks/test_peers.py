"""The peers of the benchmarks do what their packages do, and see a change that is there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from statsmodels.tsa.statespace.structural import UnobservedComponents

from benchmarks._controlled_peers import (
    causal_impact_says_scale,
    clustered_did_says_scale,
    did_says_scale,
    forecast_without_change,
    mixed_says_scale,
)
from benchmarks._peers import segmented_says_scale, single_answers, tea_tasting_says_scale, welch_says_scale
from benchmarks._pilots import CELLS, Cell, simulate
from stats.metric import Kind
from stats.panel import Panel
from stats.plan import Plan

Peer = Callable[[Panel, Plan], bool]
ALONE: tuple[Peer, ...] = (welch_says_scale, tea_tasting_says_scale, segmented_says_scale, causal_impact_says_scale)
CONTROLLED: tuple[Peer, ...] = (did_says_scale, clustered_did_says_scale, mixed_says_scale)
CALM = Cell(name="calm", sigma=0.02, tau=0.1, season=0.0, least=20, most=40)


def pilot(cell: Cell, effect: float, seed: int = 3) -> tuple[Panel, Plan]:
    return simulate(cell, effect=effect, random=np.random.default_rng(seed))


@pytest.mark.parametrize("peer", [*ALONE, *CONTROLLED])
def test_a_large_change_is_seen_and_one_for_the_worse_is_not(peer: Peer) -> None:
    assert peer(*pilot(CALM, 1.5))
    assert not peer(*pilot(CALM, -1.5))


@pytest.mark.parametrize("kind", [Kind.SCORE, Kind.PROPORTION])
def test_tea_tasting_on_single_answers_is_welch(kind: Kind) -> None:
    """Answers made from a week's number, mean and SD have that number, mean and SD: the two tests cannot differ."""
    cell = next(cell for cell in CELLS if cell.kind is kind)
    for seed in range(6):
        panel, plan = pilot(cell, 0.0, seed)
        value, after = single_answers(panel, plan, 12)
        assert len(value) == panel.n[0, :12].sum()
        assert not after.any()
        assert value.mean() == pytest.approx(np.average(panel.mean[0, :12], weights=panel.n[0, :12]))
        assert tea_tasting_says_scale(panel, plan) == welch_says_scale(panel, plan)


def test_a_week_of_events_is_one_row() -> None:
    panel, plan = pilot(next(cell for cell in CELLS if cell.kind is Kind.COUNT), 0.0)
    value, after = single_answers(panel, plan, 20)
    np.testing.assert_array_equal(value, panel.mean[0, :20])
    assert after.sum() == 8


def test_the_answers_of_a_week_have_its_sd() -> None:
    panel, plan = pilot(CALM, 0.0)
    value, _ = single_answers(panel, plan, 1)
    assert value.std(ddof=1) == pytest.approx(panel.sd[0, 0])


def test_the_forecast_is_that_of_statsmodels() -> None:
    """Its week-by-week variances are get_forecast's; the covariance of two weeks is checked by simulating the model."""
    panel, plan = pilot(CELLS[0], 0.0)
    found = forecast_without_change(panel, plan)
    y, x = panel.mean[0], panel.mean[1:].mean(axis=0)
    y, scale = (y - y[:12].mean()) / y[:12].std(), y[:12].std()
    x = (x - x[:12].mean()) / x[:12].std()
    model = UnobservedComponents(y[:12], level="local level", exog=x[:12, None], mle_regression=False)
    fit = model.fit(disp=False, maxiter=50, cov_type="none")
    ahead = fit.get_forecast(12, exog=x[12:, None])
    np.testing.assert_allclose(found.error, (y[12:] - ahead.predicted_mean) * scale, atol=1e-9)
    np.testing.assert_allclose(np.diag(found.covariance), ahead.var_pred_mean * scale**2, rtol=1e-9)

    random = np.random.default_rng(1)
    drawn = random.multivariate_normal(fit.predicted_state[:, -1], fit.predicted_state_cov[:, :, -1], 40_000)
    noise, steps = fit.params
    level = drawn[:, :1] + np.cumsum(
        np.column_stack([np.zeros(40_000), np.sqrt(steps) * random.normal(size=(40_000, 11))]), axis=1
    )
    weeks = level + drawn[:, 1:] * x[12:] + np.sqrt(noise) * random.normal(size=level.shape)
    assert (weeks.sum(axis=1) * scale).std() == pytest.approx(np.sqrt(found.covariance.sum()), rel=0.02)


@pytest.mark.parametrize("peer", CONTROLLED)
def test_without_comparison_units_there_is_nothing_to_say(peer: Peer) -> None:
    assert not peer(*pilot(next(cell for cell in CELLS if cell.units == 1), 3.0))


@pytest.mark.parametrize("name", ["15 % of weeks missing", "one series, no comparison", "counts, about 5 a week"])
def test_every_peer_copes_with_the_odd_cells(name: str) -> None:
    panel, plan = pilot(next(cell for cell in CELLS if cell.name == name), 0.0)
    assert {type(peer(panel, plan)) for peer in (*ALONE, *CONTROLLED)} == {bool}


def test_differences_in_differences_are_those_by_hand() -> None:
    """With every week there, the estimate is the pilot's change less the others', and so is its sign."""
    panel, plan = pilot(CALM, 0.0, 5)
    after = panel.weeks >= np.datetime64(plan.start)
    change = panel.mean[:, after].mean(axis=1) - panel.mean[:, ~after].mean(axis=1)
    by_hand = change[0] - change[1:].mean()
    shifted = panel.mean.copy()
    shifted[0, after] -= by_hand  # nothing is left to find at the end; a look before it may still find something
    flat = Panel(
        kind=panel.kind, units=panel.units, weeks=panel.weeks, n=panel.n, mean=shifted, sd=panel.sd, count=panel.count
    )
    last = Plan.from_dict({**plan.to_dict(), "reviews": [plan.end.isoformat()]})
    assert not did_says_scale(flat, last)
    assert not clustered_did_says_scale(flat, last)
