"""After scaling up on a pilot's page: figures, use in units, writing down the check; what a gain costs."""

from __future__ import annotations

import pytest

from models.adoption import AdoptionState
from models.pilots import Status
from services import adoption, pilots, scaling
from services.rows import key
from tests.pages.pilot_pages import errors, keyed, opened_page, pilot, record, widget, words


def test_the_page_says_whether_it_held_and_what_a_gain_costs(demo_installation: str) -> None:
    said = words(opened_page("pilot", "u7", code="P01"))
    assert "Vaikutus on säilynyt: 20,3 prosenttiyksikköä, kun päätöksestä on noin 6 kuukautta." in said
    assert "Tarkistus piti tehdä 13.10.2026." in said
    assert "Näihin ei enää verrata, koska muutos on niissäkin käytössä: AVO1, AVO2." in said
    assert "Parannus 8,0 prosenttiyksikköä vie ensimmäisenä vuonna noin 64 h" in said


def test_a_change_that_saves_time_has_no_price_in_hours(demo_installation: str) -> None:
    said = words(opened_page("pilot", "u7", code="P13"))
    assert "Muutos säästää ensimmäisenä vuonna noin 144 tuntia työaikaa" in said
    assert "Enimmäismäärää ei voi sanoa" in said
    assert "Työaika parannusta kohti" not in said


@pytest.mark.parametrize("code", ["P02", "P22", "P09"])
def test_a_pilot_that_was_not_scaled_up_has_no_such_part(demo_installation: str, code: str) -> None:
    assert "Laajentamisen jälkeen" not in words(opened_page("pilot", "u7", code=code))


def test_a_unit_says_where_it_stands_with_one_tap(demo_installation: str) -> None:
    page = opened_page("pilot", "u7", code="P01")
    controls = [one for one in page.get("button_group") if one.key.startswith("adoption_state_")]
    assert len(controls) == 4
    assert "Käytössä: 2/3" in words(page)
    controls[3].set_value(AdoptionState.IN_USE).run()
    assert not page.exception
    assert not errors(page)
    with record() as session:
        found = scaling.scaling_of(session, key(pilot("P01").id))
        assert found is not None
        states = [one.state for one in adoption.state_of(session, key(found.decision.id))]
    assert states == ["in_use", "in_use", "adapted", "in_use"]
    assert "Käytössä: 3/3" in words(page)


def test_a_trustee_reads_where_it_is_in_use_and_changes_nothing(demo_installation: str) -> None:
    page = opened_page("pilot", "u9", code="P10")
    assert "ei vielä kerrottu" in words(page)
    page = opened_page("pilot", "u9", code="P01")
    assert "ei aloitettu" in words(page)
    assert not [one for one in page.get("button_group") if str(one.key).startswith("adoption_state_")]
    assert "Tallenna tarkistus" not in [button.label for button in page.button]


def test_a_check_that_held_makes_an_established_practice(demo_installation: str) -> None:
    page = opened_page("pilot", "u7", code="P01")
    assert keyed(page, "radio", "follow_up_keep").value.value == "establish"
    widget(page, "button", "follow_up_save").click().run()
    assert not page.exception
    assert not errors(page)
    with record() as session:
        pilot_id = key(pilot("P01").id)
        assert pilots.history(session, pilot_id)[-1].status is Status.ESTABLISHED
        found = scaling.scaling_of(session, pilot_id)
    assert found is not None
    assert len(found.checks) == 1
    assert "Seuraava tarkistus: 13.4.2027." in words(page)


def test_giving_up_what_held_needs_a_reason(demo_installation: str) -> None:
    page = opened_page("pilot", "u7", code="P01")
    radio = keyed(page, "radio", "follow_up_keep")
    radio.set_value(next(one for one in type(radio.value) if one.value == "adapt")).run()
    widget(page, "button", "follow_up_save").click().run()
    assert any("perustelet" in error for error in errors(page))
    with record() as session:
        assert scaling.scaling_of(session, key(pilot("P01").id)).checks == ()  # type: ignore[union-attr]
