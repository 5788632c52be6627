"""The question "did you have to contact us again about the same matter?": drawn with each theme's stated effect."""

from __future__ import annotations

import numpy as np

from services.demo.county import County
from services.demo.curves import stream
from services.demo.people import ANONYMOUS, Answers
from services.demo.scores import ItemScores
from services.demo.topics import Picks

ITEM = "repeat_contact"
USUALLY = 0.15
"""Share who have to contact again when nothing went wrong."""
ASKED = 0.25
"""Share of those without a topic who are asked; whoever chose one is asked, except at a kiosk."""


def draw(county: County, answers: Answers, picks: Picks, seed: int) -> ItemScores:
    """Yes (1) or no (0) of those who were asked.

    A bad experience of a theme adds the theme's stated effect to the chance; of two bad ones the larger counts.
    """
    rng = stream(seed, "repeat contact")
    effect = np.array([theme.driver_effect_repeat_contact for theme in county.themes])
    chance = np.zeros(len(answers))
    np.maximum.at(chance, picks.answer[picks.negative], effect[picks.theme[picks.negative]])
    chosen = np.zeros(len(answers), dtype=bool)
    chosen[picks.answer] = True
    luck, again = rng.random(len(answers)), rng.random(len(answers))
    asked = np.flatnonzero((answers.channel != ANONYMOUS) & (answers.comment < 0) & (chosen | (luck < ASKED)))
    value = (again[asked] < USUALLY + chance[asked]).astype(float)
    return ItemScores(item=ITEM, low=0.0, high=1.0, answer=asked, value=value)
