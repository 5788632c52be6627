"""Every text that people see has a Finnish and a Swedish translation that says the same, once."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from services.i18n import translator
from tests import catalogues
from tests.catalogues import LANGUAGES, NotATextError, entries, fields, key, missing, obsolete, of_source, translations

ALIKE = frozenset({"idea", "person", "process", "session"})
"""Words that Finnish or Swedish writes as English does; one more needs a place here."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert [f"{text.place}: {text.singular}" for text in missing(language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_the_code_no_longer_says(language: str) -> None:
    assert obsolete(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_fields_are_filled_in(language: str) -> None:
    wrong = []
    for fragment, message in entries(language):
        allowed = set().union(*(fields(text) for text in ([*message.id] if message.pluralizable else [message.id])))
        wrong += [f"{fragment}.po: {text}" for text in translations(message) if text and fields(text) != allowed]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_translated_in_two_ways(language: str) -> None:
    found: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for _, message in entries(language):
        found[key(message)].add(translations(message))
    assert {text: ways for text, ways in found.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_was_left_in_english(language: str) -> None:
    same = [
        key(message)
        for _, message in entries(language)
        if key(message) in translations(message) and re.search(r"[a-z]{4}", re.sub(r"{\w*}", "", key(message)))
    ]
    assert [text for text in same if text not in ALIKE] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_per_cent_keeps_to_its_number(language: str) -> None:
    # Finnish and Swedish write a space before the sign, and the two may not be parted by the end of a line.
    assert [text for _, m in entries(language) for text in translations(m) if re.search(r"[\d}] ?%", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_fragments_are_whole(language: str) -> None:
    folder = catalogues.ROOT / "locales" / language / "LC_MESSAGES"
    paths = sorted(folder.glob("*.po"))
    assert paths
    for path in paths:
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        assert catalogue.charset == "utf-8", path.name
        assert catalogue.num_plurals == 2, path.name
        assert [key(m) for m in catalogue if m.id and m.fuzzy] == [], path.name
        assert list(catalogue.obsolete) == [], path.name


def test_what_the_reader_gets() -> None:
    finnish, swedish, english = (translator(language) for language in ("fi", "sv", "en"))
    assert [t("extend follow-up") for t in (finnish, swedish, english)] == [
        "jatka seurantaa",
        "fortsätt uppföljningen",
        "extend follow-up",
    ]
    sentence = "This pilot starts on {date}; there is nothing to evaluate yet."
    assert (
        finnish.say(sentence, date=dt.date(2026, 11, 23)) == "Kokeilu alkaa 23.11.2026, joten arvioitavaa ei vielä ole."
    )


def found(source: str) -> list[tuple[str, str | None]]:
    return [(text.singular, text.plural) for text in of_source(source, "x.py")]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('t("One")', [("One", None)]),
        ('ctx.t("One")', [("One", None)]),
        ('self.t.say("One {x}", x=1)', [("One {x}", None)]),
        ('t.plural("{n} week", "{n} weeks", 3)', [("{n} week", "{n} weeks")]),
        ('raise BadInput("One "\n  "two.", field="x")', [("One two.", None)]),
        ('Message(N_("One"), {})', [("One", None)]),
        ('t("One" if x else "Two")', [("One", None), ("Two", None)]),
        ('NAMES = {1: N_("One")}', [("One", None)]),
        ("t(name)", []),
        ('t("")', []),
        ('Message("{value}", {"value": 1})', []),
        ('t("{number} %")', [("{number} %", None)]),
        ('print("One")', []),
    ],
)
def test_which_texts_are_found(source: str, texts: list[tuple[str, str | None]]) -> None:
    assert found(source) == texts


def test_a_text_put_together_before_translation_is_refused() -> None:
    with pytest.raises(NotATextError, match=r"x\.py:1 translates an f-string"):
        found('t(f"{n} weeks")')


def test_gaps_and_leftovers_are_named(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "home.py").write_text('t("New")\nt("Old")\nt("Empty")\n', encoding="utf-8")
    folder = tmp_path / "locales" / "fi" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "frame.po").write_text(
        'msgid "Old"\nmsgstr "Vanha"\n\nmsgid "Empty"\nmsgstr ""\n\nmsgid "Gone"\nmsgstr "Poissa"\n', encoding="utf-8"
    )
    assert [text.singular for text in missing("fi", tmp_path)] == ["New", "Empty"]
    assert obsolete("fi", tmp_path) == ["frame.po: Gone"]
