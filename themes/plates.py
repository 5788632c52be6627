"""Registration plates: by their form, and by the words before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_PLATE = re.compile(
    r"(?<![\w-])([A-ZÅÄÖ]{2,3})[-\u2010-\u2013](\d{3})(?![\w-])|(?<![\w-])([A-ZÅÄÖ]{3}) ?(\d{2}[\dA-Z])(?![\w-])"
)
_LOWER_PLATE = re.compile(r"(?<![\w-])([a-zåäö]{3})[-\u2010-\u2013](\d{3})(?![\w-])")
_ANY_PLATE = re.compile(
    r"(?<![\w:-])[a-zåäö]{2,3}(?:\s?[-\u2010-\u2013]\s?|\s)?(?:\d{1,3}|\d\d[a-z])(?![\w:-])", re.IGNORECASE
)
_PLATE_CONTEXT = re.compile(
    r"\b(?:rekisteri\w*|rek\.?(?:\s?(?:nro|nr|tunnus|numero)\.?)?|kilpi|kilve\w+|rekkari\w*|auto|auton\w*|autol\w*|autos\w*|autom\w*"
    r"|taksi\w*|ambulanssi\w*|pakettiauto\w*|pyörä\w*|mopo\w*|moottoripyörä\w*|\w*kärry\w*|traktori\w*|asuntovaunu\w*|släp\w*|skåpbil\w*|lastbil\w*|motorcykel\w*|trailer|truck|tila-?auto\w*|registreringsn\w*"
    r"|registreringsskylt\w*|reg\.?\s?(?:nr|nummer)?\.?|bil(?:en|ens)?|taxi\w*|skylt\w*|number\splate|licen[cs]e\splate"
    r"|plates?|car|vehicle|van|cab|registration(?:\snumber)?)"
    r"(?:\s(?:on|oli|är|is|was|jonka|numero|nro|nr|med|with|numbers?|rekisteri\w*|rekkari\w*|kilpi|kilvessä|tunnus|merkki\w*|\w+)){0,2}"
    r"[\s:,(\"”]{1,3}$",
    re.IGNORECASE,
)
_NOT_A_PLATE = re.compile(
    r"^(?:HIV|DNA|RNA|CRP|KLO|NRO|NR|NO|TEL|PUH|SMS|ICD|VIP|TK|PCR|CT|USB|HLO|OS|MRI|EKG|ECG|ISO|EN|SFS|LTE|PDF|WC|ATM|HUS|EUR"
    r"|KPL|VKO|PV|MIN|MAX|SEK|ALV|KAT|LH|AVO|SUU|SAI|IKA|LAP|MIE|VAM|PEL|HB|BMI|RR|THL|NPS|PL|BOX|AS|AB|OY|RY|JA|TAI|LDL|HDL|PSA"
    r"|TSH|INR|GFR|ALP|ALT|AST|BNP|TNT|HPV|PEF|SAT|SPO|ACE|WBC|PVK|TVK|FEV|BUS|MAY|JUN|JUL|MMR|BCG|RSV|FER|KYS|OYS|OMA|ASA|MTV|YLE|OSA|SIV|SID|RUM|HUO|HUONE|NOIN|YLI|ALLE|SIIS"
    r"|VAIN|OLI|ON|EI|KUN|NYT|ETT|OCH|MED|FOR|THE|AND|TAG|IV|VO|VI|XL|KM|MG|ML|CM|KG|DL|TT|MM|GSM|FI|SE|EU|US|UK|KELA|KEL)$",
    re.IGNORECASE,
)


def find_plates(text: str) -> Iterator[Span]:
    """Registration plates: ABC-123, ABC 123; in lower case with three letters and three digits, or after "auto"."""
    for match in _PLATE.finditer(text):
        if not _NOT_A_PLATE.match(match[1] or match[3]):
            yield Span(match.start(), match.end(), Kind.PLATE)
    for match in _LOWER_PLATE.finditer(text):
        if not _NOT_A_PLATE.match(match[1]):
            yield Span(match.start(), match.end(), Kind.PLATE)
    for match in _ANY_PLATE.finditer(text):
        letters = re.match(r"[^\W\d]+", match[0])
        if (
            letters
            and not _NOT_A_PLATE.match(letters[0])
            and _PLATE_CONTEXT.search(text, max(0, match.start() - 50), match.start())
        ):
            yield Span(match.start(), match.end(), Kind.PLATE)
