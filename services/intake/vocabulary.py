"""The words files use for channels, age groups, life situations, customers and languages, in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from models.feedback import Channel
from models.organisation import CustomerType
from services.i18n import N_
from services.intake.refused import CellError

AGE_GROUPS = ("7-12", "13-17", "18-24", "25-34", "35-49", "50-64", "65-74", "75+")

_CHANNELS = {
    Channel.TEXT_MESSAGE: "tekstiviesti|tekstari|sms|textmeddelande|text message|text",
    Channel.KIOSK: "laite|palautelaite|hymiölaite|kioski|kiosk|terminal|device|smiley",
    Channel.WEB: "verkko|web|verkkolomake|nettilomake|internet|nätet|webben|online|verkkosivut|sähköposti|e-post|email",
    Channel.QR: "qr|qr-koodi|qr-kod|qr code|qr-lomake",
    Channel.PAPER: "paperi|paperilomake|papper|pappersblankett|paper",
    Channel.PHONE: "puhelin|puhelu|telefon|samtal|phone|call",
    Channel.INTERVIEW: "haastattelu|intervju|interview",
    Channel.INTERNAL: "sisäinen|intern|internal|intra",
}
_CUSTOMERS = {
    CustomerType.EXTERNAL: "ulkoinen|extern|external|asiakas|klient|kund|customer|potilas|patient",
    CustomerType.INTERNAL: "sisäinen|intern|internal|henkilöstö|personal|staff|työntekijä",
}
_LIFE_SITUATIONS = {
    "family_with_children": "lapsiperhe|barnfamilj|family with children",
    "student": "opiskelija|studerande|student",
    "working_age": "työikäinen|työssäkäyvä|i arbetsför ålder|person i arbetsför ålder|arbetsför|working age|employed",
    "unemployed": "työtön|arbetslös|unemployed",
    "family_carer": "omaishoitaja|närståendevårdare|family carer|carer",
    "retired": "eläkeikäinen|eläkeläinen|pensionär|retired|pensioner",
    "long_term_illness": "pitkäaikaissairas|långtidssjuk|long-term illness",
    "disability": "vammainen|person med funktionsnedsättning|funktionsnedsättning|disability",
    "immigrant": "maahan muuttanut|maahanmuuttaja|inflyttad från utlandet|invandrare|immigrant",
    "seasonal_resident": "vapaa-ajan asukas|mökkiläinen|fritidsboende|seasonal resident",
    "business": "yritys|företag|business|company",
    "property_owner": "kiinteistön omistaja|fastighetsägare|property owner",
    "staff": "henkilöstö|personal|staff",
}
_LANGUAGES = {
    "fi": "suomi|suomea|finska|finnish|fin",
    "sv": "ruotsi|ruotsia|svenska|swedish|swe|se",
    "en": "englanti|englantia|engelska|english|eng",
    "ru": "venäjä|venäjää|ryska|russian|rus",
    "ar": "arabia|arabiaa|arabiska|arabic|ara",
    "so": "somali|somalia|somaliska|som",
    "et": "viro|viroa|eesti|estniska|estonian|est",
    "uk": "ukraina|ukrainaa|ukrainska|ukrainian|ukr",
    "fa": "persia|farsi|dari|persiska|persian",
    "ku": "kurdi|sorani|kurdiska|kurdish",
    "other": "muu|muu kieli|annat|annat språk|other",
}
_SOLICITED = {Channel.WEB: False, Channel.PHONE: False, Channel.INTERNAL: False}
_AGE_RANGE = re.compile(r"^(\d{1,3})\s*[-–]\s*(\d{1,3})\s*(?:v\.?|vuotta|vuotias|vuotiaat|år|years?)?$", re.IGNORECASE)
_AGE_OVER = re.compile(
    r"^(?:yli|över|over|vähintään|minst)?\s*(\d{2,3})\s*(?:\+|(?:v\.?|vuotta|år|years?)?"
    r"\s*(?:tai yli|tai vanhempi|eller äldre|or over|or older|ja yli|->|–)?)$",
    re.IGNORECASE,
)


def _by_word(words: Mapping[str, str]) -> dict[str, str]:
    found = {word: str(key) for key, listed in words.items() for word in listed.split("|")}
    return found | {str(key): str(key) for key in words}


CHANNELS = _by_word({str(key): words for key, words in _CHANNELS.items()})
CUSTOMERS = _by_word({str(key): words for key, words in _CUSTOMERS.items()})
LIFE_SITUATIONS = _by_word(_LIFE_SITUATIONS)
LANGUAGES = _by_word(_LANGUAGES)


def known_word(text: str, words: Mapping[str, str]) -> str:
    """The code a word stands for.

    Raises:
        CellError: The word is not known.
    """
    folded = " ".join(text.casefold().split())
    if folded not in words:
        raise CellError(
            N_("{value} is not known; allowed are {allowed}."),
            value=text.strip(),
            allowed=", ".join(sorted(set(words.values()))),
        )
    return words[folded]


def age_group(text: str) -> str:
    """The age group of an age in years or of a group's name ("65–74", "yli 75 v", "42").

    Raises:
        CellError: It is neither, or an age nobody asks (under 7 or over 115).

    >>> age_group("42"), age_group("65–74 v"), age_group("yli 75")
    ('35-49', '65-74', '75+')
    """
    written = text.strip()
    compact = re.sub(r"\s*[-–]\s*", "-", written)
    if compact in AGE_GROUPS:
        return compact
    if match := _AGE_RANGE.match(written):
        first, last = _group_of(int(match[1])), _group_of(int(match[2]))
        if first is not None and first == last:
            return first
    elif match := _AGE_OVER.match(written):
        plain = re.fullmatch(r"\d+", match[0].strip()) is not None
        group = _group_of(int(match[1]))
        if group is not None and (plain or group == "75+"):
            return group
    elif written.isdigit() and (group := _group_of(int(written))) is not None:
        return group
    raise CellError(
        N_("{value} is not an age or an age group; allowed are {allowed}."),
        value=written,
        allowed=", ".join(AGE_GROUPS),
    )


def solicited_by_channel(channel: str) -> bool:
    """Whether answers of a channel were asked for: web forms, calls and colleagues' notes come on their own."""
    return _SOLICITED.get(Channel(channel), True)


def population(text: str) -> str:
    """The group a measurement is about: "" for everyone, else age:75+, language:sv, life:retired.

    Raises:
        CellError: The group is not known.
    """
    written = text.strip()
    if written.casefold() in ("", "kaikki", "alla", "all", "-", "yhteensä"):
        return ""
    kind, _, name = written.partition(":")
    candidates = {"age": age_group, "language": _language, "life": _life}
    if name and kind.casefold() in candidates:
        return f"{kind.casefold()}:{candidates[kind.casefold()](name)}"
    for prefix, parse in candidates.items():
        try:
            return f"{prefix}:{parse(written)}"
        except CellError:
            continue
    raise CellError(
        N_("{value} is not a known group; write it as age:75+, language:sv or life:retired."), value=written
    )


def _language(text: str) -> str:
    return known_word(text, LANGUAGES)


def _life(text: str) -> str:
    return known_word(text, LIFE_SITUATIONS)


def _group_of(age: int) -> str | None:
    for group in AGE_GROUPS:
        low, _, high = group.partition("-")
        if high and int(low) <= age <= int(high):
            return group
    return "75+" if 75 <= age <= 115 else None
