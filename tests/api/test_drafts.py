"""The script that keeps drafts: filled in, in every language."""

from __future__ import annotations

import json
import re

from api import browser
from services.i18n import LANGUAGE_NAMES


def test_the_script_has_every_sentence_in_every_language() -> None:
    text = browser.script().text
    found = re.search(r"const SAID = (\{.*?\});", text)
    assert found, "the sentences are filled in"
    said = json.loads(found[1])
    assert set(said) == set(LANGUAGE_NAMES)
    for language in said.values():
        assert set(language) == set(browser.SAID)
    assert all(len({said[language][name] for language in said}) == len(LANGUAGE_NAMES) for name in browser.SAID)
    assert set(re.findall(r'say\([^)]*?"(\w+)"', text)) <= set(browser.SAID)


def test_the_digest_covers_both_scripts() -> None:
    text = browser.script().text
    assert text.index("data-luotsi-ticket") < text.index("luotsi-draft:")
    assert "/*SAID*/" not in text
