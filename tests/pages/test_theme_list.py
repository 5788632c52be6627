"""The list of themes as a coach keeps it: the tree, dialogs, proposals, history, and the way back."""

from __future__ import annotations

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from models.base import validated
from models.feedback import Feedback
from models.theme_curation import ProposalState, ThemeProposal
from models.themes import Theme
from services import theme_proposals
from services.i18n import translator
from services.rows import key
from services.theme_labels import persons_word
from services.theme_proposals import Search
from tests.pages.pilot_pages import (
    REFUSED,
    changing,
    errors,
    keyed,
    opened_page,
    record,
    widget,
    words,
)

COACH = "u10"


def theme(code: str) -> Theme:
    with record() as session:
        return session.exec(select(Theme).where(Theme.code == code)).one()


def newest() -> Theme:
    with record() as session:
        return max(session.exec(select(Theme)).all(), key=lambda row: row.code)


def proposal(number: int) -> ThemeProposal:
    with record() as session:
        return session.get_one(ThemeProposal, number)


def proposed(*, within: str = "", label: str = "lumi, liukas, piha") -> int:
    """A stored proposal of the county's first six Finnish comments."""
    with changing() as session:
        query = select(Feedback.id).where(col(Feedback.text).is_not(None), Feedback.language == "fi")
        members = [key(number) for number in session.exec(query.order_by(col(Feedback.id)).limit(6)).all()]
        row = validated(
            ThemeProposal,
            label=label,
            keywords=["lumi", "liukas"],
            size=6,
            share=0.25,
            members=members,
            theme_id=theme(within).id if within else None,
        )
        session.add(row)
        session.commit()
        return key(row.id)


def click(page: AppTest, beginning: str) -> AppTest:
    keyed(page, "button", beginning).click().run()
    assert not page.exception, page.exception
    return page


def write(page: AppTest, beginning: str, value: str) -> None:
    kind = "text_area" if beginning.endswith(("keywords", "examples", "reason")) else "text_input"
    keyed(page, kind, beginning).set_value(value)


def named(page: AppTest, own: str, fi: str, sv: str, en: str) -> None:
    for language, name in (("fi", fi), ("sv", sv), ("en", en)):
        write(page, f"{own}_name_{language}", name)


def test_only_those_who_keep_the_list_see_it(demo_installation: str) -> None:
    for person in ("u1", "u7", "u9"):
        page = opened_page("theme_list", person)
        assert errors(page) == [REFUSED]
        assert not page.button


@pytest.mark.parametrize(("language", "name"), [("fi", "Teemaluettelo"), ("sv", "Temalista"), ("en", "List of themes")])
def test_every_theme_stands_in_the_list_with_its_count(demo_installation: str, language: str, name: str) -> None:
    page = opened_page("theme_list", COACH, language=language)
    assert page.title[0].value == name
    rows = [button for button in page.button if str(button.key).startswith("theme_open_")]
    assert len(rows) == 20
    t = translator(language)
    assert t("thanks") in words(page)
    assert t("not in a unit’s own hands") in words(page)


def test_the_search_looks_at_names_and_keywords(demo_installation: str) -> None:
    page = opened_page("theme_list", COACH)
    widget(page, "text_input", "theme_list_search").set_value("TAKAISINSOITTO").run()
    rows = [button for button in page.button if str(button.key).startswith("theme_open_")]
    assert [row.key for row in rows] == [f"theme_open_{theme('T01').id}"]
    widget(page, "text_input", "theme_list_search").set_value("xyzzy").run()
    assert any("xyzzy" in notice.value for notice in page.info)


def test_a_theme_is_added_by_hand_and_undone(demo_installation: str) -> None:
    page = click(opened_page("theme_list", COACH), "theme_new")
    named(page, "theme_new", "Liukkaus", "", "Slippery yards")
    click(page, "theme_new_save")
    assert "joka kielellä nimi" in errors(page)[0]
    assert newest().code == "T20"
    write(page, "theme_new_name_sv", "Halka")
    write(page, "theme_new_keywords", "liukas\nhiekoit")
    keyed(page, "selectbox", "theme_new_parent").set_value(theme("T13").id)
    click(page, "theme_new_save")
    made = newest()
    assert (made.name, made.keywords) == (
        {"fi": "Liukkaus", "sv": "Halka", "en": "Slippery yards"},
        ["liukas", "hiekoit"],
    )
    assert made.parent_id == theme("T13").id
    assert "↳" in words(page)
    click(page, "theme_list_undo")
    assert newest().retired_at is not None
    assert "Kumottu." in words(page)


def test_a_theme_is_changed_in_its_dialog(demo_installation: str) -> None:
    number = theme("T16").id
    page = click(opened_page("theme_list", COACH), f"theme_open_{number}")
    own = f"theme_{number}_None"
    named(page, own, "Ruoka", "Mat", "Food")
    keyed(page, "checkbox", f"{own}_controllable").uncheck()
    click(page, f"{own}_save")
    assert (theme("T16").name["fi"], theme("T16").controllable) == ("Ruoka", False)
    assert "Ruoka" in words(page)
    click(page, "theme_list_undo")
    assert (theme("T16").name["fi"], theme("T16").controllable) == ("Ruoka ja arjen mukavuus", True)


def test_a_merge_says_what_moves_and_is_undone(demo_installation: str) -> None:
    number, into = theme("T16").id, theme("T13").id
    page = click(opened_page("theme_list", COACH), f"theme_open_{number}")
    keyed(page, "selectbox", f"theme_{number}_None_into").set_value(into).run()
    assert "vastausta siirtyy teemaan" in words(page)
    write(page, f"theme_{number}_None_merge_reason", "Sama asia")
    click(page, f"theme_{number}_None_merge_go")
    assert theme("T16").merged_into_id == into
    assert not [button for button in page.button if button.key == f"theme_open_{number}"]
    click(page, "theme_list_undo")
    assert theme("T16").merged_into_id is None


def test_a_theme_is_taken_out_of_use_and_back_from_the_history(demo_installation: str) -> None:
    number = theme("T16").id
    page = click(opened_page("theme_list", COACH), f"theme_open_{number}")
    assert "ei enää lasketa tähän teemaan" in words(page)
    click(page, f"theme_{number}_None_retire_go")
    assert theme("T16").retired_at is not None
    page = opened_page("theme_list", COACH, part="history")
    assert "poistettu käytöstä" in words(page)
    click(page, "change_undo_")
    assert theme("T16").retired_at is None
    assert any("kumottu" in badge.value for badge in page.markdown)
    click(page, "change_redo_")
    assert theme("T16").retired_at is not None


def test_a_proposal_becomes_a_theme_with_the_ticked_comments(demo_installation: str) -> None:
    number = proposed()
    page = opened_page("theme_list", COACH, part="proposals")
    assert "6 avointa palautetta" in words(page)
    ticks = [box for box in page.checkbox if str(box.key).startswith(f"tick_{number}_")]
    assert len(ticks) == 5
    ticks[0].check().run()
    click(page, f"proposal_accept_{number}")
    own = f"proposal_form_{number}"
    assert keyed(page, "text_input", f"{own}_name_fi").value == "Lumi, liukas, piha"
    assert keyed(page, "text_input", f"{own}_name_sv").value == ""
    click(page, f"{own}_save")
    assert "joka kielellä nimi" in errors(page)[0]
    named(page, own, "Liukkaus", "Halka", "Slippery yards")
    widget(page, "button_group", f"{own}_keywords").set_value(["liukas"])
    keyed(page, "text_area", f"{own}_keywords_more").set_value("hiekoit\n")
    click(page, f"{own}_save")
    made, row = newest(), proposal(number)
    assert (made.code, made.keywords) == ("T21", ["liukas", "hiekoit"])
    assert (row.state, row.theme_id) == (ProposalState.ACCEPTED, made.id)
    feedback_id = int(str(ticks[0].key).rpartition("_")[2])
    with record() as session:
        assert persons_word(session, feedback_id=feedback_id, theme_id=key(made.id)) is not None
    assert "Siihen liitettiin 1 avoin palaute." in words(page)
    click(page, "theme_list_undo")
    assert proposal(number).state == ProposalState.OPEN


def test_a_proposal_joins_a_theme(demo_installation: str) -> None:
    number = proposed()
    page = click(opened_page("theme_list", COACH, part="proposals"), f"proposal_join_{number}")
    own = f"proposal_form_{number}"
    keyed(page, "selectbox", f"{own}_theme").set_value(theme("T13").id)
    widget(page, "button_group", f"{own}_keywords").set_value(["liukas"])
    click(page, f"{own}_save")
    assert proposal(number).state == ProposalState.JOINED
    assert theme("T13").keywords[-1] == "liukas"


def test_a_proposal_is_dismissed_and_taken_back(demo_installation: str) -> None:
    number = proposed(within="T13")
    page = opened_page("theme_list", COACH, part="proposals")
    assert "osa teemaa: Tilat, opasteet ja esteettömyys" in words(page)
    click(page, f"proposal_dismiss_{number}")
    assert proposal(number).state == ProposalState.DISMISSED
    assert "Yhtään ehdotusta ei odota päätöstä." in words(page)
    click(page, "theme_list_undo")
    assert proposal(number).state == ProposalState.OPEN


def test_more_of_a_proposals_comments_are_shown(demo_installation: str) -> None:
    number = proposed()
    page = click(opened_page("theme_list", COACH, part="proposals"), f"proposal_more_{number}")
    assert len([box for box in page.checkbox if str(box.key).startswith(f"tick_{number}_")]) == 6


def test_a_look_tells_what_it_found_and_opens_the_proposals(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int | None] = []

    def search(_session: object, *, within_theme_id: int | None, **_more: object) -> Search:
        looks.append(within_theme_id)
        return Search(
            within_theme_id=within_theme_id,
            comments=50_000,
            looked_at=19_000,
            unread=12,
            groups=(),
            judged_before=2,
            vectors={},
            engine="none",
        )

    monkeypatch.setattr(theme_proposals, "search", search)
    page = opened_page("theme_list", COACH)
    number = theme("T16").id
    click(page, f"theme_open_{number}")
    click(page, f"theme_{number}_None_split_go")
    assert looks == [number]
    assert "avointa palautetta teemasta Ruoka ja arjen mukavuus" in words(page)
    click(page, "theme_look")
    assert looks == [number, None]
    said = words(page)
    assert "50\N{NO-BREAK SPACE}000; niistä katsottiin 19\N{NO-BREAK SPACE}000" in said
    assert "2 ryhmää jätettiin pois" in said
    assert "12 avointa palautetta odottaa vielä lukemista" in said


def test_an_empty_history_says_so(demo_installation: str) -> None:
    page = opened_page("theme_list", COACH, part="history")
    assert [notice.value for notice in page.info] == ["Luetteloa ei ole vielä muutettu."]
