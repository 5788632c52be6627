"""Themes and tone for a file of comments: a file of themes in, a JSON line a comment out, no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from services.batch_results import check_target
from services.comment_file import FileComment, read_comments
from services.themes_file import read_themes
from services.written import written_whole
from themes.classifier import LEAST, THRESHOLD, Assigned, FittedThemes, fit
from themes.embedding import Embedder, embedder
from themes.language import detect_language
from themes.sentiment import classify

AT_ONCE = 500


def assign_file(file: Path, *, themes: Path, out: Path, progress: Callable[[int, int], object] | None = None) -> int:
    """Read comments and themes, and write each comment's themes, the strongest first.

    A comment gets every theme whose score is at least `THRESHOLD`; when none is, its strongest theme if that reaches
    `LEAST`, else none. A comment without words gets none, and its tone is unclear.

    Args:
        file: Comments: JSON lines, CSV or Parquet with id, text and perhaps language.
        themes: A JSON list of themes with id, names, keywords and examples.
        out: Where the JSON lines go, in the order of the comments; what was there is replaced when all is done.
        progress: Called with how many comments are done and how many there are.

    Returns:
        How many comments there were.

    Raises:
        DataError: A file cannot be used; the sentence names file, row, field and value. Nothing was written.
    """
    check_target(out, [file, themes])
    definitions = read_themes(themes)
    comments = read_comments(file)
    engine = embedder()
    model = fit(definitions, embedder=engine)
    done = 0
    with written_whole(out) as target:
        for start in range(0, len(comments), AT_ONCE):
            part = comments[start : start + AT_ONCE]
            for line in _lines(part, model, engine):
                target.write(line + "\n")
            done += len(part)
            if progress is not None:
                progress(done, len(comments))
    return len(comments)


def chosen(found: Assigned) -> list[dict[str, object]]:
    """Themes of a comment as the file shows them."""
    over = [score for score in found.themes if score.score >= THRESHOLD]
    best = [score for score in found.themes[:1] if score.score >= LEAST]
    return [{"id": score.theme, "score": score.score} for score in over or best]


def _lines(comments: Sequence[FileComment], model: FittedThemes, engine: Embedder) -> list[str]:
    said = [comment for comment in comments if comment.text.strip()]
    distinct = {text: place for place, text in enumerate(dict.fromkeys(comment.text for comment in said))}
    unique = engine.embed(list(distinct)) if distinct else np.zeros((0, engine.dimensions), dtype=np.float32)
    texts = [comment.text for comment in said]
    vectors = unique[[distinct[text] for text in texts]]
    languages = [comment.language or detect_language(comment.text) for comment in said]
    themes = iter(model.assign(texts, vectors, languages))
    tones = iter(classify(texts, vectors, languages))
    spoken = iter(languages)
    lines = []
    for comment in comments:
        result: dict[str, object] = {"id": comment.id, "language": comment.language, "themes": [], "sentiment": "neu"}
        if comment.text.strip():
            result |= {"language": next(spoken), "themes": chosen(next(themes)), "sentiment": next(tones).label}
        lines.append(json.dumps(result, ensure_ascii=False))
    return lines
