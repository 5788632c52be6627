"""How much of a file is taken: bytes, rows, columns, a cell, a line, and what a packed file unpacks to."""

from __future__ import annotations

import json
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.intake import delimited, package, shape
from services.intake.refused import RefusedFile
from services.intake.shape import MEGABYTE, read_chunks, sniff


def refusal(path: Path, **limit: int) -> str:
    """What is said of a file that is refused; its English sentence."""
    with pytest.raises(RefusedFile) as refused:
        list(read_chunks(sniff(path, **limit)))
    return str(refused.value)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def workbook(path: Path, *, comment: str = "Kiitos", rows: int = 3) -> Path:
    book = Workbook()
    book.active.append(["unit", "comment"])
    for _ in range(rows):
        book.active.append(["SAI3", comment])
    book.save(path)
    return path


def test_bytes(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "unit;comment\n" + "SAI3;Kiitos\n" * 200_000)
    assert "2.4 MB, but at most 1.0 MB" in refusal(path, limit=MEGABYTE)


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.xlsx"])
def test_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        written(path, "unit;comment\n" + "SAI3;Kiitos\n" * 31)
    elif name.endswith("json"):
        written(path, json.dumps([{"unit": "SAI3", "comment": "Kiitos"}] * 31))
    else:
        workbook(path, rows=31)
    monkeypatch.setattr(shape, "MOST_ROWS", 31)
    assert sum(len(chunk.numbers) for chunk in read_chunks(sniff(path))) == 31
    monkeypatch.setattr(shape, "MOST_ROWS", 30)
    assert refusal(path) == f"{name} has more than 30 rows; divide it, by month for instance."


def test_columns(tmp_path: Path) -> None:
    wide = ";".join(f"c{k}" for k in range(16_385))
    assert refusal(written(tmp_path / "a.csv", f"{wide}\n{wide}\n{wide}\n")) == (
        "a.csv has 16385 columns, at most 16384 are taken."
    )
    book = Workbook()
    for _ in range(3):
        book.active.append([f"c{k}" for k in range(501)])
    book.save(tmp_path / "a.xlsx")
    assert "reaches to row 99999 and column 501, too far to read" in refusal(tmp_path / "a.xlsx")
    many = [{f"c{k}": 1 for k in range(501)}] * 3
    assert "more than 500 fields" in refusal(written(tmp_path / "a.json", json.dumps(many)))


def test_a_cell_and_a_line(tmp_path: Path) -> None:
    told = refusal(written(tmp_path / "a.csv", "unit;comment\n" + "SAI3;x\n" * 300 + f"SAI3;{'x' * 140_000}\n"))
    assert told == "a.csv has a cell of more than 131072 characters in row 302."
    path = written(tmp_path / "b.csv", "unit;comment\nSAI3;x\n" + ";" * (delimited.LONGEST_LINE + 1))
    assert refusal(path) == "b.csv has a line of more than 2000000 characters; it is no table of answers."


def test_a_small_file_that_unpacks_to_much(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/media/zeros.bin", bytes(9 * MEGABYTE))
    assert path.stat().st_size < 30_000
    assert sniff(path, limit=2 * MEGABYTE).names == ("unit", "comment")
    assert "unpacks to 9 MB, too much" in refusal(path, limit=MEGABYTE)


def test_a_file_that_lies_about_its_size(tmp_path: Path) -> None:
    """The part says it has 100 bytes, and that their checksum is right; unpacked it has nine million."""
    path = workbook(tmp_path / "a.xlsx")
    zeros = bytes(9 * MEGABYTE)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/media/zeros.bin", zeros)
    content = path.read_bytes()
    for said in (struct.pack("<L", len(zeros)), struct.pack("<L", zlib.crc32(zeros))):
        assert said in content
        lie = struct.pack("<L", 100 if said == struct.pack("<L", len(zeros)) else zlib.crc32(bytes(100)))
        content = content.replace(said, lie)
    path.write_bytes(content)
    with zipfile.ZipFile(path) as package_read:
        assert package_read.read("xl/media/zeros.bin") == bytes(100), "the usual reader believes it"
    assert "unpacks to 8 MB, too much" in refusal(path, limit=MEGABYTE)
    assert "is damaged" in refusal(path, limit=2 * MEGABYTE)


def test_the_memory_stays_small_while_a_bomb_is_looked_at(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made, made.open("xl/media/zeros.bin", "w") as part:
        for _ in range(100):
            part.write(bytes(MEGABYTE))
    tracemalloc.start()
    package.check(path, 20 * MEGABYTE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * MEGABYTE


def test_one_long_text_shown_in_many_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", comment="x" * 30_000, rows=400)
    assert path.stat().st_size < 30_000
    assert sniff(path, limit=2 * MEGABYTE).names == ("unit", "comment")
    assert "unpacks to 12 MB, too much" in refusal(path, limit=MEGABYTE)


def test_parts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a") as made:
        for number in range(package.MOST_PARTS):
            made.writestr(f"xl/media/{number}", b"")
    assert "is packed of 20" in refusal(path)


def test_an_unknown_packing_is_damaged(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as made:
        made.writestr("xl/media/zeros.bin", bytes(1000))
    assert "is damaged" in refusal(path)
