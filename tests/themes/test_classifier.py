from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.themes.made_embedder import MadeEmbedder
from themes.classifier import (
    THRESHOLD,
    FittedThemes,
    LabelledComment,
    ThemeDefinition,
    cross_validated,
    doubt,
    fit,
    measure,
)
from themes.classifier.lexical import WordTable, document_weights, lexical_matrix
from themes.classifier.regression import fit_regressions

ENGINE = MadeEmbedder()
THEMES = (
    ThemeDefinition(
        id=1, names={"en": "Waiting", "fi": "Odottaminen"}, keywords=("odot", "queue"), examples=("I waited an hour.",)
    ),
    ThemeDefinition(
        id=2, names={"en": "Food", "fi": "Ruoka"}, keywords=("ruoka", "lunch"), examples=("The soup was cold.",)
    ),
    ThemeDefinition(id="P", names={"en": "Parking"}, keywords=("parking",), examples=("No room for the car.",)),
)
LABELLED = tuple(
    LabelledComment(text=f"{text} {number}", themes=frozenset(themes))
    for number in range(12)
    for text, themes in (
        ("Receptionen var stängd", {1}),
        ("Potatoes again", {2}),
        ("Barrier would not open", {"P"}),
        ("Potatoes again and receptionen var stängd", {1, 2}),
    )
)


def best(model: FittedThemes, text: str, *, embedded: bool = True) -> object:
    return model.assign([text], ENGINE.embed([text]) if embedded else None)[0].themes[0].theme


def test_before_any_label_words_keywords_and_meaning_decide() -> None:
    model = fit(THEMES, embedder=ENGINE)
    assert best(model, "Odotin aulassa pitkään") == 1
    assert best(model, "Lunchen och soppan") == 2  # meaning only: no Swedish was given
    assert best(model, "Where is the parking?", embedded=False) == "P"


def test_labels_teach_what_no_seed_said() -> None:
    text = "Barrier would not open today"
    before, after = fit(THEMES, embedder=ENGINE), fit(THEMES, LABELLED, embedder=ENGINE)
    place = [theme.id for theme in THEMES].index("P")
    assert after.scores([text], ENGINE.embed([text]))[0, place] > before.scores([text], ENGINE.embed([text]))[0, place]
    both = after.assign(
        ["Potatoes again and receptionen var stängd"], ENGINE.embed(["Potatoes again and receptionen var stängd"])
    )
    assert {score.theme for score in both[0].themes if score.score >= THRESHOLD} == {1, 2}


def test_every_assignment_says_why() -> None:
    model = fit(THEMES, embedder=ENGINE)
    text = "Odotin lounasta kauan"
    first = model.assign([text], ENGINE.embed([text]))[0].themes[0]
    assert "odotin" in first.matched
    assert first.nearest in {"Waiting", "Odottaminen", "I waited an hour."}
    assert first.because == first.matched


def test_a_stored_model_answers_the_same_and_holds_no_comment() -> None:
    model = fit(THEMES, LABELLED, embedder=ENGINE)
    stored = model.to_bytes()
    again = FittedThemes.from_bytes(stored)
    texts = ["Odotin", "Potatoes again", "", "Something else entirely"]
    vectors = ENGINE.embed(texts)
    assert again.assign(texts, vectors) == model.assign(texts, vectors)
    assert again.version == model.version
    assert again.to_bytes() is not None
    assert b"Receptionen" not in stored
    with pytest.raises(ValueError, match="no theme model"):
        FittedThemes.from_bytes(b"something")


def test_the_version_is_of_what_was_learnt_and_not_of_its_order() -> None:
    model = fit(THEMES, LABELLED, embedder=ENGINE)
    turned = fit(THEMES, LABELLED[::-1], embedder=ENGINE)
    assert turned.version == model.version
    assert np.allclose(turned.scores(["Potatoes"]), model.scores(["Potatoes"]), atol=1e-3)
    assert fit(THEMES, LABELLED[1:], embedder=ENGINE).version != model.version
    assert fit(THEMES[:2], embedder=ENGINE).version != fit(THEMES, embedder=ENGINE).version


def test_what_nobody_has_decided_teaches_nothing() -> None:
    partly = [replace(comment, complete=False) for comment in LABELLED]
    text = ["Potatoes again"]
    all_known = fit(THEMES, LABELLED, embedder=ENGINE).scores(text, ENGINE.embed(text))[0, 2]
    unknown = fit(THEMES, partly, embedder=ENGINE).scores(text, ENGINE.embed(text))[0, 2]
    denied = [replace(comment, denied=frozenset({"P"}) - comment.themes) for comment in partly]
    said_no = fit(THEMES, denied, embedder=ENGINE).scores(text, ENGINE.embed(text))[0, 2]
    assert all_known < unknown
    assert said_no < unknown


def test_regressions_are_those_of_scikit_learn() -> None:
    random = np.random.default_rng(1)
    features = random.normal(size=(60, 8))
    present = (features[:, :2] + random.normal(size=(60, 2)) > 0).astype(float)
    weights = random.integers(0, 3, size=(60, 2)).astype(float)
    found = fit_regressions(features @ features.T, present, weights, strength=2.0)
    for theme in range(2):
        peer = LogisticRegression(C=2.0, tol=1e-8, max_iter=5000).fit(features, present[:, theme], weights[:, theme])
        assert features.T @ found.dual[:, theme] == pytest.approx(peer.coef_[0], abs=0.03)
        assert found.intercepts[theme] == pytest.approx(peer.intercept_[0], abs=0.03)


def test_the_word_table_is_the_matrix_product() -> None:
    texts = ["Odotin aulassa, odotin!", "Ruoka oli kylmää", "", "the the [NAME]"]
    weights = document_weights(texts)
    coefficients = np.random.default_rng(0).normal(size=(len(weights), 3)).astype(np.float32)
    product = lexical_matrix(texts, weights) @ coefficients
    # The table takes words as unrelated, so texts of which words share parts agree nearly, not wholly.
    assert WordTable(coefficients, weights).add(texts) == pytest.approx(product, abs=1e-5)


def test_quality_on_comments_that_were_not_seen() -> None:
    quality = cross_validated(THEMES, LABELLED, embedder=ENGINE, folds=3)
    assert quality.n == len(LABELLED)
    assert quality.micro_f1 is not None
    assert quality.micro_f1 > 0.8
    before = measure(fit(THEMES, embedder=ENGINE), LABELLED, embedder=ENGINE)
    assert before.micro_f1 is not None
    assert before.micro_f1 < quality.micro_f1
    food = before.themes[1]
    assert (food.precision, food.true) == (None if not food.given else food.right / food.given, 24)


def test_repeats_of_a_text_stay_in_one_part() -> None:
    same = [LabelledComment(text="Zebra", themes=frozenset({1}))] * 9
    with pytest.raises(ValueError, match=r"folds == 2, must be from 2 to the number of different texts \(1\)"):
        cross_validated(THEMES, same, embedder=ENGINE, folds=2)


def test_doubt_is_greatest_at_the_threshold() -> None:
    assert doubt(np.array([0.99, 0.01])) < doubt(np.array([0.99, 0.2])) < doubt(np.array([0.4, 0.29]))


@pytest.mark.parametrize(
    ("themes", "labelled", "message"),
    [
        ((), (), "There is no theme"),
        ((THEMES[0], THEMES[0]), (), "theme 1 comes twice"),
        (THEMES, (LabelledComment(text="x", themes=frozenset({9})),), "theme 9 of 'x' is not among the themes"),
        (
            THEMES,
            (LabelledComment(text="x", themes=frozenset({1}), vector=np.zeros(3, np.float32)),),
            "must be \\(32,\\)",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused(
    themes: tuple[ThemeDefinition, ...], labelled: tuple[LabelledComment, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        fit(themes, labelled, embedder=ENGINE)


def test_definitions_and_labels_that_contradict_themselves() -> None:
    with pytest.raises(ValueError, match="must hold a name"):
        ThemeDefinition(id=1, names={"fi": " "})
    with pytest.raises(ValueError, match="must not be both"):
        LabelledComment(text="x", themes=frozenset({1}), denied=frozenset({1}))
    with pytest.raises(ValueError, match=r"vectors\.shape"):
        fit(THEMES, embedder=ENGINE).scores(["a", "b"], np.zeros((1, 32), np.float32))
