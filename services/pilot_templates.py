"""Changes that others have tried, by kind of service and theme: a sentence with blanks, and what to keep an eye on."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.metrics import MetricFamily
from models.organisation import CustomerType, Unit
from models.pilots import PilotKind
from models.themes import Theme
from services.rows import key

FILE = Path(__file__).with_name("pilot_templates.json")
BLANK = "___"


class ServiceArea(enum.StrEnum):
    """Kinds of services whose pilots resemble each other."""

    HEALTH = "health"
    SOCIAL = "social"
    CARE = "care"
    RESCUE = "rescue"
    INTERNAL = "internal"


@dataclass(frozen=True, kw_only=True)
class Template:
    """A change that a unit could try.

    Attributes:
        code: Its name in the file.
        areas: The services it suits.
        kind: What sort of change it is.
        topics: What customers speak of when it helps.
        guardrails: Families of metrics that it might make worse.
        weeks: How long such a change is usually tried.
        name: A short name, by language.
        change: The change in one sentence, with blanks.
        watch: What to keep an eye on, in one or two sentences.
    """

    code: str
    areas: tuple[ServiceArea, ...]
    kind: PilotKind
    topics: tuple[str, ...]
    guardrails: tuple[MetricFamily, ...]
    weeks: int
    name: Mapping[str, str]
    change: Mapping[str, str]
    watch: Mapping[str, str]


def every() -> tuple[Template, ...]:
    """All templates, as they stand in the file."""
    return _read()[0]


def by_code(code: str | None) -> Template | None:
    """The template with a code; None when there is none."""
    return next((template for template in every() if template.code == code), None)


def fitting(*, areas: Sequence[ServiceArea], theme: Theme | None = None) -> list[Template]:
    """Templates for some services, those that answer the theme first.

    Args:
        areas: The services, the nearest first.
        theme: What customers speak of; None for no theme in particular.
    """
    about = topics_of(theme) if theme is not None else frozenset()
    found = [template for template in every() if set(template.areas) & set(areas)]
    return sorted(found, key=lambda template: not about & set(template.topics))


def answers(template: Template, theme: Theme) -> bool:
    """Whether a template answers what customers speak of."""
    return bool(topics_of(theme) & set(template.topics))


def topics_of(theme: Theme) -> frozenset[str]:
    """What a theme is about, told from the words of its name in any language."""
    return frozenset(_matching(theme.name.values(), _read()[2]))


def areas_of(units: Iterable[Unit], unit_id: int) -> tuple[ServiceArea, ...]:
    """The kinds of services that a unit gives, told from its own name, else from that of the branch above it.

    A name may tell of two; one that serves colleagues is an internal service first. Where no name tells, health and
    social services are taken.
    """
    by_id = {key(unit.id): unit for unit in units}
    node: Unit | None = by_id[unit_id]
    internal = node is not None and node.customer_type is CustomerType.INTERNAL
    found: list[ServiceArea] = []
    while node is not None and not found:
        found = [ServiceArea(area) for area in _matching(node.name.values(), _read()[1])]
        node = by_id.get(node.parent_id) if node.parent_id is not None else None
    told = found or [ServiceArea.HEALTH, ServiceArea.SOCIAL]
    return (ServiceArea.INTERNAL, *told) if internal else tuple(told)


def _matching(texts: Iterable[str], stems: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of the lists with a stem in any of the texts."""
    words = " ".join(texts).casefold()
    return [name for name, parts in stems.items() if any(part in words for part in parts)]


@cache
def _read() -> tuple[tuple[Template, ...], dict[str, list[str]], dict[str, list[str]]]:
    """The templates, the words that tell of services, and those that tell of topics."""
    told: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    templates = tuple(
        Template(
            code=row["code"],
            areas=tuple(ServiceArea(area) for area in row["areas"]),
            kind=PilotKind(row["kind"]),
            topics=tuple(row["topics"]),
            guardrails=tuple(MetricFamily(family) for family in row["guardrails"]),
            weeks=row["weeks"],
            name=row["name"],
            change=row["change"],
            watch=row["watch"],
        )
        for row in told["templates"]
    )
    return templates, told["areas"], told["topics"]
