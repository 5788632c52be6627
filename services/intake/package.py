"""Whether a workbook's package is what it says: unpacked bit by bit, so that a small file cannot fill the memory.

What a ZIP file says of its parts' sizes need not be true, parts may lie over each other, and a text that stands once in
the package may be shown in a million cells. All three are counted before anything reads the file as a whole.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from services.i18n import N_
from services.intake.refused import RefusedFile

MOST_EXPANSION = 8
"""How many times a file's largest size its parts may have together, unpacked."""
MOST_PARTS = 2_000
_BLOCK = 1 << 16
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_TEXT = re.compile(rb"<(?:\w+:)?si\b[^>]*>(.*?)</(?:\w+:)?si>", re.DOTALL)
_TAG = re.compile(rb"<[^>]*>")
_SHOWS_A_TEXT = re.compile(rb"<(?:\w+:)?c\b[^>]*\bt=[\"']s[\"'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})")
_LONGEST_CELL = 512


def check(path: Path, limit: int) -> None:
    """Refuse a package that would fill the memory.

    Args:
        path: The file.
        limit: The most bytes of a file; unpacked, eight times as many.

    Raises:
        RefusedFile: It has too many parts, is packed in an unknown way, or unpacks to too much.
        zipfile.BadZipFile: It is damaged, or its parts are larger than it says.
    """
    most = limit * MOST_EXPANSION
    with zipfile.ZipFile(path) as package, path.open("rb") as file:
        parts = package.infolist()
        if len(parts) > MOST_PARTS:
            raise RefusedFile(
                N_("{file} is packed of {parts} files, at most {most} are taken; save it again as .xlsx or CSV."),
                file=path.name,
                parts=len(parts),
                most=MOST_PARTS,
            )
        if sum(part.file_size for part in parts) > most:
            raise _too_much(path, sum(part.file_size for part in parts))
        unpacked = 0
        for part in parts:
            if part.compress_type not in _PACKINGS:
                raise zipfile.BadZipFile(f"{part.filename} is packed by method {part.compress_type}.")
            size = 0
            for block in _unpacked(file, part):
                size += len(block)
                unpacked += len(block)
                if unpacked > most:
                    raise _too_much(path, unpacked)
            if size != part.file_size:
                raise zipfile.BadZipFile(f"{part.filename} has {size} bytes, must be {part.file_size}.")


def check_texts(path: Path, texts: str, sheet: str, limit: int) -> None:
    """Refuse a sheet whose cells show more text together than a file of the largest size would hold unpacked.

    Args:
        path: The file, checked by `check`.
        texts: The part with the texts that cells share.
        sheet: The part with the sheet's cells.
        limit: The most bytes of a file.

    Raises:
        RefusedFile: It is so.
    """
    with zipfile.ZipFile(path) as package:
        shared = [name for name in package.namelist() if name.casefold() == texts.casefold()]
        if not shared:
            return
        lengths = [len(_TAG.sub(b"", found[1])) for found in _TEXT.finditer(package.read(shared[0]))]
        if not lengths:
            return
        shown, tail = 0, b""
        with package.open(sheet) as file:
            while block := file.read(1 << 20):
                whole = tail + block
                end = 0
                for found in _SHOWS_A_TEXT.finditer(whole):
                    place, end = int(found[1]), found.end()
                    shown += lengths[place] if place < len(lengths) else 0
                if shown > limit * MOST_EXPANSION:
                    raise _too_much(path, shown)
                tail = whole[max(end, len(whole) - _LONGEST_CELL) :]


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's content, unpacked from what really lies in the file."""
    if part.header_offset < 0:
        raise zipfile.BadZipFile(f"{part.filename} begins before the file.")
    file.seek(part.header_offset)
    head = file.read(30)
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"{part.filename} has no head.")
    file.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = part.compress_size
    stored = part.compress_type == zipfile.ZIP_STORED
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while left > 0 and (packed := file.read(min(left, _BLOCK))):
        left -= len(packed)
        if stored:
            yield packed
            continue
        while packed:
            yield unpacker.decompress(packed, _BLOCK)
            packed = unpacker.unconsumed_tail
    if not stored:
        while block := unpacker.decompress(b"", _BLOCK):
            yield block


def _too_much(path: Path, size: int) -> RefusedFile:
    return RefusedFile(
        N_("{file} unpacks to {size} MB, too much to read at once; divide it, by month for instance."),
        file=path.name,
        size=round(size / 1e6),
    )
