"""Which comments a kept version of the theme model picks for a theme, whatever later versions make of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from sqlmodel import Session

from services import text_vectors, theme_models
from services.bulk import slices
from services.errors import Conflict
from themes.classifier import THRESHOLD

MOST_UNREAD = 2_000
"""Comments that are embedded on the spot; more than that is background work."""
KEPT = 8
_SLICE = 5_000


@lru_cache(maxsize=KEPT)
def _answers(version: str, theme_id: int) -> dict[str, bool]:
    """What a version said of a theme, by the text's digest. A version never changes its mind, so this may be kept."""
    return {}


def picked(session: Session, *, model_id: int, theme_id: int, texts: Mapping[int, str]) -> set[int]:
    """The comments that a version of the model picks for a theme.

    Args:
        session: Any session; nothing is stored.
        model_id: The version.
        theme_id: The theme.
        texts: Redacted texts by answer.

    Raises:
        Conflict: The version does not know the theme, its embedding model is not installed, or so many of the comments
            have no vector yet that the reading in the background has to come first.
    """
    known = _answers(theme_models.version_of(session, model_id).version, theme_id)
    digests = {number: text_vectors.digest(text) for number, text in texts.items()}
    fresh = {digests[number]: text for number, text in texts.items() if digests[number] not in known}
    if fresh:
        known.update(_read(session, theme_models.reader(session, model_id), theme_id, fresh))
    return {number for number, digest in digests.items() if known[digest]}


def _read(session: Session, reader: theme_models.Reader, theme_id: int, fresh: Mapping[str, str]) -> dict[str, bool]:
    themes = [theme.id for theme in reader.model.themes]
    if str(theme_id) not in themes:
        raise Conflict("Version {version} of the theme model does not know this theme.", version=reader.version)
    column = themes.index(str(theme_id))
    vectors = text_vectors.stored(session, fresh, reader.engine.version)
    missing = sorted(fresh.keys() - vectors.keys())
    if len(missing) > MOST_UNREAD:
        raise Conflict(
            "{count} comments have not been read yet. They are read in the background; try again later.",
            count=len(missing),
        )
    made = text_vectors.embedded((fresh[digest] for digest in missing), reader.engine)
    vectors |= {digest: made[fresh[digest]] for digest in missing}
    found: dict[str, bool] = {}
    for part in slices(sorted(fresh), _SLICE):
        packed = text_vectors.unpacked([vectors[digest] for digest in part], reader.engine.dimensions)
        scores = reader.model.scores([fresh[digest] for digest in part], packed)[:, column]
        found.update(zip(part, (np.round(scores, 4) >= THRESHOLD).tolist(), strict=True))
    return found
