"""The poster for the huddle board."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from documents import poster, typesetting
from services import briefs, pilots, plans
from services.i18n import translator
from services.pilots import PilotRow
from services.plans import WholePlan
from services.rows import key
from tests.databases import DEMO_TODAY

ADDRESS = "https://luotsi.example.fi/log?pilot=abcdefgh"


def of(session: Session, code: str) -> tuple[PilotRow, WholePlan]:
    pilot_id = key(pilots.by_code(session, code).id)
    return pilots.pilot_row(session, pilot_id=pilot_id, today=DEMO_TODAY), plans.current(session, pilot_id)


def text_of(document: bytes) -> str:
    (page,) = PdfReader(io.BytesIO(document)).pages
    return " ".join(page.extract_text().split())


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_poster_says_what_why_when_and_how_to_log(county: Session, language: str) -> None:
    row, whole = of(county, "P01")
    t = translator(language)
    page = poster.huddle(
        t, row=row, whole=whole, address=ADDRESS, before=briefs.level_before(county, row, whole, today=DEMO_TODAY)
    )
    told = text_of(page)
    for text in (t.local(row.pilot.change), t.local(whole.metric.name), t.local(row.unit.name), "20", ADDRESS):
        assert " ".join(text.split()) in told
    assert t.date(whole.plan.start_on) in told
    assert t.say("Week {number}", number=12) in told


def test_a_goal_goes_the_way_that_is_better(county: Session) -> None:
    t = translator("fi")
    rising, falling = of(county, "P01"), of(county, "P02")
    assert "tavoite vähintään" in text_of(poster.huddle(t, row=rising[0], whole=rising[1], address=ADDRESS, before=0.5))
    assert "Lähtötaso 10,3\N{NO-BREAK SPACE}%, tavoite enintään 8,8\N{NO-BREAK SPACE}%.".replace(
        "\N{NO-BREAK SPACE}", " "
    ) in text_of(poster.huddle(t, row=falling[0], whole=falling[1], address=ADDRESS, before=0.103))
    assert "laskee vähintään" in text_of(poster.huddle(t, row=falling[0], whole=falling[1], address=ADDRESS))


def test_long_texts_still_fit_one_page(county: Session) -> None:
    row, whole = of(county, "P17")
    long = {"fi": "Ystävällinen kohtaaminen jatkuvassa ruuhkassa vaatii aikaa. " * 40}
    pilot = row.pilot.model_copy(update={"title": long, "change": long, "customers_say": long})
    page = poster.huddle(translator("fi"), row=replace(row, pilot=pilot), whole=whole, address=ADDRESS, before=0.5)
    assert typesetting.page_count(page) == 1


def test_a_list_of_many_lines_fits_one_page(county: Session) -> None:
    row, whole = of(county, "P17")
    lines = {"fi": "- soitto\n\n" * 20}
    pilot = row.pilot.model_copy(update={"title": lines, "change": lines, "customers_say": lines})
    page = poster.huddle(translator("fi"), row=replace(row, pilot=pilot), whole=whole, address=ADDRESS, before=0.5)
    assert typesetting.page_count(page) == 1
