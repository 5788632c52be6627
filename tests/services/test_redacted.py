"""What stands in place of personal data is read in one's own language, and stays redacted when stored again."""

from __future__ import annotations

import pytest

from models.base import LANGUAGES
from services.i18n import translator
from services.redacted import NAMES, readable
from themes.redaction import redact
from themes.spans import Kind


def test_finnish_and_swedish_readers_get_their_own_words() -> None:
    text = "Kiitos [NAME], soita [PHONE]"
    assert readable(translator("fi"), text) == "Kiitos [nimi], soita [puhelinnumero]"
    assert readable(translator("sv"), text) == "Kiitos [namn], soita [telefonnummer]"
    assert readable(translator("en"), "[BRACKETS] stay") == "[BRACKETS] stay"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_own_word_and_redacting_again_changes_nothing(language: str) -> None:
    t = translator(language)
    words = {readable(t, kind.placeholder) for kind in Kind}
    assert set(NAMES) == set(Kind)
    assert len(words) == len(Kind)
    assert not words & {kind.placeholder for kind in Kind}
    for word in words:
        assert redact(f"Kerroin sen: {word}, ja sitten").text == f"Kerroin sen: {word}, ja sitten"
