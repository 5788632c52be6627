"""Street addresses: a street name with a house number, a postal code with a town."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_CASE = r"(?:lla|llä|lta|ltä|lle|ssa|ssä|sta|stä|n|a|ä)?"
_FI_SURE = rf"(?i:(?:katu|kuja|polku|väylä|raitti|puistikko|tie|kadu|polu|raiti|kaare|kaari){_CASE})"
_FI_CAPITAL = (
    rf"(?:(?:tori|aukio|ranta|ranna|mäki|mäe|rinne|rintee|penger|penkeree|piha|kulma|laita|rivi|aho|harju){_CASE})"
)
_SV = r"(?i:gata|gatan|gränd|gränden|stig|stigen|väg|vägen|vägs|allén|esplanaden|kajen|torget|backen|svängen)"
_EN = r"(?:Street|St|Road|Rd|Lane|Avenue|Drive|Way)"
_QUANTITY = r"(?!\s?(?:min|tun|km|metr|m\b|eur|€|%|kert|päiv|vuo|kilo|vko|viik|tim|dag|år|gång|hour|day|time))"
_NUMBER = (
    rf"\s\d{{1,4}}(?!\d){_QUANTITY}(?:\s?[-–]\s?\d{{1,4}})?(?::\w{{1,3}})?(?:\s?[A-Za-zÅÄÖåäö](?!\w))?"
    r"(?:\s?(?:as\.?|bost\.?|lgh\.?|huoneisto)?\s?\d{1,3}(?![\w.,:%€-]))?"
)
_CAPITALISED = r"[A-ZÅÄÖ][\wåäöÅÄÖ-]+"
_STREET = re.compile(
    rf"""(?<![\w-])(?:
        (?:{_CAPITALISED}\s)?[\w-]{{2,}}(?:{_FI_SURE}|{_SV}){_NUMBER}              # Rantakatu 5 B 12, vanha tie
      | {_CAPITALISED}{_FI_CAPITAL}{_NUMBER}                                       # Kauppatori 3
      | (?:{_CAPITALISED}\s){{1,2}}{_FI_SURE}{_NUMBER}                             # Aleksis Kiven katu 5
      | (?:\w{{3,}}\s)?\w{{3,}}n\s{_FI_SURE}{_NUMBER}                              # aleksis kiven katu 5
      | (?i:\w{{4,}}|norra|södra|östra|västra|gamla|stora|lilla)\s(?i:gatan|vägen|stigen|gränden){_NUMBER}
      | \d{{1,4}}[A-Z]?\s(?:[A-Z]\w+\s){{1,2}}{_EN}\b                              # 12 Harbour Street
    )""",
    re.VERBOSE,
)
_AT_HOME = re.compile(
    r"(?i:\b(?:osoit\w*|asu\w*|adress\w*|bor|address|live|lives|kotio\w+)(?:\s(?:on|är|is|at|på|in|i))?[\s:]{1,3})"
    rf"((?:{_CAPITALISED}\s)?[A-ZÅÄÖ][\w-]+(?:{_FI_SURE}|{_SV}))(?!\w)"
)
_POSTAL = re.compile(
    r"(?<![\w.,-])\d{5}\s(?!(?:Euro|Kertaa|Kpl|Henkil|Asiakas|Ihmis)\w*)[A-ZÅÄÖ][a-zåäöA-ZÅÄÖ]{2,}(?!\w)"
)
_NOT_STREETS = re.compile(
    r"(?:^|\s)(?:(?:hoito|palvelu|asiakas|koulu|ura|hoidon|palvelun|oppimis|kuntoutus)(?:polku|polu|tie|väylä)\w*"
    r"|(?:moottori|rauta|pääsy|halv|hela|järn|om|motor|på|i|den|hela)\s?(?:tie|väg)\w*)\s\d+\w?$",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Span]:
    """Home and street addresses in Finnish, Swedish and English forms, inflected too ("Rantakadulla 5 B")."""
    if any(character.isdigit() for character in text):
        for match in _STREET.finditer(text):
            if not _NOT_STREETS.search(match[0]):
                yield Span(match.start(), match.end(), Kind.ADDRESS)
        for match in _POSTAL.finditer(text):
            yield Span(match.start(), match.end(), Kind.ADDRESS)
    for match in _AT_HOME.finditer(text):
        yield Span(match.start(1), match.end(1), Kind.ADDRESS)
