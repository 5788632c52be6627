"""A method told twice: in plain words for everyone, then with its formula and where it comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pages.context import Context
from services.i18n import Translator
from services.wording import sentence
from stats.messages import Message

Rows = list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class Card:
    """One method.

    Attributes:
        name: Its stable name, also the place on the page that an address can point to.
        title: What it is about, a msgid.
        plain: Paragraphs for everyone; the first alone must do.
        keywords: Further words that people may search by, a msgid.
        detail: Paragraphs for those who want to know more.
        formula: In LaTeX, its letters explained in `detail`; "" for none.
        sources: Papers and books, the same in every language.
        picture: Draws what comes after the first paragraph; None for none.
        table: Rows shown after the plain paragraphs; None for none.
        detail_table: Rows shown after the detail; None for none.
    """

    name: str
    title: str
    plain: tuple[Message, ...]
    keywords: str
    detail: tuple[Message, ...]
    formula: str = ""
    sources: tuple[str, ...] = ()
    picture: Callable[[Context], None] | None = None
    table: Callable[[Translator], Rows] | None = None
    detail_table: Callable[[Translator], Rows] | None = None

    def formula_in(self, t: Translator) -> str:
        """The formula with the language's decimal mark."""
        mark = t.number(0.5, 1)[1]
        return re.sub(r"(?<=\d)\.(?=\d)", "." if mark == "." else f"{{{mark}}}", self.formula)

    def holds(self, t: Translator, words: str) -> bool:
        """Whether every word occurs in the card, as it reads in the translator's language."""
        everything = "\n".join(self._texts(t)).casefold()
        return all(word in everything for word in words.casefold().split())

    def _texts(self, t: Translator) -> Iterator[str]:
        yield t(self.title)
        yield t(self.keywords)
        yield from (sentence(t, message) for message in (*self.plain, *self.detail))
        yield from self.sources
        for rows in (self.table, self.detail_table):
            for row in rows(t) if rows is not None else ():
                yield from row.values()
