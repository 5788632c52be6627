"""Identity codes, e-mail addresses, registration plates and dates of birth, by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_DASH = r"[-+\u2010-\u2015\u2212]"
_IDENTITY_CODE = re.compile(
    rf"""(?<![\w.])(?:
        \d{{6}}\s?(?:{_DASH}|[A-FU-Y])\s?\d{{3}}[0-9A-Z]?      # 010190-999W, also without its last character
      | \d{{6}}\s\d{{3}}[A-Z] | \d{{9}}[A-Z]                   # the century mark forgotten
      | \d{{1,2}}\.\d{{1,2}}\.(?:\d\d|\d{{4}})\s?{_DASH}\s?\d{{3}}[0-9A-Z]
      | (?:19|20)\d{{6}}\s?{_DASH}?\s?\d{{4}}                  # the Swedish form with a full year
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)

_AT = r"(?:\s?[@＠]\s?|\s?[(\[{<]\s?(?:at|ät|a|miukumauku|snabel-?a|@)\s?[)\]}>]\s?|\s(?:ät|miukumauku|snabel-?a)\s)"
_DOT = r"(?:\.|\s?[(\[{]\s?(?:dot|piste|punkt|\.)\s?[)\]}]\s?|\s(?:dot|piste|punkt)\s)"
_EMAIL = re.compile(
    rf"""(?<![\w.+-])(?:
        [\w+%-]+(?:{_DOT}[\w+%-]+)*{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}[a-z]{{2,12}}
      | [\w.+%-]+\sat\s[\w-]+\s(?:dot|piste|punkt)\s[a-z]{{2,12}}   # a bare "at" only with a spoken dot
      | [\w+%-]+(?:\.[\w+%-]+)+\s?[@＠]\s?[\w-]+                     # the end forgotten
    )(?!\w)""",
    re.IGNORECASE | re.VERBOSE,
)

_PLATE = re.compile(r"(?<![\w-])([A-ZÅÄÖ]{2,3})-(\d{1,3})(?![\w-])|(?<![\w-])([A-ZÅÄÖ]{3}) ?(\d{2}[\dA-Z])(?![\w-])")
_LOWER_PLATE = re.compile(r"(?<![\w-])([a-zåäö]{3})[- ]?(\d{3})(?![\w-])")
_ANY_PLATE = re.compile(r"(?<![\w-])[a-zåäö]{2,3}[- ]?\d{1,3}(?![\w-])", re.IGNORECASE)
_PLATE_CONTEXT = re.compile(
    r"\b(?:rekisteri\w*|rek\.?|kilpi|kilve\w+|rekkari\w*|auto\w*|registreringsnummer|reg\.?nr|bil(?:en)?|plate|car)"
    r"(?:\s\w+)?[\s:,]{1,3}$",
    re.IGNORECASE,
)
_NOT_A_PLATE = re.compile(
    r"^(?:HIV|DNA|RNA|CRP|KLO|NRO|NR|NO|TEL|PUH|SMS|ICD|VIP|TK|PCR|CT|USB|HLO|OS|MRI|EKG|ECG|ISO|EN|SFS|LTE|PDF|WC|ATM|HUS|EUR"
    r"|KPL|VKO|PV|MIN|MAX|SEK|ALV|KAT|LH|AVO|SUU|SAI|IKA|LAP|MIE|VAM|PEL|HB|BMI|RR|THL|NPS|PL|BOX|AS|AB|OY|RY|JA|TAI)$",
    re.IGNORECASE,
)

_MONTHS = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:n|ta)?"
    r"|jan(?:uar[iy])?|feb(?:ruar[iy])?|mar(?:s|ch)|apr(?:il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(?:ust[i]?)?"
    r"|sep(?:tember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = (
    r"\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]{1,2}\s?(?:\d{4}|\d{2})|(?:19|20)\d\d-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}\.?\s(?:{_MONTHS})\s(?:\d{{4}}|\d{{2}})|(?:{_MONTHS})\s\d{{1,2}},?\s\d{{4}}"
)
_OLD_DATE = re.compile(
    r"(?<![\w.])(?:\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?19\d\d|19\d\d-\d{1,2}-\d{1,2}"
    rf"|\d{{1,2}}\.?\s(?:{_MONTHS})\s19\d\d|(?:{_MONTHS})\s\d{{1,2}},?\s19\d\d)(?![\w])",
    re.IGNORECASE,
)
_BORN_DATE = re.compile(
    r"(?<!\w)(?:synt\.?|synty\w*|syntymä\w*|s\.|f\.|född?|född\w*|födelse\w*|born|birth\w*|dob|d\.o\.b\.?)"
    rf"(?:\s(?:on|oli|är|is|was|on\s+the|den|vuonna|år|in|date|aika\w*))*[\s:]{{0,3}}({_DATE}|\d{{6}}|\d{{8}}|19\d\d)(?!\w)",
    re.IGNORECASE,
)


def find_identity_codes(text: str) -> Iterator[Span]:
    """Personal identity codes of Finland (and Sweden's form), check character right or wrong."""
    if not any(character.isdigit() for character in text):
        return
    for match in _IDENTITY_CODE.finditer(text):
        yield Span(match.start(), match.end(), Kind.HETU)


def find_emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also ones written to hide from machines: "matti (at) esimerkki piste fi"."""
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), Kind.EMAIL)


def find_plates(text: str) -> Iterator[Span]:
    """Registration plates: ABC-123, ABC 123; in lower case with three letters and three digits, or after "auto"."""
    for match in _PLATE.finditer(text):
        if not _NOT_A_PLATE.match(match[1] or match[3]):
            yield Span(match.start(), match.end(), Kind.PLATE)
    for match in _LOWER_PLATE.finditer(text):
        if "-" in match[0] and not _NOT_A_PLATE.match(match[1]):
            yield Span(match.start(), match.end(), Kind.PLATE)
    for match in _ANY_PLATE.finditer(text):
        if _PLATE_CONTEXT.search(text, max(0, match.start() - 40), match.start()):
            yield Span(match.start(), match.end(), Kind.PLATE)


def find_birth_dates(text: str) -> Iterator[Span]:
    """Dates said to be of birth, and every full date of the 1900s."""
    for match in _BORN_DATE.finditer(text):
        yield Span(match.start(1), match.end(1), Kind.DATE_OF_BIRTH)
    for match in _OLD_DATE.finditer(text):
        yield Span(match.start(), match.end(), Kind.DATE_OF_BIRTH)
