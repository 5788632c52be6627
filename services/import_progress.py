"""How far an import is: its steps, and what part of the whole each takes."""

from __future__ import annotations

import enum
from collections.abc import Callable

from services.i18n import N_


class Step(enum.StrEnum):
    """What an import is doing."""

    READING = "reading"
    STORING = "storing"
    THEMES = "themes"
    REPEATS = "repeats"
    COUNTING = "counting"


Progress = Callable[[Step, int, int], object]
"""Called with the step, how many rows of it are done, and how many there are (0 when that is not known)."""

_STARTS = {Step.READING: 0.0, Step.STORING: 0.55, Step.THEMES: 0.65, Step.REPEATS: 0.75, Step.COUNTING: 0.92}
_NAMES = {
    Step.READING: N_("Reading the file and removing personal data"),
    Step.STORING: N_("Storing the answers"),
    Step.THEMES: N_("Looking for themes"),
    Step.REPEATS: N_("Looking for repeats"),
    Step.COUNTING: N_("Counting the themes"),
}


def name_of(step: Step) -> str:
    """What a step is called, a msgid."""
    return _NAMES[step]


def share_done(step: Step, done: int, of: int) -> float:
    """What part of the whole import is done, 0 to 1.

    >>> share_done(Step.READING, 50, 100), share_done(Step.COUNTING, 5, 5)
    (0.275, 1.0)
    """
    steps = list(Step)
    after = steps[steps.index(step) + 1 :]
    start, end = _STARTS[step], _STARTS[after[0]] if after else 1.0
    return start + (end - start) * (min(done / of, 1.0) if of else 0.0)
