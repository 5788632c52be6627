"""Files of answers: kiosks, surveys, text messages. Texts are redacted here and their originals go no further."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import polars as pl

from services.i18n import N_
from services.intake import vocabulary
from services.intake.cells import parse_flag, parse_moment, parse_score
from services.intake.columns import KnownUnit, Reading, unit_reader
from services.intake.digests import Digests
from services.intake.long_shape import answers_from_long
from services.intake.mapping import FeedbackMapping, ScoreColumn, Source, check_columns
from services.intake.parsed import FEEDBACK, SCORES, Parsed
from services.intake.refused import CellError, presentable
from services.intake.shape import DEFAULT_LIMIT, Chunk, read_chunks, sniff
from services.intake.tally import answers, counted, refuse_if_too_many
from services.intake.texts import Clean, Cleaner, clean

_LONGEST_TEXT = 20_000
_LONGEST_ID = 120
TOO_LONG = N_("The text has {length} characters, at most {most} are taken.")
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
    cleaner: Cleaner = clean,
) -> Parsed:
    """Read a file of answers; a row is taken whole or rejected whole.

    Args:
        path: A CSV, XLSX or JSON file.
        mapping: Which column is what; other columns are dropped here.
        units: The units rows may name by code, OID or name.
        today: Later days are rejected.
        salt: Key of the respondents' hashes.
        limit: The most bytes taken.
        progress: Called with the number of rows read since the last call.
        cleaner: Makes texts safe to keep.

    Raises:
        RefusedFile: The file is no table, or lacks a column of the mapping.
    """
    shape = sniff(path, limit=limit)
    check_columns(mapping, shape.names, path.name)
    reader = _FeedbackReader(mapping, unit_reader(units), today, salt, cleaner)
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
        if mapping.tally:
            refuse_if_too_many(path.name, rows)
        if progress:
            progress(len(chunk.numbers) + len(chunk.broken))
    return Parsed(
        rows=rows,
        accepted=sum(part.height for part in values),
        values=pl.concat([pl.DataFrame(schema=FEEDBACK), *values]),
        scores=pl.concat([pl.DataFrame(schema=SCORES), *scores]),
        rejects=rejects,
    )


class _FeedbackReader:
    def __init__(
        self, mapping: FeedbackMapping, unit: Callable[[str], str], today: dt.date, salt: str, cleaner: Cleaner
    ) -> None:
        self._mapping = mapping
        self._unit = unit
        self._today = today
        self._salt = salt
        self._cleaner = cleaner
        self._digests = Digests()
        self._counted = 0

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
            "topic": reading.source(mapping.topic, presentable),
        }
        columns["solicited"] = [
            asked if asked is not None else vocabulary.solicited_by_channel(channel) if channel else None
            for asked, channel in zip(reading.source(mapping.solicited, parse_flag), channels, strict=True)
        ]
        scores = [(score, reading.read(score.column, _score_reader(score))) for score in mapping.scores]
        texts = self._texts(reading)
        columns["text"] = [text.text if text else None for text in texts]
        columns["language"] = [
            stated or (text.language if text else None) for stated, text in zip(languages, texts, strict=True)
        ]
        columns["statutory_decision"] = [bool(value) for value in columns["statutory_decision"]]
        if mapping.tally:
            return self._from_counts(reading, columns, moments)
        self._check_rows(reading, columns, scores)
        return self._accepted(reading, columns, scores, moments)

    def _texts(self, reading: Reading) -> list[Clean | None]:
        """Each row's text, redacted, and the language it is in; each different text is worked on once."""
        questions = self._mapping.long.text_questions if self._mapping.long else ()
        sources = [*self._mapping.text, *(Source(column=question) for question in questions)]
        parts = [reading.source(source, _plain_text) for source in sources]
        written = ["\n".join(cell for cell in cells if cell) for cells in zip(*parts, strict=True)]
        different = list(dict.fromkeys(text for text in written if text))
        safe = dict(zip(different, self._cleaner(different), strict=True))
        return [safe.get(text) for text in written] if parts else [None] * reading.rows

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
            elif (length := len(str(columns["text"][index] or ""))) > _LONGEST_TEXT:  # several columns make one text
                reading.reject(index, "", "", TOO_LONG, length=length, most=_LONGEST_TEXT)
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
        said = [[f"{score.item}={found[index]}" for score, found in scores if found[index] is not None]
                for index in kept]  # fmt: skip
        digests = [self._digests.of(columns, moments, index, items) for index, items in zip(kept, said, strict=True)]
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

    def _from_counts(
        self, reading: Reading, columns: dict[str, Sequence[object]], moments: list[dt.datetime | None]
    ) -> Parsed:
        """An answer for each that was counted: with its row's day and unit, and a number of its own."""
        tally = self._mapping.tally
        assert tally is not None
        counts = counted(reading, tally)
        made = list(answers(counts, reading.kept(), tally))
        rows = range(self._counted + 1, self._counted + 1 + len(made))
        self._counted += len(made)
        digests = [self._digests.of(columns, moments, answer.row, [f"{tally.item}={answer.value}"]) for answer in made]
        given: dict[str, Sequence[object]] = {"row": rows, "digest": digests}
        values = {name: given.get(name) or [columns[name][answer.row] for answer in made] for name in FEEDBACK}
        scores = [
            (row, tally.item, answer.value, tally.low, tally.high) for row, answer in zip(rows, made, strict=True)
        ]
        rejects = sorted(reading.rejects, key=lambda reject: reject.row)
        return Parsed(
            rows=len(made) + len({reject.row for reject in rejects}),
            accepted=len(made),
            values=pl.DataFrame(values, schema=FEEDBACK),
            scores=pl.DataFrame(scores, schema=SCORES, orient="row"),
            rejects=rejects,
        )

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
        return parse_score(
            cell, low=score.low, high=score.high, labels=labels, missing=missing, only_labels=score.only_labels
        )

    return read


def _plain_text(cell: str) -> str:
    if len(cell) > _LONGEST_TEXT:
        raise CellError(TOO_LONG, length=len(cell), most=_LONGEST_TEXT)
    return cell.strip()
