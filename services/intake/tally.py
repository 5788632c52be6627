"""Counts turned into answers: "12 pressed the third face" is twelve answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.i18n import N_
from services.intake.cells import parse_count
from services.intake.columns import Reading
from services.intake.mapping import Tally
from services.intake.refused import RefusedFile

MOST_IN_A_FILE = 3_000_000


class Counted(NamedTuple):
    """One answer made from a count.

    Attributes:
        row: The row of the chunk it is from.
        value: Its score.
    """

    row: int
    value: float


def counted(reading: Reading, tally: Tally) -> list[list[int]]:
    """Every row's counts, from the least score up; what is no count is noted against its row."""
    columns = [[count or 0 for count in reading.read(column, parse_count)] for column in tally.columns]
    return [list(counts) for counts in zip(*columns, strict=True)]


def answers(counts: Sequence[Sequence[int]], rows: Sequence[int], tally: Tally) -> Iterator[Counted]:
    """An answer for each that was counted, row by row.

    >>> tally = Tally(item="happy", columns=("a", "b"))
    >>> [tuple(answer) for answer in answers([[1, 2]], [0], tally)]
    [(0, 1.0), (0, 2.0), (0, 2.0)]
    """
    for index in rows:
        for step, times in enumerate(counts[index]):
            for _ in range(times):
                yield Counted(index, tally.low + step)


def refuse_if_too_many(file: str, answers_so_far: int) -> None:
    """Keep a file of counts from filling the memory.

    Raises:
        RefusedFile: It holds more answers than are taken at once.
    """
    if answers_so_far > MOST_IN_A_FILE:
        raise RefusedFile(
            N_("{file} counts more than {most} answers; divide it, by month for instance."),
            file=file,
            most=MOST_IN_A_FILE,
        )
