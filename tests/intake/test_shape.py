"""What is refused at the door, each with one sentence, and what is recognised."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.intake.refused import RefusedFile
from services.intake.shape import FileShape, read_chunks, sniff
from tests.data.make_exports import large
from tests.intake.conftest import DATA

ROWS = "Pvm;Yksikkö;Arvio\n3.8.2026;Merisataman terveysasema;4\n4.8.2026;Yhteispäivystys;3\n"


def _file(folder: Path, content: bytes | str, name: str = "vienti.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _cells(shape: FileShape) -> list[dict[str, str]]:
    rows = []
    for chunk in read_chunks(shape):
        rows += [dict(zip(chunk.columns, cells, strict=True)) for cells in zip(*chunk.columns.values(), strict=True)]
    return rows


@pytest.mark.parametrize(
    ("name", "form", "encoding", "delimiter", "header_row"),
    [
        ("kiosk.csv", "csv", "cp1252", ";", 3),
        ("survey.xlsx", "xlsx", "", "", 1),
        ("text_messages.csv", "csv", "utf-8", ",", 1),
        ("weekly_measurements.csv", "csv", "utf-8-sig", ";", 1),
    ],
)
def test_the_export_files(name: str, form: str, encoding: str, delimiter: str, header_row: int) -> None:
    shape = sniff(DATA / name)
    assert (shape.format, shape.encoding, shape.delimiter, shape.header_row) == (form, encoding, delimiter, header_row)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    shape = sniff(_file(tmp_path, ROWS.replace(";", delimiter).encode(encoding)))
    assert (shape.encoding, shape.delimiter) == (encoding, delimiter)
    assert shape.names == ("Pvm", "Yksikkö", "Arvio")
    assert _cells(shape)[1] == {"Pvm": "4.8.2026", "Yksikkö": "Yhteispäivystys", "Arvio": "3"}


def test_a_decimal_comma_does_not_part_columns(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, "viikko;ka;sd\n2026-W32;4,5;1,2\n2026-W33;4,25;1,1\n"))
    assert shape.delimiter == ";"


def test_a_text_with_line_breaks_and_delimiters_is_one_cell_and_one_row(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, 'Pvm;Kommentti\n3.8.2026;"Hidas;\nmutta ""hyvä"""\n\n4.8.2026;Kiitos\n'))
    chunks = list(read_chunks(shape))
    assert chunks[0].columns["Kommentti"] == ['Hidas;\nmutta "hyvä"', "Kiitos"]
    assert chunks[0].numbers == [2, 4]  # as a spreadsheet numbers them: the blank row counts


def test_rows_that_are_too_long_are_named_and_short_ones_filled(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, ROWS + "5.8.2026;Yhteispäivystys;3;liikaa\n6.8.2026;Yhteispäivystys\n"))
    (chunk,) = read_chunks(shape)
    assert [(reject.row, reject.reason) for reject in chunk.broken] == [
        (4, "The row has 4 cells, but the table has 3 columns.")
    ]
    assert chunk.columns["Arvio"] == ["4", "3", ""]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "vienti.csv is empty."),
        (b"\n\n  \n", "vienti.csv is empty."),
        ("Pvm;Yksikkö;Arvio\n", "vienti.csv has column names in row 1 but no rows below."),
        ("Hei,\nkiitos viestistä.\nTerveisin asiakas\n", "is not a table"),
        ("Pvm\n3.8.2026\n4.8.2026\n", "is not a table"),
        ("1;2;3\n4;5;6\n", "is not a table: no row of column names was found."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01", "is not a table: it holds binary data."),
        ("Pvm;Arvio;Arvio\n3.8.2026;4;5\n", "has two columns named Arvio in row 1"),
        ('Pvm;Arvio\n3.8.2026;"auki' + "x" * 200_000 + "\n", "a quotation mark is never closed"),
        (ROWS.encode("cp850"), "The letters of vienti.csv cannot be read"),
        ("Pvm;Arvio\n3.8.2026;hyvä\n".encode("cp850"), "The letters of vienti.csv cannot be read"),
        (ROWS.encode("mac_roman"), "The letters of vienti.csv cannot be read"),
        ((ROWS * 3).encode() + b"5.8.2026;Yhteisp\xe4ivystys;3\n", "The letters of vienti.csv cannot be read: byte"),
        (b"\xef\xbb\xbf" + ROWS.encode("cp1252"), "says it is UTF-8, but byte 10 is not"),
        (b"PK\x03\x04 not really a zip", "is damaged and cannot be opened"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"Workbook" * 10, "is an old .xls file"),
    ],
)
def test_refusals(tmp_path: Path, content: bytes | str, sentence: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        sniff(_file(tmp_path, content))
    assert sentence in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=r"There is no file vienti\.csv"):
        sniff(tmp_path / "vienti.csv")


def test_a_damaged_workbook_and_a_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "vienti.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(RefusedFile, match="is damaged"):
        sniff(tmp_path / "vienti.xlsx")
    with zipfile.ZipFile(tmp_path / "kuvat.zip", "w") as package:
        package.writestr("kuva.png", b"x")
    with pytest.raises(RefusedFile, match=r"it is no \.xlsx workbook"):
        sniff(tmp_path / "kuvat.zip")


def test_a_workbook_that_unpacks_to_far_more_than_it_weighs(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pommi.xlsx", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * 20_000_000)
    with pytest.raises(RefusedFile, match="unpacks to 20 MB"):
        sniff(tmp_path / "pommi.xlsx", limit=1_000_000)


def test_a_workbook_with_titles_an_offset_and_an_empty_sheet(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Kansi"
    sheet = book.create_sheet("Vastaukset")
    sheet["C2"] = "Raportti syksyltä"
    for column, (name, value) in enumerate([("Pvm", "3.8.2026"), ("Yksikkö", "AVO1"), ("Arvio", 4)], start=3):
        sheet.cell(4, column, name)
        sheet.cell(5, column, value)
    sheet["E6"] = '=HYPERLINK("http://example.com","4")'
    sheet["C6"] = "4.8.2026"
    book.save(tmp_path / "vienti.xlsx")
    shape = sniff(tmp_path / "vienti.xlsx")
    assert (shape.sheet, shape.header_row, shape.names) == ("Vastaukset", 4, ("Pvm", "Yksikkö", "Arvio"))
    (chunk,) = read_chunks(shape)
    assert chunk.numbers == [5, 6]
    assert chunk.columns["Arvio"] == ["4", '=HYPERLINK("http://example.com","4")']


def test_samples_are_redacted(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, "Pvm;Kommentti\n3.8.2026;Hetuni on 010190-999W\n"))
    assert shape.columns[1].samples == ("Hetuni on [HETU]",)


def test_a_file_over_the_limit_is_refused_without_being_read(tmp_path: Path) -> None:
    path = large(tmp_path / "iso.csv", 3)
    tracemalloc.start()
    with pytest.raises(RefusedFile, match=r"iso\.csv has .* MB, but at most 1\.0 MB are taken at once"):
        sniff(path, limit=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


WIDE = "Pvm;Yksikkö;Kanava;Arvio;Kommentti\n"


def _wide(*comments: str) -> str:
    return WIDE + "".join(f"{day}.8.2026;SAI1;web;4;{text}\n" for day, text in enumerate(comments, 1))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (_wide("hyvä", '"ei lopu'), 3),
        (_wide("hyvä", '"ei lopu', "hyvä", "huono"), 3),
        (_wide("hyvä", '"ei lopu', "hyvä", '"huono"', "hyvä"), 3),
        (_wide(*["hyvä"] * 500, '"ei lopu', *["huono"] * 500), 502),
        (_wide("hyvä", "hyvä", '"' + "x" * 200_000 + '"'), 4),
    ],
)
def test_a_cell_never_swallows_the_rows_after_it(tmp_path: Path, text: str, row: int) -> None:
    shape = sniff(_file(tmp_path, text))
    with pytest.raises(RefusedFile, match=rf"row {row}\b"):
        list(read_chunks(shape))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"rivi\nkaksi; ja kolme"', "rivi\nkaksi; ja kolme"),
        ('"hän sanoi ""ei"";\na;b;""c"";d"', 'hän sanoi "ei";\na;b;"c";d'),
        ('"Hyvä" palvelu', "Hyvä palvelu"),
        ('sanoi "ei" heti', 'sanoi "ei" heti'),
    ],
)
def test_comments_of_several_lines_and_loose_quotation_marks_are_read(tmp_path: Path, written: str, read: str) -> None:
    shape = sniff(_file(tmp_path, _wide("hyvä", written, "huono", written)))
    assert [row["Kommentti"] for row in _cells(shape)] == ["hyvä", read, "huono", read]


def test_a_text_in_the_first_column_may_have_lines(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, 'Kommentti;Pvm;Yksikkö;Kanava;Arvio\n"rivi\nkaksi";1.8.2026;SAI1;web;4\n'))
    assert [row["Kommentti"] for row in _cells(shape)] == ["rivi\nkaksi"]


def test_thousands_of_columns_take_no_longer_than_their_cells(tmp_path: Path) -> None:
    names = [f"kysymys {number}" for number in range(16_000)]
    shape = sniff(_file(tmp_path, ";".join(names) + "\n" + ";".join("4" * 16_000) + "\n"))
    assert shape.names == tuple(names)
    assert _cells(shape)[0]["kysymys 15999"] == "4"


def test_utf_32_is_read_whole(tmp_path: Path) -> None:
    shape = sniff(_file(tmp_path, (ROWS + "5.8.2026;Asema 😀;2\n").encode("utf-32")))
    assert [row["Yksikkö"] for row in _cells(shape)][-1] == "Asema 😀"


@pytest.mark.parametrize("cell", ["XFD1048576", "XFD2000", "AC1048576"])
def test_a_cell_far_outside_the_table_is_refused_before_it_fills_the_memory(tmp_path: Path, cell: str) -> None:
    book = Workbook()
    for row in (["Pvm", "Yksikkö", "Arvio"], ["3.8.2026", "SAI1", 4]):
        book.active.append(row)
    book.active[cell] = "x"
    path = tmp_path / "kaukana.xlsx"
    book.save(path)
    with pytest.raises(
        RefusedFile, match=r"^kaukana\.xlsx: the sheet Sheet reaches to row \d+ and column \d+, too far"
    ):
        sniff(path)


def test_a_formatted_but_blank_cell_far_away_is_no_matter(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Pvm", "Yksikkö", "Arvio"], ["3.8.2026", "SAI1", 4]):
        book.active.append(row)
    book.active["XFD1048576"].number_format = "0.00"
    path = tmp_path / "kaukana.xlsx"
    book.save(path)
    assert sniff(path).names == ("Pvm", "Yksikkö", "Arvio")


def test_a_file_nobody_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _file(tmp_path, ROWS)

    def forbidden(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", forbidden)
    with pytest.raises(RefusedFile, match=r"^vienti\.csv cannot be read: Permission denied\.$"):
        sniff(path)
