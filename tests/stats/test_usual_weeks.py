"""The range of a unit's usual weeks: covered as often as it says, untouched by the last weeks, kept on the scale."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stats.metric import Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.usual_weeks import usual_weeks

FIRST = np.datetime64("2025-01-06")


def panel_of(means: list[float], *, n: int = 25, kind: Kind = Kind.SCORE) -> tuple[Panel, np.datetime64]:
    weeks = [FIRST + 7 * k for k in range(len(means))]
    counted = kind.counted
    panel = from_weeks(
        kind=kind,
        unit=["A"] * len(means),
        week=weeks,
        n=[n] * len(means),
        count=[mean * n for mean in means] if counted else None,
        mean=None if counted else means,
        sd=None if counted else [1.0] * len(means),
    )
    return panel, weeks[-1] + 7


def test_nineteen_weeks_of_twenty_lie_in_it() -> None:
    """Weeks drawn as the model says: level 4, shocks of SD 0.15, 25 answers of SD 1 (so SE 0.2). 40 units of 16 weeks
    are 640 weeks: a share of 0.95 has a standard error of 0.009, estimated components make it a little less."""
    random = np.random.default_rng(11)
    inside = 0
    for _ in range(40):
        panel, before = panel_of(list(4 + random.normal(size=60) * math.hypot(0.15, 0.2)))
        found = usual_weeks(panel, "A", before=before)
        inside += 16 - found.outside
    assert 0.915 <= inside / 640 <= 0.985


def test_the_last_weeks_do_not_move_the_range_they_are_compared_with() -> None:
    calm = [3.9, 4.1] * 15
    one, two = (usual_weeks(p, "A", before=b) for p, b in (panel_of(calm), panel_of(calm[:24] + [2.0] * 6)))
    assert one.level == two.level == pytest.approx(4.0)
    np.testing.assert_array_equal(one.low, two.low)
    assert (one.outside, two.outside) == (0, 6)


def test_fewer_answers_make_a_wider_range_by_hand() -> None:
    """Without shocks it is the level plus and minus 1.96 * 1.0 / sqrt(n)."""
    panel, before = panel_of([4.0 + 0.001 * (k % 2) for k in range(40)], n=100)
    found = usual_weeks(panel, "A", before=before)
    assert found.high[0] - found.level == pytest.approx(1.96 * 0.1, rel=0.25)
    few, before = panel_of([4.0 + 0.001 * (k % 2) for k in range(40)], n=4)
    assert (usual_weeks(few, "A", before=before).high[0] - 4.0) > 2 * (found.high[0] - found.level)


def test_it_stays_on_the_scale() -> None:
    panel, before = panel_of([4.9, 5.0] * 15, n=4)
    assert usual_weeks(panel, "A", before=before, scale=(1.0, 5.0)).high.max() == 5.0
    shares, before = panel_of([0.04, 0.0, 0.08] * 10, n=25, kind=Kind.PROPORTION)
    found = usual_weeks(shares, "A", before=before)
    assert found.low.min() == 0.0
    assert found.high.max() < 1.0


def test_a_short_past_has_weeks_but_no_range() -> None:
    panel, before = panel_of([4.0, 4.2] * 6)
    found = usual_weeks(panel, "A", before=before)
    assert not found.known
    assert np.isnan(found.low).all()
    assert np.isfinite(found.value).sum() == 12
    assert len(found.weeks) == 16
    assert found.outside == 0


def test_weeks_without_answers_are_gaps() -> None:
    panel, before = panel_of([3.9, 4.1] * 15)
    later = usual_weeks(panel, "A", before=before + 14)
    assert np.isnan(later.value[-2:]).all()
    assert np.isnan(later.low[-2:]).all()
    assert later.weeks[-1] == before + 7
