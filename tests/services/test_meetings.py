"""Meetings: one a leader, left open or ended; decisions made in them, decided anew; what is left; the minutes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from docx import Document

from documents import minutes as document
from models.base import now, validated
from models.decisions import Choice, Decision, Evaluation, Verdict
from models.pilots import Pilot, PilotStatus, Status
from services import decisions, meetings, minutes, minutes_words, pilots, scaling, todo
from services.errors import BadInput, Conflict, NotAllowed
from services.i18n import translator
from services.portfolio import Pile
from services.rows import key
from services.todo import TaskKind
from tests.services.conftest import TODAY, World

DECIDED = TODAY + dt.timedelta(days=100)
REVIEW = DECIDED + dt.timedelta(days=90)


@pytest.fixture
def pilot(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def evaluated(world: World, pilot: Pilot, verdict: Verdict = Verdict.STOP) -> Evaluation:
    """An evaluation that this version cannot read: enough to decide on."""
    plan = pilots.pilot_row(world.session, pilot_id=key(pilot.id), today=TODAY).plan
    row = validated(
        Evaluation,
        pilot_id=pilot.id,
        plan_id=plan.id,
        as_of=plan.end_on,
        inputs_hash="a" * 64,
        code_version="test",
        verdict=verdict,
        rule="a rule",
        result={},
    )
    world.session.add(row)
    world.session.commit()
    return row


def decide(world: World, evaluation: Evaluation, choice: Choice, **more: object) -> Decision:
    given: dict[str, object] = {"by": world.leader, "today": DECIDED, "evaluation_id": key(evaluation.id), **more}
    return decisions.record_decision(world.session, choice=choice, **given)  # type: ignore[arg-type]


def test_a_leader_has_one_open_meeting(world: World) -> None:
    first = meetings.open_meeting(world.session, by=world.leader, present=" Katri, Ville ")
    assert (first.present, first.minutes_planned) == ("Katri, Ville", 30)
    with pytest.raises(Conflict, match="still open"):
        meetings.open_meeting(world.session, by=world.leader)
    other = meetings.open_meeting(world.session, by=world.director)
    assert [row.led_by.code for row in meetings.open_meetings(world.session)] == ["leader", "director"]
    meetings.end_meeting(world.session, meeting_id=key(first.id), by=world.leader)
    assert [row.meeting.id for row in meetings.earlier(world.session)] == [first.id]
    meetings.open_meeting(world.session, by=world.leader)
    with pytest.raises(Conflict, match="Somebody else"):
        meetings.end_meeting(world.session, meeting_id=key(other.id), by=world.leader)
    with pytest.raises(Conflict, match="has ended"):
        meetings.note_present(world.session, meeting_id=key(first.id), by=world.leader, present="x")


def test_a_meeting_left_open_is_not_going_on(world: World) -> None:
    meeting = meetings.open_meeting(world.session, by=world.leader)
    row = meetings.open_of(world.session, world.leader)
    assert row is not None
    assert row.ends_at == meeting.opened_at + dt.timedelta(minutes=30)
    assert row.going_on(now())
    assert not row.going_on(now() + dt.timedelta(hours=13))


def test_only_those_who_may_meet_do(world: World, pilot: Pilot) -> None:
    for person in (world.trustee, world.lead, world.nurse):
        with pytest.raises(NotAllowed):
            meetings.open_meeting(world.session, by=person)
    meeting = meetings.open_meeting(world.session, by=world.director)
    with pytest.raises(NotAllowed):
        minutes.assemble(world.session, meeting_id=key(meeting.id), by=world.trustee, today=DECIDED)
    pilot.unit_id = key(world.station.id)
    world.session.add(pilot)
    world.session.commit()
    with pytest.raises(NotAllowed):
        meetings.postpone(world.session, meeting_id=key(meeting.id), pilot_id=key(pilot.id), by=world.director)


def test_what_is_too_long_is_refused(world: World, pilot: Pilot) -> None:
    for minutes_planned in (4, 481):
        with pytest.raises(BadInput):
            meetings.open_meeting(world.session, by=world.leader, minutes_planned=minutes_planned)
    with pytest.raises(BadInput):
        meetings.open_meeting(world.session, by=world.leader, present="x" * 1001)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader, present="x" * 1000).id)
    with pytest.raises(BadInput):
        meetings.postpone(
            world.session, meeting_id=meeting_id, pilot_id=key(pilot.id), by=world.leader, note="x" * 1001
        )
    with pytest.raises(BadInput):
        meetings.end_meeting(world.session, meeting_id=meeting_id, by=world.leader, note="x" * 4001)


def test_a_pilot_is_left_without_personal_data_and_taken_up_again(world: World, pilot: Pilot) -> None:
    meeting_id, pilot_id = key(meetings.open_meeting(world.session, by=world.leader).id), key(pilot.id)
    note = "Kysytään vielä, puh. 040 123 4567."
    meetings.postpone(world.session, meeting_id=meeting_id, pilot_id=pilot_id, by=world.leader, note=note)
    item = meetings.items(world.session, meeting_id)[pilot_id]
    assert (item.postponed, item.note) == (True, "Kysytään vielä, puh. [PHONE].")
    meetings.take_up_again(world.session, meeting_id=meeting_id, pilot_id=pilot_id, by=world.leader)
    assert not meetings.items(world.session, meeting_id)[pilot_id].postponed


def test_a_decision_belongs_to_the_open_meeting_of_its_maker(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    with pytest.raises(Conflict, match="Somebody else"):
        decide(world, evaluation, Choice.STOP, by=world.director, meeting_id=meeting_id)
    meetings.postpone(world.session, meeting_id=meeting_id, pilot_id=key(pilot.id), by=world.leader)
    decide(world, evaluation, Choice.STOP, meeting_id=meeting_id, reason="Soita Maijalle 040 123 4567.")
    row = decisions.in_force(world.session, key(pilot.id))
    assert row is not None
    assert (row.decision.meeting_id, row.decision.reason) == (meeting_id, "Soita [NAME] [PHONE].")
    assert not meetings.items(world.session, meeting_id)[key(pilot.id)].postponed
    meetings.end_meeting(world.session, meeting_id=meeting_id, by=world.leader)
    with pytest.raises(Conflict, match="has ended"):
        decide(world, evaluation, Choice.STOP, meeting_id=meeting_id)


def test_decided_anew_the_newer_stands_and_the_older_stays(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    first = decide(world, evaluation, Choice.ADAPT, meeting_id=meeting_id, reason="Toisin.")
    with pytest.raises(Conflict, match="waits for its second person"):
        decide(world, evaluation, Choice.STOP, meeting_id=meeting_id)
    second = decide(world, evaluation, Choice.STOP, meeting_id=meeting_id, replaces=first.id)
    made = decisions.decisions_of(world.session, key(pilot.id))
    assert [(row.decision.id, row.replaced, row.waiting, row.in_force) for row in made] == [
        (second.id, False, False, True),
        (first.id, True, False, False),
    ]
    assert pilots.pilot_row(world.session, pilot_id=key(pilot.id), today=DECIDED).status is Status.STOPPED
    with pytest.raises(Conflict, match="newer decision"):
        decisions.approve_override(world.session, decision_id=key(first.id), by=world.director)
    for wrong in ({"replaces": first.id}, {"replaces": second.id, "meeting_id": None}):
        with pytest.raises(Conflict, match="Only the newest decision"):
            decide(world, evaluation, Choice.STOP, **{"meeting_id": meeting_id, **wrong})
    third = decide(world, evaluation, Choice.EXTEND, meeting_id=meeting_id, replaces=second.id, reason="Sittenkin.")
    row = decisions.in_force(world.session, key(pilot.id))
    assert row is not None
    assert row.decision.id == second.id, "the one in force stands until the second person has approved the newer"
    decisions.approve_override(world.session, decision_id=key(third.id), by=world.director)
    assert pilots.pilot_row(world.session, pilot_id=key(pilot.id), today=DECIDED).status is not Status.STOPPED


def test_a_replaced_override_waits_for_nobody_and_a_scale_up_decided_anew_is_no_check(
    world: World, pilot: Pilot
) -> None:
    evaluation = evaluated(world, pilot, Verdict.SCALE)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    first = decide(world, evaluation, Choice.STOP, meeting_id=meeting_id, reason="Toisin.")
    waiting = {task.kind for task in todo.waiting(world.session, person=world.director, today=DECIDED)}
    assert TaskKind.SECOND_PERSON in waiting
    later = {"review_on": DECIDED + dt.timedelta(weeks=12), "meeting_id": meeting_id}
    unit = key(world.other_ward.id)
    second = decide(world, evaluation, Choice.SCALE, replaces=first.id, scale_to=(unit,), **later)
    waiting = {task.kind for task in todo.waiting(world.session, person=world.director, today=DECIDED)}
    assert TaskKind.SECOND_PERSON not in waiting
    other = key(world.station.id)
    decide(world, evaluation, Choice.SCALE, replaces=second.id, scale_to=(other,), **later)
    found = scaling.scaling_of(world.session, key(pilot.id))
    assert found is not None
    assert found.checks == ()
    assert [unit.id for unit in found.units] == [other]


def test_the_minutes_say_what_was_decided_by_whom_and_what_was_left(world: World, pilot: Pilot) -> None:
    other = pilots.register_pilot(
        world.session, fields=world.fields(title="Toinen"), plan=world.plan(), by=world.lead, today=TODAY
    )
    evaluation = evaluated(world, pilot)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader, present="Katri ja Ville").id)
    decide(
        world,
        evaluation,
        Choice.SCALE,
        meeting_id=meeting_id,
        reason="Asiakkaat pitävät tästä.",
        owner_id=world.lead.id,
        review_on=REVIEW,
        scale_to=[key(world.other_ward.id)],
    )
    meetings.end_meeting(
        world.session, meeting_id=meeting_id, by=world.leader, left=[key(other.id)], note="Seuraava 7.12."
    )
    found = minutes.assemble(world.session, meeting_id=meeting_id, by=world.director, today=DECIDED)
    assert [one.row.pilot.code for one in found.decided] == [one.row.pilot.code for one in found.waiting]
    assert [one.row.pilot.code for one in found.left] == [other.code]
    assert found.harm_open == ()
    said = minutes_words.words(translator("fi"), found)
    assert [section.name for section in said.sections] == ["decisions", "waiting", "left", "counts", "note"]
    lines = "\n".join(said.sections[0].entries[0].lines)
    for part in ("Laajenna", "lopeta", "Asiakkaat pitävät tästä.", "lead", "SAI4 Osasto 5A", "leader"):
        assert part in lines
    assert translator("fi").date(REVIEW) in lines
    assert said.facts[1] == "Paikalla: Katri ja Ville"


def test_minutes_stay_the_same_when_pilots_move_on(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    decide(world, evaluation, Choice.STOP, meeting_id=meeting_id)
    ended = meetings.end_meeting(world.session, meeting_id=meeting_id, by=world.leader)
    before = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=DECIDED)
    later = validated(
        PilotStatus, pilot_id=pilot.id, status=Status.ESTABLISHED, at=now() + dt.timedelta(days=1), by_id=None
    )
    world.session.add(later)
    world.session.commit()
    assert ended.ended_at is not None
    after = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=DECIDED)
    assert after.counts == before.counts
    assert sum(after.counts.values()) == 1
    assert after.counts[Pile.TO_DECIDE] + after.counts[Pile.RUNNING] == 1, "where it lay before it was decided"


def test_a_check_of_what_was_scaled_up_counts_as_follow_up(world: World, pilot: Pilot) -> None:
    evaluation = evaluated(world, pilot, Verdict.SCALE)
    scaled = {"scale_to": [key(world.other_ward.id)], "review_on": REVIEW}
    decide(world, evaluation, Choice.SCALE, **scaled)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    decide(world, evaluation, Choice.SCALE, meeting_id=meeting_id, **scaled)
    found = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=DECIDED)
    assert [one.pile for one in found.decided] == [Pile.FOLLOW_UP]
    assert found.counts[Pile.FOLLOW_UP] == sum(found.counts.values()) == 1
    t = translator("en")
    assert "Decision: Keep it in use and check again" in minutes_words.words(t, found).sections[0].entries[0].lines
    pilots.set_status(world.session, pilot_id=key(pilot.id), status=Status.ESTABLISHED, by_id=world.leader.id)
    world.session.commit()
    found = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=DECIDED)
    said = minutes_words.words(t, found).sections[0].entries[0].lines
    assert said[0] == "Decision: It has held: make it an established practice"
    assert said[2].startswith("Effect when it was scaled up: ")


def test_a_pilot_registered_after_the_meeting_is_not_in_its_minutes(world: World, pilot: Pilot) -> None:
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader).id)
    meetings.end_meeting(world.session, meeting_id=meeting_id, by=world.leader)
    before = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=TODAY).counts
    pilots.register_pilot(
        world.session, fields=world.fields(title="Toinen"), plan=world.plan(), by=world.lead, today=TODAY
    )
    assert minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=TODAY).counts == before


def test_minutes_on_paper_in_every_language(world: World, pilot: Pilot, tmp_path: Path) -> None:
    evaluation = evaluated(world, pilot)
    meeting_id = key(meetings.open_meeting(world.session, by=world.leader, present="<b>Åsa</b> & \x07#let 😀").id)
    decide(world, evaluation, Choice.ADAPT, meeting_id=meeting_id, reason="$x$ *ei* [linkki](x)")
    found = minutes.assemble(world.session, meeting_id=meeting_id, by=world.leader, today=DECIDED)
    for language, word in (("fi", "pöytäkirja"), ("sv", "protokoll"), ("en", "minutes")):
        t = translator(language)
        assert document.pdf(t, found).startswith(b"%PDF-")
        path = tmp_path / f"{language}.docx"
        path.write_bytes(document.docx(t, found))
        written = Document(str(path))
        texts = [paragraph.text for paragraph in written.paragraphs]
        assert "$x$ *ei* [linkki](x)" in "\n".join(texts)
        assert any("<b>Åsa</b> & #let 😀" in text for text in texts)
        assert written.paragraphs[0].style.name == "Title"
        assert document.file_name(t, found, ending="docx").startswith(f"{word}-")
