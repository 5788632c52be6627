from __future__ import annotations

import base64
import math

import pytest

from charts import heat_map
from charts.heat_map import HeatCell
from charts.look import Look
from charts.sparkline import sparkline
from tests.charts.specs import LOOKS, drawn, same, spec


def cell(row: str, column: str, value: float, *, few: bool = False) -> HeatCell:
    return HeatCell(
        row=f"Teema {row}", column=f"L'yksikkö {column}", row_code=row, column_code=column, value=value, few=few
    )


CELLS = [cell("T2", "A", 1.5), cell("T2", "B", math.nan, few=True), cell("T1", "A", 0.0), cell("T1", "B", 0.02)]


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(heat_map.chart(CELLS, title="Unhappy", few="under 5", harm=True, look=look, t=same))


def test_hidden_cells_keep_their_number() -> None:
    made = spec(heat_map.chart(CELLS, title="Unhappy", few="under 5", harm=False, look=Look(), t=same))
    rows = {(row["row"], row["column"]): (row["value"], row["told"]) for row in drawn(made, "told")}
    assert rows == {
        ("T2", "A"): (1.5, None),
        ("T2", "B"): (None, "under 5"),
        ("T1", "A"): (0.0, "0"),
        ("T1", "B"): (0.02, "<0,1"),
    }
    ground = made["layer"][0]["encoding"]
    assert (ground["y"]["sort"], ground["x"]["sort"]) == (["T2", "T1"], ["A", "B"]), "the order they came in"
    assert any(param["name"] == heat_map.CHOSEN for param in made["params"])


def test_many_columns_leave_no_room_for_numbers() -> None:
    wide = [cell("T1", str(k), 1.0) for k in range(heat_map.NUMBERS_UP_TO + 1)]
    made = spec(heat_map.chart(wide, title="Unhappy", few="under 5", harm=False, look=Look(), t=same))
    assert len(made["layer"]) == 1


def test_in_words() -> None:
    assert heat_map.describe(CELLS).english() == (
        "2 themes in 2 columns. The most is 1.5 per 100 answers: Teema T2, L'yksikkö A."
    )
    assert heat_map.describe([CELLS[1]]).english() == "1 themes in 1 columns; no cell has a number to show."


@pytest.mark.parametrize("values", [[3], [0, 0, 0], [1, 4, 2, 8]])
def test_a_small_line_stays_in_its_frame(values: list[float]) -> None:
    address = sparkline(values, look=Look())
    picture = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    points = picture.split('points="')[1].split('"')[0].split()
    assert len(points) == len(values)
    assert all(0 <= float(point.split(",")[1]) <= 22 for point in points)
