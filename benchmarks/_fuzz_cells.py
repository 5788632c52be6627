"""What people, tills and spreadsheets write into cells: mostly right, often odd, sometimes hostile."""

from __future__ import annotations

import random
from collections.abc import Sequence

UNITS = ("SAI3", "SAI4", "PEL1", "Osasto 4B", "osasto  5a", "1.2.3")
WRONG_UNITS = ("NOWHERE", "SAI", "sai3;", "Osasto", "=SAI3", "0", "…", "SAI3\u200b", "ＳＡＩ３")
DAYS = (
    "2.11.2026",
    "02.11.2026 14:05",
    "2026-11-02",
    "2026-11-02T14:05:00Z",
    "2026-10-25T03:30:00+02:00",
    "46328",
    "46328,5",
    "1793620000",
    "1793620000000",
    "2.11.2026 klo 9.15",
)
WRONG_DAYS = (
    "31.2.2026",
    "0.0.2026",
    "2026-13-01",
    "1.1.1800",
    "24.11.2026",
    "99999",
    "9999999999",
    "9999999999999",
    "2026-11-02T25:61:00Z",
    "2026-11-02T10:00:00+99:99",
    "1e5",
    "eilen",
    "2.11.26",
    "٢.١١.٢٠٢٦",
    "00000",
    "99999,99999999999999999999",
    "2026-11-02 24:00",
    "12/2026",
    "2026-W45",
    "53/2027",
    "0/0",
)
NUMBERS = {
    "score": ("5", "0", "10", "7,5", "3.0", "4 = jokseenkin", "+3", "2e0", "05"),
    "n": ("5", "20", "1 234", "30.0", "2e1"),
    "mean": ("3,5", "2.0", "4", "1", "+3"),
    "sd": ("1,2", "0.5", "2", "0", ""),
    "count": ("0", "3", "12", "1 000", "4.0"),
}
WRONG_NUMBERS = (
    "1e999",
    "-1e999",
    "nan",
    "inf",
    "-0",
    "−3",
    "1,2,3",
    "٣",
    "Ⅴ",
    "5½",
    "0x10",
    "1_000",
    "1e-400",
    "--5",
    "99999999999999999999999999",
    "5 %",
    "5/10",
    "five",
    "1e308",
    "-5",
    "+-1",
    "5,",
    ",5",
    "1.000.000",
    "1e5",
    "3.0000000000000001",
)
TEXTS = (
    "Kiitos hyvästä hoidosta!",
    "Odotin puhelinjonossa 40 minuuttia.",
    "Hoitaja Maija Virtanen oli ihana.",
    "Soittakaa 040 123 4567 tai matti@example.fi",
    "Hetu 010190-999W unohtui.",
    "Väntade länge.",
    "Great service 👍🏽",
    "-hidas palvelu",
    "ok",
    "👨‍👩‍👧‍👦",
    "…",
)
ODD_TEXTS = (
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "+A1+B1",
    "=cmd|' /C calc'!A0",
    "'",
    '"',
    '""',
    '"""',
    ";",
    ",",
    "\t",
    "|",
    "\\",
    "a\nb",
    "a\r\nb",
    "a\rb",
    "\n",
    'rivi 1\n\nrivi 2;"x"',
    "\u2028\u2029\x85",
    "\x0b\x0c",
    "\x1a",
    "\x00",
    "a\x00b",
    "\x01\x02",
    "\u202eoikea",
    "\ufeffalku",
    "\u200b",
    "Z" * 300,
    "ä" * 19_999,
    "ö" * 20_001,
    "x" * 140_000,
    "NULL",
    "n/a",
    "-",
    "None",
    "<script>alert(1)</script>",
    "{value}",
    "{}",
    "{0}",
    "%s",
    "${x}",
    "{file!r}",
    "̈́" * 60,
    "𝕳𝖞𝖛ä",
    "\U0010ffff",
    "\ufffe",
    "'; DROP TABLE feedback; --",
    "ei vastausta",
    "#N/A",
    "#REF!",
    "TRUE",
    "0",
    " " * 5_000 + "x",
    "\xa0x\xa0",
    "ﷺ" * 40,
)
METRICS = {"metric of means": ("nps_mean", "Suosittelu", "pulse"), "metric of counts": ("errors", "Virheet")}
IDS = (
    "1",
    "a-1",
    "010190-999W",
    "+358401234567",
    "maija@example.fi",
    "x" * 121,
    "0012",
    "1.0",
    "\u200b",
    "id;1",
    "ID 1",
)


def pick(rng: random.Random, usual: Sequence[str], odd: Sequence[str], share: float) -> str:
    """An odd cell now and then, else a usual one."""
    return rng.choice(odd) if rng.random() < share else rng.choice(usual)


def row(rng: random.Random, columns: Sequence[str], share: float) -> list[str]:
    """Cells for columns that are named by what they hold.

    Args:
        rng: Random numbers.
        columns: date, unit, text, id, a key of NUMBERS or METRICS, or anything else.
        share: Which part of the cells is odd.
    """
    cells = []
    for column in columns:
        if rng.random() < share / 3:
            cells.append(rng.choice(("", *ODD_TEXTS)))
        elif column == "date":
            cells.append(pick(rng, DAYS, WRONG_DAYS, share))
        elif column == "unit":
            cells.append(pick(rng, UNITS, WRONG_UNITS, share))
        elif column in NUMBERS:
            cells.append(pick(rng, NUMBERS[column], WRONG_NUMBERS, share))
        elif column == "id":
            cells.append(pick(rng, (f"v{rng.randrange(10**9)}",), IDS, share))
        elif column in METRICS:
            cells.append(pick(rng, METRICS[column], ("nothing", "errors;", "ERRORS", "errors", "pulse"), share))
        else:
            cells.append(pick(rng, TEXTS, ODD_TEXTS, share))
    return cells


def blank(cells: Sequence[str]) -> bool:
    """Whether a row says nothing at all: the importer need not count it."""
    return not any(cell.replace("\0", "").strip() for cell in cells)
