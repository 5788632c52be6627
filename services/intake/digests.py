"""What a row says as one hash, so that the same export read again is known."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence

from services.intake.parsed import FEEDBACK

_DIGESTED = tuple(name for name in FEEDBACK if name not in ("row", "digest", "topic"))


class Digests:
    """The digests of one file's rows, in their order."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def of(
        self,
        columns: Mapping[str, Sequence[object]],
        moments: Sequence[dt.datetime | None],
        index: int,
        scores: Sequence[str],
    ) -> str:
        """SHA-256 of what a row says and of how many rows before it in the file say the same.

        Two people may press the same face in the same minute: both count, unless an id says that they are one. The
        same export read again gives the same digests.

        Args:
            columns: The chunk's columns, by their names in FEEDBACK.
            moments: When each answer was given.
            index: The row.
            scores: Its scores, each as "item=value".
        """
        said = [str(moments[index]), *(str(columns[name][index]) for name in _DIGESTED), *scores]
        content = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()
        if columns["external_id"][index] is None:
            self._seen[content] += 1
        return hashlib.sha256(content + str(self._seen[content]).encode()).hexdigest()
