"""Posters of public stories: in the reader's language, on one sheet, with a code that leads to the story."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from documents import public_poster
from models.decisions import StoryStatus
from services import public_facts, stories
from services.i18n import translator
from services.public_facts import PublicFacts
from services.stories import PublicStory
from tests.databases import DEMO_TODAY

ADDRESS = "https://luotsi.example.fi/public?story=P01"
Told = list[tuple[PublicStory, PublicFacts]]


@pytest.fixture
def told(demo_session: Session) -> Told:
    return [(story, public_facts.facts(demo_session, story)) for story in stories.public_stories(demo_session)]


def poster(told: Told, language: str = "fi", number: int = 0) -> PdfReader:
    story, facts = told[number]
    made = public_poster.pdf(translator(language), story, facts, address=ADDRESS, today=DEMO_TODAY)
    return PdfReader(io.BytesIO(made))


def words(read: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in read.pages).split())


def test_a_poster_says_what_the_page_says(told: Told) -> None:
    read = poster(told)
    said = words(read)
    assert len(read.pages) == 1
    for part in ("Te sanoitte", "Odotimme soittoanne turhaan.", "Varasimme kaksi takaisinsoittovuoroa.", "Auttoi"):
        assert part in said
    assert "54 ihmistä" in said
    assert "14 prosenttiyksikköä enemmän kuin ilman kokeilua" in said
    assert ADDRESS in said
    assert "Julkaistu 24.4.2026" in said
    assert "Luonnos" not in said
    assert read.metadata is not None
    assert read.metadata.title == "Takaisinsoitto kahdessa tunnissa"


@pytest.mark.parametrize(("language", "heading"), [("sv", "Ni sade"), ("en", "You said")])
def test_it_is_in_the_readers_language(told: Told, language: str, heading: str) -> None:
    read = poster(told, language)
    assert heading in words(read)
    assert str(read.trailer["/Root"]["/Lang"]).startswith(language)


def test_no_help_is_told_as_plainly(told: Told) -> None:
    number = next(number for number, (story, _) in enumerate(told) if story.pilot.code == "P09")
    said = words(poster(told, number=number))
    assert "Ei auttanut: lopetimme ja opimme" in said
    assert "emme nähneet muutosta" in said


def test_a_draft_says_that_it_is_one(told: Told) -> None:
    told[0][0].story.status = StoryStatus.DRAFT
    assert "Luonnos: ei vielä julkaistu" in words(poster(told))


def test_the_longest_texts_still_fit_two_sheets_and_nothing_is_read_as_markup(told: Told) -> None:
    story = told[0][0].story
    long = "#set text(red) *Sana* $x$ " + "Puhelinpalvelu vastaa nyt nopeammin kuin ennen. " * 40
    for part in ("you_said", "we_tried", "what_happened", "what_next"):
        setattr(story, part, {"fi": long[:1500]})
    read = poster(told)
    assert len(read.pages) <= 2
    assert "#set text(red) *Sana* $x$" in words(read)


def test_a_units_poster_has_its_three_newest_stories(told: Told) -> None:
    made = public_poster.unit_pdf(translator("fi"), told[0][0].unit, [*told, *told], address=ADDRESS, today=DEMO_TODAY)
    read = PdfReader(io.BytesIO(made))
    said = words(read)
    assert len(read.pages) == 1
    assert "Puhelin- ja digiasiakaspalvelu" in said
    assert said.count("Te sanoitte") == 3
    assert said.index("Takaisinsoitto kahdessa tunnissa") < said.index("Ruokailurauha")


def test_a_promise_whose_day_has_passed_is_owned_up_to_on_paper(told: Told) -> None:
    told[0][0].story.next_on = DEMO_TODAY - dt.timedelta(days=1)
    assert "Olemme myöhässä" in words(poster(told))


def test_files_are_named_after_what_they_show() -> None:
    assert public_poster.file_name(translator("sv"), "P01") == "luotsi-affisch-P01-sv.pdf"
