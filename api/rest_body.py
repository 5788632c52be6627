"""A request's body: so large at most, JSON and nothing else, every row looked at."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request

from api.rest_models import MOST_ROWS, Row
from api.rest_problems import Problem, fault
from services import settings
from services.intake.characters import read_whole
from services.intake.shape import MEGABYTE


async def read(request: Request) -> bytes:
    """The body, as it comes in; it is not read on beyond what is taken.

    Raises:
        Problem: It is not JSON by its header, or too large.
    """
    kind, *further = request.headers.get("content-type", "").lower().split(";")
    charset = "".join(further).replace(" ", "")
    if kind.strip() != "application/json" or charset not in ("", "charset=utf-8", 'charset="utf-8"'):
        raise Problem(415, "Send the header Content-Type: application/json; the body is UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Problem(415, "A compressed body is not taken; send it as it is.")
    megabytes = settings.interface().max_body_mb
    most = megabytes * MEGABYTE
    too_large = Problem(
        413,
        f"The body has more than {megabytes} MB; send the rows in several requests.",
        headers={"Connection": "close"},
    )
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and (len(length) > 12 or int(length) > most):
        raise too_large
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise too_large
            parts.append(part)
    except ClientDisconnect as error:
        raise Problem(400, "The body ended before its end.") from error
    return b"".join(parts)


def parsed(body: bytes) -> Any:
    """What a body says.

    Raises:
        Problem: It is not JSON, is nested too deeply, names a field twice, or holds a number that JSON has not.
    """
    try:
        written = body.decode("utf-8")
        value = json.loads(written, parse_constant=_no_constant, object_pairs_hook=_each_once)
        return read_whole(value, written)
    except RecursionError as error:
        raise Problem(400, "The body is nested too deeply.") from error
    except _Twice as error:
        raise Problem(400, f"The body has the field {fault(str(error), '')['field']} twice in one object.") from error
    except ValueError as error:  # not UTF-8, not JSON, or a number of thousands of digits
        where = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(400, f"The body is not JSON in UTF-8{where}.") from error


class Checked:
    """The rows of a body.

    Attributes:
        rows: Those of the right shape.
        numbers: Their numbers, from 1.
        errors: What is wrong with the others.
        count: How many rows there are.
    """

    def __init__(self, body: bytes, shape: type[Row]) -> None:
        self.rows: list[dict[str, Any]] = []
        self.numbers: list[int] = []
        self.errors: list[dict[str, Any]] = []
        given = _rows(parsed(body))
        self.count = len(given)
        adapter: TypeAdapter[Row] = TypeAdapter(shape)
        for number, row in enumerate(given, start=1):
            try:
                self.rows.append(adapter.validate_python(row).model_dump())
                self.numbers.append(number)
            except ValidationError as error:
                self.errors += _faults(number, error)


def _rows(value: Any) -> Sequence[Any]:
    """The rows in a body.

    Raises:
        Problem: There are none, or too many.
    """
    if not isinstance(value, dict):
        _refuse('The body must be an object: {"rows": [...]}.', "", value)
    for name in value:
        if name != "rows":
            _refuse(f"The body holds rows and nothing else; {fault(name, '')['field']} is not known.", name, None)
    rows = value.get("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        found = f"{len(rows)} rows" if isinstance(rows, list) else "something else"
        _refuse(f"rows must be a list of 1 to {MOST_ROWS} rows, not {found}.", "rows", None)
    return rows


def _refuse(detail: str, field: str, value: object) -> NoReturn:
    raise Problem(422, detail, errors=[fault(field, detail, value=value)])


def _faults(number: int, error: ValidationError) -> list[dict[str, Any]]:
    found = []
    for one in error.errors(include_url=False):
        field = ".".join(str(part) for part in one["loc"])
        context = one.get("ctx", {})
        allowed = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        missing = one["type"] == "missing"
        found.append(
            fault(
                field,
                one["msg"],
                value=None if missing else one["input"],
                row=number,
                allowed=[word for word in allowed if word],
            )
        )
    return found


class _Twice(Exception):
    """A field that comes twice in one object: either could be meant."""


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
