"""What a chart's finished specification says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from charts.look import Look

LOOKS = [Look(language=language, dark=dark) for language in ("fi", "sv", "en") for dark in (False, True)]


def same(text: str) -> str:
    """English, untranslated."""
    return text


def spec(chart: Any) -> dict[str, Any]:
    """The specification as it goes to the browser: valid Vega-Lite, and valid JSON without NaN."""
    made = chart.to_dict()
    json.dumps(made, allow_nan=False)
    return dict(made)


def values(node: Any, name: str) -> Iterator[Any]:
    """Every value under a key, however deep."""
    if isinstance(node, dict):
        for key, part in node.items():
            if key == name:
                yield part
            yield from values(part, name)
    elif isinstance(node, list):
        for part in node:
            yield from values(part, name)


def tables(made: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """Every table of rows the chart draws from. None is a named data set: those lose their lists on the way."""
    assert "datasets" not in made
    return [rows for rows in values(made, "values") if rows and isinstance(rows[0], dict)]


def drawn(made: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
    """Rows of the chart's data that have all of the fields, each once."""
    found: dict[str, dict[str, Any]] = {}
    for rows in tables(made):
        for row in rows:
            if all(field in row for field in fields):
                found.setdefault(json.dumps(row, sort_keys=True), row)
    return list(found.values())


def said(made: dict[str, Any]) -> list[str]:
    """Every word written in the chart: marks of text, headings of axes and legends."""
    found: list[str] = []
    for name in ("text", "title", "domain"):
        for part in values(made, name):
            found += [text for text in (part if isinstance(part, list) else [part]) if isinstance(text, str)]
    return found
