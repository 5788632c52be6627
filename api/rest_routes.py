"""The interface's addresses: what each reads or writes, and with which key.

Annotations are not postponed here: FastAPI reads those of functions made inside functions.
"""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Query
from starlette.requests import Request
from starlette.responses import Response

from api import rest_document as document
from api.rest_body import Checked, read
from api.rest_guard import caller_with
from api.rest_models import FeedbackRow, Listing, MeasurementRow, Row
from api.rest_problems import Problem, fault
from api.rest_threads import in_thread
from models.interface import KeyScope
from services import idempotency, interface_cursor, interface_feed, interface_intake, text_work
from services.api_keys import Caller
from services.errors import BadInput
from services.idempotency import Once
from services.intake.refused import Reject
from services.interface_feed import FeedRows
from services.interface_intake import Prepared, Received, RowsRefused
from services.interface_rows import FEEDS, Feed
from services.permissions import reach
from services.record import database

PREFIX = "/api/v1"
Prepare = Callable[..., Prepared]


def add_to(app: FastAPI) -> None:
    """Add every address that needs a key."""
    for feed in FEEDS:
        app.add_api_route(
            f"/{feed.name}", _reading(feed), methods=["GET"], **document.of_feed(feed), response_class=Response
        )
    for name, scope, shape, prepare in (
        ("feedback", KeyScope.WRITE_FEEDBACK, FeedbackRow, interface_intake.prepare_feedback),
        ("measurements", KeyScope.WRITE_MEASUREMENTS, MeasurementRow, interface_intake.prepare_measurements),
    ):
        app.add_api_route(
            f"/{name}",
            _writing(name, scope, shape, prepare),
            methods=["POST"],
            **document.of_intake(name, scope),
            response_class=Response,
        )


def _reading(feed: Feed) -> Callable[..., Any]:
    async def listed(
        request: Request, caller: Annotated[Caller, Depends(_with_key(feed.scope))], asked: Annotated[Listing, Query()]
    ) -> Response:
        names = [name for name, _ in request.query_params.multi_items()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadInput("{name} is given more than once.", field=twice, name=twice)
        return await in_thread(_list, feed, caller, asked)

    return listed


def _list(feed: Feed, caller: Caller, asked: Listing) -> Response:
    since = interface_cursor.since_moment(asked.updated_since) if asked.updated_since is not None else None
    after = interface_cursor.place(feed.name, asked.cursor) if asked.cursor is not None else None
    with database().reading() as session:
        unit_ids = reach(session, caller.person)
    found = interface_feed.read(database(), feed, unit_ids=unit_ids, since=since, after=after, limit=asked.limit)
    return _json(_page(feed, found, asked))


def _with_key(scope: KeyScope) -> Callable[..., Any]:
    """A dependency: dependencies come before parameters, so that nobody without a key learns what is allowed."""

    async def keyed(request: Request) -> Caller:
        return caller_with(request, scope)

    return keyed


def _page(feed: Feed, found: FeedRows, asked: Listing) -> dict[str, Any]:
    items, deleted = [], []
    for row in found.rows:
        told = {"id": row.key, "changed_at": row.changed_at.isoformat()}
        if row.row is None:
            deleted.append(told)
        else:
            items.append({**told, **row.row})
    resume = interface_cursor.written(feed.name, found.end) if found.end else None
    following = resume if found.more else None
    address = None
    if following:
        given = {"updated_since": asked.updated_since, "limit": asked.limit, "cursor": following}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        address = f"{PREFIX}/{feed.name}?{query}"
    return {"items": items, "deleted": deleted, "next": following, "next_url": address, "resume": resume}


def _writing(name: str, scope: KeyScope, shape: type[Row], prepare: Prepare) -> Callable[..., Any]:
    async def taken(request: Request) -> Response:
        caller = caller_with(request, scope)
        if request.query_params:
            parameter = next(iter(request.query_params))
            raise BadInput("{name} is not a parameter here.", field=parameter, name=fault(parameter, "")["field"])
        body = await read(request)
        keys = request.headers.getlist("idempotency-key")
        if len(keys) > 1:
            raise BadInput("Idempotency-Key is given more than once.", field="Idempotency-Key")
        once = idempotency.once(name, keys[0], body) if keys else None
        received = await in_thread(_receive, body, shape, prepare, caller, once)
        return _answer(received)

    return taken


def _receive(body: bytes, shape: type[Row], prepare: Prepare, caller: Caller, once: Once | None) -> Received:
    by = caller.person
    with database().reading() as session:
        earlier = interface_intake.answered(session, once, by=by)
    if earlier:
        return earlier
    checked = Checked(body, shape)
    errors = list(checked.errors)
    prepared = None
    try:
        if checked.rows:
            with database().reading() as session:
                prepared = prepare(session, checked.rows, by=by)
        if prepared is not None and not errors:
            with database().writing() as session:
                received = interface_intake.store(session, prepared, by=by, once=once)
            if shape is FeedbackRow and received.kept.answer["imported"] and not received.again:
                text_work.start()
            return received
    except RowsRefused as refused:
        errors += [_error(reject, checked.numbers, refused.known) for reject in refused.rejects]
    errors.sort(key=lambda one: (one["row"], one["field"]))
    wrong = len({one["row"] for one in errors})
    detail = f"{wrong} of {checked.count} rows cannot be taken; nothing was stored. errors says why, row by row."
    raise Problem(422, detail, kind="rows-refused", errors=errors)


def _error(reject: Reject, numbers: list[int], known: Mapping[str, Any]) -> dict[str, Any]:
    """A reason against a row, with the row's number in the body."""
    allowed = known.get(reject.column) or [part for part in str(reject.values.get("allowed", "")).split(", ") if part]
    if not allowed and {"low", "high"} <= set(reject.values):
        allowed = [f"{reject.values['low']}–{reject.values['high']}"]
    return {
        "row": numbers[reject.row - 1],
        "field": reject.column,
        "value": reject.value,
        "reason": reject.reason,
        "allowed": list(allowed),
    }


def _answer(received: Received) -> Response:
    headers = {"Idempotency-Replayed": "true"} if received.again else None
    return _json(received.kept.answer, status=received.kept.status, headers=headers)


def _json(body: dict[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status_code=status, media_type="application/json", headers=headers)
