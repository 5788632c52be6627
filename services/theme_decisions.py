"""Feedback on official decisions: treatment and clarity apart from whether the decision itself was right.

A justified order brings unhappy answers. Compared within one outcome of the decision (it stood, it was changed, not
known), what customers say of how they were met and whether they understood is told apart from the decision.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.rows import key
from services.small_grid import protect
from services.theme_families import families
from services.theme_pages import all_themes
from services.theme_scope import Scope


class Outcome(enum.StrEnum):
    """What became of the decision that an answer is about."""

    UPHELD = "upheld"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Answers on decisions of one outcome.

    Attributes:
        answers: How many.
        judged: Those whose tone is known.
        negative: Unhappy ones among these.
    """

    answers: int = 0
    judged: int = 0
    negative: int = 0


@dataclass(frozen=True, kw_only=True)
class ThemeOnDecisions:
    """A theme as it occurs in answers on decisions.

    Attributes:
        theme: The theme.
        of: What was said, by outcome; an outcome without answers is left out.
    """

    theme: Theme
    of: dict[Outcome, Tally] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        """How many answers on decisions are about it."""
        return sum(tally.answers for tally in self.of.values())


def on_decisions(session: Session, scope: Scope, theme_id: int | None = None) -> list[ThemeOnDecisions]:
    """The themes of answers on official decisions, most spoken of first; with a theme, of those it occurs in.

    Args:
        session: Reads the record.
        scope: The time, the units and channels; whether about decisions is set here.
        theme_id: Only answers about this theme, or one below it.
    """
    themes = {key(theme.id): theme for theme in all_themes(session)}
    fact = ThemeAnswer
    decided = replace(scope, statutory=True).facts()
    query = (
        sa.select(col(fact.feedback_id), col(fact.theme_id), col(fact.tone), col(Feedback.decision_upheld))
        .join(Feedback, col(Feedback.id) == col(fact.feedback_id))
        .where(*decided)
    )
    of = families(list(themes.values()))
    if theme_id is not None:
        own = sorted(of.get(theme_id, {theme_id}))
        about = sa.select(col(fact.feedback_id)).where(col(fact.theme_id).in_(own), *decided)
        query = query.where(col(fact.feedback_id).in_(about))
    answers: dict[int, dict[int, tuple[str, bool | None]]] = defaultdict(dict)
    for feedback_id, theme, tone, upheld in session.execute(query):
        answers[theme][feedback_id] = (tone, upheld)
    found = []
    for above, below in of.items():
        joined = {answer: said for theme in below for answer, said in answers.get(theme, {}).items()}
        if joined:
            found.append(ThemeOnDecisions(theme=themes[above], of=_tallies(list(joined.values()))))
    return sorted(found, key=lambda row: (-row.answers, row.theme.code))


def outcomes_told(row: ThemeOnDecisions) -> frozenset[Outcome]:
    """Outcomes of which the unhappy share may be told: unhappy and others by outcome, a table of two columns."""
    outcomes = list(row.of)
    if not outcomes:
        return frozenset()
    found = protect([[tally.negative, tally.judged - tally.negative] for tally in row.of.values()])
    hidden = found.cells.any(axis=1) | found.rows
    return frozenset(outcome for outcome, mark in zip(outcomes, hidden, strict=True) if not mark)


def _tallies(said: list[tuple[str, bool | None]]) -> dict[Outcome, Tally]:
    found = {}
    for outcome, upheld in ((Outcome.UPHELD, True), (Outcome.CHANGED, False), (Outcome.UNKNOWN, None)):
        tones = [tone for tone, was in said if was is upheld]
        if tones:
            known = [tone for tone in tones if tone]
            found[outcome] = Tally(answers=len(tones), judged=len(known), negative=known.count("neg"))
    return found
