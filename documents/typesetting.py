"""Sets a template of this room with Typst: data in, an accessible PDF out."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import typst

HERE = Path(__file__).resolve().parent
STANDARD: Literal["ua-1"] = "ua-1"
"""PDF/UA-1: tagged, with title, language and a text for every picture; Typst refuses a document that is not."""

SURELY = frozenset(
    chr(code) for first, last in ((0x20, 0x7F), (0xA0, 0xAD), (0xAE, 0x180)) for code in range(first, last)
) | frozenset("–—‘’“”„…•€−→←↑↓≥≤≈\n")
"""Characters that need no look: they are in the embedded fonts."""
PAGES = re.compile(rb"<xmpTPg:NPages>(\d+)</xmpTPg:NPages>")
BREAKS = re.compile(r"[ \t]*[\r\n\t]\s*")
UNKNOWN = "\N{WHITE SQUARE}"
"""Stands for a letter that no embedded font has."""


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    title: str,
    language: str,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """A document as PDF/UA: tagged, A4, with its fonts inside; the same bytes for the same data on every machine.

    Templates import `house.typ`, whose `data` is what is given here. Strings reach it as strings: nobody's words are
    read as markup. Characters that no embedded font has (emoji, say) are left out, letters replaced by a square.

    Args:
        template: Name of a `.typ` file of this room, without its ending.
        data: What the template prints; anything JSON can say.
        title: The document's title, for its window, its readers and its foot.
        language: fi, sv or en: of hyphenation, and what a screen reader speaks.
        pictures: Pictures by file name (`effect.svg`); templates show them with `picture(name, alt)`.

    Raises:
        typst.TypstError: The template is wrong, or a picture has no alternative text.
    """
    files = sources(template, data, title=title, language=language, pictures=pictures)
    return typst.compile(
        files, format="pdf", pdf_standards=[STANDARD], font_paths=_fonts(), ignore_system_fonts=True
    )  # fmt: skip


def sources(
    template: str, data: Mapping[str, Any], *, title: str, language: str, pictures: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Everything the compiler reads, by file name; arguments as for `pdf`."""
    inside = {"title": title, "language": language, "data": data}
    return {
        "main.typ": _source(template),
        "house.typ": _source("house"),
        "data.json": json.dumps(_shown(inside), ensure_ascii=False).encode(),
        **{f"pictures/{name}": picture for name, picture in (pictures or {}).items()},
    }


@lru_cache(maxsize=32)
def _source(template: str) -> bytes:
    return (HERE / f"{template}.typ").read_bytes()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The fonts inside the compiler's wheel, and no others: a fresh machine sets the same page."""
    return typst.Fonts(include_system_fonts=False)


def _shown(value: Any) -> Any:
    """The data with every text made of characters the fonts have."""
    if isinstance(value, str):
        if SURELY.issuperset(value):
            return value
        kept = "".join(map(_character, value))
        return kept if kept.strip() or not value.strip() else UNKNOWN  # a title of emoji only is still a title
    if isinstance(value, Mapping):
        return {name: _shown(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(part) for part in value]
    return value


@lru_cache(maxsize=4096)
def _character(one: str) -> str:
    if one in SURELY or _has(one):
        return one
    return UNKNOWN if unicodedata.category(one).startswith("L") else ""


def _has(one: str) -> bool:
    """Whether an embedded font has the character: the compiler refuses it in PDF/UA where none does."""
    if unicodedata.category(one).startswith("C") or "\ufe00" <= one <= "\ufe0f":
        return False  # controls, joiners and what chooses between pictures of one character
    probe = b'#set document(title: "-")\n#set text(font: "Libertinus Serif")\n#read("one.txt")'
    try:
        typst.compile(
            {"main.typ": probe, "one.txt": one.encode()},
            format="pdf", pdf_standards=[STANDARD], font_paths=_fonts(), ignore_system_fonts=True,
        )  # fmt: skip
    except typst.TypstError:
        return False
    return True


def one_line(text: str) -> str:
    r"""A text without its line breaks, for a page that has to hold it whatever it is.

    >>> one_line("- soitto\n\n- viesti")
    '- soitto - viesti'
    """
    return BREAKS.sub(" ", text)


def page_count(document: bytes) -> int:
    """How many pages a document of `pdf` has, by its own record of it."""
    found = PAGES.search(document)
    if found is None:
        raise ValueError("the document does not say how many pages it has.")
    return int(found[1])
