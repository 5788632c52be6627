"""Every check that the statistics make has a name on the page, and its sentence reads in the reader's language."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest

from services.check_names import SURROUNDINGS
from services.i18n import translator
from services.pilot_words import CHECKS
from services.wording import sentence
from stats.messages import Message

STATS = Path(__file__).resolve().parents[2] / "stats"


def made() -> set[str]:
    """Names given to Check(...) in an evaluation, and to the helper that makes one for either end of a scale."""
    found = set()
    for path in [*STATS.glob("checks*.py"), STATS / "fidelity.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Check", "_room"}:
                found |= {k.value.value for k in node.keywords if k.arg == "name" and isinstance(k.value, ast.Constant)}
    return found


def test_every_check_has_a_name() -> None:
    assert made() - set(CHECKS) - set(SURROUNDINGS) == set()
    assert set(SURROUNDINGS) <= made()


@pytest.mark.parametrize(
    ("message", "finnish", "swedish"),
    [
        (
            Message(
                "The answers come through other channels than before: {channel} went from {before} % to {after} % of "
                "them. Other people may be answering, and in another way.",
                {"channel": Message("paper"), "before": 4, "after": 95},
            ),
            "Vastaukset tulevat eri kanavista kuin ennen: kanavan paperi osuus oli 4\N{NO-BREAK SPACE}% ja on nyt "
            "95\N{NO-BREAK SPACE}%. Vastaajat voivat olla eri ihmisiä ja vastata eri tavalla.",
            "Svaren kommer genom andra kanaler än förut: andelen för papper var 4\N{NO-BREAK SPACE}% och är nu "
            "95\N{NO-BREAK SPACE}%. Det kan vara andra människor som svarar, och på ett annat sätt.",
        ),
        (
            Message(
                "Something else happened that could explain a change as well: {rivals}.",
                {"rivals": (Message("{date} {event}", {"date": np.datetime64("2026-03-02"), "event": "Lakko"}),)},
            ),
            "Samaan aikaan tapahtui muutakin, mikä voisi selittää muutoksen: 2.3.2026 Lakko.",
            "Samtidigt hände något annat som också kunde förklara en förändring: 2.3.2026 Lakko.",
        ),
        (
            Message("and {count} more", {"count": 4}),
            "ja 4 muuta",
            "och 4 till",
        ),
    ],
)
def test_sentences_within_sentences_are_translated(message: Message, finnish: str, swedish: str) -> None:
    assert sentence(translator("fi"), message) == finnish
    assert sentence(translator("sv"), message) == swedish
