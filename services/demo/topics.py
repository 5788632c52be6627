"""The topic button: which answers name a theme, and whether the experience was a bad one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.demo.county import County
from services.demo.curves import stream
from services.demo.people import Answers, Whole, raked


@dataclass(frozen=True, kw_only=True)
class Picks:
    """Themes that respondents chose themselves.

    Attributes:
        answer: Index of the answer, once for each theme it names.
        theme: Index into county.themes.
        negative: Whether the experience was bad.
        push: What the bad experiences do to the answer's 0-10 rating before the week's mean is restored, one value
            an answer (not a pick).
    """

    answer: Whole
    theme: Whole
    negative: NDArray[np.bool_]
    push: NDArray[np.float64]


def theme_shares(county: County) -> NDArray[np.float64]:
    """Chance of each theme in each unit, shape (units, themes), rows summing to 1.

    Over the county the themes' stated shares hold (they add up to more than 1, since one answer can name two).
    """
    weights = np.array(
        [
            [
                theme.units.weight.get(unit.code, 1.0) * (not theme.units.only or unit.code in theme.units.only)
                for theme in county.themes
            ]
            for unit in county.units
        ]
    )
    volume = np.array([unit.weekly_responses for unit in county.units])
    wanted = np.array([theme.share for theme in county.themes])
    table = raked(weights * wanted, volume, wanted)
    shares: NDArray[np.float64] = table / table.sum(axis=1, keepdims=True)
    return shares


def pick(county: County, answers: Answers, seed: int) -> Picks:
    """Let respondents choose a theme, some of them two; written comments are labelled by hand instead."""
    rng = stream(seed, "topics")
    chosen = np.flatnonzero((rng.random(len(answers)) < county.meta.topic_button_share) & (answers.comment < 0))
    cumulated = np.cumsum(theme_shares(county), axis=1)[answers.unit[chosen]]
    first = _index(rng, cumulated)
    second = _index(rng, cumulated)
    extra = sum(theme.share for theme in county.themes) - 1
    both = (rng.random(len(chosen)) < extra) & (second != first)
    answer = np.concatenate([chosen, chosen[both]])
    theme = np.concatenate([first, second[both]])
    chance = np.array([t.negative_share for t in county.themes])
    negative = rng.random(len(theme)) < chance[theme]
    driver = np.array([t.driver_effect_0_10 for t in county.themes], dtype=float)
    push = np.zeros(len(answers))
    np.minimum.at(push, answer[negative], driver[theme[negative]])
    order = np.lexsort((theme, answer))
    return Picks(answer=answer[order], theme=theme[order], negative=negative[order], push=push)


def _index(rng: np.random.Generator, cumulated: NDArray[np.float64]) -> Whole:
    drawn: Whole = (rng.random((len(cumulated), 1)) > cumulated).sum(axis=1)
    drawn[drawn == cumulated.shape[1]] -= 1
    return drawn
