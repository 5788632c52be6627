"""How often are themes, tone and proposals right, in Finnish, Swedish and English, and how fast is it?

    python -m benchmarks.themes [--splits 5] [--labels 1000]

The comments are invented, and were labelled by people who did not know the method; its constants were set on those with
even numbers. Cold start and tone are measured on the odd ones; with labels, on whatever a random split leaves.
Peers in the same run: the keyword rules alone, and scikit-learn's TF-IDF with logistic regression on the same examples,
with labels at the threshold that suits it best on the very comments it is measured on.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_mutual_info_score
from sklearn.multiclass import OneVsRestClassifier

from benchmarks._labelled import LANGUAGES, Labelled, county_themes, labelled, vectors_of
from themes.classifier import THRESHOLD, ThemeDefinition, fit
from themes.classifier.model import keyword_strengths
from themes.discovery import discover
from themes.embedding import embedder
from themes.keywords import ThemeKeywords
from themes.sentiment import classify

Scores = NDArray[np.float64]


def rules_alone(themes: Sequence[ThemeDefinition], comments: Sequence[Labelled]) -> Scores:
    """Strengths of the keyword rules, shape (comments, themes)."""
    rules = tuple(ThemeKeywords(number, theme.keywords) for number, theme in enumerate(themes))
    return keyword_strengths([comment.text for comment in comments], rules)


def tfidf_alone(themes: Sequence[ThemeDefinition], known: Sequence[Labelled], comments: Sequence[Labelled]) -> Scores:
    """scikit-learn's usual text classifier on the same seeds and labels, shape (comments, themes)."""
    seeds = [(seed, theme.id) for theme in themes for seed in theme.seeds()]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    words = vectorizer.fit_transform([seed for seed, _ in seeds] + [comment.text for comment in known])
    present = np.array(
        [[owner == theme.id for theme in themes] for _, owner in seeds]
        + [[theme.id in comment.themes for theme in themes] for comment in known]
    )
    model = OneVsRestClassifier(LogisticRegression(C=10.0, max_iter=1000)).fit(words, present)
    return np.asarray(model.predict_proba(vectorizer.transform([comment.text for comment in comments])))


def cold_start(comments: Sequence[Labelled]) -> None:
    """Per cent of comments whose strongest theme is one of theirs, and is their main one."""
    held = [comment for comment in comments if comment.kept_back]
    texts, languages = [comment.text for comment in held], [comment.language for comment in held]
    for examples in (True, False):
        themes = county_themes(examples=examples)
        model = fit(themes, embedder=embedder())
        print(
            f"\nno labels, names and keywords{' and examples' if examples else ' only'}: "
            "strongest theme is a label / the main one"
        )
        print(f"{'':34s}" + "".join(f"{f'{name} ({languages.count(name)})':>16s}" for name in LANGUAGES))
        for name, scores in (
            ("words and meaning", model.scores(texts, vectors_of(held), languages)),
            ("the same, words only", model.scores(texts)),
            ("keyword rules alone", rules_alone(themes, held)),
            ("TF-IDF + logistic regression", tfidf_alone(themes, [], held)),
        ):
            cells = [_top1(scores, held, themes, language) for language in LANGUAGES]
            print(f"{name:34s}" + "".join(f"{f'{100 * any_:.1f} / {100 * main:.1f}':>16s}" for any_, main in cells))


def _top1(
    scores: Scores, comments: Sequence[Labelled], themes: Sequence[ThemeDefinition], language: str
) -> tuple[float, float]:
    own = [row for row, comment in enumerate(comments) if comment.language == language]
    best = [themes[int(scores[row].argmax())].id if scores[row].any() else None for row in own]
    pairs = list(zip(best, own, strict=True))
    return (
        float(np.mean([theme in comments[row].themes for theme, row in pairs])),
        float(np.mean([theme == comments[row].themes[0] for theme, row in pairs])),
    )


def with_labels(comments: Sequence[Labelled], *, labels: int, splits: int) -> None:
    """Micro- and macro-F1 on comments that a random split leaves."""
    themes = county_themes()
    ids = [theme.id for theme in themes]
    found: dict[tuple[str, str], list[tuple[float, float, float]]] = {}
    seconds, size = [], 0
    for split in range(splits):
        order = np.random.default_rng([20_261_125, split]).permutation(len(comments))
        known = [comments[at] for at in order[:labels]]
        rest = [comments[at] for at in order[labels:]]
        began = time.perf_counter()
        model = fit(themes, [comment.as_label() for comment in known], embedder=embedder())
        seconds.append(time.perf_counter() - began)
        size = len(model.to_bytes())
        texts, languages = [comment.text for comment in rest], [comment.language for comment in rest]
        for name, scores, at in (
            ("words and meaning", model.scores(texts, vectors_of(rest), languages), THRESHOLD),
            ("the same, words only", model.scores(texts), THRESHOLD),
            ("keyword rules alone", rules_alone(themes, rest), 0.5),
            ("TF-IDF + logistic regression", tfidf_alone(themes, known, rest), None),
        ):
            for part, rows in _parts(rest).items():
                true = np.array([[theme in rest[row].themes for theme in ids] for row in rows])
                found.setdefault((name, part), []).append(_f1(scores[rows], true, at))
    print(
        f"\n{labels} labels of all languages, {len(comments) - labels} others, {splits} splits: "
        "micro-F1 / macro-F1 / top-1"
    )
    parts = list(_parts(comments))
    print(f"{'':34s}" + "".join(f"{part:>22s}" for part in parts))
    for name in dict.fromkeys(name for name, _ in found):
        cells = [100 * np.mean(found[name, part], axis=0) for part in parts]
        print(f"{name:34s}" + "".join(f"{f'{a:.1f} / {b:.1f} / {c:.1f}':>22s}" for a, b, c in cells))
    print(f"fitting took {np.median(seconds):.1f} s, vectors given; the model has {size / 1e6:.1f} MB")


def _parts(comments: Sequence[Labelled]) -> dict[str, list[int]]:
    own = {language: [row for row, one in enumerate(comments) if one.language == language] for language in LANGUAGES}
    return own | {"all": list(range(len(comments))), "all odd": [k for k, one in enumerate(comments) if one.kept_back]}


def _f1(scores: Scores, true: NDArray[np.bool_], threshold: float | None) -> tuple[float, float, float]:
    if threshold is None:
        return max(_f1(scores, true, float(at)) for at in np.arange(0.04, 0.6, 0.02))
    given = scores >= threshold
    both = (given & true).sum(axis=0)
    there = given.sum(axis=0) + true.sum(axis=0)
    single = (2 * both / np.where(there > 0, there, 1))[there > 0]
    strongest = true[np.arange(len(true)), scores.argmax(axis=1)]
    return 2 * both.sum() / there.sum(), float(single.mean()), float(strongest.mean())


def tone(comments: Sequence[Labelled]) -> None:
    """How often praise is told from complaint."""
    held = [comment for comment in comments if comment.kept_back]
    found = classify([one.text for one in held], vectors_of(held), [one.language for one in held])
    print(
        "\ntone by words alone, phrases only: right of all praise and complaint at a half; unclear; right of the clear"
    )
    for language in (*LANGUAGES, "all"):
        pairs = [(a, b) for a, b in zip(held, found, strict=True) if language in (a.language, "all")]
        sides = [(a.tone, b) for a, b in pairs if a.tone != "neu"]
        clear = [(tone_, b.label) for tone_, b in sides if b.label != "neu"]
        right = np.mean([(tone_ == "pos") == (b.score > 0.5) for tone_, b in sides])
        unclear = np.mean([b.label == "neu" for _, b in pairs])
        sure = np.mean([tone_ == label for tone_, label in clear])
        print(f"  {language:4s} n = {len(pairs):4d}   {100 * right:5.1f}   {100 * unclear:5.1f}   {100 * sure:5.1f}")


def proposals(comments: Sequence[Labelled]) -> None:
    """How well groups agree with the main labels (adjusted mutual information, purity)."""
    texts, languages = [one.text for one in comments], [one.language for one in comments]
    main = [one.themes[0] for one in comments]
    began = time.perf_counter()
    found = discover(texts, vectors_of(comments), languages)
    seconds = time.perf_counter() - began
    group = np.full(len(comments), -1)
    for number, proposal in enumerate(found):
        group[list(proposal.members)] = number
    words = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    plain = KMeans(len(found), n_init=4, random_state=0).fit_predict(words)
    raw = KMeans(len(found), n_init=4, random_state=0).fit_predict(vectors_of(comments))
    print(
        f"\nproposals from {len(comments)} comments ({len(found)} groups, {seconds:.1f} s): "
        "agreement with the main theme and with\nthe language (adjusted mutual information), purity"
    )
    for name, groups in (("discover", group), ("k-means on embeddings", raw), ("k-means on TF-IDF", plain)):
        pure = sum(
            np.unique([main[at] for at in np.flatnonzero(groups == k)], return_counts=True)[1].max()
            for k in set(groups)
        )
        print(
            f"  {name:24s} {adjusted_mutual_info_score(main, groups):6.3f} "
            f"{adjusted_mutual_info_score(languages, groups):6.3f} {pure / len(main):6.3f}"
        )


def speed(comments: Sequence[Labelled]) -> None:
    """Comments a processor second, beside the keyword rules."""
    themes = county_themes()
    model = fit(themes, embedder=embedder())
    many = [one.text for one in comments] * 10
    model.scores(many[: len(comments)])
    print("\ncomments a processor second, of", len(many))
    for name, work in (
        ("keyword rules alone", lambda: rules_alone(themes, list(comments) * 10)),
        ("words only, with the rules", lambda: model.scores(many)),
    ):
        began = time.process_time()
        work()
        print(f"  {name:28s} {len(many) / (time.process_time() - began):9,.0f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splits", type=int, default=5)
    parser.add_argument("--labels", type=int, default=1000)
    options = parser.parse_args()
    comments = labelled()
    print(
        f"{len(comments)} invented comments, 20 themes, "
        f"{np.mean([len(one.themes) for one in comments]):.2f} themes a comment"
    )
    cold_start(comments)
    with_labels(comments, labels=options.labels, splits=options.splits)
    tone(comments)
    proposals(comments)
    speed(comments)


if __name__ == "__main__":
    main()
