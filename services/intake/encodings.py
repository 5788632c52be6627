"""How the bytes of a text file are to be read: UTF-8, UTF-16 or Windows-1252; anything else is refused."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from services.i18n import N_
from services.intake.refused import RefusedFile

_BLOCK = 1 << 20
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")
_MISREAD_UTF8 = re.compile("[ÃÂ][\u0080-\u00bf„…–”€™š]")
_OTHER_CODE_PAGE = re.compile("[A-Za-zäöå][„†‡]|[a-zäöå][”™ŠŒ][a-zäöå„”†ŠŒš]")


def encoding_of(path: Path) -> str:
    """The encoding of a whole text file: "utf-8", "utf-8-sig", "utf-16", "utf-32" or "cp1252".

    The file is read in blocks, so a large one takes no memory.

    Raises:
        RefusedFile: It is not text, or its letters are in none of these encodings.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return _checked(path, "utf-32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(path, "utf-16")
    if head[1:200:2].count(0) > len(head[1:200:2]) * 0.8:
        return _checked(path, "utf-16-le")
    if _CONTROL.search(head):
        raise RefusedFile(N_("{file} is not a table: it holds binary data."), file=path.name)
    if head.startswith(codecs.BOM_UTF8):
        return _checked(path, "utf-8-sig")
    if _position_of_error(path, "utf-8") is None:
        return "utf-8"
    return _windows(path)


def _checked(path: Path, encoding: str) -> str:
    position = _position_of_error(path, encoding)
    if position is not None:
        raise RefusedFile(
            N_("{file} says it is {encoding}, but byte {position} is not; save it again as UTF-8."),
            file=path.name,
            encoding=encoding.upper().removesuffix("-SIG"),
            position=position,
        )
    return encoding


def _windows(path: Path) -> str:
    """Windows-1252, unless the letters say that it is a damaged UTF-8 file or an older code page."""
    misread = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            undefined = _UNDEFINED.search(block)
            text = block.decode("cp1252", errors="replace")
            misread += len(_MISREAD_UTF8.findall(text))
            if undefined or _OTHER_CODE_PAGE.search(text) or misread > 3:
                position = _position_of_error(path, "utf-8")
                raise RefusedFile(
                    N_(
                        "The letters of {file} cannot be read: byte {position} is not UTF-8, and the rest is not "
                        "Windows-1252; save it again as UTF-8."
                    ),
                    file=path.name,
                    position=position,
                )
    return "cp1252"


def _position_of_error(path: Path, encoding: str) -> int | None:
    """Where decoding fails first, roughly; None when it does not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                return done + error.start
            done += len(block)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return done
    return None
