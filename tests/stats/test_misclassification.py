"""Shares counted by a model, corrected by checked comments: the point, its error, and what happens without it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.checked_comments import CheckedComments, Crossed
from stats.misclassification import (
    checked_share,
    difference_in_checked_shares,
    rogan_gladen,
    youden,
)
from tests.stats.checked_pilots import drawn_from, read

NORMAL_975 = 1.959963984540054
counts = st.integers(min_value=0, max_value=40)
tables = st.builds(Crossed, both=counts, model_only=counts, person_only=counts, neither=counts)


NONE = Crossed()


def of(drawn: Crossed, *, further: int = 50, known: Crossed = NONE) -> CheckedComments:
    """Comments with so many more on each side that nobody has checked."""
    picked, total = drawn.picked + known.picked, drawn.total + known.total
    return CheckedComments(picked=picked + further, left=total - picked + further, drawn=drawn, known=known)


def test_the_corrected_share_is_the_maximum_likelihood_estimate() -> None:
    # R: ll <- function(b) { p <- plogis(b[1]); se <- plogis(b[2]); sp <- plogis(b[3])
    #      pr <- c(p*se, (1-p)*(1-sp), p*(1-se), (1-p)*sp); q <- pr[1] + pr[2]
    #      -(sum(c(8, 2, 3, 37) * log(pr)) + (60-10) * log(q) + (240-40) * log(1-q)) }
    #    f <- optim(c(-1, 1, 2), ll, method = "BFGS", hessian = TRUE, control = list(reltol = 1e-14))
    #    p <- plogis(f$par[1]); c(p, plogis(f$par[2]), plogis(f$par[3]))   # 0.21999996 0.72727288 0.94871797
    #    sqrt(solve(f$hessian)[1, 1]) * p * (1 - p)                         # 0.0450592
    # Four hundred times the comments leave nothing of Jeffreys' prior, and the error falls by the root of it.
    times = 400
    found = CheckedComments(
        picked=60 * times,
        left=240 * times,
        drawn=Crossed(both=8 * times, model_only=2 * times, person_only=3 * times, neither=37 * times),
    )
    assert found.share == pytest.approx(0.22, abs=2e-5)
    assert (found.recall, found.specificity) == (pytest.approx(0.727273, abs=2e-4), pytest.approx(0.948718, abs=2e-5))
    told = checked_share(found)
    assert told.interval is not None
    assert (told.interval.high - told.value) / NORMAL_975 * math.sqrt(times) == pytest.approx(0.0450592, abs=2e-5)
    few = checked_share(
        CheckedComments(picked=60, left=240, drawn=Crossed(both=8, model_only=2, person_only=3, neither=37))
    )
    assert few.interval is not None
    assert (few.interval.high - few.value) / NORMAL_975 == pytest.approx(0.0450592, abs=0.001)


@given(tables)
def test_it_is_what_rogan_and_gladen_say_with_its_own_sensitivity_and_specificity(drawn: Crossed) -> None:
    found = of(drawn)
    if found.recall + found.specificity > 1.05:
        assert rogan_gladen(found.observed, found.recall, found.specificity) == pytest.approx(found.share, abs=1e-9)


@given(tables, tables)
def test_what_is_known_counts_with_its_own_truth(drawn: Crossed, known: Crossed) -> None:
    alone, with_known = of(drawn), of(drawn, known=known)
    rest_share, rest = alone.share, alone.total
    # The known ones are their own stratum: what is left is the same estimate of the others as before.
    assert with_known.share * with_known.total == pytest.approx(known.true + rest_share * rest, abs=1e-9)
    assert with_known.variance * with_known.total**2 == pytest.approx(alone.variance * rest**2, rel=1e-9)


@given(tables)
def test_when_everything_is_checked_nothing_of_the_reading_is_uncertain(table: Crossed) -> None:
    if table.total:
        found = of(table, further=0)
        assert found.share == pytest.approx(table.true / table.total)
        assert found.variance == 0.0
        assert found.unchecked == 0


@given(tables, tables)
def test_the_difference_turns_round_with_the_periods(one: Crossed, other: Crossed) -> None:
    there, back = (difference_in_checked_shares(of(a), of(b)) for a, b in ((one, other), (other, one)))
    assert there.effect == pytest.approx(-back.effect)
    assert there.standard_error == pytest.approx(back.standard_error)
    assert there.interval.low == pytest.approx(-back.interval.high)


def test_youden_of_a_perfect_and_of_a_guessing_model() -> None:
    cells = [CheckedComments(picked=20, left=80)]
    assert youden(cells, np.array([1.0]), np.array([0.0])) == 1.0
    assert youden(cells, np.array([0.3]), np.array([0.3])) == pytest.approx(0.0)
    assert math.isnan(youden(cells, np.array([0.0]), np.array([0.0])))


def simulated(sensitivity: tuple[float, float], *, checked: int, runs: int = 800) -> dict[str, tuple[float, float]]:
    """Share of intervals that hold the truth, and of those that show a gain; one comment in five is about the theme."""
    rng = np.random.default_rng(20261123)
    held: dict[str, list[tuple[bool, bool]]] = {"model": [], "pooled": [], "apart": []}
    for _ in range(runs):
        sides = [read(rng, 300, 0.2, one, 0.97) for one in sensitivity]
        before, after = (drawn_from(rng, side, checked) for side in sides)
        shares = [before.observed, after.observed]
        noise = sum(q * (1.0 - q) / 300 for q in shares)
        raw = shares[1] - shares[0]
        d = [before.drawn, after.drawn]
        se = sum(t.both for t in d) / sum(t.true for t in d)
        sp = sum(t.neither for t in d) / sum(t.neither + t.model_only for t in d)
        ours = difference_in_checked_shares(before, after)
        for name, effect, error in (
            ("model", raw, math.sqrt(noise)),
            ("pooled", raw / (se + sp - 1.0), math.sqrt(noise) / (se + sp - 1.0)),
            ("apart", ours.effect, ours.standard_error),
        ):
            reach = NORMAL_975 * error
            held[name].append((abs(effect) <= reach, effect + reach < 0.0))
    return {name: tuple(np.mean(rows, axis=0).tolist()) for name, rows in held.items()}  # type: ignore[misc]


@pytest.mark.parametrize("checked", [30, 60, 100])
def test_a_model_that_finds_less_after_the_start_is_no_gain(checked: int) -> None:
    found = simulated((0.9, 0.6), checked=checked)
    # Sensitivity falls from 0.9 to 0.6 and nothing else happens: the model's own counts say that half of such pilots
    # help, and so does a correction by one sensitivity for both periods.
    assert found["model"][1] > 0.4
    assert found["pooled"][1] > 0.4
    # 0.025 is due; three standard errors of 800 runs are 0.0166.
    assert found["apart"][1] <= 0.025 + 0.0166
    assert found["apart"][0] >= 0.95 - 0.0231


@pytest.mark.parametrize("checked", [30, 100])
def test_with_a_steady_model_the_interval_covers_as_it_should(checked: int) -> None:
    cover, gain = simulated((0.8, 0.8), checked=checked)["apart"]
    assert cover >= 0.95 - 0.0231
    assert gain <= 0.025 + 0.0166


def test_what_makes_no_sense_is_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^both == -1, must be a whole number >= 0\.$"):
        Crossed(both=-1)
    with pytest.raises(ValueError, match=r"^picked == 1, must be >= 2, the checked ones among them\.$"):
        CheckedComments(picked=1, left=5, drawn=Crossed(both=2))
    with pytest.raises(ValueError, match=r"^left == 1, must be >= 2, the checked ones among them\.$"):
        CheckedComments(picked=1, left=1, known=Crossed(neither=2))
    with pytest.raises(ValueError, match=r"^picked \+ left == 0, must be >= 1\.$"):
        checked_share(CheckedComments(picked=0, left=0))
    with pytest.raises(ValueError, match=r"^sensitivity \+ specificity == 1, must be > 1\.$"):
        rogan_gladen(0.2, 0.5, 0.5)
    with pytest.raises(ValueError, match="confidence_level == 1"):
        checked_share(CheckedComments(picked=1, left=1), confidence_level=1.0)
    assert math.isnan(CheckedComments(picked=0, left=0).observed)
