"""Walking in the customer's shoes: every path with its curve, a walk saved and taken back, a path described."""

from __future__ import annotations

from typing import Any

from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.walks import ServicePath, Walk
from services import walks
from tests.pages.pilot_pages import errors, opened_page, record, widget, words


def stored(code: str) -> list[walks.WalkRow]:
    with record() as session:
        return walks.walks_of(session, walks.path_by_code(session, code).id or 0)


def felt(page: AppTest, place: int, feeling: int | None, minute: float | None = None, note: str = "") -> None:
    beginning = f"walk_leikkaus_{place}"
    if feeling is not None:
        widget(page, "button_group", f"{beginning}_feeling").set_value(feeling)
    if minute is not None:
        widget(page, "number_input", f"{beginning}_minute_minutes").set_value(minute)
    widget(page, "text_input", f"{beginning}_note").set_value(note)


def in_minutes() -> AppTest:
    """The form to walk a path, which counts in minutes."""
    page = opened_page("walks", "u1", path="leikkaus", walk="yes")
    widget(page, "button_group", "walk_clock").set_value("minutes")
    page.run()
    return page


def saved(page: AppTest) -> AppTest:
    widget(page, "button", "walk_save").click()
    page.run()
    assert not page.exception, page.exception
    return page


def test_every_path_has_its_curve_and_its_worst_stage(demo_installation: str) -> None:
    page = opened_page("walks", "u9")
    assert len(page.get("vega_lite_chart")) == 4
    assert all("Huonoin vaihe on" in chart.proto.alt for chart in page.get("vega_lite_chart"))
    said = words(opened_page("walks", "u7", path="neuvola"))
    assert "Eniten kirpaisee vaiheessa" in said


def test_alternatives_and_pilots_are_compared(demo_installation: str) -> None:
    page = opened_page("walks", "u7", path="kontrolli", compare="pilots")
    [chart] = page.get("vega_lite_chart")
    assert chart.proto.spec.count("kokeilun P03 aikana") > 1
    [table] = page.table
    assert set(table.value["Kävelyt"]) == {"ilman kokeilua", "kokeilun P03 aikana"}
    [table] = opened_page("walks", "u7", path="kontrolli", compare="alternatives").table
    assert set(table.value["Kävelyt"]) == {"video", "puhelin", "käynti"}


def test_notes_are_for_those_who_may_read_feedback(demo_installation: str) -> None:
    note = "Kuva katkesi kahdesti"
    assert note in words(opened_page("walks", "u1", path="kontrolli"))
    assert note not in words(opened_page("walks", "u9", path="kontrolli"))


def test_a_walk_is_saved_and_taken_back(demo_installation: str) -> None:
    before = len(stored("leikkaus"))
    page = in_minutes()
    widget(page, "text_input", "walk_whom").set_value("yksin asuva 70-vuotias")
    felt(page, 0, 4)
    felt(page, 1, 2, 90, "Soita 040 123 4567.")
    page = saved(page)
    assert not errors(page)
    row = stored("leikkaus")[-1]
    assert len(stored("leikkaus")) == before + 1
    assert [(step.stage, step.minute, step.feeling) for step in row.steps] == [(0, 0, 4), (1, 90, 2)]
    assert row.steps[1].note == "Soita [PHONE]."
    assert "Kävelysi on kuvassa" in words(page)
    widget(page, "button", f"take_back_{row.walk.id}").click()
    page.run()
    assert len(stored("leikkaus")) == before
    assert "on peruttu. Se ei ole enää kuvassa." in words(page)
    widget(page, "button", "undo_walks_leikkaus").click()
    page.run()
    assert not errors(page)
    assert stored("leikkaus")[-1].walk.id == row.walk.id


def test_the_clock_is_the_one_of_earlier_walks(demo_installation: str) -> None:
    page = opened_page("walks", "u1", path="palotarkastus", walk="yes")
    assert widget(page, "button_group", "walk_clock").value == "days"
    widget(page, "button_group", "walk_clock").set_value("hours")
    page.run()
    assert page.query_params["walk_clock"] == "hours"
    asked = opened_page("walks", "u1", path="palotarkastus", walk="yes", walk_clock="minutes")
    assert widget(asked, "button_group", "walk_clock").value == "minutes"


def test_hours_and_days_become_minutes(demo_installation: str) -> None:
    page = opened_page("walks", "u1", path="leikkaus", walk="yes")
    assert widget(page, "button_group", "walk_clock").value == "days"
    for place in (0, 1):
        widget(page, "button_group", f"walk_leikkaus_{place}_feeling").set_value(3)
    widget(page, "number_input", "walk_leikkaus_1_minute_days").set_value(2.0)
    saved(page)
    assert stored("leikkaus")[-1].steps[1].minute == 2 * 24 * 60


def test_what_is_missing_is_said_and_what_was_written_stays(demo_installation: str) -> None:
    before = len(stored("leikkaus"))
    page = in_minutes()
    felt(page, 0, None, None, "Lähetettä ei löytynyt.")
    page = saved(page)
    assert any("jätä se tyhjäksi" in said for said in errors(page))
    assert widget(page, "text_input", "walk_leikkaus_0_note").value == "Lähetettä ei löytynyt."
    felt(page, 0, 3, None, "Lähetettä ei löytynyt.")
    felt(page, 1, 3)
    assert any("Anna aika jokaiselle vaiheelle" in said for said in errors(saved(page)))
    felt(page, 1, 3, 60)
    felt(page, 2, 3, 30)
    assert any("Vaihe 3 ei voi alkaa ennen vaihetta 2" in said for said in errors(saved(page)))
    assert len(stored("leikkaus")) == before


def test_a_path_is_described_and_opens(demo_installation: str) -> None:
    page = opened_page("walks", "u1")
    widget(page, "text_area", "path_stages").set_value("yhteydenotto\nkäynti")
    widget(page, "button", "path_save").click()
    page.run()
    assert any("Anna polulle nimi" in said for said in errors(page))
    widget(page, "text_input", "path_name").set_value("Rokotus")
    widget(page, "button", "path_save").click()
    page.run()
    with record() as session:
        made = session.exec(select(ServicePath).where(ServicePath.code == "path5")).one()
        assert made.stages == [{"fi": "yhteydenotto"}, {"fi": "käynti"}]
    assert "Vaiheet: yhteydenotto → käynti." in words(page)


def test_who_may_not_walk_or_describe_sees_no_way_to(demo_installation: str) -> None:
    page = opened_page("walks", "u9", path="leikkaus", walk="yes")
    assert not [element for element in page.get("button") if element.key == "walk_save"]
    assert not [element for element in opened_page("walks", "u4").get("button") if element.key == "path_save"]
    assert len(errors(opened_page("walks", "u11"))) == 1


def test_an_unknown_path_says_so(demo_installation: str) -> None:
    assert any("nowhere" in said for said in errors(opened_page("walks", "u7", path="nowhere")))


def test_a_walk_names_nobody(demo_installation: str) -> None:
    with record() as session:
        walkers: set[Any] = set(session.exec(select(Walk.by_id)).all())
    assert walkers
    said = words(opened_page("walks", "u7", path="palotarkastus"))
    assert "Mikko Aalto" not in said
    assert "Petri Koski" not in said
