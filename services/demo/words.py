"""Invented words for some of the answers whose respondents chose a theme, fitting its tone."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from services.demo.curves import stream
from services.demo.simulate import DemoData

FILE = Path(__file__).with_name("words.jsonl")
WITHOUT_WORDS = "kiosk"
WEEKS = 40
"""How far back comments reach; older ones are taken to have been erased, as counties do."""


class Words(BaseModel):
    """An invented comment: its language, theme, tone (neg, neu, pos), and the only units it can be of; none for any."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: str
    theme: str
    tone: str
    text: str
    units: tuple[str, ...] = ()


def load_words() -> list[Words]:
    """The invented comments, in the order of the file."""
    return [Words.model_validate(json.loads(line)) for line in FILE.read_text(encoding="utf-8").splitlines()]


def place(data: DemoData, words: list[Words], seed: int) -> dict[int, str]:
    """Give each comment to an answer that fits it; those that fit none are left out.

    Args:
        data: The drawn county.
        words: The comments.
        seed: See `services.demo.simulate`.

    Returns:
        Texts, not yet redacted, by the answer's key.
    """
    units = dict(data.feedback.select("key", "unit").iter_rows())
    first = data.day(data.county.meta.weeks - WEEKS)
    answers = {
        key: language
        for key, language, channel, text, day in data.feedback.select(
            "key", "language", "channel", "text", "given_on"
        ).iter_rows()
        if channel != WITHOUT_WORDS and text is None and day >= first
    }
    picked: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for key, theme, negative in data.picks.select("key", "theme", "negative").iter_rows():
        picked[key].append((theme, negative))
    free: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for key, language in answers.items():
        if len(picked[key]) == 1:
            theme, negative = picked[key][0]
            free[language, theme, negative].append(key)
    rng = stream(seed, "words")
    for keys in free.values():
        rng.shuffle(keys)
    placed: dict[int, str] = {}
    for comment in words:
        waiting = free[comment.language, comment.theme, comment.tone == "neg"]
        at = [place for place, key in enumerate(waiting) if not comment.units or units[key] in comment.units]
        if at:
            waiting[at[-1]], waiting[-1] = waiting[-1], waiting[at[-1]]
            placed[waiting.pop()] = comment.text
    return placed
