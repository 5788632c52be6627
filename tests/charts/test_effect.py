from __future__ import annotations

import pytest

from charts import effect
from charts.effect import Estimate
from charts.look import Look
from charts.measure import Measure
from stats.evaluation import Evaluation
from stats.messages import Amount, Message
from stats.metric import Direction, Kind
from tests.charts.specs import LOOKS, drawn, said, same, spec, values

SCORE = Measure(name="Was heard", kind=Kind.SCORE, direction=Direction.INCREASE, unit="points")
SHARE = Measure(name="Called back", kind=Kind.PROPORTION, direction=Direction.INCREASE)
WAIT = Measure(name="Wait", kind=Kind.DURATION, direction=Direction.DECREASE, unit="min")
GAIN = Estimate(effect=0.41, low=0.17, high=0.65, smallest_change=0.3)


@pytest.mark.parametrize("look", LOOKS)
def test_it_is_drawn_for_every_reader(look: Look) -> None:
    made = spec(effect.chart(GAIN, measure=SCORE, look=look, t=same))
    assert made["background"] == "transparent"
    assert min(size for name in ("fontSize", "labelFontSize", "titleFontSize") for size in values(made, name)) >= 12
    assert made["config"]["locale"] == look.locale()


def test_the_interval_and_the_lines_stand_where_the_numbers_are() -> None:
    made = spec(effect.chart(GAIN, measure=SCORE, look=Look(), t=same))
    assert drawn(made, "low", "high") == [{"value": 0.41, "low": 0.17, "high": 0.65}]
    domain = next(part for part in values(made, "domain") if isinstance(part, list))
    assert domain[0] < 0 < 0.3 < 0.65 < domain[1]
    assert {0.0, 0.3} <= {row["value"] for row in drawn(made, "value")}


def test_the_regions_of_harm_and_of_enough_are_named() -> None:
    words = said(spec(effect.chart(GAIN, measure=SCORE, look=Look(), t=lambda text: f"<{text}>")))
    assert {"<Change for the worse>", "<Change large enough>", "<No change>", "<Change, points>"} <= set(words)


def test_shares_are_drawn_in_percentage_points() -> None:
    loss = Estimate(effect=-0.02, low=-0.09, high=0.05, smallest_change=0.1)
    made = spec(effect.chart(loss, measure=SHARE, look=Look(), t=same))
    assert drawn(made, "low")[0] == {"value": -2.0, "low": -9.0, "high": 5.0}
    assert "Change, percentage points" in said(made)


def test_less_is_better_turns_the_regions() -> None:
    shorter = Estimate(effect=-7.0, low=-12.0, high=-2.5, smallest_change=5.0)
    made = spec(effect.chart(shorter, measure=WAIT, look=Look(), t=same))
    harm, enough = (next(row for row in drawn(made, "fill") if row["value"] == at) for at in (0.0, -5.0))
    assert harm["end"] > 0
    assert enough["end"] < -12


def test_in_words_and_as_a_table() -> None:
    assert effect.describe(GAIN).english() == (
        "Estimated effect 0.41, interval from 0.17 to 0.65. The smallest change that matters is 0.3."
    )
    [row] = effect.table(GAIN, t=same)
    assert list(row.values()) == [0.41, 0.17, 0.65, 0.3]
    assert all(isinstance(value, Amount) for value in row.values())


def test_it_reads_an_evaluation(evaluation: Evaluation, not_started: Evaluation) -> None:
    found = effect.of(evaluation)
    assert found is not None
    assert (found.effect, found.smallest_change) == (evaluation.effect, 0.3)
    assert effect.of(not_started) is None


def test_a_level_of_a_share_is_per_cent() -> None:
    assert SHARE.level(0.623) == Message("{number} %", {"number": 62})
    assert SHARE.level(0.0214) == Message("{number} %", {"number": 2.14})
    assert SCORE.level(3.4) == Amount(3.4)
