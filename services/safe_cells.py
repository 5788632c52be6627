"""Texts as cells of a file that a spreadsheet opens: what it would run as a formula stands there as a text.

A spreadsheet takes a cell for a formula by how it begins. Some drop blanks, invisible characters or a quotation mark
first, and Japanese ones read full-width signs, so all of these are looked through. An apostrophe before the text stops
them all; a reader who wants the text itself takes one leading apostrophe away.

References:
    OWASP, CSV Injection: cells beginning with = + - @, tab, carriage return, line feed, and full-width variants.
"""

from __future__ import annotations

import re
import unicodedata

_PASSED_OVER = re.compile(r"""[\s"'`´‘’‚‛“”„‟«»]+""")
_BEGINNINGS = frozenset("=+-@|%\N{MINUS SIGN}")
_CONTROLS = ("\t", "\r", "\n", "\v", "\f", "\x00")


def safe_cell(text: str) -> str:
    """A text no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell(" \\t=1+1"), safe_cell("＝1+1"), safe_cell("Kiitos")
    ("'=1+1", "' \\t=1+1", "'＝1+1", 'Kiitos')
    """
    return f"'{text}" if text[:1] in _CONTROLS or _begins_a_formula(text) else text


def plain_text(cell: str) -> str:
    """The text that a cell of such a file says: without the apostrophe that `safe_cell` set before it.

    >>> plain_text("'=1+1"), plain_text("'s-Hertogenbosch"), plain_text("Kiitos")
    ('=1+1', "'s-Hertogenbosch", 'Kiitos')
    """
    rest = cell[1:]
    return rest if cell.startswith("'") and safe_cell(rest) == cell else cell


def _begins_a_formula(text: str) -> bool:
    at = 0
    while at < len(text):
        passed = _PASSED_OVER.match(text, at)
        if passed is not None:
            at = passed.end()
        elif unicodedata.category(text[at]) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            at += 1
        else:
            return unicodedata.normalize("NFKC", text[at])[:1] in _BEGINNINGS
    return False
