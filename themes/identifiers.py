"""Identity codes and e-mail addresses, by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_DASH = r"[-+\u2010-\u2015\u2212]"
_IDENTITY_CODE = re.compile(
    rf"""(?<![\w.])(?:
        \d{{6}}\s?(?:{_DASH}|[A-FU-Y])\s?\d{{3}}(?:\s?[0-9A-Z](?!\w)|[0-9A-Z])?  # 010190-999W, its end or not
      | \d{{6}}\s\d{{3}}\s?[A-Z] | \d{{9}}[A-Z]                 # the century mark forgotten
      | \d{{6}}\s?{_DASH}\s?[x*_?]{{3,4}}                       # the end hidden, the date of birth told
      | \d\d[\s./-]\d\d[\s./-]\d\d\s?(?:{_DASH}|[A-FU-Y])\s?\d{{3}}\s?[0-9A-Z]
      | \d{{1,2}}\.\d{{1,2}}\.(?:\d\d|\d{{4}})\s?(?:{_DASH}|[A-FU-Y])\s?\d{{3}}[0-9A-Z]
      | (?:19|20)\d{{6}}\s?{_DASH}?\s?\d{{4}}                  # the Swedish form with a full year
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_SAID_TO_BE_ONE = re.compile(
    rf"""\b(?:hetu\w*|sotu\w*|henkilötun\w*|henkilönumero\w*|sosiaaliturvatun\w*|personnummer\w*|personbeteckning\w*|socialskydds\w*
    |(?:personal\s)?identity\s(?:code|number)|social\ssecurity\snumber|ssn|personal\sid)
    (?:\s?[:=]|\s(?:on|oli|är|is|was|jonka|ni|alkaa|börjar|begins|starts|päättyy|loppuu|slutar|ends|loppu\w*|sista\s\w+|på|with|in|med
    |last\s\w+|viimeiset\s\w+|tunnusosa\w*|numero|med))*[\s:(]{{0,3}}
    (\d[\dO]{{4,7}}\s?(?:{_DASH}|[A-FU-Y])?\s?[\dO]{{2,4}}[0-9A-Z]?|\d{{6,8}}|{_DASH}?\d{{3,4}}[A-Z]?)(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)

_AT = (
    r"(?:\s?[@＠]\s?|\s?[(\[{<]\s?(?:at|ät|a|miukumauku|snabel-?a|kissanhäntä|@)\s?[)\]}>]\s?"
    r"|\s(?:ät|ätmerkki|miukumauku|miuku|kissanhäntä|snabel-?a)\s)"
)
_DOT = r"(?:\.|\s\.\s|\s?[(\[{<]\s?(?:dot|piste|punkt|\.)\s?[)\]}>]\s?|\s(?:dot|piste|punkt)\s)"
_UNDER = r"(?:\s(?:alaviiva|viiva|understreck|bindestreck|underscore|dash)\s)"
_POST = (
    r"(?:gmail|hotmail|outlook|live|icloud|yahoo|luukku|suomi24|kolumbus|elisanet|saunalahti|netti|pp\.inet|welho|dnainternet"
    r"|telia|mail|protonmail|proton|sahkoposti|msn|me|jippii|phnet|kotinet|anvia|multi|aland|msn)"
)
_LOOKED = (
    r"(?!(?:look|arriv|work|shop|was|am|is|are|be|been|visit|order|bought|book|find|found|see|read|check|available|listed|info|form|page"
    r"|site|me|us|you|it|online|here|there)\w*\s)"
)
_EMAIL = re.compile(
    rf"""(?<![\w.+-])(?:
        [\w+%-]+(?:(?:{_DOT}|{_UNDER})[\w+%-]+)*{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[a-z]{{2,12}}
      | [\w.+%-]+(?:\s(?:dot|piste|punkt)\s[\w+%-]+)*\sat\s[\w-]+\s(?:dot|piste|punkt)\s[a-z]{{2,12}}
      # above, a bare "at" needs a spoken dot; below, a house of mail, a name with a dot, or no verb before it
      | [\w+%-]+(?:\.[\w+%-]+)*\s(?:at|a)\s{_POST}\s?\.\s?[a-z]{{2,6}}
      | [\w+%-]+(?:[._][\w+%-]+)+\sat\s[\w-]+\.[a-z]{{2,6}}
      | {_LOOKED}[\w+%-]+\sat\s[\w-]+\.(?:fi|com|net|org|se|eu|info)
      | [\w+%-]+(?:\.[\w+%-]+)*[@＠][\w-]+                                # the end forgotten
      | [\w+%-]+(?:\.[\w+%-]+)+\s?[@＠]\s?[\w-]+
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_EMAIL_HINT = re.compile(
    r"[@＠]|\b(?:at|ät|ätmerkki|miuku|miukumauku|kissanhäntä|snabel-?a)\b|[(\[{<]\s?a\s?[)\]}>]|\sa\s\w+\s?\.",
    re.IGNORECASE,
)


def find_identity_codes(text: str) -> Iterator[Span]:
    """Personal identity codes of Finland (and Sweden's form), check character right or wrong.

    After "hetu" or "henkilötunnus" also ones with a digit too few or too many, and parts of one.
    """
    for match in _IDENTITY_CODE.finditer(text):
        yield Span(match.start(), match.end(), Kind.HETU)
    for match in _SAID_TO_BE_ONE.finditer(text):
        yield Span(match.start(1), match.end(1), Kind.HETU)


def find_emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also ones written to hide from machines: "matti (at) esimerkki piste fi"."""
    if not _EMAIL_HINT.search(text):
        return
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), Kind.EMAIL)
