"""The meeting: opened, decided in, left, decided anew, ended; whose pilots it shows; who is kept out."""

from __future__ import annotations

import time

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.decisions import Choice, Decision
from models.meetings import Meeting
from models.organisation import Unit
from pages import meeting_rows
from services import meetings, portfolio
from services.permissions import reach
from services.portfolio import Pile
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import REFUSED, changing, errors, keyed, opened_page, person, pilot, record, widget, words
from tests.services.test_portfolio import more_pilots

LEADER, OTHER_LEADER, DIRECTOR, TRUSTEE, TEAM_LEAD = "u7", "u13", "u8", "u9", "u1"
CLEAR, HARMED = "P02", "P03"


def opened_meeting(code: str = LEADER) -> int:
    """A meeting that a person leads, already open."""
    with changing() as session:
        return key(meetings.open_meeting(session, by=person(code), present="Katri ja Ville").id)


def click(page: AppTest, name: str) -> AppTest:
    """Press a button."""
    widget(page, "button", name).click().run()
    assert not page.exception, page.exception
    return page


def bodies(page: AppTest) -> str:
    """What the rows say, as HTML."""
    return "\n".join(element.proto.body for element in page.get("html"))


def test_a_meeting_is_opened_with_those_present(demo_installation: str) -> None:
    page = opened_page("meeting", LEADER)
    widget(page, "text_area", "meeting_present").input("Katri Wallin, Ville Salo")
    click(page, "meeting_open")
    with record() as session:
        meeting = session.exec(select(Meeting)).one()
    assert (meeting.led_by_id, meeting.present, meeting.minutes_planned) == (
        person(LEADER).id,
        "Katri Wallin, Ville Salo",
        30,
    )
    assert "Katri Wallin, Ville Salo" in words(page)
    assert "luotsi-clock" in bodies(page)


def test_every_pilot_has_one_row_in_the_order_of_its_pile(demo_installation: str) -> None:
    opened_meeting()
    page = opened_page("meeting", LEADER)
    shown = [button.key.removeprefix("open_") for button in page.button if button.key.startswith("open_P")]
    with record() as session:
        rows = portfolio.rows(session, today=DEMO_TODAY)
    assert sorted(shown) == [row.row.pilot.code for row in sorted(rows, key=lambda row: row.row.pilot.code)]
    harm = [row.row.pilot.code for row in rows if row.pile is Pile.HARM]
    to_decide = [row.row.pilot.code for row in rows if row.pile is Pile.TO_DECIDE]
    assert shown[: len(harm) + len(to_decide)] == harm + to_decide


def test_a_clear_case_takes_two_presses(demo_installation: str) -> None:
    meeting_id = opened_meeting()
    page = click(opened_page("meeting", LEADER), f"open_{CLEAR}")
    assert keyed(page, "radio", "decide_choice").value is Choice.SCALE
    click(page, "decide_save")
    assert not errors(page)
    with record() as session:
        made = session.exec(select(Decision).where(Decision.pilot_id == pilot(CLEAR).id)).one()
    assert (made.meeting_id, made.choice, made.overrides) == (meeting_id, Choice.SCALE, False)
    assert meeting_rows.OPEN not in page.session_state
    assert "Päätetty tässä kokouksessa (1)" in words(page)


def test_going_against_the_recommendation_waits_and_can_be_decided_anew(demo_installation: str) -> None:
    meeting_id = opened_meeting()
    page = click(opened_page("meeting", LEADER), f"open_{CLEAR}")
    keyed(page, "radio", "decide_choice").set_value(Choice.STOP).run()
    click(page, "decide_save")
    assert len(errors(page)) == 2
    keyed(page, "text_area", "decide_reason").input("Rahat loppuvat.")
    click(page, "decide_save")
    assert "odottaa toista hyväksyjää" in bodies(page)
    click(page, f"open_{CLEAR}")
    keyed(page, "radio", "decide_choice").set_value(Choice.SCALE).run()
    click(page, "decide_save")
    with record() as session:
        made = session.exec(select(Decision).where(Decision.pilot_id == pilot(CLEAR).id)).all()
    assert [(one.choice, one.meeting_id) for one in made] == [(Choice.STOP, meeting_id), (Choice.SCALE, meeting_id)]


def test_a_pilot_is_left_for_the_next_meeting_and_taken_up_after_all(demo_installation: str) -> None:
    meeting_id = opened_meeting()
    page = click(opened_page("meeting", LEADER), f"open_{HARMED}")
    keyed(page, "text_input", "case_note").input("Turvallisuusjohtaja on lomalla.")
    click(page, "case_postpone")
    assert "Jätetty seuraavaan kokoukseen (1)" in words(page)
    with record() as session:
        item = meetings.items(session, meeting_id)[key(pilot(HARMED).id)]
    assert (item.postponed, item.note) == (True, "Turvallisuusjohtaja on lomalla.")
    click(page, f"open_{HARMED}")
    click(page, "case_take_up")
    assert "Jätetty seuraavaan kokoukseen" not in words(page)


def test_the_end_names_open_harm_first_and_shows_the_minutes(demo_installation: str) -> None:
    opened_meeting()
    page = opened_page("meeting", LEADER)
    assert HARMED in "".join(warning.value for warning in page.warning)
    click(page, f"open_{CLEAR}")
    click(page, "decide_save")
    click(page, "meeting_end")
    said = words(page)
    headings = [heading.value for heading in page.subheader]
    assert headings[:2] == ["Jollekin voi koitua haittaa, eikä mitään päätetty", "Päätökset"]
    lines = [text.value for text in page.markdown]
    named = {code: next(place for place, line in enumerate(lines) if code in line) for code in (HARMED, CLEAR)}
    assert named[HARMED] < named[CLEAR]
    assert [button.key for button in page.get("download_button")] == ["minutes_pdf", "minutes_docx"]
    assert "Katri ja Ville" in said
    again = opened_page("meeting", LEADER)
    assert "Aiemmat kokoukset" in words(again)


def test_a_leader_continues_the_meeting_left_open_and_hears_of_somebody_elses(demo_installation: str) -> None:
    opened_meeting()
    with changing() as session:
        meeting = session.exec(select(Meeting)).one()
        meeting.opened_at = meeting.opened_at.replace(year=meeting.opened_at.year - 1)
        session.add(meeting)
        session.commit()
    page = opened_page("meeting", LEADER)
    assert "Voitte jatkaa sitä" in words(page)
    assert "luotsi-clock" not in bodies(page)
    assert "Katri Wallin" in "".join(warning.value for warning in opened_page("meeting", DIRECTOR).warning)


def test_an_area_director_meets_about_the_areas_own_pilots(demo_installation: str) -> None:
    opened_meeting(DIRECTOR)
    page = opened_page("meeting", DIRECTOR)
    shown = {button.key.removeprefix("open_") for button in page.button if button.key.startswith("open_P")}
    with record() as session:
        units = reach(session, person(DIRECTOR))
        own = portfolio.rows(session, today=DEMO_TODAY, unit_ids=units)
        assert units is not None
        assert len(units) < len(session.exec(select(Unit)).all())
    assert shown == {row.row.pilot.code for row in own}
    assert 0 < len(shown) < 24


@pytest.mark.parametrize("code", [TRUSTEE, TEAM_LEAD])
def test_others_do_not_meet(demo_installation: str, code: str) -> None:
    page = opened_page("meeting", code)
    assert errors(page) == [REFUSED]
    assert not page.get("html")


@pytest.mark.parametrize("asked", ["999", "x", "99999999999999999999", "²"])
def test_minutes_that_do_not_exist_are_one_sentence(demo_installation: str, asked: str) -> None:
    assert len(errors(opened_page("meeting", LEADER, minutes=asked))) == 1


@pytest.mark.parametrize("view", ["both", "words", "pictures"])
def test_pictures_and_words_for_whoever_reads_one_better(demo_installation: str, view: str) -> None:
    opened_meeting()
    page = opened_page("meeting", LEADER, show=view)
    rows = bodies(page)
    small, numbers, charts = 'class="effect"' in rows, "prosenttiyksikköä (" in rows, page.get("vega_lite_chart")
    assert (small, numbers, bool(charts)) == {
        "both": (True, True, False),
        "words": (False, True, False),
        "pictures": (False, False, True),
    }[view]
    assert "Vain yksi vertailuyksikkö" in rows
    assert "●" in rows


def test_what_is_decided_on_the_pilots_page_goes_into_the_minutes_of_the_leaders_meeting(
    demo_installation: str,
) -> None:
    meeting_id = opened_meeting()
    page = opened_page("pilot", LEADER, code=CLEAR)
    assert "Vedätte parhaillaan kokousta" in words(page)
    click(page, "decide_save")
    with record() as session:
        made = session.exec(select(Decision).where(Decision.pilot_id == pilot(CLEAR).id)).one()
    assert made.meeting_id == meeting_id


def test_fifty_pilots_are_drawn_in_a_fraction_of_a_second(demo_installation: str) -> None:
    """Processor time, since other tests share the machine; 0.07 s when this was written."""
    opened_meeting()
    with changing() as session:
        more_pilots(session, person(LEADER), 26)
    page = opened_page("meeting", LEADER)
    assert sum(button.key.startswith("open_") for button in page.button) == 50
    taken = []
    for _ in range(5):
        before = time.process_time()
        page.run()
        taken.append(time.process_time() - before)
    assert max(taken) < 1.0


def test_a_scaled_pilot_opens_on_whether_its_effect_has_held(demo_installation: str) -> None:
    opened_meeting()
    said = words(click(opened_page("meeting", LEADER), "open_P01"))
    assert "Onko vaikutus säilynyt?" in said
    assert "Yksiköt, jotka" not in said, "nothing is decided anew here"


def test_a_planned_pilot_has_nothing_to_decide(demo_installation: str) -> None:
    opened_meeting()
    assert "Päätettävää ei ole vielä." in words(click(opened_page("meeting", LEADER), "open_P22"))
