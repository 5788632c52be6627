"""Phone numbers: by their form, by the words before them, and by what `phonenumbers` knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from themes.spans import Kind, Span

_DIGIT = re.compile(r"\d")
_GROUP = re.compile(r"\d+")
_CANDIDATE = re.compile(
    r"(?<!\w)(?<!\d[.,])(?:\+\s?|\(\+\s?)?\(?\d++\)?"
    r"(?:[ \u00a0.\-\u2010-\u2015/]{1,3}\(?\d++\)?|\)\d++|\(\d++\)|(?<=\))\d++){0,12}+(?!\w)"
)
_CONTEXT = re.compile(
    r"(?:\b(?:puh|puhelin\w*|tel|telefon\w*|gsm|mobil\w*|kännyk\w*|matkapuhelin\w*|numero\w*|nummer|nro|nr|soit\w*|ring"
    r"|ringa|nås|phone|number|call|whatsapp\w*|tekstar\w*|tekstiviest\w*|p)\b[.:]?(?:\s(?:on|är|is|me|mig|minulle))?"
    r"[\s:,]{0,3})$",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\d{1,2}[.:]\d{2}\s?[-\u2010-\u2015]\s?\d{1,2}[.:]\d{2}(?!\d)")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)|\d{4}-\d{1,2}-\d{1,2}(?!\d)")
_OTHER_NUMBER = re.compile(
    r"\b(?:lasku\w*|viite\w*|asiakas\w*|tilau\w*|päätö\w*|lähet\w*|asia(?:n|numero\w*)?|diaari\w*|potilas(?:n|t)\w*|jono\w*|vuoro\w*"
    r"|huone\w*|tuote\w*|sarja\w*|malli\w*|resepti\w*|hakemu\w*|ilmoitu\w*|saapumis\w*|kortin|korttinumer\w*|tili\w*|iban|y-tunnus\w*"
    r"|eränumero\w*|seuranta\w*|lähety\w*|paket\w*|tapau\w*|tiketti\w*|ticket|invoice|reference|ref|order|case|faktura\w*|ärende\w*"
    r"|referens\w*|beställning\w*|kund(?:nummer)?|könummer\w*|rum\w*|room|queue|booking|bokning\w*|varau\w*|ajanvarausnumero\w*)"
    r"[\s-]?(?:numero\w*|nro|nr|nummer|number|no|tunnus\w*|id|koodi\w*)?[.:]?(?:\s(?:on|oli|är|is|was))?[\s:,#(]{0,3}$",
    re.IGNORECASE,
)
_PUBLIC = frozenset({"112", "116117", "116123", "116111", "116006", "118", "08009"})
_WORDS = (
    "nolla|yksi|kaksi|kolme|neljä|viisi|kuusi|seitsemän|kahdeksan|yhdeksän|noll|ett|två|tre|fyra|fem|sex|sju|åtta|nio"
    "|zero|one|two|three|four|five|six|seven|eight|nine"
)
_SPOKEN = re.compile(rf"(?<!\w)(?:{_WORDS})(?:[\s,-]{{1,2}}(?:{_WORDS})){{6,}}(?!\w)", re.IGNORECASE)

_SPOKEN_HINT = re.compile(r"noll|zero", re.IGNORECASE)


def find_phones(text: str) -> Iterator[Span]:
    """Phone numbers of any country, spaced, dotted or in brackets, or spoken digit by digit.

    Public service numbers such as 112 and 116117 are nobody's and stay.
    """
    if _SPOKEN_HINT.search(text):
        for spoken in _SPOKEN.finditer(text):
            yield Span(spoken.start(), spoken.end(), Kind.PHONE)
    if not _DIGIT.search(text):
        return
    position = 0
    while match := _CANDIDATE.search(text, position):
        start, end = match.span()
        skipped = _TIMES.match(text, start) or _DATE.match(text, start)
        length = 0 if skipped else _length_of_number(text, start, end)
        if length:
            yield Span(start, start + length, Kind.PHONE)
            position = start + length
        elif skipped:
            position = skipped.end()
        else:
            first = _GROUP.search(text, start)
            position = first.end() if first else end


def _length_of_number(text: str, start: int, end: int) -> int:
    """How many characters from `start` are one phone number; 0 when it is none."""
    written = text[start:end]
    groups = list(_GROUP.finditer(written))
    international = "+" in written[: groups[0].start()] or groups[0][0].startswith("00")
    leading_zero = groups[0][0].startswith("0")
    limit = 15 if international else 12 if leading_zero else 13
    digits = ""
    length = 0
    for group in groups:
        if len(digits + group[0]) > limit or (length and _begins_another(written, group, digits)):
            break
        digits += group[0]
        length = group.end()
        if written[length : length + 1] == ")":
            length += 1
    mobile = "+" in written[: groups[0].start()] or digits.startswith(("04", "050", "00358"))
    divided = "/" in written[:length] and not leading_zero and not international
    if (
        divided
        or len(digits) < 5
        or digits in _PUBLIC
        or not _enough(digits, international or leading_zero, text, start)
    ):
        return 0
    return length if mobile or not _OTHER_NUMBER.search(text, max(0, start - 40), start) else 0


def _enough(digits: str, marked: bool, text: str, start: int) -> bool:
    """Whether digits are as many as a number has that is marked as one, or said to be one, or neither."""
    if marked and len(digits) >= 7:
        return True
    if _CONTEXT.search(text, max(0, start - 40), start):
        return marked or len(digits) >= 6
    return not marked and 8 <= len(digits) <= 13 and digits[0] in "3457" and _is_number(digits)


def _begins_another(written: str, group: re.Match[str], digits: str) -> bool:
    """Whether a group of digits opens the next number: a plus sign, or a zero once this one is long enough.

    A mobile number may end in three digits from a zero on: 0442 718 033, +358 442 718 033.
    """
    plus = "+" in written[group.start() - 2 : group.start()]
    whole = 9 if digits.startswith(("04", "050")) else 12 if digits.startswith(("3584", "35850")) else 7
    zero = group[0].startswith("0") and (
        len(digits) >= whole if len(group[0]) == 3 else len(group[0]) > 3 or len(digits) >= 9
    )
    return len(digits) >= 7 and (plus or zero)


@lru_cache(maxsize=10_000)
def _is_number(digits: str) -> bool:
    """Whether digits without a leading zero or plus are a number someone in Finland could ring."""
    import phonenumbers

    if digits.startswith(("358", "46")):
        try:
            return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits))
        except phonenumbers.NumberParseException:
            return False
    try:
        number = phonenumbers.parse("0" + digits, "FI")
    except phonenumbers.NumberParseException:
        return False
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    return phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in mobile
