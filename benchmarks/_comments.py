"""Invented comments as a county's customers write them: no two files alike, some people saying the same again."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

_OPENINGS = (
    "Olin {day} {place} ja", "Kävin {place}, jossa", "Äitini oli {place} ja", "Soitin {place} ja", "Tulin {place} ajoissa, mutta",
    "Ensimmäistä kertaa {place}:", "Jo toisen kerran {place}", "Poikani kanssa {place}", "{day} aamulla {place}", "Varasin ajan {place} ja",
    "Jag besökte {place} och", "Jag ringde {place} men", "Min mamma var {place} och", "I visited {place} and", "I called {place} but",
)  # fmt: skip
_DAYS = ("maanantaina", "tiistaina", "keskiviikkona", "torstaina", "perjantaina", "viikonloppuna", "eilen", "viime viikolla", "joulun alla")
_PLACES = (
    "terveysasemalla", "päivystyksessä", "hammashoitolassa", "vuodeosastolla", "laboratoriossa", "neuvolassa", "poliklinikalla",
    "kotihoidon kanssa", "kuntoutuksessa", "sosiaalitoimistossa", "röntgenissä", "leikkausosastolla", "på hälsostationen", "på akuten",
    "hos tandläkaren", "at the health centre", "at the emergency clinic",
)  # fmt: skip
_SUBJECTS = (
    "puhelinjono", "takaisinsoitto", "vastaanottovirkailija", "lääkäri", "hoitaja", "ajanvaraus", "kotiutus", "lasku", "pysäköinti", "opastus",
    "ruoka", "lääkelista", "lähete", "digipalvelu", "chat", "siivous", "odotustila", "resepti", "tutkimustulos", "kuljetus",
    "köen", "läkaren", "sköterskan", "tidsbokningen", "fakturan", "maten", "språket", "the queue", "the nurse", "the booking page",
)  # fmt: skip
_HAPPENED = (
    "kesti yli {n} minuuttia", "toimi paremmin kuin odotin", "oli ystävällinen ja kuunteli", "ei vastannut mitään", "tuli vasta {n} päivän päästä",
    "oli sekava eikä kukaan osannut neuvoa", "selitti kaiken ymmärrettävästi", "unohtui kokonaan", "oli täysin eri kuin viimeksi",
    "katkesi {n} kertaa", "jäi kesken", "hoitui hetkessä", "oli kallis, {n} euroa", "ei löytynyt mistään", "oli liian kiireinen",
    "tog över {n} minuter", "var vänlig och lyssnade", "kom först efter {n} dagar", "fungerade bra", "took more than {n} minutes",
    "was kind and explained everything", "did not work at all",
)  # fmt: skip
_AFTER = (
    "Toivon, että tähän tulee muutos.", "Kiitos koko henkilökunnalle!", "En tiedä keneltä kysyä seuraavaksi.", "Näin ei voi jatkua.",
    "Muuten kaikki sujui hyvin.", "Kerroin saman asian {n} kertaa.", "Iäkkäälle ihmiselle tämä on kohtuutonta.", "Tulen mielelläni uudestaan.",
    "Pyydän soittamaan numeroon 040 000 00{n}.", "Hoitaja {name} oli aivan ihana.", "Lapsi pelkäsi, mutta {name} rauhoitti.",
    "Voiko asian hoitaa verkossa?", "Sain ajan vasta {n} viikon päähän.", "Odottaessa ei ollut edes vettä tarjolla.", "Tämä on jo {n}. kerta.",
    "Tack till hela personalen!", "Jag hoppas att det här blir bättre.", "Skötaren {name} var underbar.", "Thank you to everyone.",
    "I hope this will change.", "", "", "",
)  # fmt: skip
_NAMES = (
    "Maija Virtanen", "Matti Korhonen", "Liisa Nieminen", "Pekka", "Aino", "Anna Lindström", "Erik Johansson", "Kaisa Mäkelä", "Ville", "Sari",
)  # fmt: skip
_SHORT = ("Kiitos", "Kiitos!", "Hyvä palvelu", "Tack!", "Kiitos hyvästä hoidosta", "Ei mitään", "Kaikki ok", "Thanks")
_SHARE_SHORT, _SHARE_AGAIN = 0.12, 0.03


def comment(rng: random.Random) -> str:
    """One comment: mostly one to four sentences, sometimes only thanks."""
    if rng.random() < _SHARE_SHORT:
        return rng.choice(_SHORT)
    sentences = []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        parts = (rng.choice(_OPENINGS), rng.choice(_SUBJECTS), rng.choice(_HAPPENED) + ".", rng.choice(_AFTER))
        sentences.append(" ".join(part for part in parts if part))
    return " ".join(sentences).format(
        day=rng.choice(_DAYS), place=rng.choice(_PLACES), name=rng.choice(_NAMES), n=rng.randrange(10, 99)
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
        yield [f"{day:%d.%m.%Y} {rng.randrange(8, 20)}:{rng.randrange(60):02d}", rng.choice(units),
               rng.randrange(rows), rng.randrange(11), text]  # fmt: skip
