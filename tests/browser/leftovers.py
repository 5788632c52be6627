"""Words in the wrong language: texts of the code and of Streamlit that a page shows untranslated.

What people wrote themselves (comments, pilots' own texts) is in their language and is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from playwright.sync_api import Page

from services.i18n import translator
from tests.catalogues import texts

VISIBLE = """() => {
  const found = new Set();
  const hidden = "script, style, noscript, code, pre, .material-symbols-outlined, [data-testid=stIconMaterial]";
  const drawn = (element) => !element.checkVisibility || element.checkVisibility();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (!element || element.closest(hidden) || element.closest("[lang]:not(html)")) continue;
    if (!drawn(element)) continue;
    if (node.nodeType === 3) found.add(node.nodeValue.trim());
    else for (const name of ["aria-label", "title", "placeholder", "alt"]) found.add(node.getAttribute(name) || "");
  }
  return [...found].filter(Boolean);
}"""
ENGLISH = frozenset(
    (
        "the",
        "and",
        "of",
        "with",
        "this",
        "that",
        "these",
        "those",
        "your",
        "you",
        "are",
        "from",
        "which",
        "what",
        "when",
        "have",
        "has",
        "been",
        "was",
        "were",
        "would",
        "could",
        "should",
        "does",
        "how",
        "its",
        "their",
        "there",
        "because",
        "between",
        "before",
        "after",
        "than",
        "then",
        "they",
        "will",
        "can",
        "cannot",
    )
)
"""Words that are English and neither Finnish nor Swedish."""
SHORT = 3
"""A text of so few letters may be the same in two languages."""


def shown(page: Page) -> set[str]:
    """Every text a reader sees or hears on the page as it stands, parts marked as another language left out."""
    return set(page.evaluate(VISIBLE))


def leftovers(found: Iterable[str], language: str, *, written: str) -> list[str]:
    """What is in the wrong language, in order.

    Args:
        found: Texts of a page.
        language: fi or sv; English pages have nothing to look for but the other two.
        written: Everything people wrote, in one text.
    """
    wrong = _texts_of_others(language)
    return sorted(
        text
        for text in found
        if text not in written
        and (text in wrong or (language != "en" and ENGLISH & set(re.findall(r"[a-z]+", text.lower()))))
    )


@cache
def _texts_of_others(language: str) -> frozenset[str]:
    """Every text of the code in the other languages, where it reads differently in this one."""
    others = [translator(code) for code in ("fi", "sv", "en") if code != language]
    own = translator(language)
    every = {text.singular for text in texts()}
    right = {own(text) for text in every}
    wrong = {other(text) for text in every for other in others}
    return frozenset(text for text in wrong - right if len(re.sub(r"[\W\d_]", "", text)) > SHORT)
