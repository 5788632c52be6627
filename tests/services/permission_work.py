"""What people work with, for the permission matrix: pilots, decisions, meetings, stories, ideas, walks and logs."""

from __future__ import annotations

import dataclasses
import datetime as dt

from models.adoption import AdoptionState
from models.decisions import Choice
from models.ideas import IdeaStatus, IdeaVote, Thanks
from models.pilots import Happened, LogEntry, PilotStatus, Status
from models.walks import Walk
from services.follow_up import Keep
from services.pilots import PilotInput, list_pilots
from services.rows import key
from services.walks import StepInput
from tests.services.permission_county import MOMENT, County, Make, Subject


def adoption(county: County) -> Subject:
    decision, pilot, units = county.scaled()
    arguments = {"decision_id": decision.id, "unit_id": units[0], "state": AdoptionState.DROPPED, "note": "Ei sovi."}
    return Subject(units[0], arguments, also=(pilot.unit_id,))


def decision(county: County) -> Subject:
    evaluation, pilot = county.undecided()
    arguments = {"evaluation_id": evaluation.id, "choice": Choice.STOP, "today": county.today, "reason": "Syy on tämä."}
    return Subject(pilot.unit_id, arguments)


def approval(county: County) -> Subject:
    made, pilot = county.overridden()
    return Subject(pilot.unit_id, {"decision_id": made.id})


def follow_up_check(county: County) -> Subject:
    _, pilot, _ = county.scaled()
    later = county.today + dt.timedelta(days=400)
    arguments = {"pilot_id": pilot.id, "today": county.today, "keep": Keep.GO_ON, "review_on": later, "note": "Jatkuu."}
    return Subject(pilot.unit_id, arguments)


def of_idea(**fields: object) -> Make:
    def make(county: County) -> Subject:
        return Subject(county.ward, {"idea_id": county.idea().id, **fields})

    return make


def voted(county: County) -> Subject:
    idea = county.idea()
    county.keep(IdeaVote(idea_id=key(idea.id), person_id=key(county.by.id)))
    return Subject(county.ward, {"idea_id": idea.id})


def declined(county: County) -> Subject:
    idea = county.idea(
        status=IdeaStatus.DECLINED, answer="Ei nyt.", answered_by_id=county.somebody.id, answered_at=MOMENT
    )
    return Subject(county.ward, {"idea_id": idea.id})


def waiting_pilot(county: County) -> Subject:
    pilot = county.pilot("P01")
    county.keep(PilotStatus(pilot_id=key(pilot.id), status=Status.IDEA, by_id=county.somebody.id, note=""))
    start = county.today + dt.timedelta(days=7)
    return Subject(pilot.unit_id, {"pilot_id": pilot.id, "today": county.today, "start_on": start})


def in_meeting(**fields: object) -> Make:
    return lambda county: Subject(county.ward, {"meeting_id": county.meeting().id, **fields})


def meeting_pilot(county: County) -> Subject:
    pilot = county.pilot("P01")
    return Subject(pilot.unit_id, {"meeting_id": county.meeting().id, "pilot_id": pilot.id})


def taken_up(county: County) -> Subject:
    return Subject(county.ward, {"meeting_id": county.meeting().id, "pilot_id": county.pilot("P01").id})


def new_pilot(county: County) -> Subject:
    plan = county.plan(county.pilot("P01"))
    start = county.today + dt.timedelta(days=7)
    moved = dataclasses.replace(
        plan,
        start_on=start,
        end_on=start + dt.timedelta(days=83),
        decide_on=start + dt.timedelta(days=90),
        reviews=(),
        trigger=None,
        pilot_unit_ids=(county.ward,),
        comparison_unit_ids=(),
    )
    fields = PilotInput(
        unit_id=county.ward,
        theme_ids=(key(county.theme().id),),
        customers_say="Emme pääse läpi.",
        change="Kaksi takaisinsoittovuoroa.",
        prediction="Arvosana nousee.",
    )
    return Subject(county.ward, {"fields": fields, "plan": moved, "today": county.today})


def amended(county: County) -> Subject:
    pilot = county.pilot("P01")
    plan = county.plan(pilot)
    other = dataclasses.replace(plan, decide_on=plan.decide_on + dt.timedelta(days=1))
    return Subject(pilot.unit_id, {"pilot_id": pilot.id, "plan": other, "reason": "Loma.", "today": county.today})


def story_text(county: County) -> Subject:
    _, pilot = county.story()
    told = {"fi": "Soitamme takaisin."}
    parts = dict.fromkeys(("you_said", "we_tried", "what_happened"), told)
    return Subject(pilot.unit_id, {"pilot_id": pilot.id, **parts, "what_next": {}})


def of_story(county: County) -> Subject:
    story, pilot = county.story()
    return Subject(pilot.unit_id, {"story_id": story.id})


def own_thanks(county: County) -> Subject:
    row = county.keep(Thanks(unit_id=county.ward, words="Kiitos!", by_id=key(county.by.id)))
    return Subject(county.ward, {"thanks_id": row.id})


def walked(county: County) -> Subject:
    arguments = {
        "path_id": county.path().id,
        "unit_id": county.ward,
        "steps": [StepInput(stage=0, minute=0, feeling=3)],
        "today": county.today,
    }
    return Subject(county.ward, arguments)


def own_walk(*, taken_back: bool) -> Make:
    def make(county: County) -> Subject:
        row = Walk(
            path_id=key(county.path().id),
            unit_id=county.ward,
            walked_on=county.today,
            by_id=key(county.by.id),
            taken_back_at=MOMENT if taken_back else None,
        )
        return Subject(county.ward, {"walk_id": county.keep(row).id})

    return make


def running(county: County) -> Subject:
    row = next(row for row in list_pilots(county.session, today=county.today) if row.status is Status.RUNNING)
    return Subject(row.pilot.unit_id, {"pilot_id": row.pilot.id, "happened": Happened.YES, "today": county.today})


def logged(county: County) -> Subject:
    subject = running(county)
    entry = county.keep(
        LogEntry(
            pilot_id=subject.arguments["pilot_id"], week=2966, happened=Happened.YES, note="", by_id=key(county.by.id)
        )
    )
    return Subject(subject.unit_id, {"entry_id": entry.id})


def evaluated(county: County) -> Subject:
    pilot = county.pilot("P01")
    return Subject(pilot.unit_id, {"pilot_id": pilot.id, "today": county.today})


def tried(county: County) -> Subject:
    return Subject(county.ward, {"idea_id": county.idea().id, "pilot_id": county.pilot("P01").id})


def proposed(county: County) -> Subject:
    return Subject(county.ward, {"unit_id": county.ward, "words": "Kokeillaan soittoaikaa."})


def own_idea(county: County) -> Subject:
    return Subject(county.ward, {"idea_id": county.idea(by_id=key(county.by.id)).id})


def ended(county: County) -> Subject:
    pilot = county.pilot("P01")
    return Subject(pilot.unit_id, {"meeting_id": county.meeting().id, "left": [pilot.id]})


def minutes(county: County) -> Subject:
    return Subject(county.ward, {"meeting_id": county.meeting().id, "today": county.today})


def thanked(county: County) -> Subject:
    return Subject(county.ward, {"unit_id": county.ward, "words": "Kiitos avusta!"})
