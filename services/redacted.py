"""Redacted texts as people read them: what stands in place of personal data is named in the reader's language."""

from __future__ import annotations

import re
from functools import cache

from services.i18n import LANGUAGE_NAMES, N_, Translator, translator
from themes.spans import Kind

NAMES: dict[Kind, str] = {
    Kind.HETU: N_("[identity code]"),
    Kind.EMAIL: N_("[e-mail]"),
    Kind.PLATE: N_("[number plate]"),
    Kind.ADDRESS: N_("[address]"),
    Kind.PHONE: N_("[phone number]"),
    Kind.NAME: N_("[name]"),
    Kind.DATE_OF_BIRTH: N_("[date of birth]"),
}
_PLACEHOLDER = re.compile("|".join(re.escape(kind.placeholder) for kind in NAMES))
_BY_PLACEHOLDER = {kind.placeholder: name for kind, name in NAMES.items()}


def readable(t: Translator, text: str) -> str:
    """A stored text with its placeholders in the reader's language: "[NAME] auttoi" is "[nimi] auttoi" in Finnish."""
    return _PLACEHOLDER.sub(lambda match: t(_BY_PLACEHOLDER[match[0]]), text)


def stored(text: str) -> str:
    """A text as people read it, in any language, with the placeholders it was stored with.

    >>> stored("[nimi] auttoi, [namn] också"), stored("[NAME] auttoi")
    ('[NAME] auttoi, [NAME] också', '[NAME] auttoi')
    """
    names, pattern = _by_name()
    return pattern.sub(lambda match: names[match[0]], text)


@cache
def _by_name() -> tuple[dict[str, str], re.Pattern[str]]:
    names = {
        translator(language)(name): kind.placeholder for language in LANGUAGE_NAMES for kind, name in NAMES.items()
    }
    return names, re.compile("|".join(re.escape(name) for name in names))
