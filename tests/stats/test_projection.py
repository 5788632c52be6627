"""Planning figures."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from stats.estimate import estimate
from stats.pilot_data import prepare
from stats.projection import detectable_effect, project, weeks_needed
from tests.stats.test_evaluation import END, UNITS, panel, plan


def test_detectable_effect_has_its_power() -> None:
    """The normal test at that effect rejects with exactly the stated power."""
    effect = detectable_effect(0.2, power=0.9, alpha=0.05)
    assert scipy.stats.norm.sf(scipy.stats.norm.isf(0.05) - effect / 0.2) == pytest.approx(0.9)


@pytest.mark.parametrize("units", [UNITS, UNITS[:2], UNITS[:1]])
def test_a_projection_meets_what_comes(units: tuple[str, ...]) -> None:
    """The projected standard error at the end, seen halfway, is near the one found there."""
    data, fixed = panel(0.2, units=units, n=15, seed=9), plan(comparison_units=units[1:])
    halfway = estimate(prepare(data, fixed, END.replace(day=3)))
    end = estimate(prepare(data, fixed, END))
    assert project(halfway).standard_error(3) == pytest.approx(end.standard_error, rel=0.25)
    assert project(halfway).standard_error(0) == halfway.standard_error


@pytest.mark.parametrize("units", [UNITS, UNITS[:2], UNITS[:1]])
def test_weeks_needed_is_the_first_that_is_enough(units: tuple[str, ...]) -> None:
    data, fixed = panel(0.2, units=units, n=60, seed=9), plan(comparison_units=units[1:])
    projection = project(estimate(prepare(data, fixed, END)))
    size = detectable_effect(projection.standard_error(10)) * 1.0001
    needed = weeks_needed(projection, size)
    assert needed is not None
    assert detectable_effect(projection.standard_error(needed)) <= size
    assert needed == 0 or detectable_effect(projection.standard_error(needed - 1)) > size
    assert weeks_needed(projection, 1e-6) is None
    assert weeks_needed(projection, 100.0) == 0


def test_bad_values_are_refused() -> None:
    with pytest.raises(ValueError, match="standard_error"):
        detectable_effect(np.nan)
    with pytest.raises(ValueError, match="power"):
        detectable_effect(0.1, power=1.0)
