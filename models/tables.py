"""Every table module, imported once so that the metadata is whole."""

from models import (
    adoption,
    decisions,
    feedback,
    ideas,
    imports,
    meetings,
    metrics,
    organisation,
    people,
    pilots,
    plans,
    text_models,
    theme_answers,
    theme_curation,
    themes,
    walks,
)

__all__ = [
    "adoption",
    "decisions",
    "feedback",
    "ideas",
    "imports",
    "meetings",
    "metrics",
    "organisation",
    "people",
    "pilots",
    "plans",
    "text_models",
    "theme_answers",
    "theme_curation",
    "themes",
    "walks",
]
