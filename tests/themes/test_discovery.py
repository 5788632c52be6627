from __future__ import annotations

import numpy as np
import pytest

from tests.themes.made_embedder import MadeEmbedder
from themes.discovery import Proposal, discover, group_count

ENGINE = MadeEmbedder()
TEXTS = [
    *(f"Väntade i kö {k}" for k in range(6)), *(f"Waited in the queue {k}" for k in range(8)),
    *(f"Ruoka ja keitto {k}" for k in range(7)), *(f"Lunchen och soppan {k}" for k in range(5)),
    *(f"Car parking full {k}" for k in range(6)), *(f"Parkki täynnä auto {k}" for k in range(4)),
]  # fmt: skip
LANGUAGES = ["sv"] * 6 + ["en"] * 8 + ["fi"] * 7 + ["sv"] * 5 + ["en"] * 6 + ["fi"] * 4


def found() -> list[Proposal]:
    return discover(TEXTS, ENGINE.embed(TEXTS), LANGUAGES, groups=3, engine=ENGINE)


def test_a_group_holds_every_language_that_says_the_same() -> None:
    proposals = found()
    assert [set(proposal.members) for proposal in proposals] == [set(range(14)), set(range(14, 26)), set(range(26, 36))]
    assert [proposal.languages for proposal in proposals] == [
        {"en": 8, "sv": 6},
        {"fi": 7, "sv": 5},
        {"en": 6, "fi": 4},
    ]
    assert sum(proposal.share for proposal in proposals) == pytest.approx(1, abs=1e-3)


def test_groups_are_named_by_their_own_words_in_dictionary_form() -> None:
    proposals = found()
    assert "queue" in proposals[0].keywords
    assert {"ruoka", "keitto"} & set(proposals[1].keywords)
    assert all(proposal.label == ", ".join(proposal.keywords[:3]) for proposal in proposals)
    assert all(len(set(proposal.keywords)) == len(proposal.keywords) for proposal in proposals)


def test_the_same_comments_give_the_same_groups() -> None:
    assert found() == found()


def test_few_comments_give_none_and_wrong_shapes_are_refused() -> None:
    assert discover(TEXTS[:11], ENGINE.embed(TEXTS[:11]), engine=ENGINE) == []
    with pytest.raises(ValueError, match=r"vectors\.shape"):
        discover(TEXTS, np.zeros((3, 32), np.float32), engine=ENGINE)
    with pytest.raises(ValueError, match="groups == 1"):
        discover(TEXTS, ENGINE.embed(TEXTS), groups=1, engine=ENGINE)
    assert group_count(5) == 2
