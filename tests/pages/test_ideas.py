"""Ideas: proposed and undone, voted for, answered, found; the address fills the form in."""

from __future__ import annotations

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from models.ideas import Idea, IdeaStatus, IdeaVote
from services import ideas
from services.rows import key
from tests.pages.pilot_pages import (
    REFUSED,
    changing,
    errors,
    keyed,
    opened_page,
    person,
    pilot,
    record,
    widget,
    words,
)


def stored(part: str) -> Idea:
    with record() as session:
        return session.exec(select(Idea).where(col(Idea.words).contains(part))).one()


def votes(idea: Idea) -> int:
    with record() as session:
        return len(session.exec(select(IdeaVote).where(IdeaVote.idea_id == idea.id)).all())


def propose(page: AppTest, said: str) -> None:
    keyed(page, "text_area", "idea_words_").input(said)
    widget(page, "button", "idea_send").click().run()
    assert not page.exception


def test_an_idea_in_one_sentence_and_undo(demo_installation: str) -> None:
    page = opened_page("ideas", "u4", theme="T10", unit="IKA1")
    propose(page, "Kysytään Matti Virtaselta numerosta 040 123 4567, sopiiko yövuoro.")
    idea = stored("sopiiko")
    assert (idea.unit_id, idea.by_id, idea.status) == (person("u4").unit_id, person("u4").id, IdeaStatus.OPEN)
    assert "040" not in idea.words
    assert idea.theme_id is not None, "the theme of the address was chosen already"
    assert "Kiitos! Ideasi on tallennettu" in words(page)
    assert "[puhelinnumero]" in words(page)
    assert keyed(page, "text_area", "idea_words_").value == "", "ready for the next one"
    widget(page, "button", "undo_ideas").click().run()
    assert stored("sopiiko").status is IdeaStatus.WITHDRAWN
    assert "sopiiko" not in words(page)


def test_a_form_without_a_sentence_is_explained_and_keeps_what_was_chosen(demo_installation: str) -> None:
    page = opened_page("ideas", "u4", theme="T10")
    propose(page, "   ")
    assert any("Kerro ideasi yhdellä lauseella." in error for error in errors(page))
    assert keyed(page, "selectbox", "idea_for_theme_").value == "T10"


def test_those_of_many_units_say_which_one(demo_installation: str) -> None:
    page = opened_page("ideas", "u10")
    propose(page, "Kokeillaan kävelypalaveria.")
    assert any("Valitse yksikkö, joka kokeilisi ideaa." in error for error in errors(page))
    page = opened_page("ideas", "u10", unit="SUU1")
    propose(page, "Kokeillaan kävelypalaveria.")
    assert not errors(page)
    assert stored("kävelypalaveri").by_id == person("u10").id


def test_a_vote_is_given_and_taken_back_and_nobody_is_named(demo_installation: str) -> None:
    idea = stored("pöytäkirja")
    with changing() as session:
        ideas.take_back_vote(session, idea_id=key(idea.id), by=person("u1"))
    before = votes(idea)
    page = opened_page("ideas", "u1")
    widget(page, "button", f"vote_for_{idea.id}").click().run()
    assert votes(idea) == before + 1
    assert "Sinä ja 2 muuta kokeilisitte" in words(page)
    assert widget(page, "button", f"vote_for_{idea.id}").label == "Peru ääneni"
    widget(page, "button", f"vote_for_{idea.id}").click().run()
    assert votes(idea) == before
    for code in ("u2", "u4", "u5", "u6", "u10"):
        assert person(code).name not in words(page)


def test_the_team_lead_answers_and_can_take_it_back(demo_installation: str) -> None:
    idea = stored("pöytäkirja")
    page = opened_page("ideas", "u2", idea=str(idea.id))
    links = [element.value for element in page.markdown if element.value.startswith("[")]
    assert any(f"/register?theme=T17&unit=PEL1&idea={idea.id}" in link for link in links), "the way to a pilot"
    widget(page, "button", f"answer_{idea.id}_decline").click().run()
    assert any("Kerro miksi" in error for error in errors(page))
    keyed(page, "text_area", f"answer_{idea.id}_words").input("Kokeilu on kesken, yksi muutos kerrallaan.")
    widget(page, "button", f"answer_{idea.id}_decline").click().run()
    assert stored("pöytäkirja").status is IdeaStatus.DECLINED
    assert "Ei nyt" in words(page)
    told = words(opened_page("home", "u6"))
    assert "Ideasi sai vastauksen: ei nyt" in told
    assert "yksi muutos kerrallaan" in told
    widget(page, "button", "undo_ideas").click().run()
    assert stored("pöytäkirja").status is IdeaStatus.OPEN
    keyed(page, "text_area", f"answer_{idea.id}_words").input("Kuvat ovat nyt mukana.")
    widget(page, "button", f"answer_{idea.id}_solve").click().run()
    assert stored("pöytäkirja").status is IdeaStatus.SOLVED
    assert "Ideasi toteutettiin heti" in words(opened_page("home", "u6"))


def test_a_colleague_of_another_unit_votes_but_does_not_answer(demo_installation: str) -> None:
    idea = stored("pöytäkirja")
    page = opened_page("ideas", "u1")
    assert any(button.key == f"vote_for_{idea.id}" for button in page.button)
    assert not any(str(button.key).startswith("answer_") for button in page.button)


def test_a_taken_back_idea_is_found_by_its_proposer_alone_and_brought_back(demo_installation: str) -> None:
    idea = stored("Omaiselle")
    page = opened_page("ideas", "u4")
    widget(page, "button", f"withdraw_{idea.id}").click().run()
    assert "Ideasi on peruttu." in words(page)
    assert "Omaiselle" not in words(opened_page("ideas", "u5", idea_status="withdrawn"))
    assert errors(opened_page("ideas", "u5", idea=str(idea.id)))
    mine = opened_page("ideas", "u4", idea_status="withdrawn")
    assert "Omaiselle" in words(mine)
    widget(mine, "button", f"reopen_{idea.id}").click().run()
    assert stored("Omaiselle").status is IdeaStatus.OPEN


def test_search_filters_and_order_come_from_the_address(demo_installation: str) -> None:
    def shown(**query: str) -> list[str]:
        page = opened_page("ideas", "u5", **query)
        return [part.value[2:12] for part in page.markdown if part.value.startswith("**")]

    assert shown() == ["Omaiselle ", "Kuvat puut", "Vaihdetaan", "Tulostetaa"]
    assert shown(idea_sort="votes")[:2] == ["Omaiselle ", "Tulostetaa"]
    assert shown(idea_status="declined") == ["Vaihdetaan"]
    assert shown(idea_unit="IKA1", idea_theme="T15") == ["Omaiselle "]
    page = opened_page("ideas", "u5")
    widget(page, "text_input", "idea_words_sought").input("kotihoito LÄHEISTEN").run()
    assert "1 idea" in words(page)
    widget(page, "text_input", "idea_words_sought").input("avaruusraketti").run()
    assert "Mikään idea ei vastaa hakua." in words(page)


def test_one_idea_that_does_not_exist_says_so(demo_installation: str) -> None:
    for asked in ("999", "x"):
        page = opened_page("ideas", "u4", idea=asked)
        assert errors(page)
        assert any("/ideas" in element.value for element in page.markdown)


def test_a_tried_idea_leads_to_its_pilot(demo_installation: str) -> None:
    page = opened_page("ideas", "u5", idea_status="tried")
    assert any(f"/pilot?code={pilot('P17').code}" in element.value for element in page.markdown)
    assert "Ideastasi tuli kokeilu" in words(opened_page("home", "u5"))


@pytest.mark.parametrize("code", ["u9", "u12", "u14"])
def test_who_does_not_propose_has_no_page(demo_installation: str, code: str) -> None:
    assert errors(opened_page("ideas", code)) == [REFUSED]


def test_an_empty_county_invites_the_first_idea(demo_installation: str) -> None:
    with changing() as session:
        for row in session.exec(select(Idea)).all():
            session.delete(row)
        session.commit()
    assert "Sinun ideasi voi olla ensimmäinen" in words(opened_page("ideas", "u4", language="fi"))
