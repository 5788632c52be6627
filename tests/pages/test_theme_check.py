"""Checking comments one after another, and the model's versions."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.base import validated
from models.text_models import Drawn, TextReview, ThemeModel
from models.themes import AssignedBy, Theme
from pages import theme_check
from services import theme_models
from services.i18n import translator
from services.theme_labels import Label
from tests.pages.pilot_pages import REFUSED, changing, errors, opened_page, record, widget, words


def reviews() -> dict[int, Drawn]:
    """Checks made in this test; those of the demo county's labeller were chosen by hand."""
    with record() as session:
        made = session.exec(select(TextReview).where(TextReview.drawn != Drawn.CHOSEN)).all()
        return {row.feedback_id: Drawn(row.drawn) for row in made}


def test_a_comment_is_checked_and_the_next_one_asked(demo_installation: str) -> None:
    page = opened_page("theme_check", "u1")
    assert page.title[0].value == "Tarkista teemoja"
    first = page.get("button_group")[0].key
    widget(page, "button", "FormSubmitter:check_" + str(first).rsplit("_", 1)[1] + "-Tarkistettu, seuraava").click()
    page.run()
    assert not page.exception
    assert list(reviews().values()) == [Drawn.UNCERTAIN]
    assert "Edellinen kommentti on tarkistettu." in words(page)
    assert page.get("button_group")[0].key != first
    widget(page, "button", "check_undo_button").click()
    page.run()
    assert reviews() == {}


def test_a_skipped_one_waits_for_another_time(demo_installation: str) -> None:
    page = opened_page("theme_check", "u1")
    first = str(page.get("button_group")[0].key)
    widget(page, "button", "FormSubmitter:check_" + first.rsplit("_", 1)[1] + "-Ohita").click()
    page.run()
    assert str(page.get("button_group")[0].key) != first
    assert reviews() == {}


@pytest.mark.parametrize("person", ["u4", "u7", "u9"])
def test_those_who_may_not_label_are_refused(demo_installation: str, person: str) -> None:
    assert errors(opened_page("theme_check", person)) == [REFUSED]


def test_before_the_first_version_the_page_says_so(demo_installation: str) -> None:
    said = words(opened_page("theme_check", "u1"))
    assert "kommenttia odottaa mallia" in said
    assert not any(button.key == "teach" for button in opened_page("theme_check", "u1").button)


def test_a_versions_accuracy_is_told_with_its_interval(demo_installation: str) -> None:
    figures = {"top1": 0.7, "top1_low": 0.58, "top1_high": 0.8, "micro_f1": 0.6}
    quality = {"n": 64, "at_random": True, "before": {**figures, "top1": 0.5}, "after": figures}
    with changing() as session:
        digest = theme_models.list_digest(theme_models.definitions(session))
        for version in ("a", "b"):
            session.add(
                validated(
                    ThemeModel,
                    version=version,
                    engine="e",
                    themes_digest=digest,
                    labels=120,
                    quality=quality,
                    artefact=b"",
                )
            )
        session.commit()
    page = opened_page("theme_check", "u10")
    said = words(page)
    assert "**70\xa0%** (väli 58–80\xa0%)" in said
    assert "Edellinen versio oli oikeassa 50\xa0%" in said
    widget(page, "button", "withdraw").click()
    page.run()
    with record() as session:
        standing = [row.version for row in theme_models.versions(session) if not row.withdrawn]
    assert standing == ["a"]


def test_a_version_taught_with_few_checked_comments_says_that_its_accuracy_is_not_known(demo_installation: str) -> None:
    with changing() as session:
        digest = theme_models.list_digest(theme_models.definitions(session))
        session.add(
            validated(
                ThemeModel,
                version="a",
                engine="e",
                themes_digest=digest,
                labels=8,
                quality={"n": 7},
                artefact=b"",
            )
        )
        session.commit()
    page = opened_page("theme_check", "u10")
    assert not page.exception
    assert "Vielä ei tiedetä" in words(page)


def test_a_reason_is_the_comments_own_words_or_an_example_it_is_like() -> None:
    theme = Theme(code="T13", name={"fi": "Tilat", "sv": "Lokaler", "en": "Premises"})
    label = Label(theme=theme, assigned_by=AssignedBy.MODEL, confidence=0.5, matched="ovi, kynnys")
    assert (
        theme_check.because(translator("fi"), label, "Ovi on raskas ja kynnys korkea.") == "Tilat: sanoista ovi, kynnys"
    )
    like = theme_check.because(translator("fi"), label, "Telkkari on takana.")
    assert like == "Tilat: muistuttaa lausetta ”ovi, kynnys”"
