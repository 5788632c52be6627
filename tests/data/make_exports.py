"""Make the fictional export files of this folder, and bad ones for tests: `python tests/data/make_exports.py`.

Nobody here is real: the county and its OIDs are invented, identity codes use the range 900-999 that is given to nobody,
and phone numbers and addresses are made up.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterable, Sequence
from pathlib import Path

HERE = Path(__file__).parent
OID = "1.2.246.10.99999999.10."
UNITS = {
    "AVO1": (1, "Merisataman terveysasema"),
    "AVO4": (4, "Puhelin- ja digiasiakaspalvelu"),
    "SUU1": (5, "Hammashoitola Keskusta"),
    "SAI1": (7, "Kirurgian poliklinikka"),
    "SAI3": (9, "Vuodeosasto 4B"),
    "SAI5": (11, "Yhteispäivystys"),
    "PEL1": (24, "Onnettomuuksien ehkäisy ja valvonta"),
}
FACES = ("Erittäin tyytymätön", "Tyytymätön", "Tyytyväinen", "Erittäin tyytyväinen")
AGREEMENT = (
    "Ei koske minua",
    "Täysin eri mieltä",
    "Jokseenkin eri mieltä",
    "Ei samaa eikä eri mieltä",
    "Jokseenkin samaa mieltä",
    "Täysin samaa mieltä",
)
STATEMENTS = (
    "Sain apua, kun sitä tarvitsin.",
    "Koin oloni turvalliseksi hoidon / palvelun aikana.",
    "Tiedän, miten hoitoni/palveluni jatkuu.",
    "Saamani tieto hoidosta / palvelusta oli ymmärrettävää.",
)
KIOSK_TEXTS = (
    "Ihan ok, vähän jouduin odottamaan.",
    "En löytänyt ilmoittautumista, opasteet johtavat kellariin.",
    "Kiitos, ei sattunut yhtään.",
    "Kuusi tuntia eikä kukaan sanonut mitään.",
    "Aulan opas oli ihana, kiitos hänelle.",
    "-hidas palvelu, muuten hyvä",
    "Väntade 50 minuter fast jag var först på listan.",
    "Hoitaja Tuuli kävi kertomassa missä mennään.",
)
SURVEY_TEXTS = (
    "Kotiin lähtiessä sain nipun papereita; en tiennyt mistä aloittaa.",
    "Hetuni on 010190-999W ja soittakaa puh. 040 000 0000 ennen kello 16.",
    "Vastaanottovirkailija Maija Meikäläinen oli töykeä, t. matti.esimerkki@example.com",
    "Asun osoitteessa Rantakatu 5 B 12 eikä kotiutuksesta soitettu.",
    "Lääkäri Koski kuunteli ja selitti niin että ymmärsin. Kiitos!",
    "Olen syntynyt 12.3.1954 enkä osaa käyttää sovellusta.",
    "Checklistan var tydlig. Bra att den fanns på svenska.",
    "I waited five hours. Nobody told me whether I was still in the queue.",
    "Odotin takaisinsoittoa koko päivän, ja kun se tuli, olin suihkussa.",
    "Autoni ABC-123 sai sakon, vaikka pysäköintilupa oli ikkunassa.",
)
SMS_TEXTS = (
    "Takaisinsoitto tuli jo tunnissa, kiitos!",
    'Viestissä luki vain "aikanne on varattu". Missä, kenelle ja miten perun?',
    "Jag tryckte på svenska men fick svar på finska.",
    "Neljä kertaa jonossa, joka kerta puhelu katkesi.",
    "Chatten på svenska var snabb och vänlig. Tack!",
    "Lasku tuli kahdesti, ja maksumuistutus vielä päälle.",
    "The booking page switches back to Finnish when I log in.",
    "Kiitos",
)


def _moment(rng: random.Random) -> dt.datetime:
    day = dt.date(2026, 8, 3) + dt.timedelta(days=rng.randrange(105))
    return dt.datetime(day.year, day.month, day.day, rng.randrange(8, 20), rng.randrange(60))  # noqa: DTZ001


def _finnish(moment: dt.datetime) -> str:
    return f"{moment.day}.{moment.month}.{moment.year} {moment.hour}:{moment.minute:02}"


def _write(path: Path, rows: Iterable[Sequence[object]], *, delimiter: str, encoding: str) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def kiosk(path: Path, rows: int = 180) -> Path:
    """A smiley kiosk's export: Windows-1252, semicolons, a title above the header, days as 3.8.2026 14:05."""
    rng = random.Random(1)
    answers = sorted(
        (_moment(rng), rng.choice(("AVO1", "SAI1", "SAI5", "SUU1")), rng.choices(FACES, (8, 12, 30, 50))[0])
        for _ in range(rows)
    )
    table: list[list[object]] = [
        ["Palautelaitteet, raportti 3.8.–15.11.2026"],
        [],
        ["Aika", "Toimipiste", "Laite", "Arvio", "Avoin palaute"],
    ]
    for moment, unit, face in answers:
        text = rng.choice(KIOSK_TEXTS) if rng.random() < 0.15 else ""
        table.append([_finnish(moment), UNITS[unit][1], f"LAITE-{UNITS[unit][0]:02}", face, text])
    return _write(path, table, delimiter=";", encoding="cp1252")


def survey(path: Path, rows: int = 120) -> Path:
    """A web survey's workbook: national statements as words, 0-10, open text with personal data in it."""
    from openpyxl import Workbook

    rng = random.Random(2)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Vastaukset"
    sheet.append(
        [
            "Vastaajan ID", "Vastausaika", "Yksikkö", "Kanava", "Ikäryhmä", "Elämäntilanne", *STATEMENTS,
            "Kuinka todennäköisesti suosittelisit saamaasi palvelua läheisellesi? (0-10)",
            "Avoin palaute: mitä haluat kertoa?",
        ]
    )  # fmt: skip
    for number in range(rows):
        moment = _moment(rng)
        words = [rng.choices(AGREEMENT, (10, 4, 6, 10, 30, 40))[0] for _ in STATEMENTS]
        sheet.append(
            [
                10_001 + number,
                moment if number % 3 else _finnish(moment),
                rng.choice([UNITS["SAI3"][1], UNITS["SAI1"][1], UNITS["AVO1"][1], UNITS["PEL1"][1]]),
                rng.choice(["Verkko", "QR", "Paperi"]),
                rng.choice(["18–24", "25–34", "35–49", "50–64", "65–74", "75+", None]),
                rng.choice(["eläkeikäinen", "lapsiperhe", "työikäinen", "omaishoitaja", None]),
                *words,
                rng.choices(range(11), (3, 1, 1, 2, 2, 4, 5, 10, 20, 25, 27))[0],
                SURVEY_TEXTS[number % len(SURVEY_TEXTS)] if number % 3 == 0 else None,
            ]
        )
    book.save(path)
    return path


def text_messages(path: Path, rows: int = 200) -> Path:
    """A text-message survey's export: UTF-8, commas, unit OIDs, a phone number to be dropped, a decimal comma."""
    rng = random.Random(3)
    table: list[list[object]] = [
        ["event_id", "phone", "visit_time", "visit_type", "mother_tongue", "age", "municipality", "unit_oid", "nps",
         "odotusaika_h", "comment"]
    ]  # fmt: skip
    for number in range(rows):
        unit = rng.choice(("AVO1", "AVO4", "SUU1", "SAI1", "SAI5"))
        table.append(
            [
                f"EV{700_000 + number}",
                f"+35840{rng.randrange(10**7):07}",
                _moment(rng).strftime("%Y-%m-%dT%H:%M:%S"),
                rng.choice(["vastaanotto", "etävastaanotto", "puhelu"]),
                rng.choices(["suomi", "ruotsi", "englanti", "venäjä"], (80, 12, 5, 3))[0],
                rng.randrange(18, 95),
                rng.choice(["Rannikko", "Kuusisto", "Skärhamn"]),
                OID + str(UNITS[unit][0]),
                rng.choices(range(11), (4, 1, 2, 3, 3, 5, 6, 10, 19, 22, 25))[0],
                str(round(rng.gammavariate(2, 0.8), 1)).replace(".", ","),
                rng.choice(SMS_TEXTS) if rng.random() < 0.25 else "",
            ]
        )
    return _write(path, table, delimiter=",", encoding="utf-8")


def weekly(path: Path, weeks: int = 15) -> Path:
    """Weekly process measurements from a data warehouse: semicolons, decimal commas, one metric a row."""
    rng = random.Random(4)
    table: list[list[object]] = [["Viikko", "Yksikkö", "Mittari", "n", "Keskiarvo", "Hajonta", "Lkm"]]
    for week in range(weeks):
        label = f"2026-W{32 + week:02}"
        for unit in ("AVO1", "AVO4"):
            n = rng.randrange(60, 140)
            table.append([label, unit, "cb2h", n, "", "", round(n * rng.uniform(0.5, 0.8))])
            n = rng.randrange(20, 60)
            mean = f"{rng.gauss(14, 1.5):.1f}".replace(".", ",")
            table.append([label, unit, "wait", n, mean, f"{rng.uniform(3, 6):.2f}".replace(".", ","), ""])
        table.append([label, "PEL1", "contacts", 1, "", "", rng.randrange(5, 30)])
    return _write(path, table, delimiter=";", encoding="utf-8-sig")


def with_bad_rows(path: Path, rows: int = 200) -> Path:
    """A kiosk file in which every tenth row is wrong, each in its own way."""
    wrong: list[list[object]] = [
        ["31.2.2026", "AVO1", "3", ""],
        ["3.8.2027", "AVO1", "3", ""],
        ["3.8.2026", "AVO99", "3", ""],
        ["3.8.2026", "AVO1", "9", ""],
        ["3.8.2026", "AVO1", "3", '=HYPERLINK("http://example.com","x")'],
        ["", "AVO1", "3", ""],
        ["3.8.2026", "AVO1", "hyvä", ""],
        ["3.8.2026", "AVO1", "", ""],
        ["3.8.2026", "AVO1", "3", "", "ylimääräinen"],
        ["=1+1", "AVO1", "3", ""],
    ]
    table: list[list[object]] = [["Pvm", "Yksikkö", "Arvio", "Kommentti"]]
    for number in range(rows):
        good: list[object] = [f"{number % 28 + 1}.9.2026", "AVO1", number % 4 + 1, ""]
        table.append(wrong[number // 10 % len(wrong)] if number % 10 == 9 else good)
    return _write(path, table, delimiter=";", encoding="utf-8")


def large(path: Path, megabytes: float) -> Path:
    """A valid file of about a size."""
    line = "3.8.2026;AVO1;4;" + "Odotin tunnin ja sain hyvää hoitoa. " * 3 + "\n"
    with path.open("w", encoding="utf-8") as file:
        file.write("Pvm;Yksikkö;Arvio;Kommentti\n")
        block = line * 10_000
        for _ in range(int(megabytes * 1e6 / len(block.encode())) + 1):
            file.write(block)
    return path


if __name__ == "__main__":
    kiosk(HERE / "kiosk.csv")
    survey(HERE / "survey.xlsx")
    text_messages(HERE / "text_messages.csv")
    weekly(HERE / "weekly_measurements.csv")
