"""Proposals of themes from a file of comments, no database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from services.batch_files import refusal
from services.batch_results import check_target
from services.comment_file import read_comments
from services.written import written_whole
from stats.messages import N_
from themes.discovery import FEWEST, discover
from themes.embedding import embedder
from themes.language import detect_language

AT_ONCE = 500


def discover_file(file: Path, *, out: Path, progress: Callable[[int, int], object] | None = None) -> int:
    """Read comments and write groups of like meaning: label, keywords, size, share and the most typical comments.

    Args:
        file: Comments: JSON lines, CSV or Parquet with id, text and perhaps language. Those without words are left out.
        out: Where the JSON list goes.
        progress: Called with how many comments are embedded and how many there are.

    Returns:
        How many proposals there are.

    Raises:
        DataError: A file cannot be used, or holds too few comments. Nothing was written.
    """
    check_target(out, [file])
    comments = [comment for comment in read_comments(file) if comment.text.strip()]
    if len(comments) < FEWEST:
        raise refusal(
            file, N_("The file has {found} comments with words; at least {needed} are needed."),
            found=len(comments), needed=FEWEST,
        )  # fmt: skip
    engine = embedder()
    texts = [comment.text for comment in comments]
    distinct = list(dict.fromkeys(texts))
    known: dict[str, int] = {text: place for place, text in enumerate(distinct)}
    parts = []
    for start in range(0, len(distinct), AT_ONCE):
        parts.append(engine.embed(distinct[start : start + AT_ONCE]))
        if progress is not None:
            progress(min(start + AT_ONCE, len(distinct)), len(distinct))
    vectors = np.concatenate(parts)[[known[text] for text in texts]]
    languages = [comment.language or detect_language(comment.text) for comment in comments]
    proposals = [
        {
            "label": proposal.label,
            "keywords": list(proposal.keywords),
            "size": proposal.size,
            "share": proposal.share,
            "examples": [texts[place] for place in proposal.examples],
        }
        for proposal in discover(texts, vectors, languages)
    ]
    with written_whole(out) as target:
        target.write(json.dumps(proposals, ensure_ascii=False, indent=2) + "\n")
    return len(proposals)
