"""The one-page brief on paper: one A4 page, whatever the pilot."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from documents import figures, pictures, typesetting
from services.brief_words import BriefWords, words
from services.briefs import Brief
from services.i18n import Translator

FITS = ((9.5, 320), (9.0, 320), (8.5, 320), (8.0, 240), (7.5, 200), (7.5, 120))
"""Size of the letters, and how many characters a text may have before it is shortened, from the most comfortable
down: the first that fits the page is taken. The pilot's own page has the whole of every text."""
LONGEST_TITLE = 90
MOST = {"reasons": 6, "attention": 3, "would_change": 4, "guards": 8, "decision": 2}
"""How many of each a page has room for; the rest is counted."""
PICTURE = 400
SIGNS = {
    "scale": ("up", "green"),
    "extend": ("forward", "sea"),
    "adapt": ("back", "amber"),
    "stop": ("square", "violet"),
    "not_enough_data": ("wait", "grey"),
    "": ("wait", "grey"),
}
"""A verdict's sign and tone."""


def pdf(t: Translator, brief: Brief, *, address: str) -> bytes:
    """A pilot's brief as PDF, exactly one page.

    Args:
        t: The language.
        brief: What it says.
        address: The pilot's own page, for the code in the corner.

    Raises:
        ValueError: The brief does not fit a page in the smallest letters and the shortest texts.
    """
    said = words(t, brief)
    shown: dict[str, bytes] = {"page.svg": pictures.qr(address)}
    figure = None
    if brief.result is not None and not brief.few_answers:
        figure = figures.effect(t, brief.whole.metric, brief.result, width=PICTURE)
    if figure is not None:
        shown["effect.svg"] = figure.svg
    title = t.say("{pilot}: one-page brief", pilot=said.title)
    for size, longest in FITS:
        data = {
            "size": size,
            "words": _fitted(t, said, longest),
            "labels": _labels(t),
            "decided": brief.decided is not None or brief.waiting is not None,
            "sign": SIGNS[said.verdict_key],
            "alt": figure.alt if figure else "",
            "code_alt": t.say("QR code that opens the page of the pilot {code}", code=brief.row.pilot.code),
            "address": address,
        }
        page = typesetting.pdf("brief", data, title=title, language=t.language, pictures=shown)
        if typesetting.page_count(page) == 1:
            return page
    raise ValueError(f"the brief of {brief.row.pilot.code} does not fit one page.")


def _labels(t: Translator) -> dict[str, str]:
    return {
        "kind": t("One-page brief"),
        "effect": t("Effect against the smallest change that matters"),
        "plan": t("What is measured"),
        "customers": t("What do customers say?"),
        "change": t("What changes"),
        "prediction": t("What we expect"),
        "taken_part": t("Who has taken part"),
        "guards": t("What must not get worse"),
        "guard": t("What"),
        "state": t("State"),
        "amount": t("Change and its interval"),
        "no_guards": t("The plan names no guardrail."),
        "checks": t("Checks"),
        "evidence": t("How good the evidence is"),
        "staff": t("What the staff say"),
        "cost": t("Cost of the first year"),
        "if_wrong": t("What if we are wrong"),
        "would_change": t("What would change this"),
        "decision": t("Decision"),
        "whole": t("The whole pilot"),
    }


def _fitted(t: Translator, said: BriefWords, longest: int) -> dict[str, Any]:
    """The words with long texts shortened and long lists cut, so that any pilot fits."""
    fitted: dict[str, Any] = _shortened(asdict(said), longest)
    fitted["title"] = _shortened(said.title, LONGEST_TITLE)
    for name, most in MOST.items():
        left = len(fitted[name]) - most
        if left > 0:
            more = t.plural("and {n} more", "and {n} more", left)
            fitted[name] = [*fitted[name][:most], ["", more, ""] if name == "guards" else more]
    return fitted


def _shortened(value: Any, longest: int) -> Any:
    if isinstance(value, str):
        value = typesetting.one_line(value)
        return value if len(value) <= longest else value[:longest].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
    if isinstance(value, dict):
        return {name: _shortened(part, longest) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(part, longest) for part in value]
    return value
