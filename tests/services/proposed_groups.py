"""Comments on three subjects, an embedder that knows them, and looks at them: what tests of proposals share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlmodel import select

from models.base import validated
from models.organisation import Unit
from models.people import Person, Role
from models.theme_answers import ThemeAnswer
from models.theme_curation import ThemeProposal
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_proposals
from services.rows import key
from services.text_vectors import Vectors
from services.theme_facts import refresh
from services.theme_proposals import Search
from tests.services.conftest import TODAY, World
from themes import discovery
from themes.embedding import Embedder

WORDS = ("parkki", "sauna", "puhelin")
NAMES = {"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"}


class Subjects:
    """An embedder that knows three subjects by a word, and puts a little of each text's own beside it."""

    version = "subjects-1"
    dimensions = 8
    embedded: int = 0

    def embed(self, texts: list[str]) -> Vectors:
        self.embedded += len(texts)
        rows = [
            [*(float(word in text.casefold()) for word in WORDS), *np.random.default_rng(len(text)).random(5) / 9]
            for text in texts
        ]
        vectors = np.array(rows, dtype=np.float32) + 0.05
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def stored_coach(world: World) -> Person:
    row = validated(Person, code="coach", name="Valmentaja", role=Role.COACH)
    world.session.add(row)
    world.session.commit()
    return row


def by_word(
    texts: Sequence[str], vectors: Vectors, languages: Sequence[str | None], engine: Embedder
) -> list[discovery.Proposal]:
    """Groups by their word: what `discover` finds is its own tests' matter."""
    assert vectors.shape == (len(texts), engine.dimensions)
    assert len(languages) == len(texts)
    groups = {word: [at for at, text in enumerate(texts) if word in text.casefold()] for word in WORDS}
    return [
        discovery.Proposal(
            label=word.capitalize(),
            keywords=(word,),
            size=len(members),
            share=len(members) / len(texts),
            members=tuple(members),
            languages={"fi": len(members)},
        )
        for word, members in groups.items()
        if len(members) >= 3
    ]


def comments(world: World, word: str, number: int, *, unit: Unit | None = None, **values: object) -> list[int]:
    return [
        key(world.answer(unit or world.ward, TODAY, text=f"{word} {'x' * n}.", language="fi", **values).id)
        for n in range(1, number + 1)
    ]


def about(world: World, answers: list[int], theme: Theme) -> None:
    for number in answers:
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=number, theme_id=theme.id, assigned_by=AssignedBy.MODEL, confidence=0.6
            )
        )
    world.session.flush()
    refresh(world.session, answers)
    world.session.commit()


def looked(world: World, by: Person, subjects: Subjects, within: Theme | None = None) -> Search:
    found = theme_proposals.search(
        world.session, by=by, today=TODAY, within_theme_id=within.id if within else None, engine=subjects
    )
    theme_proposals.keep(world.session, found, by=by)
    return found


def open_ones(world: World) -> list[ThemeProposal]:
    return list(theme_proposals.waiting(world.session))


def themes_of(world: World, answer: int) -> set[int]:
    rows = world.session.exec(select(ThemeAnswer.theme_id).where(ThemeAnswer.feedback_id == answer))
    return set(rows)
