"""Who had to contact again: asked of whom it can be asked, and more often after what the county says causes it."""

from __future__ import annotations

import numpy as np
import polars as pl

from services.demo.contacts import ITEM, USUALLY
from services.demo.county import County
from services.demo.simulate import DemoData


def asked(data: DemoData) -> pl.DataFrame:
    return data.scores.filter(pl.col("item") == ITEM).join(data.feedback.select("key", "channel", "comment"), on="key")


def test_it_is_yes_or_no_and_never_asked_at_a_kiosk_or_of_a_written_comment(data: DemoData) -> None:
    rows = asked(data)
    assert set(rows["value"].unique()) == {0.0, 1.0}
    assert set(rows["low"].unique()) == {0.0}
    assert set(rows["high"].unique()) == {1.0}
    assert "kiosk" not in set(rows["channel"])
    assert rows["comment"].null_count() == len(rows)


def test_bad_experiences_have_the_stated_effect(data: DemoData, county: County) -> None:
    """Of those with one topic: 0.15, plus the theme's effect where the experience was bad, within 3.5 SE."""
    picks = data.picks.join(data.picks.group_by("key").len(), on="key").filter(pl.col("len") == 1)
    rows = asked(data).join(picks.select("key", "theme", "negative"), on="key")
    for theme in county.themes:
        for negative in (False, True):
            values = rows.filter((pl.col("theme") == theme.code) & (pl.col("negative") == negative))["value"].to_numpy()
            if len(values) < 20:
                continue
            chance = USUALLY + negative * theme.driver_effect_repeat_contact
            error = np.sqrt(chance * (1 - chance) / len(values))
            assert abs(values.mean() - chance) < 3.5 * error, (theme.code, negative)


def test_without_a_topic_it_is_as_usual(data: DemoData) -> None:
    values = asked(data).join(data.picks, on="key", how="anti")["value"].to_numpy()
    assert len(values) > 5000
    assert abs(values.mean() - USUALLY) < 3.5 * np.sqrt(USUALLY * (1 - USUALLY) / len(values))
