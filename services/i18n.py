"""Languages: gettext catalogues read at start, numbers and dates by Babel. No global current language."""

from __future__ import annotations

import datetime as dt
import gettext
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_scientific

from models.base import LANGUAGES, localised
from services.errors import ServiceError

LOCALES = Path(__file__).resolve().parent.parent / "locales"
DEFAULT_LANGUAGE = "fi"
HUGE = 1e15
"""From here on a number is written with its power of ten: nobody counts so many digits."""
LANGUAGE_NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def N_(text: str) -> str:
    """Mark a text for translation where it is not translated yet."""
    return text


@lru_cache(maxsize=8)
def _catalogue(language: str) -> gettext.NullTranslations:
    """Every .po file of a language as one catalogue; English is the source and needs none."""
    merged: gettext.NullTranslations = gettext.NullTranslations()
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        buffer = io.BytesIO()
        with path.open("rb") as file:
            write_mo(buffer, read_po(file, locale=language))
        buffer.seek(0)
        part = gettext.GNUTranslations(buffer)
        part.add_fallback(merged)
        merged = part
    return merged


class Translator:
    """Says things in one language.

    Call it with an English msgid; `say` fills placeholders with values printed the language's way.
    """

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        self._catalogue = _catalogue(self.language)

    def __call__(self, text: str) -> str:
        """The text in this language."""
        return self._catalogue.gettext(text)

    def plural(self, singular: str, plural: str, number: int) -> str:
        """The right plural form, with {n} filled in."""
        return self._catalogue.ngettext(singular, plural, number).format(n=self.number(number))

    def say(self, text: str, **values: object) -> str:
        """The text in this language with its placeholders filled in, numbers and dates printed the language's way."""
        return self(text).format(**{key: self.value(value) for key, value in values.items()})

    def error(self, error: ServiceError) -> str:
        """A service's refusal in this language."""
        return self.say(error.text, **error.values)

    def local(self, text: Mapping[str, str] | None) -> str:
        """A text kept in several languages, in this one if it exists in it."""
        return localised(text, self.language)

    def value(self, value: object) -> str:
        """Any value as a person writes it."""
        if isinstance(value, bool):
            return self("yes") if value else self("no")
        if isinstance(value, int | float):
            return self.number(value)
        if isinstance(value, dt.datetime):
            return self.date(value.date())
        if isinstance(value, dt.date):
            return self.date(value)
        return str(value)

    def number(self, value: float, decimals: int | None = None, *, signed: bool = False) -> str:
        """A number with the language's decimal mark: whole numbers whole, others with two decimals unless told."""
        if value != value:
            return "–"
        if HUGE <= abs(value) < float("inf"):
            return format_scientific(value, format="0.##E0", locale=self._locale).replace("-", "\N{MINUS SIGN}")
        if decimals is None:
            decimals = 0 if float(value).is_integer() else 2
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        if round(value, decimals) == 0:
            value = 0.0  # no "-0.00"
        text = format_decimal(value, format=pattern, locale=self._locale)
        return "+" + text if signed and value > 0 else text.replace("-", "\N{MINUS SIGN}")

    def percent(self, share: float, decimals: int = 0) -> str:
        """A share (0-1) as per cent, with the no-break space Finnish and Swedish want."""
        text = self.number(share * 100, decimals)
        return f"{text}%" if self.language == "en" else f"{text}\N{NO-BREAK SPACE}%"

    def date(self, day: dt.date) -> str:
        """A day: 23.11.2026 in Finnish and Swedish of Finland, 23 Nov 2026 in English."""
        return format_date(day, "d MMM yyyy" if self.language == "en" else "d.M.yyyy", locale=self._locale)

    @property
    def _locale(self) -> str:
        return {"fi": "fi_FI", "sv": "sv_FI", "en": "en_GB"}[self.language]


@lru_cache(maxsize=8)
def translator(language: str) -> Translator:
    """The translator of a language."""
    return Translator(language)
