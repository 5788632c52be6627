"""Fitting: names, keywords and examples stand for comments until people have labelled enough of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from threadpoolctl import threadpool_limits

from themes.classifier.calibration import Calibration, calibrate, cold
from themes.classifier.explanation import phrases
from themes.classifier.features import Floats, centres, languages_of
from themes.classifier.lexical import BUCKETS, document_weights, lexical_matrix
from themes.classifier.model import FittedThemes, Head, keyword_strengths
from themes.classifier.regression import fit_regressions
from themes.classifier.vectors import packaged_centres, vectors_of
from themes.definition import LabelledComment, ThemeDefinition
from themes.embedding import Embedder
from themes.keywords import ThemeKeywords

METHOD = "words-and-meaning-1"
MOST_COMMENTS = 4_000
"""Labelled comments that are learnt from, the last ones given: the fit grows with their square."""

FEWEST_TO_CALIBRATE = 30


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The choices of the method, set on the even half of the comments in benchmarks/data.

    Attributes:
        strength: How far the data pull against the penalty (C).
        meaning: Weight of the embedding beside the words, before any label.
        meaning_learnt: The same after many labels.
        keyword: What a keyword's strength adds, before any label.
        half_way: Labels at which the weights are half way between the two.
        seed: What a name, keyword or example counts beside a comment.
        prior_texts: How many texts the packaged mean vector of a language stands for.
    """

    strength: float = 10.0
    meaning: float = 0.6
    meaning_learnt: float = 1.0
    keyword: float = 2.0
    half_way: float = 300.0
    seed: float = 1.0
    prior_texts: float = 50.0

    def meaning_at(self, labels: int) -> float:
        """Weight of the embedding after some labels."""
        share = labels / (labels + self.half_way)
        return (1 - share) * self.meaning + share * self.meaning_learnt

    def keyword_at(self, labels: int) -> float:
        """What a keyword adds after some labels: the regressions learn it themselves."""
        return self.keyword * self.half_way / (labels + self.half_way)


RECIPE = Recipe()


def fit(
    themes: Sequence[ThemeDefinition],
    labelled: Sequence[LabelledComment] = (),
    *,
    embedder: Embedder,
    recipe: Recipe = RECIPE,
) -> FittedThemes:
    """Fit one logistic regression a theme on words and meaning, and another on words alone.

    Every name, keyword and example is a small comment with that one theme. What nobody has decided counts nothing: in a
    comment that is not `complete`, themes neither given nor denied are left out.

    Args:
        themes: The themes, at least one, each id once.
        labelled: Comments people have labelled; of more than 4,000 the last. The order changes nothing else.
        embedder: Gives the vectors of seeds, and of comments that come without.
        recipe: The choices of the method.

    Raises:
        ValueError: There is no theme, an id comes twice, a keyword has no letters, or a comment's theme is not there.

    References:
        Joachims (1998), "Text categorization with support vector machines", ECML: linear models on words, one against
        the rest.

    >>> from themes.embedding import embedder
    >>> parking = ThemeDefinition(id=1, names={"en": "Parking"}, keywords=("car park",))
    >>> food = ThemeDefinition(id=2, names={"en": "Food"}, keywords=("lunch",))
    >>> model = fit([parking, food], embedder=embedder())
    >>> model.assign(["No room in the car park."])[0].themes[0].theme
    1
    """
    known = tuple(themes)
    labelled = _learnt_from(known, labelled)
    seeds = [(text, number) for number, theme in enumerate(known) for text in theme.seeds()]
    texts = [text for text, _ in seeds] + [comment.text for comment in labelled]
    vectors = vectors_of(texts, [None] * len(seeds) + [comment.vector for comment in labelled], embedder)
    languages = languages_of(texts, [None] * len(seeds) + [comment.language for comment in labelled])
    middle = centres(
        vectors[len(seeds) :],
        languages[len(seeds) :],
        prior=packaged_centres(embedder),
        prior_weight=recipe.prior_texts,
    )
    present, weights = _decisions(known, seeds, labelled, recipe)
    word_weights = document_weights(texts)
    words = lexical_matrix(texts, word_weights)
    centred = middle.remove(vectors, languages)
    rules = tuple(ThemeKeywords(number, theme.keywords) for number, theme in enumerate(known))
    data = _Data(words, centred, keyword_strengths(texts, rules), present, weights, len(seeds))
    at = {(text, number): row for row, (text, number) in enumerate(seeds)}
    shown = [at[text, number] for number, theme in enumerate(known) for text in phrases(theme)]
    count = len(labelled)
    with threadpool_limits(1, user_api="blas"):  # several threads on matrices of this size wait for each other
        full = data.head(recipe, recipe.meaning_at(count), recipe.keyword_at(count), count)
        lexical = data.head(recipe, 0.0, recipe.keyword_at(count), count)
    return FittedThemes(
        version=_version(known, labelled, embedder, recipe),
        engine=embedder.version,
        themes=known,
        labels=count,
        weights=word_weights,
        centres=middle,
        full=full,
        lexical=lexical,
        seed_vectors=centred[shown].astype(np.float16).astype(np.float32),
    )


@dataclass(frozen=True, eq=False)
class _Data:
    """Seeds first, then labelled comments."""

    words: scipy.sparse.csr_matrix
    centred: Floats
    keywords: Floats
    present: Floats
    weights: Floats
    seeds: int

    def head(self, recipe: Recipe, meaning: float, keyword: float, labels: int) -> Head:
        gram = np.asarray((self.words @ self.words.T).toarray()) + meaning**2 * (self.centred @ self.centred.T)
        fitted = fit_regressions(gram, self.present, self.weights, strength=recipe.strength)
        found = cold("full" if meaning else "lexical", self.present.shape[1])
        if labels >= FEWEST_TO_CALIBRATE:
            found = self._calibration(gram, recipe, keyword, found)
        words = np.asarray(self.words.T @ fitted.dual).astype(np.float16).astype(np.float32)
        return Head(
            words=words,
            meaning=(meaning**2 * self.centred.T @ fitted.dual).astype(np.float32)[: None if meaning else 0],
            intercepts=fitted.intercepts,
            keyword=keyword,
            slope=found.slope,
            offset=found.offset,
        )

    def _calibration(self, gram: Floats, recipe: Recipe, keyword: float, prior: Calibration) -> Calibration:
        """From sums of comments that were left out of the fit."""
        folds, rows = 2, np.arange(len(gram))
        fold = np.where(rows < self.seeds, -1, (rows - self.seeds) % folds)
        sums = keyword * self.keywords
        for number in range(folds):
            inside, outside = rows[fold != number], rows[fold == number]
            part = fit_regressions(
                gram[np.ix_(inside, inside)], self.present[inside], self.weights[inside], strength=recipe.strength
            )
            sums[outside] += gram[np.ix_(outside, inside)] @ part.dual + part.intercepts
        own = slice(self.seeds, None)
        return calibrate(sums[own], self.present[own], self.weights[own], prior=prior)


def _learnt_from(themes: tuple[ThemeDefinition, ...], labelled: Sequence[LabelledComment]) -> list[LabelledComment]:
    if not themes:
        raise ValueError("There is no theme; at least one is needed.")
    ids = [theme.id for theme in themes]
    twice = next((theme for theme in ids if ids.count(theme) > 1), None)
    if twice is not None:
        raise ValueError(f"theme {twice!r} comes twice.")
    for comment in labelled:
        unknown = (comment.themes | comment.denied) - set(ids)
        if unknown:
            raise ValueError(f"theme {min(unknown, key=str)!r} of {comment.text[:40]!r} is not among the themes.")
    chosen = [comment for comment in labelled if comment.themes or comment.denied or comment.complete]
    return sorted(chosen[-MOST_COMMENTS:], key=_facts)


def _facts(comment: LabelledComment) -> tuple[str, list[str], list[str], bool]:
    return comment.text, sorted(map(repr, comment.themes)), sorted(map(repr, comment.denied)), comment.complete


def _decisions(
    themes: tuple[ThemeDefinition, ...],
    seeds: Sequence[tuple[str, int]],
    labelled: Sequence[LabelledComment],
    recipe: Recipe,
) -> tuple[Floats, Floats]:
    present = np.zeros((len(seeds) + len(labelled), len(themes)))
    weights = np.zeros_like(present)
    present[np.arange(len(seeds)), [number for _, number in seeds]] = 1.0
    weights[: len(seeds)] = recipe.seed
    for row, comment in enumerate(labelled, start=len(seeds)):
        for column, theme in enumerate(themes):
            present[row, column] = theme.id in comment.themes
            weights[row, column] = comment.complete or theme.id in comment.themes or theme.id in comment.denied
    return present, weights


def _version(
    themes: tuple[ThemeDefinition, ...], labelled: Sequence[LabelledComment], embedder: Embedder, recipe: Recipe
) -> str:
    facts = {
        "method": [METHOD, BUCKETS, repr(recipe)],
        "engine": embedder.version,
        "themes": [[repr(theme.id), dict(theme.names), theme.keywords, theme.examples] for theme in themes],
        "labelled": [_facts(comment) for comment in labelled],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]
