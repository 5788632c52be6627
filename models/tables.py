"""Every table module, imported once so that the metadata is whole."""

from models import (
    decisions,
    feedback,
    imports,
    metrics,
    organisation,
    people,
    pilots,
    plans,
    text_models,
    theme_answers,
    theme_curation,
    themes,
)

__all__ = [
    "decisions",
    "feedback",
    "imports",
    "metrics",
    "organisation",
    "people",
    "pilots",
    "plans",
    "text_models",
    "theme_answers",
    "theme_curation",
    "themes",
]
