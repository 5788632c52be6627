"""Service paths of the county, and walks that its people took along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlmodel import Session

from models.base import validated
from models.walks import ServicePath, Walk, WalkStep
from services.demo.curves import stream
from services.demo.facts import ServicePath as Stated
from services.demo.simulate import DemoData
from services.demo.stored_county import Ids, added, at

HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True, kw_only=True)
class Walked:
    """One invented walk.

    Attributes:
        path: The path's code.
        unit: Where.
        by: Who walked.
        week: Week of the county, Monday 0.
        alternative: Which of the path's alternatives.
        as_whom: Whose shoes.
        minutes: When each stage began, in minutes from the first; they vary a little from walk to walk.
        feelings: How each stage felt.
        notes: What was seen, by stage.
        pilot: The pilot that ran at the time.
    """

    path: str
    unit: str
    by: str
    week: int
    alternative: int
    as_whom: str
    minutes: tuple[float, ...]
    feelings: tuple[int, ...]
    notes: dict[int, str]
    pilot: str | None = None


BOOKED, FREE = (0, 35, 9 * DAY, 9 * DAY + 40), (0, 4, 3 * DAY, 3 * DAY + 40)
CALLED, CHOSEN = (0, 3 * DAY, 16 * DAY, 17 * DAY), (0, 2 * DAY, 9 * DAY, 10 * DAY)
OPERATED = (0, 21 * DAY, 45 * DAY, 47 * DAY, 54 * DAY)
INSPECTED = (0, 14 * DAY, 15 * DAY, 16 * DAY, 40 * DAY)
WALKS = (
    Walked(
        path="neuvola", unit="LAP1", by="u10", week=5, alternative=1, as_whom="ensimmäistä lastaan odottava",
        minutes=BOOKED, feelings=(2, 1, 4, 3), notes={1: "Puhelimessa tarjottiin vain yhtä aikaa."},
    ),
    Walked(
        path="neuvola", unit="LAP1", by="u10", week=8, alternative=1, as_whom="kahden lapsen isä",
        minutes=BOOKED, feelings=(3, 2, 5, 3), notes={1: "Soitto tuli takaisin vasta työajalla."},
    ),
    Walked(
        path="neuvola", unit="LAP1", by="u10", week=15, alternative=0, as_whom="ensimmäistä lastaan odottava",
        minutes=FREE, feelings=(4, 4, 4, 3), notes={3: "Seuraavasta käynnistä ei ollut tietoa."}, pilot="P10",
    ),
    Walked(
        path="neuvola", unit="LAP1", by="u10", week=19, alternative=0, as_whom="yksinhuoltaja, vuorotyö",
        minutes=FREE, feelings=(4, 5, 5, 4), notes={1: "Ajan sai illalla itse."}, pilot="P10",
    ),
    Walked(
        path="kontrolli", unit="AVO2", by="u10", week=24, alternative=2, as_whom="78-vuotias verenpainepotilas",
        minutes=CALLED, feelings=(3, 2, 4, 3), notes={1: "Kirjeessä oli valmis aika, jota ei voinut vaihtaa."},
    ),
    Walked(
        path="kontrolli", unit="AVO2", by="u10", week=28, alternative=2, as_whom="työssä käyvä diabeetikko",
        minutes=CALLED, feelings=(3, 2, 4, 4), notes={1: "Käynti olisi mahtunut ruokatunnille videolla."},
    ),
    Walked(
        path="kontrolli", unit="AVO2", by="u10", week=38, alternative=0, as_whom="työssä käyvä diabeetikko",
        minutes=CHOSEN, feelings=(4, 5, 4, 4), notes={1: "Video oli helppo valita."}, pilot="P03",
    ),
    Walked(
        path="kontrolli", unit="AVO2", by="u10", week=41, alternative=0, as_whom="78-vuotias verenpainepotilas",
        minutes=CHOSEN, feelings=(3, 1, 2, 3), pilot="P03",
        notes={1: "Valintaa ei löytynyt ilman pankkitunnuksia.", 2: "Kuva katkesi kahdesti."},
    ),
    Walked(
        path="kontrolli", unit="AVO2", by="u10", week=44, alternative=1, as_whom="näkövammainen",
        minutes=CHOSEN, feelings=(3, 3, 5, 4), notes={2: "Puhelu riitti hyvin."}, pilot="P03",
    ),
    Walked(
        path="leikkaus", unit="SAI3", by="u1", week=26, alternative=1, as_whom="yksin asuva 70-vuotias",
        minutes=OPERATED, feelings=(3, 4, 4, 2, 1),
        notes={3: "Lääkelista tuli vasta ovella.", 4: "Kukaan ei soittanut."},
    ),
    Walked(
        path="leikkaus", unit="SAI3", by="u1", week=30, alternative=1, as_whom="omainen",
        minutes=OPERATED, feelings=(3, 3, 4, 2, 2), notes={3: "Kotiutumispäivä muuttui kahdesti."},
    ),
    Walked(
        path="leikkaus", unit="SAI3", by="u1", week=40, alternative=1, as_whom="yksin asuva 70-vuotias",
        minutes=OPERATED, feelings=(3, 4, 4, 4, 5), notes={4: "Soitto tuli toisena päivänä, kuten luvattiin."},
        pilot="P16",
    ),
    Walked(
        path="leikkaus", unit="SAI3", by="u1", week=46, alternative=0, as_whom="nuori urheilija",
        minutes=OPERATED, feelings=(4, 4, 4, 4, 4), notes={3: "Lista käytiin läpi yhdessä."}, pilot="P16",
    ),
    Walked(
        path="palotarkastus", unit="PEL1", by="u2", week=22, alternative=0, as_whom="taloyhtiön puheenjohtaja",
        minutes=INSPECTED, feelings=(4, 4, 1, 2, 3), notes={2: "Määräyksessä oli vain pykälä, ei syytä."},
    ),
    Walked(
        path="palotarkastus", unit="PEL1", by="u6", week=27, alternative=0, as_whom="ravintoloitsija",
        minutes=INSPECTED, feelings=(3, 4, 2, 2, 3), notes={2: "Jäi epäselväksi, mitä pitää tehdä ensin."},
    ),
    Walked(
        path="palotarkastus", unit="PEL1", by="u2", week=36, alternative=0, as_whom="taloyhtiön puheenjohtaja",
        minutes=INSPECTED, feelings=(4, 4, 3, 5, 4), notes={3: "Soitossa sai kysyä."}, pilot="P05",
    ),
    Walked(
        path="palotarkastus", unit="PEL1", by="u6", week=43, alternative=1, as_whom="omakotiasuja",
        minutes=INSPECTED, feelings=(3, 3, 3, 4, 4), notes={0: "Lomake oli pitkä."}, pilot="P05",
    ),
)  # fmt: skip


def store_walks(session: Session, data: DemoData, ids: Ids, pilots: dict[str, int], seed: int) -> None:
    """Add the paths and the walks along them, in the caller's transaction."""
    paths = {path.code: added(session, _path(path)) for path in data.county.service_paths}
    for number, walked in enumerate(WALKS):
        day = data.day(walked.week, 2)
        row = validated(
            Walk,
            path_id=paths[walked.path],
            unit_id=ids.units[walked.unit],
            pilot_id=pilots[walked.pilot] if walked.pilot else None,
            alternative=walked.alternative,
            walked_on=day,
            as_whom=walked.as_whom,
            by_id=ids.people[walked.by],
            at=at(day, hour=15),
            is_demo=True,
        )
        walk_id = added(session, row)
        # A walk is as much quicker or slower than the usual one as its own luck has it, all along.
        pace = float(np.exp(stream(seed, "walk", number).normal(0, 0.15)))
        for stage, (minute, feeling) in enumerate(zip(walked.minutes, walked.feelings, strict=True)):
            session.add(
                validated(
                    WalkStep,
                    walk_id=walk_id,
                    stage=stage,
                    minute=float(round(minute * pace)),
                    feeling=feeling,
                    note=walked.notes.get(stage, ""),
                )
            )
    session.flush()


def _path(stated: Stated) -> ServicePath:
    """A path as the record keeps it: each stage and each alternative with its names in every language."""
    return validated(
        ServicePath,
        code=stated.code,
        name=stated.names,
        stages=_lines(stated.stages),
        alternatives=_lines(stated.alternatives),
        is_demo=True,
    )


def _lines(named: dict[str, list[str]]) -> list[dict[str, str]]:
    languages = list(named)
    return [dict(zip(languages, words, strict=True)) for words in zip(*named.values(), strict=True)]
