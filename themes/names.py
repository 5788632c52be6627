"""People's names in running text: name lists, titles, greetings and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from themes import name_context as context
from themes.name_lists import Known, Lexicon, lexicon
from themes.spans import Kind, Span

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_GAP = re.compile(r"^(?:[ \u00a0]|[ \u00a0]?[A-ZÅÄÖ]\.?[ \u00a0]|\.[ \u00a0]?)$")
_INITIALS = re.compile(r"(?<!\w)(?:[A-ZÅÄÖ](?:-[A-ZÅÄÖ])?\.[ \u00a0]?){1,3}$")
_POSSESSIVE = ("'s", "’s")
_WHERE = frozenset({"på", "i", "vid", "at", "in", "near"})
_AND = (" ja ", " och ", " and ", " & ", ", ", " sekä ", " samt ")
_SHORT_GAPS = (" ", "\u00a0")


class _Word(NamedTuple):
    """A word of the text.

    Attributes:
        text: As it is written, without an English possessive.
        start: Where it begins.
        end: Where it ends.
        known: What the lists say of it.
        titled: Whether a person's title is tied to it with a hyphen.
    """

    text: str
    start: int
    end: int
    known: Known | None
    titled: bool = False

    @property
    def capitalised(self) -> bool:
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text[1:].isupper())

    @property
    def sure(self) -> bool:
        """A listed name in any case of letters, since no dictionary has such a word."""
        return self.known is not None and not self.known.word and not self.known.place


def find_names(text: str) -> Iterator[Span]:
    """Names of people: listed ones in any Finnish case, and unknown ones after a title, "my name is" or a greeting.

    A word that is also a common word ("Toivo", "Anna", "Kai") counts as a name only inside a sentence, beside another
    name, or after a title.
    """
    names = lexicon()
    find = names.find
    words = [_Word(m[0], m.start(), m.end(), find(m[0])) for m in _WORD.finditer(text)]
    for index, word in enumerate(words):
        if word.known is None and ("-" in word.text or "'" in word.text or "’" in word.text):
            words[index] = _opened(word, names)
    shouting = False
    counted = False
    position = end = 0
    while position < len(words):
        word = words[position]
        if word.known is None and not word.text[0].isupper():
            position += 1
            continue
        if not counted:
            shouting = sum(word.text.isupper() for word in words) > len(words) / 2
            counted = True
        length = _name_length(text, words, position, names, shouting=shouting)
        if not length and end and text[end : word.start] in _AND and word.known and word.known.first:
            length = int(not word.known.common)
        if length:
            end = words[position + length - 1].end
            yield Span(_first_initial(text, word.start), words[position + length - 1].end, Kind.NAME)
        position += length or 1


def _first_initial(text: str, start: int) -> int:
    """Where a name begins with the initials before it; the "T." of a signature is none."""
    found = _INITIALS.search(text, max(0, start - 12), start)
    if not found or (found[0].startswith("T.") and context.opens_sentence(text, found.start())):
        return start
    return found.start()


def _opened(word: _Word, names: Lexicon) -> _Word:
    """A word of several parts: "Anna's" is Anna, "hoitaja-Jaana" a titled Jaana, "Helmi-osasto" nobody."""
    if word.text.endswith(_POSSESSIVE):
        text = word.text[:-2]
        known = names.find(text)
        return _Word(text, word.start, word.end - 2, known, titled=bool(known and not known.place))
    head, hyphen, tail = word.text.rpartition("-")
    if not hyphen or not head or not tail:
        return word
    if tail[0].isupper() and context.is_title(head):
        return _Word(tail, word.end - len(tail), word.end, names.find(tail), titled=True)
    if tail[0].islower() and not tail.isupper():
        known = names.find(head)
        if context.is_person_after_hyphen(tail) and (known or head[0].isupper()):
            return _Word(head, word.start, word.start + len(head), known, titled=True)
        return _Word(word.text.casefold(), word.start, word.end, None)
    return word


def _name_length(text: str, words: list[_Word], position: int, names: Lexicon, *, shouting: bool) -> int:
    """How many words from `position` are one person's name; 0 when none."""
    word = words[position]
    previous = words[position - 1] if position else None
    gap = text[previous.end if previous else 0 : word.start]
    telling = context.may_tell(previous.text if previous else "", gap)
    before = text[max(0, word.start - 40) : word.start] if telling else ""
    listed = word.known is not None and (word.capitalised or _lower_name(word, text))
    if telling and context.INTRODUCED.search(before) and (listed or _may_be_one(word, names, shouting)):
        return _run(text, words, position, names, unknown=2)
    if _full_name(text, words, position):
        return _run(text, words, position, names, unknown=1)
    if _surname_first(text, words, position):
        return 2
    if _of_something_else(text, words, position):
        return 0
    titled = word.titled or (previous is not None and _after_title(text, words, position))
    if titled or (telling and not shouting and context.SIGNED.search(before)):
        shouted = shouting and titled and context.is_shouted_surname(word.text)
        if listed or shouted or _may_be_one(word, names, shouting):
            return _run(text, words, position, names, unknown=2)
    if word.known is None:
        looks = not shouting and word.capitalised and _by_its_look(text, words, position)
        return _run(text, words, position, names, unknown=0) if looks and not _impossible(word, names) else 0
    if telling and word.known.first and not word.known.place:
        thanked = listed and context.THANKED.search(before) is not None
        am = context.I_AM.search(before) is not None and (word.capitalised or not word.known.word)
        if thanked or am:
            return _run(text, words, position, names, unknown=1)
    if word.known.place:
        return 0
    if word.sure and (not word.capitalised or len(word.text) > 3):
        return _run(text, words, position, names, unknown=int(word.known.first and word.capitalised))
    if not word.capitalised or shouting:
        return 0
    if not word.known.common and not _swedish_verb(word, text):
        return _run(text, words, position, names, unknown=int(word.known.first))
    if not context.opens_sentence(text, word.start) or _in_brackets(text, word):
        return _run(text, words, position, names, unknown=int(word.known.first))
    return _run(text, words, position, names, unknown=0) if context.PERSON_VERB.match(text[word.end :]) else 0


def _may_be_one(word: _Word, names: Lexicon, shouting: bool) -> bool:
    """Whether a word that no list knows can be a name where one is expected."""
    return word.capitalised and len(word.text) > 1 and not shouting and not _impossible(word, names)


def _swedish_verb(word: _Word, text: str) -> bool:
    return word.text.casefold() in context.SWEDISH_WORDS and context.SWEDISH.search(text) is not None


def _lower_name(word: _Word, text: str) -> bool:
    """Whether a listed name in small letters may be one after a title or a thank-you."""
    return word.known is not None and not word.known.common and not _swedish_verb(word, text)


def _in_brackets(text: str, word: _Word) -> bool:
    return text[max(0, word.start - 1) : word.start] == "(" and text[word.end : word.end + 1] in (")", ",")


def _by_its_look(text: str, words: list[_Word], position: int) -> bool:
    """Whether an unlisted word inside a sentence ends as surnames do, or has a listed surname after it."""
    word = words[position]
    if len(word.text) < 2:
        return False
    inside = not context.opens_sentence(text, word.start)
    if inside and context.is_surname_by_ending(word.text):
        where = position > 0 and words[position - 1].text.casefold() in _WHERE
        return not where and not context.is_organisations(text[word.end : word.end + 30])
    before = words[position - 1] if position else word
    alone = not before.capitalised or context.opens_sentence(text, before.start)
    if inside and alone and context.HELPED.match(text[word.end :]):
        return True
    if inside and word.text.endswith("lle") and context.THANKED.search(text, max(0, word.start - 40), word.start):
        return not context.is_organisations(text[word.end : word.end + 30])
    if position + 1 == len(words):
        return False
    following = words[position + 1]
    beside = text[word.end : following.start] in _SHORT_GAPS and following.capitalised
    known = following.known
    signature = not text[following.end :].strip(" .!\n")
    surname = known is not None and known.last and not known.first and not (known.place or known.common)
    return beside and surname and (inside or signature)


def _full_name(text: str, words: list[_Word], position: int) -> bool:
    """Whether a known first name is followed by a surname, in any letter case when both are sure."""
    if position + 1 >= len(words):
        return False
    word, following = words[position], words[position + 1]
    if not word.known or not word.known.first or not _GAP.match(text[word.end : following.start]):
        return False
    if "." in text[word.end : following.start] and len(word.text) > 1 and "-" not in word.text:
        return False
    if word.capitalised and following.capitalised and len(following.text) > 2:
        return bool(following.known and following.known.last) or context.is_surname_by_ending(following.text)
    return bool(
        following.known and following.known.last and not word.known.common and not following.known.common
        and (word.text.isupper() == following.text.isupper())
    )  # fmt: skip


def _surname_first(text: str, words: list[_Word], position: int) -> bool:
    """Whether a known surname is followed by a sure first name: "Ek Stefan", "Virtanen Matti"."""
    if position + 1 >= len(words):
        return False
    word, following = words[position], words[position + 1]
    if not (word.known and following.known and word.capitalised and following.capitalised):
        return False
    beside = text[word.end : following.start] in _SHORT_GAPS
    sure = word.known.last and not word.known.first and following.known.first and not following.known.common
    inside = not context.opens_sentence(text, word.start)
    return beside and sure and (inside or not word.known.common)


def _run(text: str, words: list[_Word], position: int, names: Lexicon, *, unknown: int) -> int:
    """Extend a name over the words that belong to it: known names, an initial, some unknown capitalised surnames.

    Args:
        text: The whole text.
        words: Its words.
        position: Where the name begins.
        names: The lists.
        unknown: How many words that no list knows may be taken.
    """
    length = 1
    while length < 5 and position + length < len(words):
        last, following = words[position + length - 1], words[position + length]
        gap = text[last.end : following.start]
        if not _GAP.match(gap) or ("." in gap and len(last.text) > 1):
            break
        if _is_particle(text, words, position + length):
            length += 2
            continue
        said = following.known
        known = said is not None and (following.capitalised or not said.word)
        if said is not None and said.last and not last.capitalised and not said.common:
            known = True
        initial = len(following.text) == 1 and following.text.isupper() and length == 1
        if not (known or initial):
            if unknown < 1 or not following.capitalised or _impossible(following, names):
                break
            unknown -= 1
        length += 1
    return length


def _is_particle(text: str, words: list[_Word], position: int) -> bool:
    """Whether a word such as "del" ties a name to the capitalised word after it: "Maria del Carmen"."""
    if words[position].text not in context.PARTICLES or position + 1 == len(words):
        return False
    following = words[position + 1]
    return text[words[position].end : following.start] == " " and following.capitalised and len(following.text) > 2


def _after_title(text: str, words: list[_Word], position: int) -> bool:
    """Whether a title stands before a word, or before the initial that stands before it ("Lääkäri J. Halla")."""
    word, previous = words[position], words[position - 1]
    gap = text[previous.end : word.start]
    if position > 1 and len(previous.text) == 1 and previous.text.isupper() and gap in (". ", ".", " "):
        return context.is_title(words[position - 2].text)
    return (
        gap in (" ", ". ", ", ", "\u00a0", ": ")
        and context.is_title(previous.text)
        and (gap != ". " or context.is_short_title(previous.text))
        and (gap != ", " or word.known is not None)
    )


def _of_something_else(text: str, words: list[_Word], position: int) -> bool:
    """Whether a name is a ward's, a hospital's or an illness's: "osasto Vanamo", "Marian sairaala"."""
    word = words[position]
    genitive = word.text.endswith(("n", "s")) and not word.text.endswith("nen")
    rest = text[word.end : word.end + 30]
    if context.IN_ENGLISH.match(rest) or (genitive and context.is_organisations(rest)):
        return True
    if not position or text[words[position - 1].end : word.start] not in (" ", ' "', " ”"):
        return False
    return context.is_unit(words[position - 1].text)


def _impossible(word: _Word, names: Lexicon) -> bool:
    return word.known is None and (context.cannot_be_a_name(word.text) or names.is_place(word.text))
