"""The minutes of a meeting on paper: an accessible PDF, and a DOCX that a secretary goes on editing."""

from __future__ import annotations

import datetime as dt
import io

from docx import Document
from docx.document import Document as Written
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt

from documents.typesetting import pdf as typeset
from models.meetings import Meeting
from services.i18n import Translator
from services.minutes import Minutes
from services.minutes_words import MinutesWords, words
from services.settings import ZONE

WORD_LANGUAGES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
CONTROLS = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}
"""Characters that XML cannot hold."""


def pdf(t: Translator, minutes: Minutes) -> bytes:
    """The minutes as PDF/UA in the translator's language."""
    said = words(t, minutes)
    data = {
        "kind": t("Meeting"),
        "title": said.title,
        "facts": said.facts,
        "sections": [
            {
                "name": section.name,
                "title": section.title,
                "boxed": section.boxed,
                "entries": [{"title": entry.title, "lines": entry.lines} for entry in section.entries],
            }
            for section in said.sections
        ],
    }
    return typeset("minutes", data, title=said.title, language=t.language)


def docx(t: Translator, minutes: Minutes) -> bytes:
    """The minutes as DOCX: headings, lists, the language set, so that Word reads and spells it right."""
    said = words(t, minutes)
    document = Document()
    document.core_properties.title = said.title
    document.core_properties.author = _clean(minutes.of.led_by.name)
    document.core_properties.language = WORD_LANGUAGES[t.language]
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = _ended(minutes.of.meeting)
    _body_style(document, WORD_LANGUAGES[t.language])
    document.add_heading(said.title, level=0)
    for fact in said.facts:
        document.add_paragraph(_clean(fact))
    _sections(document, said)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def file_name(t: Translator, minutes: Minutes, *, ending: str) -> str:
    """What the file is called: the word for minutes and the day."""
    day = minutes.of.meeting.opened_at.astimezone(ZONE).date()
    return f"{t('Minutes').lower()}-{day.isoformat()}.{ending}"


def _sections(document: Written, said: MinutesWords) -> None:
    for section in said.sections:
        document.add_heading(_clean(section.title), level=1)
        for entry in section.entries:
            if entry.title:
                document.add_heading(_clean(entry.title), level=2)
            for line in entry.lines:
                document.add_paragraph(_clean(line), style="List Bullet")


def _body_style(document: Written, language: str) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(11)
    marked = OxmlElement("w:lang")
    marked.set(qn("w:val"), language)
    style.element.get_or_add_rPr().append(marked)


def _ended(meeting: Meeting) -> dt.datetime:
    return (meeting.ended_at or meeting.opened_at).replace(tzinfo=None)


def _clean(text: str) -> str:
    return text.translate(CONTROLS)
