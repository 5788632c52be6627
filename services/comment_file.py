"""A file of comments for the terminal: JSON lines, CSV or Parquet with id, text and perhaps language."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.batch_files import read_table, refusal
from services.intake.characters import read_whole
from services.intake.encodings import encoding_of
from services.intake.refused import RefusedFile
from stats.errors import DataError
from stats.messages import N_

LANGUAGES = ("fi", "sv", "en")
JSON_LINES = (".jsonl", ".ndjson", ".json")
LONGEST_SHOWN = 60


@dataclass(frozen=True, kw_only=True)
class FileComment:
    """A comment of a file.

    Attributes:
        id: As the file has it: text, or a whole number in JSON.
        text: The comment; it may be empty.
        language: "fi", "sv" or "en" where the file says so, else None.
    """

    id: str | int
    text: str
    language: str | None


def read_comments(path: Path) -> list[FileComment]:
    """Read every comment of a file, or none.

    Raises:
        DataError: The file is missing, empty or of another form, or a value is not allowed; the sentence names file,
            row, column and value.
    """
    rows = _json_lines(path) if _is_json(path) else _table(path)
    found: list[FileComment] = []
    first: dict[str, int] = {}
    for row, fields in rows:
        comment = _comment(path, row, fields)
        if str(comment.id) in first:
            raise refusal(
                path, N_("Row {row}, column 'id': '{value}' was already on row {first}; each comment has its own id."),
                row=row, value=_shown(comment.id), first=first[str(comment.id)],
            )  # fmt: skip
        first[str(comment.id)] = row
        found.append(comment)
    if not found:
        raise refusal(path, N_("The file is empty."))
    return found


def _is_json(path: Path) -> bool:
    if path.suffix.lower() in JSON_LINES:
        return True
    try:
        with path.open("rb") as file:
            return file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    except OSError:
        return False


def _table(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    table = read_table(path, required=("id", "text"), optional=("language",))
    records = table.frame.rows(named=True)
    blank = next((at for at, record in enumerate(records) if record["id"] is None), None)
    if blank is not None:
        raise refusal(
            path, N_("Row {row}, column 'id': it is empty; each comment has its own id."), row=table.row(blank)
        )
    ids: dict[object, int] = {}
    for at, record in enumerate(records):
        again = ids.setdefault(record["id"], at)
        language = record.get("language")
        wrong = language is not None and str(language).strip().lower() not in LANGUAGES
        if again != at or wrong:
            break
    else:
        yield from enumerate(records, start=1)
        return
    numbered = {place: table.row(place) for place in {again, at}}
    yield from ((numbered.get(place, place + 1), records[place]) for place in (again, at) if place in numbered)


def _json_lines(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    try:
        encoding = encoding_of(path)
        with path.open(encoding=encoding, newline="") as file:
            for row, line in enumerate(file, start=1):
                if line.strip():
                    yield row, _object(path, row, line)
    except RefusedFile as error:
        raise DataError(error.text, **error.values) from error
    except OSError as error:
        raise DataError(
            N_("{file} cannot be read: {why}."), file=str(path), why=error.strerror or "unknown error"
        ) from error


def _object(path: Path, row: int, line: str) -> Mapping[str, object]:
    try:
        fields = read_whole(json.loads(line), line)
    except (ValueError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise refusal(path, N_("Row {row} is not JSON: {why}."), row=row, why=why) from error
    if not isinstance(fields, dict):
        raise refusal(
            path,
            N_("Row {row} is {value}; allowed is one JSON object a row with id and text."),
            row=row,
            value=_shown(fields),
        )
    for name in ("id", "text"):
        if name not in fields:
            raise refusal(
                path, N_("Row {row}: the field '{column}' is missing; needed are {needed}."),
                row=row, column=name, needed=["id", "text"],
            )  # fmt: skip
    return fields


def _comment(path: Path, row: int, fields: Mapping[str, object]) -> FileComment:
    number, text, language = fields["id"], fields["text"], fields.get("language")
    if isinstance(number, bool) or not isinstance(number, str | int) or not str(number).strip():
        raise refusal(
            path, N_("Row {row}, column 'id': {value} is not allowed; allowed is a text or a whole number."),
            row=row, value=_shown(number),
        )  # fmt: skip
    if text is not None and not isinstance(text, str):
        raise refusal(
            path,
            N_("Row {row}, column 'text': {value} is not allowed; allowed is a text."),
            row=row,
            value=_shown(text),
        )
    known = language.strip().lower() if isinstance(language, str) else language
    if known not in (*LANGUAGES, "", None):
        raise refusal(
            path, N_("Row {row}, column 'language': {value} is not allowed; allowed are {allowed}, or nothing."),
            row=row, value=_shown(language), allowed=list(LANGUAGES),
        )  # fmt: skip
    return FileComment(id=number, text=text or "", language=str(known) if known else None)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
