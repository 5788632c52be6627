"""Typing in an interview: what will be stored is seen before it is saved; save, next, undo."""

from __future__ import annotations

from sqlmodel import col, select

from models.feedback import Channel, Feedback, FeedbackScore
from tests.pages.pilot_pages import REFUSED, errors, opened_page, record, widget, words

TEXT = "Hoitaja Maija Virtanen auttoi minua heti."


def _last() -> Feedback:
    with record() as session:
        return session.exec(select(Feedback).order_by(col(Feedback.id).desc())).first() or Feedback()


def test_the_text_is_seen_redacted_before_it_can_be_saved(demo_installation: str) -> None:
    before = _last().id
    page = opened_page("feedback_new", "u1")
    widget(page, "text_area", "typed_text_0").set_value(TEXT).run()
    assert not [button for button in page.button if button.key == "typed_save"]
    widget(page, "button", "typed_look").click().run()
    assert "Tämä tallennetaan" in words(page)
    assert "[nimi]" in words(page)
    assert "Virtanen" not in words(page)
    assert _last().id == before
    widget(page, "text_area", "typed_text_0").set_value(TEXT + " Kiitos.").run()
    assert not [button for button in page.button if button.key == "typed_save"], "a changed text is seen again first"
    widget(page, "button", "typed_look").click().run()
    widget(page, "segmented_control", "typed_recommend_0").set_value(0)
    widget(page, "segmented_control", "typed_thl1_0").set_value(0)
    widget(page, "segmented_control", "typed_thl2_0").set_value(4)
    widget(page, "button", "typed_save").click().run()
    assert not page.exception
    stored = _last()
    assert stored.channel == Channel.INTERVIEW
    assert "[NAME]" in str(stored.text)
    with record() as session:
        scores = session.exec(select(FeedbackScore).where(FeedbackScore.feedback_id == stored.id)).all()
    assert {(row.item, row.value) for row in scores} == {("recommend", 0), ("thl2", 4)}
    assert widget(page, "text_area", "typed_text_1").value == ""
    widget(page, "button", "typed_undo").click().run()
    assert _last().id == before


def test_a_form_that_says_nothing_is_refused_and_stays(demo_installation: str) -> None:
    page = opened_page("feedback_new", "u1")
    widget(page, "button", "typed_save").click().run()
    assert any("Kirjoita, mitä asiakas sanoi" in error for error in errors(page))


def test_those_who_may_not_import_are_refused(demo_installation: str) -> None:
    assert errors(opened_page("feedback_new", "u4")) == [REFUSED]
