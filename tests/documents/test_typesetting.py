"""The typesetting core: PDF/UA from data, whatever people wrote, the same on every machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typst

from charts.look import Look
from documents import pictures, typesetting

TEMPLATE = """#import "house.typ": *
#show: house
#title-block("Sort", data.name, facts: ("one", "two"))
#pairs(data.pairs)
#rows-table(("A", "B"), data.pairs)
#note(tone: "amber")[#sign("up", tone: "green") #text(data.name)]
#said(data.name, source: "SAI3")
#points((data.name,))
#rule()
#if data.pictures { picture("chart.svg", "A line"); code("qr.svg", "A code", "https://example.fi/a") }
"""
SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "data": {"values": [{"day": "2026-01-05", "value": 0.5}, {"day": "2026-05-04", "value": 1234.5}]},
    "mark": "line",
    "encoding": {
        "x": {"field": "day", "type": "temporal", "axis": {"format": "%B"}},
        "y": {"field": "value", "type": "quantitative", "axis": {"format": ",.1f"}},
    },
}


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The room with a template of the test's own."""
    typesetting._source.cache_clear()
    (tmp_path / "house.typ").write_bytes((typesetting.HERE / "house.typ").read_bytes())
    (tmp_path / "probe.typ").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(typesetting, "HERE", tmp_path)
    yield tmp_path
    typesetting._source.cache_clear()


def made(name: str, language: str = "fi", *, drawn: bool = False) -> bytes:
    given = {"chart.svg": pictures.svg(SPEC, look=Look()), "qr.svg": pictures.qr("https://example.fi/a")}
    data = {"name": name, "pairs": [["Yksikkö", name], ["Päivä", "23.11.2026"]], "pictures": drawn}
    return typesetting.pdf("probe", data, title="Otsikko", language=language, pictures=given if drawn else None)


@pytest.mark.usefixtures("room")
def test_a_document_is_tagged_with_its_title_and_language() -> None:
    document = made("Ääkköset ä ö å – ” €", "sv", drawn=True)
    assert document.startswith(b"%PDF")
    assert b"/StructTreeRoot" in document
    assert b"pdfuaid:part" in document
    assert b"/Lang(sv)" in document


@pytest.mark.usefixtures("room")
def test_the_same_data_give_the_same_bytes() -> None:
    assert made("Sama") == made("Sama")
    assert made("Sama") != made("Toinen")


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    "written",
    ["#panic()", "#set page(width: 1pt)", "*ei* _lihavoitu_ $x$ [a] `b` <c> @d \\", "= Otsikko\n- lista", "#read('x')"],
)
def test_nobodys_words_are_markup(written: str) -> None:
    assert made(written).startswith(b"%PDF")


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize("written", ["kiitos 😀👩‍⚕️", "مرحبا", "漢字", "a\x00b\x07c", "\ud800"])
def test_letters_without_a_font_do_not_stop_the_printer(written: str) -> None:
    assert made(written).startswith(b"%PDF")


@pytest.mark.usefixtures("room")
def test_a_picture_without_words_is_refused(room: Path) -> None:
    (room / "probe.typ").write_text('#import "house.typ": *\n#show: house\n#image("pictures/qr.svg")', encoding="utf-8")
    with pytest.raises(typst.TypstError, match="alt"):
        made("x", drawn=True)


@pytest.mark.usefixtures("room")
def test_several_at_once_come_out_as_one_by_one() -> None:
    names = [f"Kokeilu {number}" for number in range(12)]
    one_by_one = [made(name) for name in names]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(made, names)) == one_by_one


@pytest.mark.usefixtures("room")
def test_setting_a_page_takes_less_than_two_seconds() -> None:
    begun = time.monotonic()
    made("Nopea", drawn=True)
    assert time.monotonic() - begun < 2


def test_charts_speak_the_readers_language() -> None:
    drawn = pictures.svg(SPEC, look=Look(language="fi")).decode()
    assert "1\N{NO-BREAK SPACE}200,0" in drawn
    assert "helmikuu" in drawn
    assert "februari" in pictures.svg(SPEC, look=Look(language="sv")).decode()


def test_a_code_is_a_picture_of_its_address_readable_in_any_theme() -> None:
    code = pictures.qr("https://example.fi/log?pilot=abc")
    assert code.startswith(b"<svg")
    assert b"#0b1218" in code
    assert b"#fff" in code
    assert code != pictures.qr("https://example.fi/log?pilot=abd")
