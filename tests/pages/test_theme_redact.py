"""Beside a comment: hiding words by hand, erasing the text after a confirmation."""

from __future__ import annotations

import pytest
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from models.feedback import Feedback
from services.i18n import translator
from tests.pages.pilot_pages import errors, record, widget


def _script(person: str, feedback_id: int, language: str) -> None:
    from sqlmodel import select

    from models.feedback import Feedback
    from models.people import Person
    from pages import theme_redact
    from pages.context import opened
    from services.i18n import translator
    from services.record import database

    with database().reading() as session:
        found = session.exec(select(Person).where(Person.code == person)).one()
    with opened(person_id=found.id, t=translator(language)) as ctx:
        theme_redact.told(ctx)
        feedback = ctx.session.get(Feedback, feedback_id)
        assert feedback is not None
        theme_redact.show(ctx, feedback)


def shown(person: str, feedback_id: int, language: str = "fi") -> AppTest:
    page = AppTest.from_function(
        _script, kwargs={"person": person, "feedback_id": feedback_id, "language": language}, default_timeout=60
    )
    page.run()
    assert not page.exception, page.exception
    return page


def comment() -> Feedback:
    """A comment of the demo county that nothing repeats."""
    with record() as session:
        repeated = select(Feedback.repeats_id).where(col(Feedback.repeats_id).is_not(None))
        query = select(Feedback).where(
            col(Feedback.text).is_not(None), col(Feedback.repeats_id).is_(None), col(Feedback.id).not_in(repeated)
        )
        return session.exec(query.order_by(col(Feedback.id))).first() or pytest.fail("the demo county is silent")


def text_of(feedback_id: int | None) -> str | None:
    with record() as session:
        found = session.get(Feedback, feedback_id)
        assert found is not None
        return found.text


def test_words_are_hidden_and_then_the_text_erased(demo_installation: str) -> None:
    row = comment()
    word = max((row.text or "").split(), key=len).strip(".,!?")
    page = shown("u10", row.id or 0)
    widget(page, "text_input", f"hide_words_{row.id}").set_value(word)
    widget(page, "button", f"hide_now_{row.id}").click().run()
    assert not page.exception
    assert [notice.value for notice in page.success] == ["Sanat piilotettiin 1 palautteesta."]
    assert word not in (text_of(row.id) or "")
    assert "[NAME]" in (text_of(row.id) or "")

    widget(page, "button", f"erase_now_{row.id}").click().run()
    assert errors(page) == [translator("fi")("Tick the box to say that you know this cannot be undone.")]
    assert text_of(row.id) is not None

    widget(page, "checkbox", f"erase_sure_{row.id}").check()
    widget(page, "button", f"erase_now_{row.id}").click().run()
    assert not page.exception
    assert [notice.value for notice in page.success] == ["1 teksti poistettu lopullisesti."]
    assert text_of(row.id) is None
    assert not page.get("button"), "there is nothing left to hide"


def test_words_that_are_not_there_are_refused_in_a_sentence(demo_installation: str) -> None:
    row = comment()
    page = shown("u10", row.id or 0)
    widget(page, "text_input", f"hide_words_{row.id}").set_value("xyzzy")
    widget(page, "button", f"hide_now_{row.id}").click().run()
    assert errors(page) == ["Palautteessa ei ole näitä sanoja."]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_word_on_it_is_in_the_readers_language(demo_installation: str, language: str) -> None:
    page = shown("u10", comment().id or 0, language)
    said = [element.value for element in page.markdown] + [button.label for button in page.get("button")]
    expected = {"fi": "Poista teksti lopullisesti", "sv": "Ta bort texten för gott", "en": "Erase the text for good"}
    assert expected[language] in said


def test_who_may_not_label_sees_nothing(demo_installation: str) -> None:
    assert not shown("u7", comment().id or 0).get("button")
