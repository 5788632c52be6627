"""Finnish and Swedish names with their Finnish cases, and which of them are common words or places too."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

_HERE = Path(__file__).parent

_WEAKENED = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nt", "nn"), ("nk", "ng"), ("mp", "mm"), ("lt", "ll"), ("rt", "rr"),
    ("ht", "hd"),
)  # fmt: skip
_VOWELS = "aeiouyäöå"


class Known(NamedTuple):
    """What the lists say of a word form.

    Attributes:
        first: A first name.
        last: A surname.
        common: Also a common word, so capitals at the start of a sentence prove nothing.
        word: Also some word of a spelling dictionary, or a rare name: a name only with a capital letter.
        place: Also a town, a programme or a word of grammar, so it needs a first name or a title beside it.
    """

    first: bool
    last: bool
    common: bool
    word: bool
    place: bool


class Lexicon:
    """Every form of every listed name, by its case-folded spelling.

    Args:
        first_names: First names as they are written.
        last_names: Surnames.
        common: Forms that are common words, case-folded.
        words: Forms that are other words.
        grammar: Forms that are hardly ever names.
        places: Forms of places.
        far: Names of the first two that are taken for names with a capital letter only.
    """

    def __init__(
        self,
        first_names: set[str],
        last_names: set[str],
        *,
        common: frozenset[str] = frozenset(),
        words: frozenset[str] = frozenset(),
        grammar: frozenset[str] = frozenset(),
        places: frozenset[str] = frozenset(),
        far: frozenset[str] = frozenset(),
    ) -> None:
        first = {form for name in first_names for form in forms(name.casefold())}
        last = {form for name in last_names for form in forms(name.casefold())}
        near = {form for name in (first_names | last_names) - far for form in forms(name.casefold())}
        kinds: dict[Known, Known] = {}  # a handful of different ones for a hundred thousand forms
        self._known: dict[str, Known] = {}
        for form in first | last:
            short = len(form) < 3
            known = Known(
                first=form in first,
                last=form in last,
                common=short or form in common or form in grammar,
                word=len(form) < 4 or form not in near or form in words or form in common,
                place=short or form in places or form in grammar,
            )
            self._known[form] = kinds.setdefault(known, known)
        self._places = places

    def __len__(self) -> int:
        return len(self._known)

    def find(self, word: str) -> Known | None:
        """What is known of a word, in any case of letters; of a double name, of its first and last part."""
        folded = word.casefold()
        known = self._known.get(folded)
        if known is None and "-" in folded:
            parts = [self._known.get(part) for part in folded.split("-")]
            if parts[0] and parts[-1]:
                known = Known(parts[0].first, parts[-1].last, False, False, False)
        return known

    def is_place(self, word: str) -> bool:
        """Whether a word is a form of a town's, a district's or a country's name."""
        return word.casefold() in self._places


@cache
def lexicon() -> Lexicon:
    """The lexicon of Faker's Finnish and Swedish name lists and of ours, built once."""
    from faker.providers.person.fi_FI import Provider as Finnish
    from faker.providers.person.sv_SE import Provider as Swedish

    more = _lists(_HERE / "more_names.txt")
    words = _lists(_HERE / "names_that_are_words.txt")
    near = {*Finnish.first_names, *Swedish.first_names, *Finnish.last_names, *Swedish.last_names}
    return Lexicon(
        {*Finnish.first_names, *Swedish.first_names, *more["first"], *more["far-first"]},
        {*Finnish.last_names, *Swedish.last_names, *more["last"], *more["far-last"]},
        common=frozenset(words["common"]),
        words=frozenset(words["word"]),
        grammar=frozenset(words["grammar"]),
        far=frozenset((more["far-first"] | more["far-last"]) - near - more["first"] - more["last"]),
        places=_places(_lists(_HERE / "names_that_are_places.txt")),
    )


def _places(lists: dict[str, set[str]]) -> frozenset[str]:
    every = {form for name in lists["place"] for form in forms(name.casefold())}
    where = {
        form
        for name in lists["where"]
        for form in forms(name.casefold())
        if form.endswith(("ssa", "ssä", "sta", "stä", name[-1] * 2 + "n"))
    }
    return frozenset(every | where | lists["form"])


def _lists(path: Path) -> dict[str, set[str]]:
    """Words of a file by the tag that begins their line: "first: Aino Eino"."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        tag, _, words = line.partition(":")
        if not line.startswith("#"):
            found.setdefault(tag, set()).update(words.split())
    return found


def forms(name: str) -> Iterator[str]:
    """A name in the Finnish cases people use of people, and its Swedish genitive.

    >>> sorted(set(forms("pekka")) & {"pekan", "pekalle", "pekkaa", "pekkaan"})
    ['pekalle', 'pekan', 'pekkaa', 'pekkaan']
    >>> "virtaselta" in set(forms("virtanen"))
    True
    """
    yield name
    if len(name) < 3:
        return
    yield name + "s"
    front = not any(letter in "aou" for letter in name)
    a = "ä" if front else "a"
    if name.endswith("nen"):
        yield from _cased(name[:-3] + "se", a)
        yield name[:-3] + "st" + a
        yield name[:-3] + "set"
    elif name.endswith(("us", "ys", "es", "os", "is", "as")) and len(name) > 4:
        stem = name[:-1] + "kse"
        yield from _cased(stem, a)
        yield name + "t" + a
    elif name[-1] not in _VOWELS:
        yield from _cased(name + "i", a)
        yield name + "i" + a
    elif name.endswith("e"):
        yield from _cased(name, a)
        yield from _cased(name + "e", a)
        yield name + "tt" + a
    else:
        yield from _cased(_weak(name), a)
        yield from _cased(name, a)
        yield name + a
        yield name + name[-1] + "n"
        if name.endswith("i"):
            yield name[:-1] + "ea"
            yield from _cased(_weak(name[:-1] + "e"), a)


def _cased(stem: str, a: str) -> Iterator[str]:
    for ending in ("n", "lle", f"lt{a}", f"ll{a}", f"st{a}", f"ss{a}", f"n{a}", "nkin", "llekin"):
        yield stem + ending


def _weak(name: str) -> str:
    """The weak grade of a name's last consonants: Pekka -> Peka(n), Antti -> Anti(n), Lahti -> Lahdi(n)."""
    for strong, weak in _WEAKENED:
        if name[:-1].endswith(strong):
            return name[: -1 - len(strong)] + weak + name[-1]
    if len(name) > 3 and name[-2] == "t" and name[-3] in _VOWELS:
        return name[:-2] + "d" + name[-1]
    return name
