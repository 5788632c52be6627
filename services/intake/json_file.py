"""JSON files: an array of records, one inside an object, or a record a line; nested fields are made flat."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from services.i18n import N_
from services.intake.encodings import encoding_of
from services.intake.json_records import BrokenJson, records
from services.intake.refused import RefusedFile, Reject, presentable
from services.intake.shape import Chunk, ColumnShape, FileShape

CHUNK_ROWS = 5_000
_LOOKED_AT = 2_000
_SAMPLES = 5
_MOST_FIELDS = 500
_DEEPEST = 5
_MOST_NUMBERS = 11
_USUAL_LENGTH = 0.8
_STARTS = re.compile(r"\s*(?:\[\s*[\[{\]]|\{\s*[\"}])")


def is_json(path: Path) -> bool:
    """Whether a file begins as JSON: an array of objects, or an object with a quoted name."""
    with path.open("rb") as file:
        head = file.read(512)
    return any(_STARTS.match(head.decode(encoding, errors="ignore")) for encoding in ("utf-8-sig", "utf-16", "utf-32"))


def sniff_json(path: Path) -> FileShape:
    """What fields the records of a JSON file have; an object's are named with dots: unit.name.

    A list of as many numbers in every record becomes a column each: data.0, data.1 and so on.

    Raises:
        RefusedFile: It is not JSON, or holds no records.
    """
    encoding = encoding_of(path)
    seen: dict[str, dict[str, None]] = {}
    lengths: dict[str, Counter[int]] = {}
    try:
        for record in islice(records(path, encoding), _LOOKED_AT):
            if isinstance(record, dict):
                for name, value in _flat(record):
                    if _is_numbers(value):
                        lengths.setdefault(name, Counter())[len(value)] += 1
                    samples = seen.setdefault(name, {})
                    if len(samples) < _SAMPLES and (text := _text(value).strip()):
                        samples[text] = None
            if len(seen) > _MOST_FIELDS:
                raise RefusedFile(
                    N_("{file} has more than {most} fields a record; it is no list of answers."),
                    file=path.name,
                    most=_MOST_FIELDS,
                )
    except BrokenJson as error:
        raise _refused(path, error) from error
    if not seen:
        raise RefusedFile(
            N_("{file} holds no records: a list of objects, or one object a line, is read."), file=path.name
        )
    columns: list[ColumnShape] = []
    for name, samples in seen.items():
        counted = lengths.get(name, Counter())
        size = max(counted, key=lambda length: counted[length], default=0)
        if 2 <= size <= _MOST_NUMBERS and counted[size] >= _USUAL_LENGTH * counted.total():
            columns += [ColumnShape(f"{name}.{at}", ()) for at in range(size)]
        else:
            columns.append(ColumnShape(name, tuple(presentable(sample) for sample in samples)))
    return FileShape(path=path, format="json", encoding=encoding, header_row=0, columns=tuple(columns))


def read_json(shape: FileShape) -> Iterator[Chunk]:
    """The records, numbered from 1; a field that a record lacks is blank.

    Raises:
        RefusedFile: The file stops being JSON on the way.
    """
    listed = _listed(shape.names)
    number = 0
    waiting = records(shape.path, shape.encoding)
    try:
        while part := list(islice(waiting, CHUNK_ROWS)):
            columns: dict[str, list[str]] = {name: [] for name in shape.names}
            numbers: list[int] = []
            broken: list[Reject] = []
            for record in part:
                number += 1
                cells, reject = _cells(record, number, listed)
                if reject is not None:
                    broken.append(reject)
                    continue
                numbers.append(number)
                for name, column in columns.items():
                    column.append(cells.get(name, ""))
            yield Chunk(numbers, columns, broken)
    except BrokenJson as error:
        raise _refused(shape.path, error) from error


def about_records(shape: FileShape) -> int:
    """About how many records there are, from the size of the first ones."""
    try:
        first = list(islice(records(shape.path, shape.encoding), 50))
    except BrokenJson:
        return 1
    size = sum(len(json.dumps(record, ensure_ascii=False).encode()) for record in first)
    return max(round(shape.path.stat().st_size * len(first) / max(size, 1)), 1)


def _cells(record: Any, number: int, listed: dict[str, int]) -> tuple[dict[str, str], Reject | None]:
    """A record as cells by column, or why it is none."""
    if not isinstance(record, dict):
        told = {"value": presentable(json.dumps(record, ensure_ascii=False))}
        return {}, Reject(number, "", told["value"], N_("The record is {value}, but must be an object."), dict(told))
    cells: dict[str, str] = {}
    for name, value in _flat(record):
        if name in listed and isinstance(value, list):
            if len(value) != listed[name]:
                counts = {"found": len(value), "expected": listed[name]}
                text = N_("The list has {found} numbers, but the others have {expected}.")
                return {}, Reject(number, name, presentable(_text(value)), text, dict(counts))
            cells |= {f"{name}.{at}": _text(item) for at, item in enumerate(value)}
        else:
            cells[name] = _text(value)
    return cells, None


def _listed(names: tuple[str, ...]) -> dict[str, int]:
    """How many numbered columns each list has: {"data": 4} for data.0 to data.3."""
    found: Counter[str] = Counter()
    for name in names:
        stem, _, at = name.rpartition(".")
        if stem and at == str(found[stem]):
            found[stem] += 1
    return dict(found)


def _flat(record: dict[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        else:
            yield f"{before}{name}", value


def _is_numbers(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, int | float) and not isinstance(item, bool) for item in value
    )


def _text(value: Any) -> str:
    """A value as a cell says it: null is blank, a list of plain values is joined, what is deeper stays JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(item, dict | list) for item in value):
        return ", ".join(_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _refused(path: Path, error: BrokenJson) -> RefusedFile:
    if error.several:
        return RefusedFile(
            N_("{file} holds more than one list of records ({names}); save each to a file of its own."),
            file=path.name,
            names=", ".join(error.several),
        )
    return RefusedFile(
        N_("{file} is not valid JSON: record {record}, line {line}: {problem}."),
        file=path.name,
        record=error.record,
        line=error.line,
        problem=error.problem,
    )
