"""The demo county in the record: whole, within the record's own rules, and only ever into an empty database."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

from models.base import validated, week_of
from models.decisions import Decision, DecisionApproval, DecisionUnit, Evaluation, Story, StoryStatus
from models.feedback import Channel, Feedback, FeedbackScore
from models.metrics import Measurement
from models.organisation import CustomerType, Event, EventUnit, Unit
from models.people import Person, Role
from models.pilots import LogEntry, Pilot, PilotStatus
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import decisions, pilots, plans, series, stories
from services.demo import load, words
from services.demo.county import County
from services.demo.load import is_empty, load_demo
from services.demo.simulate import SEED, DemoData
from services.errors import Conflict
from services.evaluation import has_started
from services.people import holds_demo
from services.rows import key
from tests.demo.conftest import TODAY
from tests.demo.weekly import weekly_means
from themes.duplicates import near_duplicates
from themes.redaction import redact


@pytest.fixture
def loaded(demo_session: Session) -> Session:
    """A copy of the loaded county, on SQLite."""
    return demo_session


def count(session: Session, model: type[SQLModel], *conditions: sa.ColumnElement[bool]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(model).where(*conditions)).scalar_one())


def test_both_engines_hold_the_whole_county_and_can_add_to_it(session: Session, data: DemoData) -> None:
    assert is_empty(session)
    summary = load_demo(session, today=TODAY, evaluate=False)
    assert summary.rows["feedback"] == len(data.feedback) == count(session, Feedback)
    assert summary.rows["feedback_score"] == len(data.scores) == count(session, FeedbackScore)
    assert summary.rows["measurement"] == len(data.measurements) == count(session, Measurement)
    assert summary.rows["log_entry"] == len(data.log) == count(session, LogEntry)
    assert (summary.first_day, summary.last_day) == (dt.date(2025, 9, 1), dt.date(2026, 11, 22))
    assert "invented" in str(summary)
    assert not is_empty(session)
    assert holds_demo(session)
    unit = session.exec(select(Unit).where(Unit.code == "AVO1")).one()
    new = validated(
        Feedback,
        unit_id=unit.id,
        given_on=TODAY,
        week=1,
        channel=Channel.WEB,
        solicited=False,
        customer_type=CustomerType.EXTERNAL,
    )
    session.add(new)
    session.commit()
    assert key(new.id) > len(data.feedback)


def test_a_database_that_holds_anything_is_refused_and_left_as_it_was(session: Session) -> None:
    session.add(validated(Unit, code="X", level="unit", name={"fi": "Oikea yksikkö"}))
    session.commit()
    with pytest.raises(Conflict, match="empty database only"):
        load_demo(session, today=TODAY)
    assert count(session, Unit) == 1
    assert count(session, Feedback) == 0
    assert not holds_demo(session)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_failure_on_the_way_leaves_nothing(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(load.stored_pilots, "store_stories", fails)
    with pytest.raises(RuntimeError, match="the disk is full"):
        load_demo(session, today=TODAY)
    assert is_empty(session)


def test_the_tree_people_and_events(loaded: Session, county: County) -> None:
    units = {unit.code: unit for unit in loaded.exec(select(Unit)).all()}
    assert len(units) == 1 + 8 + 26
    root = units[load.stored_county.COUNTY_CODE]
    assert root.name["fi"] == "Rannikkomaan hyvinvointialue"
    for unit in county.units:
        row = units[unit.code]
        assert row.oid == unit.oid
        assert units[unit.area].id == row.parent_id
        assert units[unit.area].parent_id == root.id
        assert row.takes_pilots
        assert not units[unit.area].takes_pilots
    people = loaded.exec(select(Person)).all()
    assert len(people) == len(county.users)
    assert all(person.is_demo for person in people)
    assert {person.role for person in people} == set(Role)
    assert count(loaded, Event) == 8
    assert count(loaded, EventUnit) == 4  # AVO4; SAI1 and SAI2; PEL2


def test_pilots_stand_where_the_county_says_with_locked_plans(loaded: Session, county: County) -> None:
    rows = pilots.list_pilots(loaded, today=TODAY)
    assert {row.pilot.code: row.status.value for row in rows} == {pilot.code: pilot.status for pilot in county.pilots}
    for row in rows:
        pilot = county.pilot(row.pilot.code)
        whole = plans.current(loaded, key(row.pilot.id))
        assert plans.hash_holds(loaded, whole)
        assert whole.metric.code == pilot.metric
        assert [unit.code for unit in whole.comparison_units] == sorted(pilot.comparison_units)
        assert {m.code: margin for m, margin in whole.guardrails} == {g.metric: abs(g.limit) for g in pilot.guardrails}
        assert {row.theme.code, *(theme.code for theme in row.further_themes)} == set(pilot.themes)
        assert row.theme.code == pilot.themes[0]
        if pilot.start is not None:
            assert whole.plan.start_on == pilot.start
            assert plans.is_locked(whole.plan, TODAY)
            assert whole.plan.at.date() < pilot.start, "a plan is fixed before the start"
        else:
            assert whole.plan.start_on > TODAY
        history = loaded.exec(
            select(PilotStatus).where(PilotStatus.pilot_id == row.pilot.id).order_by(col(PilotStatus.id))
        ).all()
        moments = [status.at for status in history]
        assert moments == sorted(moments)
        assert moments[-1].date() <= TODAY
    trigger = plans.current(loaded, key(pilots.by_code(loaded, "P04").id)).plan
    assert (trigger.trigger_from, trigger.trigger_to) == (dt.date(2026, 4, 27), dt.date(2026, 6, 7))
    assert plans.current(loaded, key(pilots.by_code(loaded, "P24").id)).plan.population == "language:sv"
    assert loaded.exec(select(Pilot).where(~col(Pilot.is_demo))).all() == []


def test_the_services_read_the_series_that_were_drawn(loaded: Session, county: County, data: DemoData) -> None:
    for pilot in county.pilots:
        whole = plans.current(loaded, key(pilots.by_code(loaded, pilot.code).id))
        units = [key(unit.id) for unit in (*whole.pilot_units, *whole.comparison_units)]
        found = series.load(loaded, metric=whole.metric, unit_ids=units, population=whole.plan.population)
        drawn = weekly_means(data, pilot)
        for unit, week, n, mean, counted in found.rows.select("unit", "week", "n", "mean", "count").iter_rows():
            value = counted / n if counted is not None else mean
            if unit != "PEL1":  # a repeated comment there counts once
                assert value == pytest.approx(drawn[unit][week - week_of(data.first_monday)]), (pilot.code, unit, week)
        assert found.panel is not None


def test_no_personal_data_is_stored_and_no_comment_is_lost(loaded: Session, county: County, data: DemoData) -> None:
    texts = {row.id: row for row in loaded.exec(select(Feedback).where(col(Feedback.text).is_not(None))).all()}
    placed = words.place(data, words.load_words(), SEED)
    assert len(placed) > 400
    assert len(texts) == len(county.comments) + len(placed)
    stored = "\n".join(row.text or "" for row in texts.values())
    for personal in ("010190-999W", "040 000 0000", "matti.esimerkki", "Meikäläinen"):
        assert personal not in stored
    assert all(redact(row.text or "").text == row.text for row in texts.values())
    assert sum("[HETU]" in (row.text or "") for row in texts.values()) == 1
    repeats = loaded.exec(select(Feedback).where(col(Feedback.repeats_id).is_not(None))).all()
    assert len(repeats) == 1
    assert texts[key(repeats[0].repeats_id)].text == county.comments[52].text
    by_id = sorted(texts)
    groups = near_duplicates([texts[row].text or "" for row in by_id])
    assert {by_id[i]: by_id[first] for i, first in enumerate(groups) if first != i} == {
        key(repeats[0].id): repeats[0].repeats_id
    }, "the rule of imports finds the same repeat"
    same = loaded.exec(select(Feedback.respondent).where(col(Feedback.respondent).is_not(None))).all()
    assert len(same) == 2
    assert len(set(same)) == 1


def test_themes_come_from_respondents_rules_and_a_person(loaded: Session, county: County, data: DemoData) -> None:
    def by(source: AssignedBy) -> int:
        return count(loaded, ThemeAssignment, col(ThemeAssignment.assigned_by) == source)

    assert by(AssignedBy.RESPONDENT) == len(data.picks)
    assert by(AssignedBy.PERSON) == sum(len(comment.themes) for comment in county.comments)
    assert by(AssignedBy.RULE) > 30
    unexplained = col(ThemeAssignment.matched) == ""
    assert count(loaded, ThemeAssignment, col(ThemeAssignment.assigned_by) == AssignedBy.RULE, unexplained) == 0
    assert {theme.code for theme in loaded.exec(select(Theme)).all() if theme.praise} == {"T20"}


def test_every_started_pilot_has_been_evaluated(loaded: Session) -> None:
    evaluated = set(loaded.exec(select(Evaluation.pilot_id)).all())
    started = {row.pilot.id for row in pilots.list_pilots(loaded, today=TODAY) if has_started(row, TODAY)}
    assert len(started) == 22
    assert evaluated == started


def test_decisions_rest_on_an_evaluation_of_their_day(loaded: Session, county: County) -> None:
    rows = loaded.exec(select(Decision)).all()
    codes = {key(pilot.id): pilot.code for pilot in loaded.exec(select(Pilot)).all()}
    assert {codes[row.pilot_id]: row.choice.value for row in rows} == {d.pilot: d.choice for d in county.decisions}
    for row in rows:
        stated = next(d for d in county.decisions if d.pilot == codes[row.pilot_id])
        assert row.at.date() == stated.date
        evaluation = loaded.get(Evaluation, row.evaluation_id)
        assert evaluation is not None
        assert evaluation.pilot_id == row.pilot_id
        assert evaluation.as_of <= stated.date
        assert evaluation.verdict == row.recommended
        assert row.overrides == (row.choice.value != row.recommended.value)
        approval = loaded.get(DecisionApproval, row.id)
        assert (approval is not None) == row.overrides
        assert approval is None or approval.by_id != row.by_id
        in_force = decisions.in_force(loaded, row.pilot_id)
        assert in_force is not None
        assert sorted(unit.code for unit in in_force.units) == sorted(stated.units)
    assert count(loaded, DecisionUnit) == 5


def test_public_stories_are_in_three_languages_and_approved_by_another(loaded: Session, county: County) -> None:
    public = stories.public_stories(loaded)
    assert {row.pilot.code for row in public} == {"P01", "P09", "P19"}
    assert {row.pilot.code: row.helped for row in public} == {"P01": True, "P09": False, "P19": False}
    for row in loaded.exec(select(Story)).all():
        assert row.status is StoryStatus.APPROVED
        assert row.approved_by_id != row.written_by_id
        for part in (row.you_said, row.we_tried, row.what_happened, row.what_next):
            assert set(part) == {"fi", "sv", "en"}
            assert all(not redact(text).spans for text in part.values()), "the public page must not"


def test_the_log_is_stored_in_its_weeks(loaded: Session, data: DemoData) -> None:
    entries = loaded.exec(select(LogEntry)).all()
    assert len(entries) == len(data.log)
    assert all(redact(entry.note).text == entry.note for entry in entries)
    assert {entry.note for entry in entries if entry.note} == {redact(e.note).text for e in data.log if e.note}
