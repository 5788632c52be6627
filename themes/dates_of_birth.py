"""Dates of birth: by what is said beside a date, and every full date of the 1900s."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_MONTHS = (
    r"(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu(?:n|ta|ssa)?"
    r"|jan(?:uar[iy])?|feb(?:ruar[iy])?|mar(?:s|ch)|apr(?:il)?|ma[jy]|jun[ie]?|jul[iy]?|aug(?:ust[i]?)?"
    r"|sep(?:tember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_YEAR = r"(?:(?:19|20)\d\d|-?\d\d)(?!\d)"
_DAY = r"\d{1,2}(?:\.|:?a|:?e|st|nd|rd|th)?"
_DATE = (
    rf"\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]{{1,2}}\s?(?:\d{{4}}|\d{{2}})(?!\d)|(?:19|20)\d\d-\d{{1,2}}-\d{{1,2}}"
    rf"|{_DAY}\s(?:of\s)?(?:{_MONTHS})[,.]?\s{_YEAR}|(?:{_MONTHS})\s{_DAY},?\s{_YEAR}"
)
_OLD_DATE = re.compile(
    rf"(?<![\w.])(?:\d{{1,2}}\s?[./-]\s?\d{{1,2}}\s?[./-]\s?19\d\d|19\d\d-\d{{1,2}}-\d{{1,2}}"
    rf"|{_DAY}\s(?:of\s)?(?:{_MONTHS})[,.]?\s19\d\d|(?:{_MONTHS})\s{_DAY},?\s19\d\d)(?!\w)",
    re.IGNORECASE,
)
_BORN_DATE = re.compile(
    r"(?<!\w)(?:synt\.?(?:aika)?|synty\w*|syntymä\w*|synnyin\w*|s\.|f\.|född?|född\w*|födelse\w*|born|birth\w*|dob|d\.o\.b\.?|date\sof\sbirth)"
    r"(?:\s(?:on|oli|är|is|was|on\s+the|den|the|vuonna|år|in|date|aika\w*|hän|minä|of))*[\s:(=]{0,3}"
    rf"({_DATE}|(?:{_MONTHS})\s(?:19|20)\d\d|\d{{6}}|\d{{8}}|19\d\d|['’-]\d\d(?!\d))(?!\w)",
    re.IGNORECASE,
)
_BIRTHDAY = re.compile(
    r"(?<!\w)(?:syntymäpäivä\w*|synnyinpäivä\w*|synttäri\w*|födelsedag\w*|birthday)(?:\s(?:on|oli|är|is|was|den|on))*[\s:(]{0,3}"
    rf"(\d{{1,2}}\.\s?\d{{1,2}}\.(?!\d)|{_DAY}\s(?:of\s)?(?:{_MONTHS})|(?:{_MONTHS})\s{_DAY})(?!\w)",
    re.IGNORECASE,
)
_DATE_THEN_BORN = re.compile(
    rf"(?<![\w.])({_DATE}|['’-]\d\d(?=\s(?:syntyn|född)))(?:\s(?:on|oli|är))?\s(?:syntyn\w*|född\w*|born\b)",
    re.IGNORECASE,
)


def find_birth_dates(text: str) -> Iterator[Span]:
    """Dates said to be of birth, and every full date of the 1900s."""
    for pattern in (_BORN_DATE, _BIRTHDAY, _DATE_THEN_BORN):
        for match in pattern.finditer(text):
            yield Span(match.start(1), match.end(1), Kind.DATE_OF_BIRTH)
    for match in _OLD_DATE.finditer(text):
        yield Span(match.start(), match.end(), Kind.DATE_OF_BIRTH)
