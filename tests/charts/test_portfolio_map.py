from __future__ import annotations

import pytest

from charts import portfolio_map
from charts.look import Look
from charts.portfolio_map import Mark, PlaceCell, PlacedPilot
from tests.charts.specs import LOOKS, drawn, same, spec

LONG = "Mielenterveys-, päihde- ja aikuissosiaalipalvelut"


def cell(
    theme: str, place: str, unhappy: int | None, *, loud: bool = False, pilots: tuple[Mark, ...] = ()
) -> PlaceCell:
    return PlaceCell(
        theme=f"Teema {theme}",
        theme_code=theme,
        place=LONG if place == "MIE" else f"L'yksikkö {place}",
        place_code=place,
        unhappy=unhappy,
        loud=loud,
        pilots=tuple(PlacedPilot(name=f"P{n}", mark=mark) for n, mark in enumerate(pilots)),
    )


CELLS = [
    cell("T2", "AVO", 23, loud=True),
    cell("T2", "MIE", None),
    cell("T1", "AVO", 40, loud=True, pilots=(Mark.RUNNING, Mark.LEARNED)),
    cell("T1", "MIE", 0, pilots=(Mark.PLANNED,)),
]


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(portfolio_map.chart(CELLS, look=look, t=same))


def test_only_a_loud_cell_without_pilots_shows_its_number() -> None:
    made = spec(portfolio_map.chart(CELLS, look=Look(), t=same))
    told = {(row["theme"], row["place"]): row["told"] for row in drawn(made, "told")}
    assert told == {
        ("Teema T2", "AVO"): 23,
        ("Teema T2", "MIE"): None,
        ("Teema T1", "AVO"): None,
        ("Teema T1", "MIE"): None,
    }


def test_each_pilot_has_a_mark_beside_the_others() -> None:
    made = spec(portfolio_map.chart(CELLS, look=Look(), t=same))
    marks = [(row["place"], row["standing"], row["dx"]) for row in drawn(made, "standing")]
    assert marks == [
        ("AVO", "running", -6.5),
        ("AVO", "we learned", 6.5),
        ("MIE", "planned or an idea", 0.0),
    ]


def test_long_names_are_broken_into_lines_not_cut() -> None:
    made = spec(portfolio_map.chart(CELLS, look=Look(), t=same))
    axis = made["layer"][0]["encoding"]["x"]["axis"]
    assert "['Mielenterveys-, päihde- ja', 'aikuissosiaalipalvelut']" in axis["labelExpr"]
    assert "L\\'yksikkö" in axis["labelExpr"]
    assert axis["labelLimit"] == 0


def test_a_map_without_pilots_is_drawn_too() -> None:
    spec(portfolio_map.chart(CELLS[:2], look=Look(), t=same))


def test_its_words_and_its_table() -> None:
    sentence = portfolio_map.describe(CELLS).english()
    assert "2 themes in 2 places: in 2 cells a pilot answers the theme, in 1 cells many" in sentence
    rows = portfolio_map.table(CELLS, few="below 5", t=same)
    assert [row["Pilots"] for row in rows] == [
        "nothing is tried",
        "P0 (running); P1 (we learned)",
        "P0 (planned or an idea)",
    ]
