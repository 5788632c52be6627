"""The one-page brief on screen: what each reader sees, and that paper says the same."""

from __future__ import annotations

import pytest

from pages import brief as page
from services.i18n import translator
from tests.pages.pilot_pages import REFUSED, errors, opened_page, pilot, words

pytestmark = pytest.mark.usefixtures("demo_installation")
LEADER, TRUSTEE = "u7", "u9"


def test_the_verdict_comes_first_and_the_numbers_stand_beside_the_picture() -> None:
    shown = opened_page("brief", LEADER, code="P01")
    told = words(shown)
    assert shown.title[0].value.startswith("P01")
    assert "Näyttö puoltaa laajentamista" in shown.header[0].value
    assert "+13,8 prosenttiyksikköä" in told
    assert "Mitä jos olemme väärässä" in told
    assert "enimmillään 20,2 prosenttiyksikköä" in told
    assert [element.key for element in shown.get("download_button")] == ["brief_pdf"]


@pytest.mark.parametrize(("code", "sentence"), [("P21", "Idea, ei vielä kokeilu"), ("P22", "Alkaa 14.12.2026")])
def test_before_the_start_it_says_what_is_planned(code: str, sentence: str) -> None:
    told = words(opened_page("brief", LEADER, code=code))
    assert sentence in told
    assert "Mitä mitataan" in told
    assert "Mitä jos olemme väärässä" not in told


def test_a_trustee_reads_it_without_comments_and_without_deciding() -> None:
    shown = opened_page("brief", TRUSTEE, code="P03")
    told = words(shown)
    leaders = words(opened_page("brief", LEADER, code="P03"))
    quote = "Mulla on vanha nokia"
    assert quote in leaders
    assert quote not in told
    assert "16 ihmistä" in told
    assert "Siirry päätökseen" in leaders
    assert "Siirry päätökseen" not in told


def test_nobody_is_refused_and_an_unknown_pilot_has_a_way_on() -> None:
    assert REFUSED in errors(opened_page("brief", "nobody", code="P01"))
    assert errors(opened_page("brief", LEADER, code="P99"))


def test_the_paper_is_made_when_it_is_asked_for() -> None:
    from pages.context import opened
    from tests.pages.pilot_pages import person

    with opened(person_id=person(LEADER).id, t=translator("sv")) as ctx:
        pass
    document = page.printed(ctx, pilot("P02").id or 0, True)
    assert document.startswith(b"%PDF")
    assert b"/Lang(sv)" in document
