"""Exports: what is small is left out and cannot be worked out from what is not."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
from sqlmodel import Session

from models.ideas import Idea, IdeaStatus
from models.people import Person, Role
from models.pilots import Happened
from services import exports_weekly, pilots, weekly_log
from services.exports_schema import HIDDEN, shown
from services.rows import key
from tests.services.conftest import TODAY, World
from tests.services.test_exports import TONES, analyst, person, read


def test_weeks_of_few_answers_are_empty_and_marked(world: World) -> None:
    for day, n in ((TODAY, 9), (TODAY + dt.timedelta(days=7), 10)):
        world.measure(world.ward, world.score, day, n=n, mean=8.0, sd=1.0)
        world.measure(world.ward, world.pulse, day, n=n - 5, mean=3.0, sd=1.0)
    world.measure(world.ward, world.errors, TODAY, n=1, count=2)
    rows = {(row["metric"], row["week"]): row for row in read(world.session, "measurements", analyst(world))}
    few, enough = rows["nps_mean", "2026-11-23"], rows["nps_mean", "2026-11-30"]
    assert (few["n"], few["mean"], few["sd"], few[HIDDEN]) == ("", "", "", "1")
    assert (enough["n"], enough["mean"], enough[HIDDEN]) == ("10", "8", "0")
    assert [rows["pulse", day][HIDDEN] for day in ("2026-11-23", "2026-11-30")] == ["1", "0"]
    assert (rows["errors", "2026-11-23"]["count"], rows["errors", "2026-11-23"][HIDDEN]) == ("2", "0")


def test_a_group_that_could_be_worked_out_from_the_total_is_hidden_too(world: World) -> None:
    for population, n in (("", 40), ("language:fi", 25), ("language:sv", 11), ("language:en", 4)):
        world.measure(world.ward, world.score, TODAY, n=n, mean=8.0, sd=1.0, population=population)
    rows = {row["population"]: row[HIDDEN] for row in read(world.session, "measurements", analyst(world))}
    # English speakers are 4 and hidden; with Finnish and Swedish shown they would be 40 - 25 - 11.
    assert rows == {"": "0", "language:en": "1", "language:fi": "0", "language:sv": "1"}


@pytest.mark.parametrize(
    ("groups", "total", "kept"),
    [
        ({"a": 30, "b": 12}, 42, {"a", "b"}),
        ({"a": 30, "b": 9}, 39, set()),
        ({"a": 30, "b": 12, "c": 9}, 51, {"a"}),
        ({"a": 30, "b": 6, "c": 6}, 42, {"a"}),
        ({"a": 30}, 35, set()),
        ({"a": 30, "b": 9}, None, {"a"}),
        ({}, 5, set()),
    ],
)
def test_what_may_be_shown_beside_a_total(groups: dict[str, float], total: float | None, kept: set[str]) -> None:
    assert shown(groups, total=total, least=10) == kept


def test_no_hidden_theme_week_follows_from_its_quarter(demo_session: Session) -> None:
    by = person(demo_session, "u14")
    weeks: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in read(demo_session, "themes-weekly", by):
        day = dt.date.fromisoformat(row["week"])
        quarter = f"{day.year}-Q{(day.month + 2) // 3}"
        weeks[row["theme"], row["unit"], quarter].append((row["answers"], row[HIDDEN]))
    quarters = read(demo_session, "themes-quarterly", by)
    open_ones = [row for row in quarters if row[HIDDEN] == "0"]
    assert open_ones
    for row in open_ones:
        parts = weeks[row["theme"], row["unit"], row["quarter"]]
        left = int(row["answers"]) - sum(int(answers) for answers, hidden in parts if hidden == "0")
        assert left == 0 or left >= 10
        tones = [row[tone] for tone in TONES]
        assert (row["tones_suppressed"] == "1") == (tones == ["", "", ""])
        if tones != ["", "", ""]:
            assert sum(map(int, tones)) <= int(row["answers"])
            assert not [tone for tone in tones if 0 < int(tone) < 9]  # nine answers of ten people at most
    assert {row["tones_suppressed"] for row in open_ones} == {"0", "1"}
    assert all(row["answers"] == "" for row in quarters if row[HIDDEN] == "1")


def test_a_shown_week_is_hidden_when_it_would_give_the_rest_of_its_quarter_away() -> None:
    def cells(*sizes: int) -> list[tuple[object, ...]]:
        return [("T01", "SAI3", 2970 + k, n, n, n, 0, 0) for k, n in enumerate(sizes)]

    assert [row[-2] for row in exports_weekly._theme_rows(cells(12, 15, 4))] == [True, False, True]
    assert [row[-2] for row in exports_weekly._theme_rows(cells(12, 15, 6, 5))] == [False, False, True, True]
    assert [row[-2] for row in exports_weekly._theme_rows(cells(12, 15))] == [False, False]
    talkative = ("T01", "SAI3", 2973, 14, 3, 14, 0, 0)
    assert [row[-2] for row in exports_weekly._theme_rows([*cells(12, 15), talkative])] == [True, False, True]


def test_how_the_work_went_for_one_person_does_not_leave_among_five_who_logged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    staff = [Person(code=f"s{k}", name=f"s{k}", role=Role.STAFF, unit_id=world.ward.id) for k in range(5)]
    world.session.add_all(staff)
    world.session.commit()

    def logged(by: Person, work_went: int | None) -> None:
        day = TODAY + dt.timedelta(days=15)
        weekly_log.record(
            world.session, pilot_id=key(pilot.id), happened=Happened.YES, by=by, today=day, work_went=work_went
        )

    by = analyst(world)
    logged(staff[0], 1)
    for one in staff[1:]:
        logged(one, None)
    (row,) = read(world.session, "weekly-log", by)
    assert (row["carried_out"], row["work_went"]) == ("1", "")
    for one in staff[1:]:
        logged(one, 3)
    (row,) = read(world.session, "weekly-log", by)
    assert (row["work_went"], row[HIDDEN]) == ("", "1"), "the week can still be logged"
    monkeypatch.setenv("LUOTSI_TODAY", (TODAY + dt.timedelta(days=30)).isoformat())
    (row,) = read(world.session, "weekly-log", by)
    assert (row["work_went"], row[HIDDEN]) == ("2.6", "0")


def test_few_proposers_are_not_counted(world: World) -> None:
    staff = [Person(code=f"s{k}", name=f"s{k}", role=Role.STAFF, unit_id=world.ward.id) for k in range(5)]
    world.session.add_all(staff)
    world.session.flush()
    for k, one in enumerate(staff):
        world.session.add(Idea(unit_id=key(world.ward.id), words="Kokeillaan.", by_id=key(one.id)))
        if k < 4:
            world.session.add(Idea(unit_id=key(world.station.id), words="Kokeillaan.", by_id=key(one.id)))
    world.session.commit()
    rows = {row["unit"]: row for row in read(world.session, "ideas", analyst(world))}
    assert (rows["SAI3"]["ideas"], rows["SAI3"]["open"], rows["SAI3"]["tried"]) == ("5", "5", "0")
    assert (rows["PEL1"]["ideas"], rows["PEL1"][HIDDEN]) == ("", "1")


def test_an_answer_to_one_proposer_is_not_counted_out(world: World) -> None:
    staff = [Person(code=f"s{k}", name=f"s{k}", role=Role.STAFF, unit_id=world.ward.id) for k in range(12)]
    world.session.add_all(staff)
    world.session.flush()
    statuses = [IdeaStatus.OPEN] * 5 + [IdeaStatus.SOLVED] * 6 + [IdeaStatus.WITHDRAWN]
    for one, status in zip(staff, statuses, strict=True):
        world.session.add(Idea(unit_id=key(world.ward.id), words="Kokeillaan.", by_id=key(one.id), status=status))
    world.session.commit()
    (row,) = read(world.session, "ideas", analyst(world))
    # One is withdrawn; open or solved would give it away beside all twelve.
    assert [row[name] for name in ("ideas", "open", "solved", "withdrawn", "tried", HIDDEN)] == [
        "12", "", "6", "", "0", "1",
    ]  # fmt: skip
