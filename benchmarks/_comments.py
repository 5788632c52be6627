"""Invented comments as a county's customers write them: no two files alike, some people saying the same again."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

_FINNISH = {
    "opening": "Olin {day} {place} ja|Kävin {place}, jossa|Äitini oli {place} ja|Soitin asiasta ja|"
    "Tulin {place} ajoissa, mutta|Ensimmäistä kertaa {place}:|Jo toisen kerran {place}|Poikani kanssa {place}|"
    "Varasin ajan verkossa ja",
    "day": "maanantaina|tiistaina|keskiviikkona|torstaina|perjantaina|viikonloppuna|eilen|viime viikolla|joulun alla",
    "place": "terveysasemalla|päivystyksessä|hammashoitolassa|vuodeosastolla|laboratoriossa|neuvolassa|poliklinikalla|"
    "kotihoidossa|kuntoutuksessa|sosiaalitoimistossa|röntgenissä|leikkausosastolla|keskussairaalassa|lähetetyössä",
    "subject": "puhelinjono|takaisinsoitto|vastaanottovirkailija|lääkäri|hoitaja|ajanvaraus|kotiutus|lasku|pysäköinti|"
    "opastus|ruoka|lääkelista|lähete|digipalvelu|chat|siivous|odotustila|resepti|tutkimustulos|kuljetus|päätös|hakemus",
    "happened": "kesti yli {n} minuuttia|toimi paremmin kuin odotin|oli ystävällinen ja kuunteli|ei vastannut mitään|"
    "tuli vasta {n} päivän päästä|oli sekava eikä kukaan osannut neuvoa|selitti kaiken hyvin|unohtui kokonaan|"
    "oli täysin eri kuin viimeksi|katkesi {n} kertaa|jäi kesken|hoitui hetkessä|oli kallis, {n} euroa|oli kiireinen",
    "after": "Toivon, että tähän tulee muutos.|Kiitos koko henkilökunnalle!|En tiedä keneltä kysyä seuraavaksi.|"
    "Näin ei voi jatkua.|Muuten kaikki sujui hyvin.|Kerroin saman asian {n} kertaa.|Iäkkäälle tämä on kohtuutonta.|"
    "Tulen mielelläni uudestaan.|Pyydän soittamaan numeroon 040 000 00{n}.|Hoitaja {name} oli aivan ihana.|"
    "Lapsi pelkäsi, mutta {name} rauhoitti.|Voiko asian hoitaa verkossa?|Tämä on jo {n}. kerta.|||",
}
_SWEDISH = {
    "opening": "Jag var {place} på {day} och|Jag ringde och|Min mamma var {place} och|För andra gången {place}:|"
    "Jag bokade en tid och|Med min son {place} märkte jag att",
    "day": "måndagen|tisdagen|onsdagen|torsdagen|fredagen|veckoslutet|julafton",
    "place": "på hälsostationen|på akuten|hos tandläkaren|på avdelningen|i laboratoriet|på rådgivningen|i röntgen",
    "subject": "kön|läkaren|sköterskan|tidsbokningen|fakturan|maten|svaret|remissen|receptet|parkeringen|skjutsen",
    "happened": "tog över {n} minuter|var vänlig och lyssnade|kom först efter {n} dagar|fungerade bra|var oklar|"
    "glömdes bort|var annorlunda än förra gången|blev på hälft",
    "after": "Tack till hela personalen!|Jag hoppas att det här blir bättre.|Skötaren {name} var underbar.|"
    "Ingen visste vem man skulle fråga.|Annars gick allt bra.||",
}
_ENGLISH = {
    "opening": "I visited {place} on {day} and|I called and|My mother was {place} and|This was my second time {place}:",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday",
    "place": "at the health centre|at the emergency clinic|at the dentist's|on the ward|at the laboratory",
    "subject": "the queue|the nurse|the doctor|the booking page|the bill|the food|the referral|the interpreter",
    "happened": "took more than {n} minutes|was kind and explained everything|did not work at all|came after {n} days",
    "after": "Thank you to everyone.|I hope this will change.|Nurse {name} was wonderful.|Nobody knew whom to ask.||",
}
_SHORT = "Kiitos|Kiitos!|Hyvä palvelu|Tack!|Kiitos hyvästä hoidosta|Ei mitään|Kaikki ok|Thanks"
_NAMES = "Maija Virtanen|Matti Korhonen|Liisa Nieminen|Pekka|Aino|Anna Lindström|Erik Johansson|Kaisa Mäkelä|Sari"
_LANGUAGES = [
    {part: words.split("|") for part, words in language.items()} for language in (_FINNISH, _SWEDISH, _ENGLISH)
]
_SHARES = (0.84, 0.12, 0.04)
_SHARE_SHORT, _SHARE_AGAIN = 0.12, 0.03


def comment(rng: random.Random) -> str:
    """One comment in one language: mostly one to four sentences, sometimes only thanks."""
    if rng.random() < _SHARE_SHORT:
        return rng.choice(_SHORT.split("|"))
    (words,) = rng.choices(_LANGUAGES, _SHARES)
    sentences = []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        parts = (*(rng.choice(words[part]) for part in ("opening", "subject")), rng.choice(words["happened"]) + ".")
        sentences.append(" ".join((*parts, rng.choice(words["after"]))).strip())
    return " ".join(sentences).format(
        day=rng.choice(words["day"]),
        place=rng.choice(words["place"]),
        name=rng.choice(_NAMES.split("|")),
        n=rng.randrange(10, 99),
    )


def write_survey(path: Path, *, rows: int, units: Sequence[str], last: dt.date, seed: int) -> None:
    """Write an export with a comment in every row, as a survey system gives it.

    Args:
        path: Where to.
        rows: How many answers.
        units: Codes of the units they are about.
        last: Day of the last answer; they reach back half a year.
        seed: Of the random numbers.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Vastausaika", "Yksikkö", "Vastaaja", "Kuinka todennäköisesti suosittelisit", "Avoin palaute"])
        writer.writerows(_rows(random.Random(seed), rows, units, last))


def _rows(rng: random.Random, rows: int, units: Sequence[str], last: dt.date) -> Iterator[list[object]]:
    said: list[str] = []
    for _ in range(rows):
        day = last - dt.timedelta(days=rng.randrange(180))
        text = rng.choice(said) + "!" if said and rng.random() < _SHARE_AGAIN else comment(rng)
        if len(said) < 5_000:
            said.append(text)
        clock = f"{rng.randrange(8, 20)}:{rng.randrange(60):02d}"
        yield [f"{day:%d.%m.%Y} {clock}", rng.choice(units), rng.randrange(rows), rng.randrange(11), text]
