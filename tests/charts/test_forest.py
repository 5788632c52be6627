from __future__ import annotations

import math

import pytest

from charts import forest
from charts.forest import FARTHEST, ForestRow
from charts.look import Look
from charts.theme import TEXT_SIZE
from stats.evaluation import Evaluation
from stats.metric import Direction
from tests.charts.specs import LOOKS, drawn, same, spec, values

PILOTS = [
    ForestRow(name="P03 Harm", smallest_change=0.3, effect=-0.4, low=-0.7, high=-0.1),
    ForestRow(name="P01 Gain", smallest_change=0.1, effect=0.14, low=0.08, high=0.21, shrunken=0.12),
    ForestRow(name="P02 Less is better", direction=Direction.DECREASE, smallest_change=5, effect=-7, low=-12, high=1),
    ForestRow(name="P24 Few answers", smallest_change=0.3, effect=0.5, low=-2.7, high=3.6),
    ForestRow(name="P25 Nothing yet"),
]


def shown(pilots: list[ForestRow]) -> tuple[list[dict[str, object]], list[float]]:
    made = spec(forest.chart(pilots, look=Look(), t=same))
    domain = next(part for part in values(made, "domain") if part and isinstance(part[0], float))
    return drawn(made, "name"), domain


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    spec(forest.chart(PILOTS, look=look, t=same))


def test_every_pilot_is_there_in_the_order_given() -> None:
    rows, _ = shown(PILOTS)
    assert [(row["row"], row["name"]) for row in rows] == list(enumerate(pilot.name for pilot in PILOTS))
    many = [ForestRow(name=f"P{place}", effect=0.1 * place, low=0, high=place) for place in range(60)]
    assert len(shown(many)[0]) == 60


def test_a_long_name_takes_two_lines() -> None:
    [row], _ = shown([ForestRow(name="P02 A reminder by text message with clear instructions for cancelling")])
    assert row["lines"] == ["P02 A reminder by text message with clear", "instructions for cancelling"]


def test_effects_are_multiples_of_their_own_smallest_change_and_better_is_right() -> None:
    rows, _ = shown(PILOTS)
    gain, shorter = rows[1], rows[2]
    assert [gain[name] for name in ("value", "low", "high", "shrunken")] == pytest.approx([1.4, 0.8, 2.1, 1.2])
    # 7, 12 minutes less and 1 more, of 5 that matter.
    assert [shorter[name] for name in ("value", "low", "high")] == pytest.approx([1.4, -0.2, 2.4])


def test_wide_intervals_end_in_arrows_and_the_table_keeps_their_ends() -> None:
    rows, domain = shown(PILOTS)
    assert (rows[3]["from_cut"], rows[3]["to_cut"]) == (True, True)
    assert (rows[3]["from"], rows[3]["to"]) == (domain[0], domain[1]) == (-FARTHEST, FARTHEST)
    assert not rows[1]["to_cut"]
    line = forest.table(PILOTS, t=same)[3]
    assert (line["Lower limit"], line["Upper limit"]) == (pytest.approx(-9), pytest.approx(12))


def test_estimates_are_never_outside_the_picture() -> None:
    _, domain = shown([ForestRow(name="P1", effect=11.0, low=9.0, high=30.0, shrunken=12.0)])
    assert domain[1] > 12.0


def test_a_pilot_without_an_estimate_says_so() -> None:
    rows, _ = shown(PILOTS)
    assert "value" not in rows[4]
    assert rows[4]["nothing"] == "Not enough data yet"
    assert math.isnan(forest.table(PILOTS, t=same)[4]["Estimated effect"])  # type: ignore[arg-type]


def test_in_words() -> None:
    assert forest.describe(PILOTS).english() == (
        "5 pilots, each with its interval in multiples of its smallest change that matters: "
        "1 lie wholly above zero, 1 wholly below, 2 reach across zero and 1 have no estimate yet."
    )


def test_it_reads_an_evaluation(evaluation: Evaluation, not_started: Evaluation) -> None:
    row = forest.row_of("P01", evaluation, shrunken=0.5, verdict="scale up")
    assert row.multiples() == pytest.approx(
        [number / 0.3 for number in (evaluation.effect, evaluation.interval.low, evaluation.interval.high)]
    )
    assert row.shrunken_multiple() == pytest.approx(0.5 / 0.3)
    assert forest.row_of("P02", not_started).multiples() is None
    assert forest.row_of("P03", None).multiples() is None


def test_a_name_stands_nearer_its_own_interval_than_the_interval_above() -> None:
    """Pixels from a row's middle: the name's first line starts at dy, its interval lies at yOffset."""
    made = spec(forest.chart(PILOTS, look=Look(), t=same))
    [interval] = {place for place in values(made, "yOffset") if isinstance(place, int)}
    [name] = {rule["expr"] for rule in values(made, "dy") if isinstance(rule, dict)}
    top = int(name.split(" - ")[0])
    to_its_own, to_the_one_above = interval - (top + TEXT_SIZE), top - (interval - forest.ROW)
    assert 0 < to_its_own < to_the_one_above / 2
