"""What is still to be chosen before a file can be read, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.imports import ImportKind
from pages.import_fields import FEEDBACK, MEASUREMENTS, NEEDED
from services.errors import BadInput
from services.i18n import Translator


def require_whole(t: Translator, kind: ImportKind, given: Mapping[str, Any]) -> None:
    """Refuse choices that do not make a mapping yet.

    Raises:
        BadInput: A needed field, a value or a text is missing, or a scale makes no sense.
    """
    names = FEEDBACK if kind is ImportKind.FEEDBACK else MEASUREMENTS
    wide = bool(given.get("wide"))
    for field, name in names.items():
        if field in NEEDED and field not in given and not (wide and field == "metric"):
            raise BadInput("Choose a column for this: {wanted}.", field=field, wanted=t(name))
    if kind is ImportKind.MEASUREMENTS:
        if not wide and not {"mean", "count", "value"} & set(given):
            raise BadInput("Choose a column for the mean, for the count or for a single value.", field="mean")
        return
    if "long" in given and "external_id" not in given:
        raise BadInput(
            "Choose the column of the answer's own number: it ties an answer's questions together.", field="external_id"
        )
    if not {"text", "scores", "tally"} & set(given) and not given.get("long", {}).get("text_questions"):
        raise BadInput("Choose at least one column with a score or with people's own words.", field="text")
    _scales(given)


def _scales(given: Mapping[str, Any]) -> None:
    items = [score["item"] for score in given.get("scores", ())]
    for score in given.get("scores", ()):
        if not score["low"] < score["high"]:
            raise BadInput(
                "{column}: the lowest value {low} must be below the highest {high}.",
                field="low",
                column=score["column"],
                low=score["low"],
                high=score["high"],
            )
        if items.count(score["item"]) > 1:
            raise BadInput(
                "Two columns have the same survey item {item}. Give each its own.", field="item", item=score["item"]
            )
        missing = {f"{value:g}" for value in score.get("missing", ()) if not isinstance(value, str)}
        for word, value in score.get("labels", {}).items():
            if not score["low"] <= value <= score["high"] and f"{value:g}" not in missing:
                raise BadInput(
                    "{column}: “{word}” is {value}, which is not on the scale {low}–{high}.",
                    field="labels",
                    column=score["column"],
                    word=word,
                    value=value,
                    low=score["low"],
                    high=score["high"],
                )
