"""The shapes in the interface's document, and an example of each."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from api.rest_models import FeedbackRows, MeasurementRows
from services.exports_schema import Kind
from services.interface_rows import FEEDS, Feed

TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.FLAG: {"type": "boolean"},
}
CURSOR = "cGlsb3RzIDIwMjYtMTEtMjVUMTA6MDA6MDArMDA6MDAgUDAx"
CHANGED = "2026-11-25T10:00:00.000000+00:00"
FEEDBACK: list[dict[str, Any]] = [
    {
        "date": "2026-11-23",
        "unit": "AVO1",
        "channel": "text_message",
        "external_id": "sms-20261123-0001",
        "text": "Kukaan ei soittanut takaisin.",
        "language": "fi",
        "age_group": "65-74",
        "scores": [{"item": "recommend", "value": 3, "low": 0, "high": 10}],
    },
    {"date": "2026-11-23T14:05:00Z", "unit": "AVO1", "channel": "kiosk", "scores": [
        {"item": "happy", "value": 4, "low": 1, "high": 4}
    ]},
]  # fmt: skip
MEASUREMENTS: list[dict[str, Any]] = [
    {"date": "2026-W47", "unit": "AVO1", "metric": "cb2h", "n": 84, "count": 43},
    {"date": "2026-11-23", "unit": "AVO1", "metric": "wait", "n": 30, "mean": 12.5, "sd": 4.1},
]
_MOMENT = {"type": "string", "format": "date-time"}
_TEXTS = {
    "type": "object",
    "description": "The languages it is written in.",
    "additionalProperties": False,
    "properties": {language: {"type": "string"} for language in ("fi", "sv", "en")},
}
_CODED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["code", "name"],
    "properties": {"code": {"type": "string"}, "name": _TEXTS},
}


def class_of(feed: Feed) -> str:
    """A feed's name in the document.

    >>> [class_of(feed) for feed in FEEDS][-2:]
    ['ThemesQuarters', 'Decisions']
    """
    return "".join(part.capitalize() for part in feed.name.split("/"))


def example_page(feed: Feed) -> dict[str, Any]:
    """A page of a feed."""
    row_key = "/".join(str(feed.example[name]) for name in feed.keys)
    return {
        "items": [{"id": row_key, "changed_at": CHANGED, **feed.example}],
        "deleted": [],
        "next": None,
        "next_url": None,
        "resume": CURSOR,
    }


def shapes() -> dict[str, Any]:
    """Every shape by its name."""
    _, sent = models_json_schema(
        [(FeedbackRows, "validation"), (MeasurementRows, "validation")], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Any] = {**sent["$defs"], **_SHAPES}
    for feed in FEEDS:
        found[class_of(feed)] = _row(feed)
        found[f"{class_of(feed)}Page"] = _page(feed)
    return found


def _object(properties: dict[str, Any], *, about: str = "", optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        **({"description": about} if about else {}),
        "additionalProperties": False,
        "required": [name for name in properties if name not in optional],
        "properties": properties,
    }


def _row(feed: Feed) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": {"type": "string", "description": "The row's id in this list: " + ", ".join(feed.keys) + "."},
        "changed_at": {**_MOMENT, "description": "Since when the interface has told it like this."},
    }
    for column in feed.columns:
        kind = TYPES[column.kind]
        if column.name in feed.lists:
            kind = {"type": "array", "items": kind}
        if column.name in feed.blank:
            kind = {**kind, "type": [kind["type"], "null"]}
        about = column.meaning.replace(", separated by spaces", "") + (f" Unit: {column.unit}." if column.unit else "")
        fields[column.name] = {**kind, "description": _in_json(about)}
    return _object(fields, about=feed.about)


def _in_json(about: str) -> str:
    """What a file's column means, said of a field.

    >>> _in_json("1 when the figures are left out: fewer than 5 people.")
    'true when the figures are left out: fewer than 5 people.'
    """
    return "true" + about[1:] if about.startswith("1 when ") else about.replace("empty", "null")


def _page(feed: Feed) -> dict[str, Any]:
    return _object(
        {
            "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{class_of(feed)}"}},
            "deleted": {
                "type": "array",
                "items": {"$ref": "#/components/schemas/Deleted"},
                "description": "Rows that are no more.",
            },
            "next": {
                "type": ["string", "null"],
                "description": "The cursor of the next page; null when it is the last.",
            },
            "next_url": {"type": ["string", "null"], "description": "Address of the next page."},
            "resume": {
                "type": ["string", "null"],
                "description": "Keep it: given as cursor later, it gives what has changed since. null before any row.",
            },
        }
    )


_SHAPES: dict[str, Any] = {
    "Deleted": _object({"id": {"type": "string"}, "changed_at": _MOMENT}, about="A row that is no more."),
    "Counts": _object(
        {
            "import": {"type": "integer", "description": "Number of the import; it can be taken back as a whole."},
            "rows": {"type": "integer", "minimum": 1},
            "imported": {"type": "integer", "minimum": 0, "description": "Stored now."},
            "duplicates": {"type": "integer", "minimum": 0, "description": "Stored before."},
            "rejected": {"type": "integer", "const": 0, "description": "All rows are stored, or none."},
        },
        about="What became of the rows.",
    ),
    "Error": _object(
        {
            "row": {"type": ["integer", "null"], "description": "The row's number, from 1; null for the request."},
            "field": {"type": "string", "description": "The field, parameter or header; empty for the row as a whole."},
            "value": {"type": ["string", "null"], "description": "What was given; personal data taken out, shortened."},
            "reason": {"type": "string", "description": "What is wrong, in English."},
            "allowed": {"type": "array", "items": {"type": "string"}, "description": "What it may hold, where listed."},
        },
        about="One thing that is wrong.",
    ),
    "Problem": _object(
        {
            "type": {"type": "string", "description": "urn:luotsi:problem: and what sort of problem it is."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong and what is allowed, in one sentence."},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Error"}},
            "scope": {"type": "string", "description": "The scope that the key lacks."},
            "reference": {"type": "string", "description": "What support finds it by in the log."},
        },
        about="Everything that is refused has this shape (RFC 9457).",
        optional=("errors", "scope", "reference"),
    ),
    "PublicError": _object({"error": {"type": "string"}}, about="What is wrong with a parameter, in one sentence."),
    "PublicStory": _object(
        {
            "code": {"type": "string", "description": "Code of the pilot."},
            "title": _TEXTS,
            "unit": _CODED,
            "theme": _CODED,
            "you_said": _TEXTS,
            "we_tried": _TEXTS,
            "what_happened": _TEXTS,
            "what_next": _TEXTS,
            "next_on": {"type": ["string", "null"], "format": "date"},
            "outcome": {"type": "string", "enum": ["helped", "did_not_help", "continuing"]},
            "published_at": {"type": ["string", "null"], "format": "date-time"},
            "updated_at": _MOMENT,
            "url": {"type": "string", "description": "Where it is read."},
        },
        about="What customers read of a pilot: approved words only.",
    ),
    "PublicStories": _object(
        {
            "stories": {"type": "array", "items": {"$ref": "#/components/schemas/PublicStory"}},
            "next": {"type": ["string", "null"], "description": "What asks for the page after; null on the last."},
            "next_url": {"type": ["string", "null"]},
            "public_codes": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Every story that is public now: what a reader holds beyond them has been withdrawn.",
            },
        }
    ),
}
