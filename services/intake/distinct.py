"""The different words of a column, for a person to say what they mean."""

from __future__ import annotations

from services.intake.cells import is_empty
from services.intake.refused import presentable
from services.intake.shape import FileShape, read_chunks


def distinct_words(shape: FileShape, column: str, *, most: int = 200) -> list[str]:
    """Words of a column, each once and in the order they come, blanks left out; looks no further after so many.

    Args:
        shape: The file.
        column: The column's name.
        most: How many at most. A column with more is no list of words.
    """
    found: dict[str, None] = {}
    for chunk in read_chunks(shape):
        for cell in chunk.columns[column]:
            if not is_empty(cell):
                found[cell.strip()] = None
                if len(found) >= most:
                    return list(found)
    return list(found)


def safe_to_show(word: str) -> bool:
    """Whether a word holds no personal data: a column chosen by mistake can hold anything.

    >>> safe_to_show("Terveysasema"), safe_to_show("010190-999W")
    (True, False)
    """
    return presentable(word) == " ".join(word.split())
