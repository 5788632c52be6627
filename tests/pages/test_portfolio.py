"""The portfolio: nothing left out, filtered by what the address says, empty, refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pytest

from models.base import validated
from models.decisions import Decision
from models.people import Person, Role
from pages import portfolio_together
from services import portfolio
from services.portfolio import Pile
from services.together import Together, together
from tests.databases import DEMO_TODAY, sqlite_url
from tests.pages.pilot_pages import changing, errors, opened_page, record, words


def test_every_pilot_has_a_row_in_the_order_of_codes(demo_installation: str) -> None:
    page = opened_page("portfolio", "u7")
    with record() as session:
        rows = portfolio.rows(session, today=DEMO_TODAY)
    tables = [table.value for table in page.table]
    listed = [cell for table in tables for cell in table["Kokeilu"]]
    assert len(listed) == len(rows) == 24
    for row in rows:
        assert any(f"pilot?code={row.row.pilot.code}" in cell for cell in listed)
    for table in tables:
        assert list(table["Kokeilu"]) == sorted(table["Kokeilu"])
    drawn = {row.pile for row in rows} - {Pile.PLANNED}
    assert len(page.get("vega_lite_chart")) == len(drawn)


def test_the_address_filters(demo_installation: str) -> None:
    page = opened_page("portfolio", "u9", q="P02")
    listed = [cell for table in page.table for cell in table.value["Kokeilu"]]
    assert len(listed) == 1
    assert "P02" in listed[0]
    assert "1/24" in words(page)


def test_a_search_without_a_find_says_so(demo_installation: str) -> None:
    page = opened_page("portfolio", "u7", q="xyzzy")
    assert "Mikään kokeilu ei vastaa hakua" in words(page)
    assert not page.table


def test_a_machine_user_is_refused(demo_installation: str) -> None:
    page = opened_page("portfolio", "u11")
    assert len(errors(page)) == 1
    assert not page.table


def test_a_county_without_pilots(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bare.db"
    shutil.copyfile(sqlite_template, path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url(path))
    with changing() as session:
        session.add(validated(Person, code="leader", name="Johtaja", role=Role.LEADERSHIP))
        session.commit()
    assert "Kokeiluja ei ole vielä" in words(opened_page("portfolio", "leader"))


def test_what_was_scaled_up_tells_when_its_effect_is_checked(demo_installation: str) -> None:
    with changing() as session:
        row = next(row for row in portfolio.rows(session, today=DEMO_TODAY) if row.pile is Pile.FOLLOW_UP)
        assert row.decision is not None
        decision_id, code = row.decision.decision.id, row.row.pilot.code
        for day, told in (
            (dt.timedelta(days=-1), "tarkistus oli määrä tehdä"),
            (dt.timedelta(days=7), "tarkistus 30."),
        ):
            decision = session.get(Decision, decision_id)
            assert decision is not None
            decision.review_on = DEMO_TODAY + day
            session.add(decision)
            session.commit()
            [table] = opened_page("portfolio", "u7", q=code).table
            assert told in table.value["Päätös"].iloc[0]


def test_the_whole_portfolio_is_estimated_together(demo_installation: str) -> None:
    with record() as session:
        found = together(portfolio.rows(session, today=DEMO_TODAY))
    page = opened_page("portfolio", "u7")
    said = words(page)
    assert f"Loppuun asti vietyjä kokeiluja on {found.finished}. Niistä {found.gains} paransi" in said
    assert f"Vaikutus on arvioitu {len(found.estimates)} kokeilusta." in said
    effects = [cell for table in page.table for cell in table.value.get("Vaikutus (luottamusväli); pienin muutos", ())]
    assert sum("Yhdessä muiden kanssa: " in cell for cell in effects) == len(found.estimates)
    # The pictures have the diamond of every one of them.
    diamonds = sum(chart.proto.spec.count('"shrunken": ') for chart in page.get("vega_lite_chart"))
    assert diamonds >= len(found.estimates)


def test_a_filter_leaves_the_whole_portfolio_in_the_estimate(demo_installation: str) -> None:
    with record() as session:
        found = together(portfolio.rows(session, today=DEMO_TODAY))
    assert f"Vaikutus on arvioitu {len(found.estimates)} kokeilusta." in words(opened_page("portfolio", "u7", q="P02"))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"finished": 0, "gains": 0}, "Yhtään kokeilua ei ole vielä viety loppuun asti."),
        ({"gains": 0}, "Yhdenkään parannus ei ole niin selvä"),
        ({"between_sd": 0.01}, "Kokeilujen väliset erot voivat olla pelkkää sattumaa"),
        ({"between_sd": 0.0, "between_sd_interval": None}, "kuin kokeilut eivät eroaisi toisistaan lainkaan"),
    ],
)
def test_what_is_said_of_few_gains_and_of_pilots_that_are_alike(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch, found: dict[str, object], said: str
) -> None:
    def changed(rows: list[portfolio.PortfolioRow]) -> Together:
        return dataclasses.replace(together(rows), **found)  # type: ignore[arg-type]

    monkeypatch.setattr(portfolio_together, "together", changed)
    assert said in words(opened_page("portfolio", "u7"))


def test_too_few_evaluated_pilots_are_said_to_be_too_few(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portfolio_together, "together", lambda rows: together(rows[:2]))
    page = opened_page("portfolio", "u7")
    assert "vasta, kun vähintään 3 kokeilulla on arvio vaikutuksesta" in words(page)
    assert "Yhdessä muiden kanssa" not in words(page)
