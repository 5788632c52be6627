"""What other systems read: the files' own rows, a page at a time, nothing lost and nothing twice while rows change."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from sqlmodel import select

from models.interface import KeyScope
from models.metrics import Measurement
from models.themes import Theme
from services import exports
from services.exports_schema import Kind, Scope
from services.interface_rows import FEEDS
from services.record import database
from tests.api.interface import Interface, measurement, unit_id

LISTS = {
    "pilots": "pilots",
    "measurements": "measurements",
    "themes/quarters": "themes-quarterly",
    "decisions": "decisions",
}
"""Lists that are a file too, by the file's name."""


@pytest.mark.parametrize("name", list(LISTS))
def test_the_interface_and_the_files_say_the_same(name: str, demo_installation: str) -> None:
    interface = Interface()
    rows = interface.everything(name, interface.key())
    table = exports.table(LISTS[name])
    feed = next(feed for feed in FEEDS if feed.name == name)
    with database().reading() as session:
        written = list(table.rows(session, Scope(unit_ids=None)))
    told = [
        tuple(" ".join(row[column.name]) if column.name in feed.lists else row[column.name] for column in table.columns)
        for row in rows
    ]
    numbers = [index for index, column in enumerate(table.columns) if column.kind is Kind.NUMBER]
    assert len(told) == len(written) > 0
    for mine, theirs in zip(sorted(told, key=str), sorted(map(tuple, written), key=str), strict=True):
        for index in range(len(mine)):
            if index in numbers and theirs[index] is not None:
                assert mine[index] == pytest.approx(theirs[index], rel=1e-9)
            else:
                assert mine[index] == theirs[index]


def test_small_numbers_are_null_and_say_so(interface: Interface) -> None:
    rows = {row["id"]: row for row in interface.everything("measurements", interface.key())}
    few = [row for row in rows.values() if row["unit"] == "B1"]
    assert [(row["n"], row["mean"], row["sd"], row["suppressed"]) for row in few] == [(None, None, None, True)]
    many = [row for row in rows.values() if row["unit"] == "A1"]
    assert [(row["n"], row["suppressed"]) for row in many] == [(20.0, False)] * 2


def test_a_key_of_one_unit_reads_that_unit_only(interface: Interface) -> None:
    own = interface.everything("measurements", interface.key(unit="A"))
    assert {row["unit"] for row in own} == {"A1"}
    assert [row["theme"] for row in interface.everything("themes", interface.key(unit="A"))] == ["T1"]
    assert interface.everything("measurements", interface.key(unit="B2")) == []


def test_resuming_gives_what_has_changed_since_once(interface: Interface) -> None:
    key = interface.key()
    first = interface.get("measurements", key).json()
    assert (first["next"], first["next_url"], len(first["items"])) == (None, None, 3)
    again = interface.get(f"measurements?cursor={first['resume']}", key).json()
    assert (again["items"], again["deleted"], again["resume"]) == ([], [], first["resume"])

    assert interface.send("measurements", {"rows": [measurement()]}, key).status == 201
    changed = interface.get(f"measurements?cursor={first['resume']}", key).json()
    assert [row["id"] for row in changed["items"]] == ["score/A2/2026-11-16/"]
    assert interface.get(f"measurements?cursor={changed['resume']}", key).json()["items"] == []
    since = changed["items"][0]["changed_at"].replace("+00:00", "Z")
    assert [row["id"] for row in interface.get(f"measurements?updated_since={since}", key).json()["items"]] == [
        "score/A2/2026-11-16/"
    ]


def test_a_row_that_is_no_more_is_told_as_deleted_and_may_come_back(interface: Interface) -> None:
    key = interface.key()
    interface.send("measurements", {"rows": [measurement()]}, key)
    at = interface.get("measurements", key).json()["resume"]
    with database().writing() as session:
        row = session.exec(select(Measurement).where(Measurement.unit_id == unit_id(session, "A2"))).one()
        session.delete(row)
        session.commit()
    interface.send("measurements", {"rows": [measurement(unit="B2")]}, key)
    page = interface.get(f"measurements?cursor={at}", key).json()
    assert [row["id"] for row in page["deleted"]] == ["score/A2/2026-11-16/"]
    assert [row["id"] for row in page["items"]] == ["score/B2/2026-11-16/"]
    assert interface.get(f"measurements?cursor={page['resume']}", key).json()["deleted"] == []
    interface.send("measurements", {"rows": [measurement(mean=2.0)]}, key)
    back = interface.get(f"measurements?cursor={page['resume']}", key).json()
    assert [(row["id"], row["mean"]) for row in back["items"]] == [("score/A2/2026-11-16/", 2.0)]


@pytest.mark.parametrize("seed", range(2))
def test_pages_lose_nothing_and_give_nothing_twice_while_rows_change(interface: Interface, seed: int) -> None:
    """A reader follows pages while rows are added, renamed and deleted: in the end both hold the same."""
    chance = random.Random(seed)
    key = interface.key()
    held: dict[str, Any] = {}
    seen: set[tuple[str, str]] = set()
    cursor = None

    def change() -> None:
        with database().writing() as session:
            themes = list(session.exec(select(Theme).order_by(Theme.code)))
            for _ in range(chance.randrange(1, 4)):
                theme, what = chance.choice(themes), chance.random()
                if what < 0.4:
                    code = f"N{chance.randrange(10**6)}"
                    session.add(Theme(code=code, name={"fi": code}))
                elif what < 0.8 or theme.code == "T1":
                    theme.name = {"fi": str(chance.random())}
                    session.add(theme)
                elif theme in session and theme.id:
                    session.delete(theme)
                    themes.remove(theme)
            session.commit()

    for _ in range(8):
        change()
    turns = 25
    for turn in range(turns + 200):
        address = f"themes?limit={chance.choice([1, 2, 3])}" + (f"&cursor={cursor}" if cursor else "")
        page = interface.get(address, key).json()
        for row in page["items"] + page["deleted"]:
            mark = (row["id"], row["changed_at"])
            assert mark not in seen, "nothing comes twice"
            seen.add(mark)
        held |= {row["theme"]: row["name_fi"] for row in page["items"]}
        for row in page["deleted"]:
            held.pop(row["id"], None)
        cursor = page["resume"]
        if turn < turns:
            change()
        elif page["next"] is None:
            break
    with database().reading() as session:
        stored = {theme.code: theme.name["fi"] for theme in session.exec(select(Theme))}
    assert held == stored


WRONG = (
    ("limit=0", "limit"),
    ("limit=1001", "limit"),
    ("limit=1.0", "limit"),
    ("limit=%2B5", "limit"),
    ("limit=%C2%B2", "limit"),
    ("limit=1&limit=2", "limit"),
    ("updated_since=eilen", "updated_since"),
    ("updated_since=2026-02-30", "updated_since"),
    ("updated_since=2026-04-24T09:00:00", "updated_since"),
    ("updated_since=", "updated_since"),
    ("cursor=abc", "cursor"),
    ("cursor=%00", "cursor"),
    ("cursor=%C3%A4", "cursor"),
    ("page=2", "page"),
)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@SQLITE
def test_a_wrong_parameter_is_refused_by_its_name(interface: Interface) -> None:
    key = interface.key()
    for asked, field in WRONG:
        answer = interface.get(f"pilots?{asked}", key)
        assert answer.status == 422, asked
        assert answer.headers["content-type"] == "application/problem+json"
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@SQLITE
def test_a_cursor_belongs_to_its_list(interface: Interface) -> None:
    key = interface.key()
    cursor = interface.get("themes", key).json()["resume"]
    assert interface.get(f"pilots?cursor={cursor}", key).status == 422


def test_every_moment_of_the_calendar_can_be_asked_from(interface: Interface) -> None:
    key = interface.key()
    early = ("0001-01-01", "0001-01-01T00:00:00%2B14:00", "2020-01-01T00:00:00 02:00", "2026-06-30t23:59:60z")
    for since, rows in (*((since, 1) for since in early), ("9999-12-31T23:59:59-14:00", 0)):
        assert len(interface.get(f"themes?updated_since={since}", key).json()["items"]) == rows, since


def test_two_processes_tell_of_changes_in_one_order(interface: Interface) -> None:
    """One that has compared with an older record must not put it over what another has told since."""
    from services import interface_feed

    themes = next(feed for feed in FEEDS if feed.name == "themes")
    with database().reading() as session:
        old = interface_feed._changes(session, themes)
    assert old is not None
    with database().writing() as session:
        theme = session.exec(select(Theme)).one()
        theme.name = {"fi": "Uusi"}
        session.add(theme)
        session.commit()
    interface_feed.bring_up_to_date(database(), themes)
    assert not interface_feed._applied(database(), themes, old, version=0)
    assert [row["name_fi"] for row in interface.everything("themes", interface.key())] == ["Uusi"]


def test_moments_of_change_only_grow_though_a_clock_goes_back(
    interface: Interface, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services import interface_feed

    key = interface.key(KeyScope.READ_THEMES)
    first = interface.get("themes", key).json()
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    monkeypatch.setattr(interface_feed, "now", lambda: early)
    with database().writing() as session:
        session.add(Theme(code="T2", name={"fi": "Toinen"}))
        session.commit()
    after = interface.get(f"themes?cursor={first['resume']}", key).json()
    assert [row["id"] for row in after["items"]] == ["T2"]
    assert after["items"][0]["changed_at"] > first["items"][0]["changed_at"]


def test_examples_in_the_document_have_the_rows_own_fields() -> None:
    for feed in FEEDS:
        assert set(feed.example) == {column.name for column in feed.columns}, feed.name
        assert set(feed.keys) <= set(feed.example)
