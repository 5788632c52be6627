"""The interface's OpenAPI 3.1 document: every answer, header and example."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.rest_models import FeedbackRows, MeasurementRows
from api.rest_problems import KINDS, MEDIA_TYPE, TITLES
from api.rest_schemas import FEEDBACK, MEASUREMENTS, class_of, example_page, shapes
from models.interface import KeyScope
from services import public_feed
from services.interface_rows import Feed
from services.version import VERSION

SECURITY = "key"
PROBLEM = {"$ref": "#/components/schemas/Problem"}
RATE_HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
HEADERS: dict[str, dict[str, Any]] = {
    "RateLimit-Limit": {
        "description": "Requests a minute that this key, or this address, may make.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 600,
    },
    "RateLimit-Remaining": {
        "description": "How many more may come at once.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 598,
    },
    "RateLimit-Reset": {
        "description": "Seconds until all of them may come at once again.",
        "schema": {"type": "integer", "minimum": 0},
        "example": 1,
    },
    "Retry-After": {
        "description": "Seconds after which to try again.",
        "schema": {"type": "integer", "minimum": 1},
        "required": True,
        "example": 3,
    },
    "WWW-Authenticate": {
        "description": "What is needed instead.",
        "schema": {"type": "string", "pattern": "^Bearer "},
        "required": True,
        "example": 'Bearer realm="luotsi"',
    },
    "Idempotency-Replayed": {
        "description": "true when this is the answer to an earlier sending of the same request; else absent.",
        "schema": {"type": "string", "enum": ["true"]},
        "example": "true",
    },
    "ETag": {
        "description": "Digest of the answer, for If-None-Match.",
        "schema": {"type": "string"},
        "example": '"9b3e0a6f2f4d1c7788aa90b1c2d3e4f5"',
    },
}
DETAILS = {
    400: "The body is not JSON in UTF-8 at line 1, column 2.",
    401: "Send the header Authorization: Bearer KEY.",
    403: "The key lacks the scope read:pilots.",
    413: "The body has more than 10 MB; send the rows in several requests.",
    415: "Send the header Content-Type: application/json; the body is UTF-8.",
    422: "A parameter is not allowed; errors says which.",
    429: "More than 600 requests a minute; the next passes in 3 s.",
    500: "It is not your fault. Tell support this reference: 1a2b3c4d.",
    503: "The database cannot be used just now; nothing was stored. Try again.",
}
OWN_HEADERS = {401: ("WWW-Authenticate",), 403: (), 429: ("Retry-After",), 503: ("Retry-After",)}
ERROR = {
    "row": 2,
    "field": "unit",
    "value": "AVO99",
    "reason": "AVO99 is not a unit's code, OID or name.",
    "allowed": ["AVO1", "AVO2"],
}
COUNTS = {"import": 12, "rows": 2, "imported": 1, "duplicates": 1, "rejected": 0}
ABOUT = """Luotsi turns customer feedback into small pilots and their evaluations. Here other systems read what it has
and send rows in. docs/api.md of the program tells the same at length.

**Keys.** An administrator makes them; each opens what its scopes say, in the units it reaches. Send
`Authorization: Bearer KEY`.

**Lists** come in the order their rows changed, a page at a time. Follow `next_url` until `next` is null and keep
`resume`: given as `cursor` later, it gives what has changed since, each change once. A row that is no more comes under
`deleted`.

**Small numbers.** Figures of fewer than 10 customers or 5 staff members are null, and so are figures from which such a
one could be worked out; `suppressed` is then true. The files on the data page follow the same rules.
"""


def of_feed(feed: Feed) -> dict[str, Any]:
    """What the document says of a list."""
    return {
        "operation_id": f"list_{feed.name.replace('/', '_')}",
        "summary": feed.name.replace("/", " by unit and ").capitalize(),
        "description": f"{feed.about} Needs the scope `{feed.scope}`.",
        "tags": ["Reading"],
        "responses": {
            200: {
                "description": "A page.",
                "headers": _headers(RATE_HEADERS),
                "content": {
                    "application/json": {
                        "schema": {"$ref": f"#/components/schemas/{class_of(feed)}Page"},
                        "example": example_page(feed),
                    }
                },
            },
            **{status: problem(status) for status in (401, 403, 422, 429, 500, 503)},
        },
        "openapi_extra": {"security": [{SECURITY: [feed.scope.value]}]},
    }


def of_intake(name: str, scope: KeyScope) -> dict[str, Any]:
    """What the document says of an address that rows are sent to."""
    shape, example = {
        "feedback": (FeedbackRows, FEEDBACK),
        "measurements": (MeasurementRows, MEASUREMENTS),
    }[name]
    counted = {
        "headers": _headers((*RATE_HEADERS, "Idempotency-Replayed")),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Counts"}, "example": COUNTS}},
    }
    return {
        "operation_id": f"send_{name}",
        "summary": f"Send {name}",
        "description": (
            f"{shape.__doc__} Checked by the rules that files are checked by. Needs the scope `{scope}`. With an "
            "Idempotency-Key the same request can be sent again for 24 hours and is carried out once."
        ),
        "status_code": 201,
        "tags": ["Writing"],
        "responses": {
            200: {"description": "Every row was stored before: nothing is new.", **counted},
            201: {"description": "Stored. rows = imported + duplicates + rejected.", **counted},
            **{status: problem(status) for status in (400, 401, 403, 409, 413, 415, 429, 500, 503)},
            422: problem(422, errors=[ERROR], detail="1 of 2 rows cannot be taken; nothing was stored."),
        },
        "openapi_extra": {
            "security": [{SECURITY: [scope.value]}],
            "parameters": [
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "required": False,
                    "description": "What you call this request, such as a UUID; the same for every sending of it.",
                    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
                    "example": "4f8b2a52-7a0e-4c4e-9a53-6d0d5c7f6a11",
                }
            ],
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": f"#/components/schemas/{shape.__name__}"},
                        "example": {"rows": example},
                    }
                },
            },
        },
    }


def problem(status: int, *, detail: str | None = None, **more: Any) -> dict[str, Any]:
    """What the document says of an answer that refuses."""
    if status == 422 and not more:
        more = {"errors": [{**ERROR, "row": None, "field": "limit", "value": "0", "reason": "0 is not allowed."}]}
    if status == 403:
        more = {"scope": "read:pilots"}
    if status == 500:
        more = {"reference": "1a2b3c4d"}
    example = {
        "type": f"urn:luotsi:problem:{KINDS[status]}",
        "title": TITLES[status],
        "status": status,
        "detail": detail or DETAILS.get(status, TITLES[status]),
        **more,
    }
    return {
        "description": TITLES[status] + ".",
        "headers": _headers((*(() if status == 503 else RATE_HEADERS), *OWN_HEADERS.get(status, ()))),
        "content": {MEDIA_TYPE: {"schema": PROBLEM, "example": example}},
    }


def of_public_stories() -> dict[str, Any]:
    """What the document says of the public stories."""
    moments = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}
    parameters = {
        "updated_since": (moments, "Only stories changed at this moment or later."),
        "limit": (
            {"type": "integer", "minimum": 1, "maximum": public_feed.MOST, "default": public_feed.USUAL},
            "The most stories on a page.",
        ),
        "next": ({"type": "string"}, "`next` of the page before."),
        "unit": ({"type": "string"}, "Only this unit's, by code."),
        "theme": ({"type": "string"}, "Only this theme's, by code."),
    }
    kept = {"headers": _headers(("ETag",))}
    return {
        "operation_id": "list_public_stories",
        "summary": "Public stories",
        "description": "What customers were told of pilots, the one that changed longest ago first. Needs no key.",
        "tags": ["Public"],
        "responses": {
            200: {
                "description": "A page.",
                **kept,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PublicStories"}}},
            },
            304: {"description": "Not changed since the ETag in If-None-Match.", **kept},
            422: {
                "description": "A parameter is not allowed.",
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/PublicError"},
                        "example": {"error": "limit == '0', must be a whole number from 1 to 200."},
                    }
                },
            },
        },
        "openapi_extra": {
            "security": [],
            "parameters": [
                {"name": name, "in": "query", "required": False, "schema": schema, "description": about}
                for name, (schema, about) in parameters.items()
            ],
        },
    }


def _headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    found = get_openapi(
        title="Luotsi",
        version=VERSION,
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        servers=[{"url": "/api/v1", "description": "This installation."}],
        tags=[
            {"name": "Reading", "description": "What Luotsi has."},
            {"name": "Writing", "description": "What other systems send in."},
            {"name": "Public", "description": "What anybody may read, without a key."},
        ],
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    components = found.setdefault("components", {})
    components["headers"] = HEADERS
    components["securitySchemes"] = {
        SECURITY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "luotsi_...",
            "description": "A key with scopes: " + ", ".join(KeyScope) + ".",
        }
    }
    components["schemas"] = shapes()
    return found
