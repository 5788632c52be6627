"""Street addresses: a street name with a house number, a postal code with a town, a street someone lives on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themes.spans import Kind, Span

_CASE = r"(?:lla|llä|lta|ltä|lle|ssa|ssä|sta|stä|n|a|ä)?"
_FI_SURE = (
    rf"(?i:(?:katu|kuja|polku|väylä|raitti|puistikko|tie|kadu|polu|raiti|kaare|kaari|bulevardi|esplanadi){_CASE})"
)
_FI_CAPITAL = (
    r"(?:(?:tori|aukio|ranta|ranna|mäki|mäe|rinne|rintee|penger|penkeree|piha|kulma|laita|rivi|aho|harju|portti|silta|suora|linja"
    rf"|taival|niitty|pelto|kumpu|kallio|puisto|varsi|kaarre|laituri|kangas|lehto){_CASE})"
)
_SV = (
    r"(?i:gata|gatan|gränd|gränden|stig|stigen|väg|vägen|vägs|allén|esplanaden|kajen|torget|backen|svängen|bågen|ringen|brinken"
    r"|bulevarden|stråket|bron|sundet|udden|viken|backa)"
)
_SV_ALONE = r"(?i:gatan|vägen|stigen|gränden|allén|esplanaden|kajen|torget)"
_EN = r"(?:Street|St|Road|Rd|Lane|Avenue|Drive|Way)"
_QUANTITY = (
    r"(?!\s?(?:min|tun|km|metr|m\b|eur|€|%|kert|päiv|vuo|kilo|vko|viik|tim|dag|år|gång|hour|day|time|kk|kuukau|h\b|asteen|aste\b"
    r"|hengen|hlö|veck|month|week))"
)
_NUMBER = (
    rf"\s\d{{1,4}}(?!\d){_QUANTITY}(?:\s?[-–]\s?\d{{1,4}})?(?::\w{{1,4}})?(?:\s?[A-Za-zÅÄÖåäö](?!\w))?"
    r"(?:,?\s?(?i:as\.?|asunto|bost\.?|bostad|lgh\.?|lh|huoneisto|rappu|porras|trappa|apt\.?|flat)\s?\w{1,3}(?!\w)"
    r"|\s?\d{1,3}(?![\w:%€-]|[.,]\d))?(?:\s?[a-zåäö](?!\w))?"
)
_CAPITALISED = r"[A-ZÅÄÖ][\wåäöÅÄÖ-]+"
_SIDE = (
    r"(?i:(?:pohjoi|etelä|itä|län|van|uu|iso|pien|ylä|ala|keski|suur|vanha|uusi"
    r"|norra|södra|östra|västra|gamla|nya|stora|lilla)\w*)"
)
_STREET = re.compile(
    rf"""(?<![\w-])(?:
        (?:{_CAPITALISED}\s|{_SIDE}\s)?[\w-]{{2,}}(?:{_FI_SURE}|{_SV}){_NUMBER}   # Rantakatu 5 B 12, vanha turuntie 3
      | {_CAPITALISED}{_FI_CAPITAL}{_NUMBER}                                       # Kauppatori 3
      | (?:{_CAPITALISED}\s){{1,2}}(?:{_FI_SURE}|{_SV}){_NUMBER}   # Aleksis Kiven katu 5, Norra Esplanaden 3
      | (?:[\w-]{{3,}}\s)?[\w-]{{3,}}n\s{_FI_SURE}{_NUMBER}                              # aleksis kiven katu 5
      | (?i:\w{{4,}}|norra|södra|östra|västra|gamla|stora|lilla)\s{_SV_ALONE}{_NUMBER}
      | (?i:bulevardi|esplanadi|bulevarden|esplanaden){_CASE}{_NUMBER}
      | \d{{1,4}}[A-Z]?\s(?:[A-Z]\w+\s){{1,2}}{_EN}\b                              # 12 Harbour Street
      | \d{{1,4}}[A-Z]?\s[A-ZÅÄÖ]\w{{2,}}(?:katu|tie|kuja|polku|gatan|vägen|stigen)\b # 12 Linnankatu
      | (?:[A-Z]\w+\s){{1,2}}(?:Street|Road|Lane|Avenue){_NUMBER}
    )""",
    re.VERBOSE,
)
_FLAT = re.compile(
    rf"(?<![\w-])(?!(?:Huone|Osasto|Avdelning|Room|Ward|Rum|Sali|Kerros|Luokka|Ryhmä|Tiimi|Laituri|Linja|Bussi|Juna|Lomake|Kohta|Liite|Pykälä|Sivu|Taulukko|Hissi|Paikka|Blankett|Form|Bus|Gate)\w*)"
    rf"{_CAPITALISED}\s\d{{1,3}}(?:\s?[A-Z]\s?\d{{1,3}}(?!\w)|(?:\s?[A-Za-z])?(?=,?\s\d{{5}}\s[A-ZÅÄÖ]))"
)
_STREET_HINT = re.compile(
    r"kat|kad|kuj|pol|väyl|rait|puisti|tie|kaar|bulev|espla|tor|auki|rant|rann|mäk|mäe|rin|peng|penk|piha|kulma|lait|rivi|aho|harju"
    r"|portti|silt|suora|linja|taival|niitty|pelto|kumpu|kallio|puisto|varsi|kangas|lehto"
    r"|gat|gränd|stig|väg|all[ée]|kaj|back|sväng|båge|bring|brink|stråk|street|\bst\b|road|\brd\b|lane|avenue|drive|way",
    re.IGNORECASE,
)
_HOME = (
    r"(?i:\b(?:osoit\w*|asu(?:n|mme|u|vat|in|i|imme|nto\w*|va\w*)|adress\w*|bor|bodde|bott|address|lives?|living|lived|kotio\w+"
    r"|kotikatu\w*|hemma)(?:\s(?:on|oli|är|is|at|på|in|i|vid|itse|nyt|tässä|kerrostalossa|rivitalossa|yksin|ensam))*[\s:,]{1,3})"
)
_AT_HOME = re.compile(
    rf"{_HOME}((?:{_CAPITALISED}\s){{0,2}}[A-ZÅÄÖ][\w-]+(?:{_FI_SURE}|{_SV})"
    rf"|{_CAPITALISED}\s(?:[\w-]+n\s)?(?:katu|tie|kuja|polku){_CASE}|(?!(?:pää|sivu|koti|valta|moottori|rauta|maan|kävely|hiekka)tie)"
    rf"[a-zåäö]{{3,}}(?:katu|kadu|kuja|polku|polu|tie){_CASE}|[a-zåäö]{{3,}}(?:gatan|vägen|stigen|gränden)"
    rf"|{_CAPITALISED}{_FI_CAPITAL}{_NUMBER}|[A-ZÅÄÖ][\w-]{{2,}}\s\d{{1,3}}\s[A-Z]\s?\d{{0,3}})(?!\w)"
)
_HOME_HINT = re.compile(r"osoit|asu|adress|bor|bod|bot|liv|kotio|kotik|hemma", re.IGNORECASE)
_TOWNS = (
    r"(?i:helsinki|espoo|vantaa|tampere|turku|oulu|jyväskylä|kuopio|lahti|pori|joensuu|lappeenranta|vaasa|seinäjoki|rovaniemi|mikkeli"
    r"|kotka|salo|porvoo|kouvola|kokkola|hyvinkää|järvenpää|rauma|kajaani|kerava|nokia|savonlinna|riihimäki|imatra|hämeenlinna"
    r"|helsingfors|esbo|vanda|åbo|vasa|borgå|tammerfors|jakobstad|karleby|mariehamn)"
)
_POSTAL = re.compile(
    r"(?<![\w.,-])(?:FI-)?\d{5},?\s(?:(?!(?:Euro|Kertaa|Kpl|Henkil|Asiakas|Ihmis|Potil|Käynt|Soit)\w*)[A-ZÅÄÖ][a-zåäöA-ZÅÄÖ]{2,}"
    rf"|{_TOWNS})(?!\w)"
)
_NOT_STREETS = re.compile(
    r"(?:^|\s)(?:(?:hoito|palvelu|asiakas|koulu|ura|hoidon|palvelun|oppimis|kuntoutus|potilas|sairaala|elämän)(?:polku|polu|tie|väylä)\w*"
    r"|(?:moottori|rauta|pääsy|virtsa|hengitys|sappi|valta|kanta|halv|hela|järn|om|motor|på|i|den|hela|luft|urin)\s?(?:tie(?:n|tä|ssä|stä|llä|ltä|lle|t)?|väg(?:en|ar)?)"
    r"|(?:anda|kaveri|yhtä|hieman|mielen|kohtaan|vastaan)\w*)\s\d+\w?$",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Span]:
    """Home and street addresses in Finnish, Swedish and English forms, inflected too ("Rantakadulla 5 B")."""
    if _STREET_HINT.search(text):
        for match in _STREET.finditer(text):
            if not _NOT_STREETS.search(match[0]):
                yield Span(match.start(), match.end(), Kind.ADDRESS)
    for match in _FLAT.finditer(text):
        yield Span(match.start(), match.end(), Kind.ADDRESS)
    for match in _POSTAL.finditer(text):
        yield Span(match.start(), match.end(), Kind.ADDRESS)


def find_home_streets(text: str) -> Iterator[Span]:
    """A street without a number, where someone is said to live ("asun Rantakadulla")."""
    if not _HOME_HINT.search(text):
        return
    for match in _AT_HOME.finditer(text):
        yield Span(match.start(1), match.end(1), Kind.ADDRESS)
