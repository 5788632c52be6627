"""The control chart on a pilot's page: picture, table and what it shows; a sentence when there are few weeks."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from services import process_chart
from tests.pages.pilot_pages import opened_page


def chart(page: AppTest) -> AppTest:
    return next(part for part in page.expander if part.label == "Seurantakaavio")


def test_the_chart_has_words_and_a_table_and_does_not_decide(demo_installation: str) -> None:
    found = chart(opened_page("pilot", "u7", code="P01"))
    said = "\n".join(element.value for element in found.markdown)
    assert "antaa tietoa, mutta ei koskaan ratkaise" in said
    assert "aloituksen jälkeen" in said.lower()
    [picture] = found.get("vega_lite_chart")
    assert "merkkejä muutoksesta" in picture.proto.alt
    [table] = found.table
    assert next(iter(table.value.columns)) == "Päivä"
    assert len(table.value) > process_chart.FEWEST_BEFORE


def test_few_weeks_are_said_in_a_sentence(demo_installation: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_chart, "FEWEST_BEFORE", 10_000)
    found = chart(opened_page("pilot", "u7", code="P01"))
    assert any("liian vähän viikkoja" in element.value for element in found.info)
    assert not found.get("vega_lite_chart")
