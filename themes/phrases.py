"""Short phrases of everyday feedback, praise and complaint, in three languages: what the tone model is fitted on."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

FILE = Path(__file__).with_name("phrases.tsv")


class Phrase(NamedTuple):
    """A phrase with its tone ("pos" or "neg"), its language and its words."""

    tone: Literal["pos", "neg"]
    language: Literal["fi", "sv", "en"]
    text: str


@cache
def phrases() -> tuple[Phrase, ...]:
    """The packaged phrases, as many of each tone in each language.

    >>> len(phrases()) >= 300
    True
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Phrase(*cast("tuple[Literal['pos', 'neg'], Literal['fi', 'sv', 'en'], str]", row)) for row in rows)
