"""A fitted model as bytes: arrays in numpy's own format and JSON, never pickle."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from themes.classifier.features import LANGUAGES, Centres
from themes.classifier.lexical import BUCKETS
from themes.classifier.model import FittedThemes, Head
from themes.definition import ThemeDefinition

FORMAT = "luotsi-themes-1"


def pack(model: FittedThemes) -> bytes:
    """The model as bytes; coefficients are kept in half precision, as the model itself uses them."""
    facts = {
        "format": FORMAT,
        "version": model.version,
        "engine": model.engine,
        "labels": model.labels,
        "themes": [
            {"id": theme.id, "names": dict(theme.names), "keywords": theme.keywords, "examples": theme.examples}
            for theme in model.themes
        ],
        "heads": {name: [head.keyword, head.slope, head.offset] for name, head in _heads(model).items()},
    }
    arrays: dict[str, NDArray[Any]] = {
        "facts": np.frombuffer(json.dumps(facts, ensure_ascii=False).encode(), dtype=np.uint8),
        "weights": model.weights,
        "means": np.array([model.centres.by_language[language] for language in LANGUAGES]),
        "overall": model.centres.overall,
        "seeds": model.seed_vectors.astype(np.float16),
    }
    for name, head in _heads(model).items():
        used = np.flatnonzero(head.words.any(axis=1))
        arrays[f"{name}.used"] = used.astype(np.int32)
        arrays[f"{name}.words"] = head.words[used].astype(np.float16)
        arrays[f"{name}.meaning"] = head.meaning
        arrays[f"{name}.intercepts"] = head.intercepts
    out = io.BytesIO()
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def unpack(stored: bytes) -> FittedThemes:
    """The model of some bytes.

    Raises:
        ValueError: They are no model of this format.
    """
    try:
        arrays = _arrays(stored)
        facts = json.loads(arrays["facts"].tobytes())
        if facts["format"] != FORMAT:
            raise ValueError(f"format == {facts['format']!r}, must be {FORMAT!r}.")
        return FittedThemes(
            version=facts["version"],
            engine=facts["engine"],
            labels=facts["labels"],
            themes=tuple(
                ThemeDefinition(
                    id=theme["id"], names=theme["names"],
                    keywords=tuple(theme["keywords"]), examples=tuple(theme["examples"]),
                )
                for theme in facts["themes"]
            ),
            weights=arrays["weights"],
            centres=Centres(
                by_language=dict(zip(LANGUAGES, arrays["means"], strict=True)), overall=arrays["overall"]
            ),
            full=_head("full", facts, arrays),
            lexical=_head("lexical", facts, arrays),
            seed_vectors=arrays["seeds"].astype(np.float32),
        )  # fmt: skip
    except (KeyError, TypeError) as error:
        raise ValueError("The bytes are no theme model.") from error


def _arrays(stored: bytes) -> dict[str, NDArray[Any]]:
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, AttributeError, TypeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise ValueError("The bytes are no theme model.") from error


def _heads(model: FittedThemes) -> dict[str, Head]:
    return {"full": model.full, "lexical": model.lexical}


def _head(name: str, facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Head:
    keyword, slope, offset = facts["heads"][name]
    words = np.zeros((BUCKETS, len(facts["themes"])), dtype=np.float32)
    words[arrays[f"{name}.used"]] = arrays[f"{name}.words"]
    return Head(
        words=words, meaning=arrays[f"{name}.meaning"], intercepts=arrays[f"{name}.intercepts"],
        keyword=keyword, slope=slope, offset=offset,
    )  # fmt: skip
