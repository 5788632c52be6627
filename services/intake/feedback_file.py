"""Files of answers: kiosks, surveys, text messages. Texts are redacted here and their originals go no further."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import polars as pl

from services.i18n import N_
from services.intake import vocabulary
from services.intake.cells import parse_flag, parse_moment, parse_score
from services.intake.columns import KnownUnit, Reading, unit_reader
from services.intake.long_shape import answers_from_long
from services.intake.mapping import FeedbackMapping, ScoreColumn, Source, check_columns
from services.intake.parsed import FEEDBACK, SCORES, Parsed
from services.intake.refused import CellError
from services.intake.shape import DEFAULT_LIMIT, Chunk, read_chunks, sniff
from themes.language import detect_language
from themes.redaction import redact

_LONGEST_TEXT = 20_000
_LONGEST_ID = 120
_DIGESTED = tuple(name for name in FEEDBACK if name not in ("row", "digest"))
_PERSONAL_ID = re.compile(r"@|^\+|^0\d{6,}$|\d{6}\s?[-+A-FU-Ya-fu-y]\s?\d{3}")


def read_feedback(
    path: Path,
    mapping: FeedbackMapping,
    *,
    units: Iterable[KnownUnit],
    today: dt.date,
    salt: str,
    limit: int = DEFAULT_LIMIT,
    progress: Callable[[int], None] | None = None,
) -> Parsed:
    """Read a file of answers; a row is taken whole or rejected whole.

    Args:
        path: A CSV or XLSX file.
        mapping: Which column is what; other columns are dropped here.
        units: The units rows may name by code, OID or name.
        today: Later days are rejected.
        salt: Key of the respondents' hashes.
        limit: The most bytes taken.
        progress: Called with the number of rows read since the last call.

    Raises:
        RefusedFile: The file is no table, or lacks a column of the mapping.
    """
    shape = sniff(path, limit=limit)
    check_columns(mapping, shape.names, path.name)
    reader = _FeedbackReader(mapping, unit_reader(units), today, salt)
    chunks = read_chunks(shape)
    if mapping.long:
        chunks = answers_from_long(chunks, mapping)
    rows = 0
    values, scores, rejects = [], [], []
    for chunk in chunks:
        try:
            part = reader.read(chunk)
        except CellError as error:  # a constant of the mapping
            raise error.refusing_the_file() from error
        values.append(part.values)
        scores.append(part.scores)
        rejects += part.rejects
        rows += part.rows
        if progress:
            progress(part.rows)
    return Parsed(
        rows=rows,
        accepted=sum(part.height for part in values),
        values=pl.concat([pl.DataFrame(schema=FEEDBACK), *values]),
        scores=pl.concat([pl.DataFrame(schema=SCORES), *scores]),
        rejects=rejects,
    )


class _FeedbackReader:
    def __init__(self, mapping: FeedbackMapping, unit: Callable[[str], str], today: dt.date, salt: str) -> None:
        self._mapping = mapping
        self._unit = unit
        self._today = today
        self._salt = salt
        self._seen: Counter[bytes] = Counter()

    def read(self, chunk: Chunk) -> Parsed:
        """Read a chunk."""
        mapping = self._mapping
        reading = Reading(chunk)
        moments = reading.source(mapping.date, lambda cell: parse_moment(cell, today=self._today))
        units = reading.source(mapping.unit, self._unit)
        channels = reading.source(mapping.channel, lambda cell: vocabulary.known_word(cell, vocabulary.CHANNELS))
        for source, found in ((mapping.date, moments), (mapping.unit, units), (mapping.channel, channels)):
            reading.required(source, found)
        languages = reading.source(mapping.language, lambda cell: vocabulary.known_word(cell, vocabulary.LANGUAGES))
        columns: dict[str, Sequence[object]] = {
            "row": chunk.numbers,
            "given_on": [moment.date() if moment else None for moment in moments],
            "unit": units,
            "channel": channels,
            "external_id": reading.source(mapping.external_id, self._external_id),
            "age_group": reading.source(mapping.age_group, vocabulary.age_group),
            "customer_type": reading.source(
                mapping.customer_type, lambda cell: vocabulary.known_word(cell, vocabulary.CUSTOMERS)
            ),
            "life_situation": reading.source(
                mapping.life_situation, lambda cell: vocabulary.known_word(cell, vocabulary.LIFE_SITUATIONS)
            ),
            "statutory_decision": reading.source(mapping.statutory_decision, parse_flag),
            "decision_upheld": reading.source(mapping.decision_upheld, parse_flag),
            "respondent": reading.source(mapping.respondent, self._hashed),
        }
        columns["solicited"] = [
            asked if asked is not None else vocabulary.solicited_by_channel(channel) if channel else None
            for asked, channel in zip(reading.source(mapping.solicited, parse_flag), channels, strict=True)
        ]
        scores = [(score, reading.read(score.column, _score_reader(score))) for score in mapping.scores]
        texts = self._texts(reading)
        columns["text"] = [text for text, _ in texts]
        columns["language"] = [stated or found for stated, (_, found) in zip(languages, texts, strict=True)]
        self._check_rows(reading, columns, scores)
        return self._accepted(reading, columns, scores, moments)

    def _texts(self, reading: Reading) -> list[tuple[str | None, str | None]]:
        """Each row's text, redacted, and the language it is in."""
        questions = self._mapping.long.text_questions if self._mapping.long else ()
        sources = [*self._mapping.text, *(Source(column=question) for question in questions)]
        parts = [reading.source(source, _plain_text) for source in sources]
        known: dict[str, tuple[str, str | None]] = {}
        texts: list[tuple[str | None, str | None]] = []
        for cells in zip(*parts, strict=True) if parts else ([()] * reading.rows):
            written = "\n".join(cell for cell in cells if cell)
            if written and written not in known:
                safe = redact(written).text
                known[written] = (safe, detect_language(safe))
            texts.append(known[written] if written else (None, None))
        return texts

    @staticmethod
    def _check_rows(
        reading: Reading,
        columns: dict[str, Sequence[object]],
        scores: list[tuple[ScoreColumn, list[float | None]]],
    ) -> None:
        """Reasons that concern a row as a whole."""
        kept = set(reading.kept())
        for index in kept:
            if columns["text"][index] is None and all(found[index] is None for _, found in scores):
                reading.reject(index, "", "", N_("The row has neither a score nor a text."))
            elif columns["decision_upheld"][index] is not None and not columns["statutory_decision"][index]:
                reading.reject(index, "", "", N_("The row says a decision was upheld, but not that there was one."))

    def _accepted(
        self,
        reading: Reading,
        columns: dict[str, Sequence[object]],
        scores: list[tuple[ScoreColumn, list[float | None]]],
        moments: list[dt.datetime | None],
    ) -> Parsed:
        kept = reading.kept()
        columns["statutory_decision"] = [bool(value) for value in columns["statutory_decision"]]
        digests = [self._digest(columns, scores, moments, index) for index in kept]
        values = pl.DataFrame(
            {name: digests if name == "digest" else [columns[name][index] for index in kept] for name in FEEDBACK},
            schema=FEEDBACK,
        )
        numbers = reading.chunk.numbers
        given = [
            (numbers[index], score.item, found[index], score.low, score.high)
            for score, found in scores
            for index in kept
            if found[index] is not None
        ]
        return Parsed(
            rows=reading.rows + len(reading.chunk.broken),
            accepted=len(kept),
            values=values,
            scores=pl.DataFrame(given, schema=SCORES, orient="row"),
            rejects=sorted(reading.rejects, key=lambda reject: reject.row),
        )

    def _digest(
        self,
        columns: dict[str, Sequence[object]],
        scores: list[tuple[ScoreColumn, list[float | None]]],
        moments: list[dt.datetime | None],
        index: int,
    ) -> str:
        """SHA-256 of what a row says and of how many rows before it in the file say the same.

        Two people may press the same face in the same minute: both count, unless an id says that they are one. The
        same export read again gives the same digests.
        """
        said = [str(moments[index]), *(str(columns[name][index]) for name in _DIGESTED)]
        said += [f"{score.item}={found[index]}" for score, found in scores if found[index] is not None]
        content = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).digest()
        if columns["external_id"][index] is None:
            self._seen[content] += 1
        return hashlib.sha256(content + str(self._seen[content]).encode()).hexdigest()

    def _hashed(self, cell: str) -> str:
        return hmac.new(self._salt.encode(), cell.strip().casefold().encode(), hashlib.sha256).hexdigest()

    def _external_id(self, cell: str) -> str:
        """An id as it is, or hashed when it looks like a person's own number or address."""
        written = cell.strip()
        if _PERSONAL_ID.search(written):
            return self._hashed(written)
        if len(written) > _LONGEST_ID:
            raise CellError(
                N_("The id has {length} characters, at most {most} are taken."), length=len(written), most=_LONGEST_ID
            )
        return written


def _score_reader(score: ScoreColumn) -> Callable[[str], float | None]:
    labels = {label.strip().casefold(): value for label, value in score.labels.items()}
    missing = frozenset(item.strip().casefold() if isinstance(item, str) else item for item in score.missing)

    def read(cell: str) -> float | None:
        return parse_score(cell, low=score.low, high=score.high, labels=labels, missing=missing)

    return read


def _plain_text(cell: str) -> str:
    if len(cell) > _LONGEST_TEXT:
        raise CellError(
            N_("The text has {length} characters, at most {most} are taken."), length=len(cell), most=_LONGEST_TEXT
        )
    return cell.strip()
