from __future__ import annotations

import numpy as np
import pytest

from themes.embedding import embedder
from themes.phrases import phrases
from themes.sentiment import UNCLEAR, RatedText, classify, fit_sentiment


def test_praise_and_complaint_in_three_languages() -> None:
    texts = [
        "Hoitaja oli ihana ja kaikki sujui", "Hoitaja oli töykeä eikä minua kuunneltu",
        "Läkaren var underbar, tack", "Ingen svarade och jag blev arg",
        "Wonderful nurses, thank you", "Rude staff and a filthy room",
    ]  # fmt: skip
    assert [score.label for score in classify(texts)] == ["pos", "neg"] * 3


def test_near_a_half_the_tone_is_unclear() -> None:
    for score in classify(["Kävin tiistaina.", "Blanketten är blå.", "Kiitos!", "Hemskt."]):
        assert (score.label == "neu") == (abs(score.score - 0.5) < UNCLEAR)


def test_own_rated_comments_teach_and_those_between_do_not() -> None:
    own = [RatedText(text="Legendaarista", tone="neg")] * 40
    text = ["Legendaarista menoa"]
    vectors = embedder().embed(text)
    plain, taught = fit_sentiment(), fit_sentiment(own)
    assert classify(text, vectors, model=taught)[0].score < classify(text, vectors, model=plain)[0].score
    between = fit_sentiment([RatedText(text="Legendaarista", tone="neu")] * 40)
    assert np.allclose(between.coefficients, plain.coefficients)


def test_the_phrases_are_balanced_and_each_once() -> None:
    said = phrases()
    counts = {
        sum(p.tone == tone and p.language == language for p in said)
        for tone in ("pos", "neg")
        for language in ("fi", "sv", "en")
    }
    assert len(counts) == 1
    assert len({p.text for p in said}) == len(said)


def test_nothing_to_judge_and_wrong_shapes() -> None:
    assert classify([]) == []
    with pytest.raises(ValueError, match=r"vectors\.shape"):
        classify(["a"], np.zeros((2, 384), np.float32))
