"""People's names in running text: name lists, titles, greetings and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from themes.name_lists import Known, Lexicon, lexicon
from themes.spans import Kind, Span

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?…:;\n\r\"”»(\[•*/]|\s[-–—]|^[-–—])[\s\"”»(]*$")
_INITIAL_GAP = re.compile(r"^(?:[ \u00a0]|[ \u00a0]?[A-ZÅÄÖ]\.?[ \u00a0])$")

_TITLE = re.compile(
    r"^(?:(?:sairaan|lähi|kodin|omalääkä|hammas|suu|terveyden|leikkaava)?(?:hoita|lääkä|hoitaja|lääkäri)\w*"
    r"|omahoitaja\w*|omalääkäri\w*|tohtori\w*|tri|dosentti\w*|professori\w*|rouva\w*|herra\w*|neiti\w*|(?:fysio|toiminta|puhe|psyko)"
    r"terapeut\w*|fyssari\w*|psykologi\w*|psykiatri\w*|(?:sosiaali)?työntekij\w*|sosiaaliohjaaja\w*|ohjaaja\w*"
    r"|kuljettaja\w*|vastaanottovirkailija\w*|virkailija\w*|(?:palo)?tarkastaja\w*|kätilö\w*|esihenkilö\w*|esimies\w*"
    r"|johtaja\w*|päällikkö\w*|avustaja\w*|kouluttaja\w*|opettaja\w*|naapuri\w*|vaimo\w*|mieheni|poikani|tyttäreni|äitini"
    r"|isäni|lapseni|nimeltä\w*|sköterskan?|läkaren?|doktor\w*|överläkaren?|herr|fru|fröken|tandläkaren?|barnmorskan?"
    r"|fysioterapeuten?|socialarbetaren?|brandinspektören?|kuratorn?|handläggaren?|vid\s?namn|doctor|dr|nurse|mr|mrs|ms|miss"
    r"|physiotherapist|inspector|midwife|named)$",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"(?:\b(?:nimeni\s(?:on|oli)|nimi\s?(?:on|:)|olen\snimeltäni|minä\solen|jag\sheter|mitt\snamn\sär|heter|namn\s?(?:är|:)"
    r"|my\sname(?:\sis|['’]s)|i\sam|i['’]m|name\s?(?:is|:)|called)\s+)$",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:(?:^|[\s.,!?])(?:t|terv|terveisin|terveisiä|yst\.?\s?terv|ystävällisin\sterveisin|kunnioittaen|ystävällisesti"
    r"|mvh|hälsningar|hälsar|vänligen|med\svänlig(?:a)?\shälsning(?:ar)?|regards|best\sregards|sincerely|yours)"
    r"\s?[.,:]?\s+|[\n]\s*[-–]\s*)$",
    re.IGNORECASE,
)
_PERSON_VERB = re.compile(
    r"^\s(?:hoiti|auttoi|soitti|kertoi|neuvoi|palveli|kuunteli|otti|hjälpte|ringde|lyssnade|helped|called|listened)\b",
    re.IGNORECASE,
)
_SURNAME_END = re.compile(
    r"^[A-ZÅÄÖ][a-zåäöé]{2,}(?:nen|sen|selle|sella|sellä|selta|seltä|sson|ssonin|ssonille|ssons|qvist|kvist|gren|ström)s?$"
)
_NOT_A_SURNAME = re.compile(
    r"^(?:Punai|Sini|Vihreä|Keltai|Valkoi|Pohjoi|Etelä|Itä|Länti|Keski|Kansalli|Yhtei|Suomalai|Ruotsalai|Venälä|Alku|Viimei"
    r"|Ensimmäi|Toi|Jokai|Ihmi|Kaiken|Yksityi|Julki|Sisäi|Ulkoi|Paikalli|Lapse|Nai|Mie|Eräänlai|Miksen|Olen|Tulen|Menen"
    r"|Kutsu|Asuk|Potilaa|Jatku|Kysymyk|Vastauk|Päätök|Tarkastuk|Seuraavak|Ilmoituk|Opetuk|Koulutuk|Keskuk|Asemak|Lasara)"
)
_NOT_A_NAME = re.compile(
    r"^(?:kela|kanta|omakanta|omaolo|suom|turku|turu|helsin|tampere|espoo|vanta|oulu|hus|tyks|tays|kys|oys|covid|korona|osasto"
    r"|poliklini|terveysasema|hyvinvointialu|sairaal|päivysty|hammashoito|neuvola|kotihoi|palvelutalo|kirurgi|sisätau"
    r"|(?:maanantai|tiistai|keskiviiko?|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\w*|facebook|whatsapp|teams|google|finland"
    r"|sverige|sweden|the$|i$|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    re.IGNORECASE,
)


class _Word(NamedTuple):
    text: str
    start: int
    end: int
    known: Known | None

    @property
    def capitalised(self) -> bool:
        return self.text[0].isupper() and (len(self.text) == 1 or not self.text[1:].isupper())


def find_names(text: str) -> Iterator[Span]:
    """Names of people: listed ones in any Finnish case, and unknown ones after a title, "my name is" or a greeting.

    A word that is also a common word ("Toivo", "Anna", "Kai") counts as a name only inside a sentence, beside another
    name, or after a title.
    """
    names = lexicon()
    words = [_Word(m[0], m.start(), m.end(), names.find(m[0])) for m in _WORD.finditer(text)]
    shouting = sum(word.text.isupper() for word in words) > len(words) / 2
    position = 0
    while position < len(words):
        length = _name_length(text, words, position, names, shouting=shouting)
        if length:
            yield Span(words[position].start, words[position + length - 1].end, Kind.NAME)
        position += length or 1


def _name_length(text: str, words: list[_Word], position: int, names: Lexicon, *, shouting: bool) -> int:
    """How many words from `position` are one person's name; 0 when none."""
    word = words[position]
    before = text[max(0, word.start - 40) : word.start]
    if not word.known and not word.text[0].isupper():
        return 0
    titled = position > 0 and _after_title(text, words[position - 1], word)
    introduced = bool(_INTRODUCED.search(before))
    signed = bool(_SIGNED.search(before)) and not shouting
    if introduced and (word.known or (word.capitalised and not _is_organisation(word))):
        return _run(text, words, position, unknown=True)
    if titled or signed:
        if word.known and (word.capitalised or not word.known.ambiguous):
            return _run(text, words, position, unknown=True)
        if word.capitalised and len(word.text) > 1 and not shouting and not _is_organisation(word):
            return _run(text, words, position, unknown=True)
    if not word.known:
        inside = word.capitalised and not _SENTENCE_START.search(before)
        surname = _SURNAME_END.match(word.text) and not _NOT_A_SURNAME.match(word.text)
        return _run(text, words, position, unknown=False) if inside and surname and not shouting else 0
    if _full_name(text, words, position):
        return _run(text, words, position, unknown=True)
    if not word.capitalised or shouting or word.known.place:
        return 0
    if not word.known.ambiguous:
        return _run(text, words, position, unknown=word.known.first)
    inside = not _SENTENCE_START.search(before) or bool(_PERSON_VERB.match(text[word.end :]))
    return _run(text, words, position, unknown=False) if inside else 0


def _full_name(text: str, words: list[_Word], position: int) -> bool:
    """Whether a known first name is followed by a surname, in any letter case when both are sure."""
    if position + 1 >= len(words):
        return False
    word, following = words[position], words[position + 1]
    if not word.known or not word.known.first or not _INITIAL_GAP.match(text[word.end : following.start]):
        return False
    if word.capitalised and following.capitalised and len(following.text) > 2:
        return bool(following.known and following.known.last) or bool(_SURNAME_END.match(following.text))
    sure = not word.known.ambiguous and following.known and following.known.last
    return bool(sure and following.known and not following.known.ambiguous)


def _run(text: str, words: list[_Word], position: int, *, unknown: bool) -> int:
    """Extend a name over the words that belong to it: known names, an initial, one unknown capitalised surname."""
    length = 1
    while length < 4 and position + length < len(words):
        last, following = words[position + length - 1], words[position + length]
        if not _INITIAL_GAP.match(text[last.end : following.start]):
            break
        known = following.known and (following.capitalised or not following.known.ambiguous)
        initial = len(following.text) == 1 and following.text.isupper() and length == 1
        surname = unknown and length == 1 and following.capitalised and not _is_organisation(following)
        if not (known or initial or surname):
            break
        length += 1
    return length


def _after_title(text: str, previous: _Word, word: _Word) -> bool:
    gap = text[previous.end : word.start]
    return (
        gap in (" ", ". ", "\u00a0") and bool(_TITLE.match(previous.text)) and (gap != ". " or len(previous.text) <= 3)
    )


def _is_organisation(word: _Word) -> bool:
    place = word.text.endswith(("ssa", "ssä", "sta", "stä", "lla", "llä")) and not word.known
    return place or bool(_NOT_A_NAME.match(word.text))
