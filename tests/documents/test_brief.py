"""The one-page brief on paper."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader
from sqlmodel import Session

from documents import brief as document
from documents import typesetting
from models.decisions import Verdict
from services import briefs, pilots
from services.brief_words import words
from services.briefs import Brief
from services.i18n import translator
from services.pilot_words import VERDICTS
from services.rows import key
from tests.databases import DEMO_TODAY

ADDRESS = "https://luotsi.example.fi/pilot?code=P01"
FULLEST = ("P03", "P06", "P18", "P21")
"""Pilots with the most to say, and one with the least."""
EVERY = [f"P{number:02d}" for number in range(1, 25)]
ENGLISH = re.compile(r"\b(?:the|and|of|with|that|from|which|what|when|has|was|would|pilot|effect|interval)\b", re.I)


def read(session: Session, code: str) -> Brief:
    pilot = pilots.by_code(session, code)
    return briefs.brief(session, pilot_id=key(pilot.id), today=DEMO_TODAY, comments=True)


def text_of(document: bytes) -> str:
    """The text of the page as a reader copies it, lines and hyphens joined."""
    (page,) = PdfReader(io.BytesIO(document)).pages
    lines = re.sub(r"[-\N{SOFT HYPHEN}]\n", "", page.extract_text())
    return " ".join(lines.split())


@pytest.mark.parametrize(
    ("language", "code"),
    [("fi", code) for code in EVERY] + [(language, code) for language in ("sv", "en") for code in FULLEST],
)
def test_every_brief_is_one_page_that_says_its_verdict(county: Session, language: str, code: str) -> None:
    t = translator(language)
    brief = read(county, code)
    page = document.pdf(t, brief, address=ADDRESS)
    assert typesetting.page_count(page) == 1
    told = text_of(page)
    assert code in told
    said = words(t, brief)
    assert said.verdict in told
    if brief.result is not None:
        assert said.verdict == t(VERDICTS[Verdict(brief.result.verdict.value)])
    assert " ".join(said.decision[0].split()[:4]) in told


def test_a_finnish_brief_has_no_english_words(county: Session) -> None:
    brief = read(county, "P01")
    quiet = replace(brief, voice=replace(brief.voice, quotes=()))  # customers speak as they like
    told = text_of(document.pdf(translator("fi"), quiet, address=ADDRESS))
    assert ENGLISH.findall(told) == []
    assert ENGLISH.findall(text_of(document.pdf(translator("en"), quiet, address=ADDRESS))) != []


def test_the_longest_texts_still_fit_one_page(county: Session) -> None:
    brief = read(county, "P18")
    long = "Ystävällinen kohtaaminen jatkuvassa ruuhkassa vaatii aikaa. " * 60
    pilot = brief.row.pilot.model_copy(
        update={name: {"fi": long} for name in ("title", "customers_say", "change", "prediction", "taken_part")}
    )
    note = brief.staff.notes[0].model_copy(update={"note": long[: briefs.NOTE_LONGEST]})
    full = replace(
        brief,
        row=replace(brief.row, pilot=pilot),
        staff=replace(brief.staff, notes=(note, note)),
    )
    page = document.pdf(translator("fi"), full, address=ADDRESS)
    assert typesetting.page_count(page) == 1
    assert "ruuhkassa" in text_of(page)


def test_the_picture_has_words_for_those_who_hear_it(county: Session) -> None:
    page = document.pdf(translator("fi"), read(county, "P01"), address=ADDRESS)
    root = PdfReader(io.BytesIO(page)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fi"
    told: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part.get_object() if hasattr(part, "get_object") else part)
        elif isinstance(node, dict):
            if "/Alt" in node:
                told.append(str(node["/Alt"]))
            if "/K" in node:
                walk(node["/K"].get_object() if hasattr(node["/K"], "get_object") else node["/K"])

    walk(root["/StructTreeRoot"])
    assert any("Arvioitu vaikutus 13,8" in alt for alt in told)
    assert any("QR" in alt for alt in told)


def test_texts_of_many_lines_fit_one_page(county: Session) -> None:
    brief = read(county, "P18")
    names = ("title", "customers_say", "change", "prediction", "taken_part")
    pilot = brief.row.pilot.model_copy(update={name: {"fi": "- soitto\n\n" * 40} for name in names})
    full = replace(brief, row=replace(brief.row, pilot=pilot))
    assert typesetting.page_count(document.pdf(translator("fi"), full, address=ADDRESS)) == 1
