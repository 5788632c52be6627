"""What the county's staff proposed, with the votes of its invented people, and the thanks they sent each other."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from sqlmodel import Session

from models.base import validated
from models.ideas import Idea, IdeaStatus, IdeaVote, Thanks
from models.people import Role
from services.demo.curves import stream
from services.demo.facts import Proposal
from services.demo.simulate import DemoData
from services.demo.stored_county import Ids, added, at
from services.permissions import MATRIX, May
from themes.redaction import redact


@dataclass(frozen=True, kw_only=True)
class Fate:
    """When an idea came, and what became of it.

    Attributes:
        week: Week of the county, from its Monday 0.
        day: Day of that week, Monday 0.
        status: How it stands.
        answered_after: Days until its answer.
        answered_by: Code of who answered.
        answer: The answer in words.
        pilot: Code of the pilot that tries it.
    """

    week: int
    day: int = 2
    status: IdeaStatus = IdeaStatus.OPEN
    answered_after: int = 0
    answered_by: str = ""
    answer: str = ""
    pilot: str = ""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One word of thanks.

    Attributes:
        unit: The unit that is thanked.
        by: Code of who sent it.
        week: Week of the county.
        words: The thanks.
        pilot: Code of the unit's pilot it is about, if any.
    """

    unit: str
    by: str
    week: int
    words: str
    pilot: str = ""


FATES: dict[tuple[str, str], Fate] = {
    ("SAI5", "T04"): Fate(week=37, status=IdeaStatus.TRIED, answered_after=12, answered_by="u10", pilot="P17"),
    ("IKA1", "T10"): Fate(
        week=58,
        status=IdeaStatus.DECLINED,
        answered_after=6,
        answered_by="u10",
        answer="Lepoajat pitää tarkistaa joka vaihdossa, joten kuittaus tarvitaan vielä. "
        "Lupaamme kuitata vaihdot saman päivän aikana.",
    ),
    ("PEL1", "T17"): Fate(week=62, day=1),
    ("IKA1", "T15"): Fate(week=63),
}
"""By unit and theme, what county.json's proposals have met so far."""

WILLING = 0.7
"""Share of the people who may vote that voted for the best-liked idea."""

THANKS = (
    Sent(unit="SAI5", by="u1", week=61, words="Kiitos, että soitatte osastolle jo ennen potilaan siirtoa. Ilta sujuu."),
    Sent(unit="PEL1", by="u3", week=60, words="Kiitos selkokielisestä perustelusta: puhelimessa on nyt helppo neuvoa."),
    Sent(
        unit="IKA1",
        by="u10",
        week=62,
        words="Kiitos, että kerroitte avoimesti, mikä viikkolistassa ei toimi.",
        pilot="P08",
    ),
    Sent(unit="SAI3", by="u5", week=63, words="Kiitos nopeasta vastaanotosta viime viikonloppuna."),
    Sent(unit="AVO4", by="u7", week=59, words="Kiitos takaisinsoitoista. Asiakkaat kiittävät, ja niin minäkin."),
)


def store_ideas(session: Session, data: DemoData, ids: Ids, pilots: dict[str, int], seed: int) -> None:
    """Add the proposals with their votes and answers, and the thanks, in the caller's transaction.

    Only the county's few invented people can vote, so the stated votes are scaled down to as many of them as may.
    """
    most = max(proposal.votes for proposal in data.county.staff_proposals)
    for proposal in data.county.staff_proposals:
        _idea(session, data, ids, pilots, proposal, share=proposal.votes / most, seed=seed)
    for sent in THANKS:
        row = validated(
            Thanks,
            unit_id=ids.units[sent.unit],
            pilot_id=pilots[sent.pilot] if sent.pilot else None,
            words=redact(sent.words).text,
            by_id=ids.people[sent.by],
            at=at(data.day(sent.week, 3), hour=14),
            is_demo=True,
        )
        session.add(row)
    session.flush()


def _idea(
    session: Session,
    data: DemoData,
    ids: Ids,
    pilots: dict[str, int],
    proposal: Proposal,
    *,
    share: float,
    seed: int,
) -> None:
    fate = FATES[(proposal.unit, proposal.theme)]
    day = data.day(fate.week, fate.day)
    row = validated(
        Idea,
        unit_id=ids.units[proposal.unit],
        theme_id=ids.themes[proposal.theme],
        words=redact(proposal.text["fi"]).text,
        status=fate.status,
        answer=fate.answer,
        pilot_id=pilots[fate.pilot] if fate.pilot else None,
        by_id=ids.people[proposal.user],
        at=at(day, hour=11),
        answered_by_id=ids.people[fate.answered_by] if fate.answered_by else None,
        answered_at=at(day + dt.timedelta(days=fate.answered_after), hour=15) if fate.answered_by else None,
        is_demo=True,
    )
    idea_id = added(session, row)
    others = [
        user.code for user in data.county.users if May.PROPOSE in MATRIX[Role(user.role)] and user.code != proposal.user
    ]
    order = stream(seed, "votes", proposal.unit, proposal.theme).permutation(len(others))
    for place in order[: math.ceil(share * len(others) * WILLING)]:
        voted = at(day + dt.timedelta(days=1 + int(place) % 3), hour=12)
        session.add(IdeaVote(idea_id=idea_id, person_id=ids.people[others[place]], at=voted))
