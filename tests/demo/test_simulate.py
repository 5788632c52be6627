"""The drawn county against its stated facts."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
import polars as pl
import pytest

from services.demo import people
from services.demo.county import County
from services.demo.pilot_facts import DemoPilot
from services.demo.scores import group_effects
from services.demo.simulate import DemoData, simulate
from services.demo.truth import Truth, measure_of, truths
from tests.demo.conftest import TODAY
from tests.demo.weekly import before_after, group_difference, standard_error, weekly_means

STARTED = [f"P{i:02d}" for i in range(1, 25) if i not in (21, 22)]
TREND_AND_SEASON_SHARED = {"P15": 0.06, "P17": 0.06}
"""The emergency department is compared with the two clinics, so it shares their trend and they share its season: the
plain before/after of both pilots differs by up to this from simulating each alone. Their comparisons do not."""


@pytest.mark.parametrize("luck", ["data", "other"])
@pytest.mark.parametrize("code", STARTED)
def test_naive_and_compared_means_are_those_of_the_stated_process(
    code: str, luck: str, county: County, request: pytest.FixtureRequest
) -> None:
    pilot, drawn = county.pilot(code), request.getfixturevalue(luck)
    assert pilot.sim_check is not None
    own, compared = before_after(weekly_means(drawn, pilot), pilot)
    se_own, se_compared = standard_error(pilot, compared=False), standard_error(pilot, compared=True)
    allowance = TREND_AND_SEASON_SHARED.get(code, 0.0)
    assert own == pytest.approx(pilot.sim_check.naive_mean, abs=3 * se_own + allowance)
    assert compared == pytest.approx(pilot.sim_check.did_mean, abs=3 * se_compared)


def test_expected_means_over_many_seeds_are_those_of_the_stated_process(county: County) -> None:
    seeds = 40
    found: dict[str, list[tuple[float, float]]] = {code: [] for code in STARTED}
    for seed in range(seeds):
        series = truths(county, seed)
        for code in STARTED:
            pilot = county.pilot(code)
            measure = measure_of(county, pilot.metric)
            units = [pilot.unit, *pilot.comparison_units]
            means = {unit: series[measure, unit, pilot.population].total for unit in units}
            found[code].append(before_after(means, pilot))
    for code, pairs in found.items():
        pilot, values = county.pilot(code), np.array(pairs)
        assert pilot.sim_check is not None
        # The stated figures are means over some hundred simulations themselves: 3 of their standard errors more.
        theirs = 0.3 * np.array([standard_error(pilot, compared=False), standard_error(pilot, compared=True)])
        slack = 4 * values.std(axis=0) / np.sqrt(seeds) + theirs
        naive, compared = values.mean(axis=0)
        assert abs(naive - pilot.sim_check.naive_mean) < slack[0] + TREND_AND_SEASON_SHARED.get(code, 0.0), code
        assert abs(compared - pilot.sim_check.did_mean) < slack[1], code


def test_a_county_without_effects_would_be_noticed(county: County) -> None:
    """The tolerance above is narrow enough to tell the clear pilots from no effect at all."""
    clear = [county.pilot(code) for code in ("P01", "P02", "P05", "P08", "P10", "P16", "P18", "P19", "P20")]
    for pilot in clear:
        assert abs(pilot.process.effect) > 3 * standard_error(pilot, compared=True), pilot.code


def test_about_876_answers_a_week(data: DemoData) -> None:
    weekly = Counter(day - dt.timedelta(days=day.weekday()) for day in data.feedback["given_on"])
    assert len(weekly) == 64
    assert np.mean(list(weekly.values())) == pytest.approx(876, rel=0.02)
    assert min(weekly.values()) > 700


def test_the_channel_mix_is_met_but_for_the_stated_change(county: County, data: DemoData) -> None:
    before = data.feedback.filter(
        (pl.col("given_on") < data.day(52)) & (pl.col("customer_type") == "external") & pl.col("comment").is_null()
    )
    found = {row["channel"]: row["len"] / len(before) for row in before.group_by("channel").len().to_dicts()}
    for channel, share in county.channel_mix.items():
        assert found[channel] == pytest.approx(share, abs=0.01), channel
    training = data.feedback.filter((pl.col("unit") == "PEL2") & pl.col("comment").is_null())
    late = training.filter(pl.col("given_on") >= data.day(52))
    assert late.filter(pl.col("channel") == "qr").height / late.height > 0.85
    assert training.filter((pl.col("given_on") < data.day(52)) & (pl.col("channel") == "qr")).is_empty()
    weekly_before, weekly_after = (training.height - late.height) / 52, late.height / 12
    assert weekly_after / weekly_before == pytest.approx(2.4, rel=0.15)


def test_nobody_is_asked_their_age_by_a_kiosk(data: DemoData) -> None:
    kiosk = data.feedback.filter(pl.col("channel") == "kiosk")
    assert kiosk.height > 10_000
    assert kiosk["age_group"].null_count() == kiosk["life_situation"].null_count() == kiosk.height


def test_scores_are_whole_and_on_their_scale(data: DemoData) -> None:
    scores = data.scores
    assert (scores["value"] == scores["value"].round()).all()
    assert scores.filter((pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high"))).is_empty()
    assert scores.select("key", "item").is_duplicated().sum() == 0
    assert set(scores.filter(pl.col("item") == "recommend")["key"]) == set(data.feedback["key"])


def test_single_answers_spread_as_stated(county: County, data: DemoData) -> None:
    for pilot in county.pilots:
        series = data.truths[measure_of(county, pilot.metric), pilot.unit, pilot.population]
        values = data.scores.filter((pl.col("item") == series.measure) & (pl.col("unit") == pilot.unit))["value"]
        if len(values) > 300 and not pilot.population:
            assert float(values.std() or 0) == pytest.approx(series.sd, rel=0.1), pilot.code  # type: ignore[arg-type]


def test_older_people_are_harmed_by_remote_visits_and_the_total_is_as_stated(county: County, data: DemoData) -> None:
    pilot = county.pilot("P03")
    for group in pilot.subgroups:
        assert group.population is not None
        difference, se = group_difference(data, pilot, group.population)
        assert difference == pytest.approx(group.true_effect, abs=3 * se), group.population
    harmed, se = group_difference(data, pilot, "age:75+")
    assert harmed < -2 * se


def test_group_effects_add_up_exactly(county: County, data: DemoData) -> None:
    answers = people.draw(county, 1)
    for code in ("P03", "P14"):
        pilot = county.pilot(code)
        here = np.flatnonzero(answers.unit == [u.code for u in county.units].index(pilot.unit))
        effects = group_effects(pilot, answers, here, np.random.default_rng(1))
        assert effects.mean() == pytest.approx(pilot.process.effect)
        for group in pilot.subgroups:
            if group.population == "age:75+":
                assert effects[answers.age[here] == "75+"].mean() == pytest.approx(group.true_effect)


def test_a_bad_experience_lowers_the_rating_by_its_driver_and_the_week_keeps_its_mean(
    county: County, data: DemoData
) -> None:
    ratings = data.scores.filter(pl.col("item") == "recommend").join(data.picks, on="key", how="left")
    centre = ratings.group_by("unit").agg(pl.col("value").mean().alias("centre"))
    ratings = ratings.join(centre, on="unit").with_columns(gap=pl.col("value") - pl.col("centre"))
    for theme in county.themes:
        gaps = ratings.filter((pl.col("theme") == theme.code) & pl.col("negative"))["gap"].to_numpy()
        if len(gaps) > 100:
            assert gaps.mean() == pytest.approx(theme.driver_effect_0_10, abs=0.55), theme.code
    for unit in county.units:
        series = data.truths["recommend", unit.code, ""]
        if ("recommend", unit.code, "language:sv") in data.truths:
            continue
        values = data.scores.filter((pl.col("item") == "recommend") & (pl.col("unit") == unit.code))
        week = ((values["given_on"] - data.first_monday).dt.total_days() // 7).to_numpy()
        off = values["value"].to_numpy() - series.total[week]
        assert abs(off.mean()) < 3.5 * off.std() / np.sqrt(len(off)), unit.code


def test_themes_are_picked_by_their_shares(county: County, data: DemoData) -> None:
    pickers = data.picks["key"].n_unique()
    assert pickers / len(data.feedback) == pytest.approx(county.meta.topic_button_share, abs=0.005)
    for theme in county.themes:
        picked = data.picks.filter(pl.col("theme") == theme.code)
        assert picked.height / pickers == pytest.approx(theme.share, abs=0.015), theme.code
        if picked.height > 100:
            assert float(picked["negative"].mean() or 0) == pytest.approx(theme.negative_share, abs=0.1)  # type: ignore[arg-type]
    where = data.picks.join(data.feedback.select("key", "unit"), on="key")
    assert set(where.filter(pl.col("theme") == "T19")["unit"]) == {"SAI6"}


def test_comments_keep_everything_that_is_known_of_them(county: County, data: DemoData) -> None:
    rows = {row["comment"]: row for row in data.feedback.filter(pl.col("comment").is_not_null()).to_dicts()}
    ratings = dict(data.scores.filter(pl.col("item") == "recommend").select("key", "value").iter_rows())
    labels = data.hand_labels.group_by("key").agg("theme")
    themes_of = dict(zip(labels["key"], labels["theme"].to_list(), strict=True))
    assert set(rows) == {comment.id for comment in county.comments}
    for comment in county.comments:
        row = rows[comment.id]
        assert row["text"] == comment.text  # whole: redaction is the loader's, and it needs every character
        assert (row["unit"], row["channel"], row["language"]) == (comment.unit, comment.channel, comment.language)
        assert (row["age_group"], row["life_situation"]) == (comment.age_group, comment.life_situation)
        assert row["statutory_decision"] == comment.statutory
        assert row["decision_upheld"] == comment.decision_upheld
        assert ratings[row["key"]] == comment.recommend
        assert sorted(themes_of[row["key"]]) == sorted(comment.themes)
        assert data.day(comment.weeks[0]) <= row["given_on"] <= data.day(comment.weeks[1], 6)
    assert rows[61]["repeats"] == rows[53]["key"]
    assert rows[53]["given_on"] < rows[61]["given_on"]
    assert rows[62]["respondent"] == rows[53]["respondent"] is not None
    assert rows[1]["respondent"] is None


def test_every_pilots_metric_and_guardrails_have_data(county: County, data: DemoData) -> None:
    for pilot in county.pilots:
        means = weekly_means(data, pilot)
        for unit in (pilot.unit, *pilot.comparison_units):
            assert np.isfinite(means[unit]).sum() >= 55, (pilot.code, unit)
        for guard in pilot.guardrails:
            if county.metric(guard.metric).item is None:
                own = data.measurements.filter((pl.col("metric") == guard.metric) & (pl.col("unit") == pilot.unit))
                assert own.height == 64, (pilot.code, guard.metric)
    assert set(data.measurements.filter(pl.col("metric") == "deadline")["unit"]) == {"PEL1"}


def test_measurements_are_a_count_of_n_or_a_mean_of_n(data: DemoData) -> None:
    rows = data.measurements
    assert (rows["mean"].is_null() != rows["count"].is_null()).all()
    assert (rows["n"] > 0).all()
    assert rows.select("metric", "unit", "on_date").is_duplicated().sum() == 0
    shares = rows.filter(pl.col("metric").is_in(["cb2h", "noshow", "happy", "fcr", "readm", "deadline"]))
    assert (shares["count"] <= shares["n"]).all()


def test_units_that_take_a_change_up_get_its_effect(county: County, data: DemoData) -> None:
    """P13's text offers reached SUU2 the Monday after the decision of 7 July (week 44)."""
    rows = data.measurements.filter((pl.col("metric") == "noshow") & (pl.col("unit") == "SUU2")).sort("on_date")
    share = (rows["count"] / rows["n"]).to_numpy()
    effect = county.pilot("P13").process.effect
    assert share[47:].mean() - share[:45].mean() == pytest.approx(effect, abs=0.015)


def test_the_same_seed_gives_the_same_county_and_another_does_not(
    county: County, data: DemoData, other: DemoData
) -> None:
    again = simulate(county, today=TODAY)
    for name in ("feedback", "scores", "picks", "hand_labels", "measurements"):
        assert getattr(again, name).equals(getattr(data, name)), name
    assert again.log == data.log
    assert not other.scores.equals(data.scores)


@pytest.mark.parametrize("today", [dt.date(2026, 11, 23), dt.date(2027, 3, 4), dt.date(2030, 1, 6)])
def test_dates_move_by_whole_weeks_and_end_before_today(today: dt.date, county: County, data: DemoData) -> None:
    moved = simulate(county, today=today)
    assert moved.first_monday.weekday() == 0
    assert (moved.first_monday - data.first_monday).days % 7 == 0
    newest = moved.feedback["given_on"].max()
    assert isinstance(newest, dt.date)
    assert 0 < (today - newest).days <= 7
    assert (moved.measurements["on_date"].dt.weekday() == 1).all()
    assert moved.scores["value"].equals(data.scores["value"])


def test_statuses_end_where_the_county_says(county: County, data: DemoData) -> None:
    for pilot in county.pilots:
        rows = [row for row in data.statuses if row.pilot == pilot.code]
        assert rows[-1].status == pilot.status, pilot.code
        moments = [(row.week, row.day) for row in rows]
        assert moments == sorted(moments)


def test_the_log_covers_started_pilots_within_their_weeks(county: County, data: DemoData) -> None:
    by_pilot: dict[str, list[int]] = {}
    for entry in data.log:
        by_pilot.setdefault(entry.pilot, []).append(entry.week)
        assert 1 <= entry.work_went <= 5
    assert sorted(by_pilot) == STARTED
    for code, weeks in by_pilot.items():
        pilot: DemoPilot = county.pilot(code)
        assert pilot.start_week is not None
        assert pilot.start_week <= min(weeks)
        assert max(weeks) < min(pilot.start_week + pilot.planned_weeks, 64)
        assert len(set(weeks)) == len(weeks)
    notes = [entry.note for entry in data.log if entry.note]
    assert len(notes) == sum(len(pilot.log.notes) for pilot in county.pilots)


def test_a_pilots_effect_reaches_no_other_unit(county: County) -> None:
    series: dict[tuple[str, str, str], Truth] = truths(county, 3)
    with_effect = {(t.measure, t.unit, t.population) for t in series.values() if np.any(t.effect)}
    allowed = {(measure_of(county, p.metric), p.unit, p.population) for p in county.pilots}
    assert with_effect <= allowed
