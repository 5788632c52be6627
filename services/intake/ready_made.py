"""Ready-made profiles: exports whose form is known, recognised by their columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.i18n import N_
from services.intake.refused import RefusedFile
from services.intake.shape import FileShape

Draft = dict[str, Any]
"""A mapping's JSON, perhaps without what the file does not say, such as the unit."""

_FOUR = {"0": 1.0, "1": 2.0, "2": 3.0, "3": 4.0}
_FIVE = {"0": 1.0, "1": 2.0, "2": 3.0, "3": 4.0, "4": 5.0}
_SCALES = {"FOUR": 4, "FIVE": 5, "FIVE_REVERSED": 5}
_WORDS = r"(?:open_?)?(?:text|comment|feedback|answer)|freetext|free_text|t"
_PHONE = r"puh|gsm|matkapuh|telefon|phone|msisdn"
_OID = r"(?<!v)oid\b|oid$|_oid"


@dataclass(frozen=True, kw_only=True)
class ReadyMade:
    """A form of export that is known.

    Attributes:
        name: What the command line calls it.
        title: What a page calls it, a msgid.
        recognises: Whether a file has this form.
        draft: The mapping of such a file, made on the guess from its headers.
        own_ids: Whether answers' ids are unique among all files of this form, whatever columns they have.
    """

    name: str
    title: str
    recognises: Callable[[FileShape], bool]
    draft: Callable[[FileShape, Draft], Draft]
    own_ids: bool = False


def ready_made() -> tuple[ReadyMade, ...]:
    """The forms known, the most particular first; the last takes any survey."""
    return (
        ReadyMade(
            name="happyornot",
            title=N_("HappyOrNot devices"),
            recognises=_is_happyornot,
            draft=_happyornot,
            own_ids=True,
        ),
        ReadyMade(
            name="open311",
            title=N_("Open311 (6Aika feedback)"),
            recognises=_is_open311,
            draft=_open311,
            own_ids=True,
        ),
        ReadyMade(
            name="text-message",
            title=N_("Text-message survey with unit OIDs"),
            recognises=_is_text_message,
            draft=_text_message,
        ),
        ReadyMade(name="thl", title=N_("National client feedback (THL)"), recognises=is_thl, draft=_as_guessed),
        ReadyMade(
            name="survey",
            title=N_("A survey (Webropol, ZEF, Forms and the like)"),
            recognises=lambda _: True,
            draft=_as_guessed,
        ),
    )


def named(name: str) -> ReadyMade | None:
    """The ready-made profile of a name, if there is one."""
    return next((profile for profile in ready_made() if profile.name == name), None)


def recognised(shape: FileShape) -> ReadyMade:
    """The form a file has."""
    return next(profile for profile in ready_made() if profile.recognises(shape))


def is_thl(shape: FileShape) -> bool:
    """Whether at least two columns are the national statements, by their texts or as thl1 to thl7."""
    from services.intake.guessing import scores_of

    return sum(score.item.startswith("thl") for score in scores_of(shape)) >= 2


def _lower(shape: FileShape) -> dict[str, str]:
    """Columns by the last part of their name, in small letters: {"title": "extended_attributes.title"}."""
    return {name.casefold().rpartition(".")[2]: name for name in reversed(shape.names)}


def _counts(shape: FileShape) -> list[str]:
    return [name for name in shape.names if re.fullmatch(r"(?:.*\.)?data\.\d", name)]


def _is_happyornot(shape: FileShape) -> bool:
    columns = _lower(shape)
    return "ts" in columns and (len(_counts(shape)) in (4, 5) or "r" in columns)


def _happyornot(shape: FileShape, guess: Draft) -> Draft:
    """Counts by face an interval, or one press an entry with perhaps a text.

    Faces are numbered from 0, very unhappy, to 3 or 4, very happy, whatever their order on the device
    (FIVE_REVERSED only turns the picture around). Faces on four and on five steps are two survey items.

    References:
        HappyOrNot API v1, "Surveys & Results": results, openfeedback and feedbackScale.
    """
    columns = _lower(shape)
    draft: Draft = {"kind": "feedback", "date": columns["ts"], "channel": {"constant": "kiosk"}}
    if "unit" in guess:
        draft["unit"] = guess["unit"]
    if counts := _counts(shape):
        return draft | {"tally": {"item": "happy" if len(counts) == 4 else "happy5", "columns": counts}}
    samples = {sample for column in shape.columns for sample in column.samples if column.name == columns["r"]}
    steps = _steps(shape)
    five = steps == 5 if steps else "4" in samples
    draft["scores"] = [
        {
            "column": columns["r"],
            "item": "happy5" if five else "happy",
            "low": 1,
            "high": 5 if five else 4,
            "labels": _FIVE if five else _FOUR,
            "only_labels": True,
        }
    ]
    words = [name for short, name in columns.items() if re.fullmatch(_WORDS, short)]
    if words:
        draft["text"] = words
    for field, name in (("external_id", "id"), ("external_id", "key")):
        if name in columns:
            draft.setdefault(field, columns[name])
    return draft


def _steps(shape: FileShape) -> int | None:
    """How many faces the file's scale has; None when it names none.

    Raises:
        RefusedFile: The scale is not known, or the file holds two.
    """
    named = [column for column in shape.columns if "scale" in column.name.casefold()]
    found: dict[int, str] = {}
    for column in named:
        for scale in column.samples:
            if scale.upper() not in _SCALES:
                raise RefusedFile(
                    N_("{file}, column {column}: {value} is not a scale that is known; allowed are {allowed}."),
                    file=shape.path.name,
                    column=column.name,
                    value=scale,
                    allowed=", ".join(_SCALES),
                )
            found.setdefault(_SCALES[scale.upper()], scale)
    if len(found) > 1:
        raise RefusedFile(
            N_("{file} holds answers on two scales ({names}); save each to a file of its own."),
            file=shape.path.name,
            names=", ".join(found.values()),
        )
    return next(iter(found), None)


def _is_open311(shape: FileShape) -> bool:
    columns = _lower(shape)
    return "service_request_id" in columns and ("description" in columns or "requested_datetime" in columns)


def _open311(shape: FileShape, guess: Draft) -> Draft:
    """A municipality's requests: the place, the address and the pictures stay in the file.

    References:
        GeoReport v2 (Open311), "GET service requests"; the 6Aika feedback interface adds title and service_object_id.
    """
    columns = _lower(shape)
    draft: Draft = {
        "kind": "feedback",
        "channel": {"constant": "web"},
        "external_id": columns["service_request_id"],
        "text": [columns[name] for name in ("title", "description") if name in columns],
    }
    if "requested_datetime" in columns:
        draft["date"] = columns["requested_datetime"]
    if "service_name" in columns:
        draft["topic"] = columns["service_name"]
    unit = next((columns[n] for n in ("service_object_id", "agency_responsible", "service_code") if n in columns), None)
    if unit:
        draft["unit"] = unit
    return draft


def _is_text_message(shape: FileShape) -> bool:
    headers = [name.casefold() for name in shape.names]
    return any(re.search(_OID, name) for name in headers) and any(re.search(_PHONE, name) for name in headers)


def _text_message(shape: FileShape, guess: Draft) -> Draft:
    """Sent after a visit: the unit by its OID; the phone number stays in the file, not even its hash is kept."""
    phones = {name for name in shape.names if re.search(_PHONE, name.casefold())}
    kept = {field: value for field, value in guess.items() if not isinstance(value, dict) or
            value.get("column") not in phones}  # fmt: skip
    return kept | {"channel": {"constant": "text_message"}}


def _as_guessed(shape: FileShape, guess: Draft) -> Draft:
    return guess
