"""Themes of comments: one logistic regression a theme on words and meaning, corrected by people."""

from themes.classifier.fit import fit
from themes.classifier.model import LEAST, THRESHOLD, Assigned, FittedThemes, ThemeScore, doubt
from themes.classifier.quality import Quality, ThemeQuality, cross_validated, measure
from themes.definition import LabelledComment, ThemeDefinition

__all__ = [
    "LEAST", "THRESHOLD", "Assigned", "FittedThemes", "LabelledComment", "Quality", "ThemeDefinition", "ThemeQuality",
    "ThemeScore", "cross_validated", "doubt", "fit", "measure",
]  # fmt: skip
