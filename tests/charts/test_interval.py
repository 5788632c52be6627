"""The small interval: one scale for all, better to the right, arrows where it goes on; nothing without an effect."""

from __future__ import annotations

import base64
import re

import pytest

from charts import interval, signs
from charts.forest import ForestRow
from charts.look import Look
from stats.metric import Direction

LOOK = Look()


def svg(address: str) -> str:
    return base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()


def centre(row: ForestRow, reach: tuple[float, float]) -> float:
    found = re.search(r'<circle cx="([\d.]+)"', svg(interval.picture(row, reach=reach, look=LOOK)))
    assert found is not None
    return float(found.group(1))


def test_better_is_to_the_right_whichever_way_the_metric_gets_better() -> None:
    more = ForestRow(name="P1", smallest_change=0.5, effect=1.0, low=0.5, high=1.5)
    less = ForestRow(name="P2", direction=Direction.DECREASE, smallest_change=2.0, effect=-4.0, low=-6.0, high=-2.0)
    reach = interval.domain([more, less])
    assert reach == (-1.0, 3.0)
    assert centre(more, reach) == centre(less, reach) == pytest.approx(interval.WIDTH * 0.75)


def test_an_estimate_is_always_inside_and_a_long_interval_ends_in_an_arrow() -> None:
    wide = ForestRow(name="P1", smallest_change=1.0, effect=6.0, low=-9.0, high=20.0)
    reach = interval.domain([wide])
    assert reach == (-4.0, 6.3)
    drawn = svg(interval.picture(wide, reach=reach, look=LOOK))
    assert drawn.count('z"') == 2
    assert 0 < centre(wide, reach) < interval.WIDTH


def test_without_an_effect_there_is_no_picture() -> None:
    row = ForestRow(name="P1")
    assert interval.picture(row, reach=interval.domain([row]), look=LOOK) == ""


def test_a_serious_trap_has_another_colour() -> None:
    drawn = {serious: svg(signs.sign("season", look=LOOK, serious=serious)) for serious in (True, False)}
    assert LOOK.palette.warning in drawn[True]
    assert LOOK.palette.warning not in drawn[False]
