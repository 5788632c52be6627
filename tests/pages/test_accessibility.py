"""The accessibility statement: what the law asks for, in three languages, without a dead address."""

from __future__ import annotations

import pytest

from services.i18n import translator
from tests.pages.pilot_pages import opened_page, words


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_has_every_part_the_law_asks_for(demo_installation: str, language: str) -> None:
    page = opened_page("accessibility", "nobody", language=language)
    said, t = words(page), translator(language)
    assert [header.value for header in page.header] == [
        t("How accessible the service is"),
        t("What does not work yet"),
        t("How it was tested"),
        t("Tell us what does not work"),
        t("Supervision"),
    ]
    for fact in ("306/2019", "WCAG 2.2", "saavutettavuusvaatimukset.fi", "saavutettavuus@traficom.fi", "029 534 5000"):
        assert fact in said
    assert "14" in said
    assert page.info, "a demonstration says that it is one"


def test_feedback_goes_where_the_installation_says(demo_installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ei ole vielä osoitetta" in words(opened_page("accessibility", "nobody"))
    monkeypatch.setenv("LUOTSI_FEEDBACK_URL", "https://palaute.example.fi/")
    assert "(https://palaute.example.fi/)" in words(opened_page("accessibility", "nobody"))
    monkeypatch.setenv("LUOTSI_ACCESSIBILITY_EMAIL", "saavutettavuus@example.fi")
    said = words(opened_page("accessibility", "nobody"))
    assert "mailto:saavutettavuus@example.fi" in said
    assert "palaute.example.fi" not in said
