"""Ideas: proposed, voted for without anybody seeing who, answered, taken back, told."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.ideas import Idea, IdeaStatus, IdeaVote
from models.people import Person
from services import idea_list, ideas
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.idea_list import IdeaRow, Sort
from services.pilots import register_pilot
from services.rows import key
from tests.services.conftest import TODAY, World

SLIP = "Tulostetaan odottajalle lappu: mitä seuraavaksi."


def proposed(world: World, words: str = SLIP, **changes: object) -> int:
    given: dict[str, object] = {"unit_id": world.ward.id, "by": world.nurse, "theme_id": world.phone.id, **changes}
    return key(ideas.propose(world.session, words=words, **given).id)  # type: ignore[arg-type]


def seen(world: World, by: Person, **filters: object) -> list[IdeaRow]:
    return idea_list.list_ideas(world.session, person=by, **filters)  # type: ignore[arg-type]


def test_an_idea_is_stored_without_personal_data(world: World) -> None:
    proposed(world, "  Soita Matti Virtaselle\nnumeroon 040 123 4567. ")
    (row,) = seen(world, world.leader)
    assert "040" not in row.idea.words
    assert "Virta" not in row.idea.words
    assert "[PHONE]" in row.idea.words
    assert (row.idea.status, row.votes, row.own, row.voted) == (IdeaStatus.OPEN, 0, False, False)
    assert seen(world, world.nurse)[0].own


@pytest.mark.parametrize(("words", "field"), [("  ", "words"), ("a" * 301, "words")])
def test_an_idea_is_a_sentence(world: World, words: str, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        proposed(world, words)
    assert refused.value.field == field
    assert world.session.exec(select(Idea)).first() is None


def test_one_proposes_in_ones_own_unit_and_reads_every_units(world: World) -> None:
    with pytest.raises(NotAllowed):
        proposed(world, unit_id=world.station.id)
    with pytest.raises(NotAllowed):
        proposed(world, by=world.trustee)
    with pytest.raises(BadInput, match="unit that would try"):
        proposed(world, by=world.leader, unit_id=world.area.id)
    proposed(world)
    assert len(seen(world, world.other_lead)) == 1
    assert not seen(world, world.other_lead)[0].answerable
    assert seen(world, world.lead)[0].answerable


def test_a_vote_counts_once_and_can_be_taken_back(world: World) -> None:
    idea_id = proposed(world)
    for person in (world.lead, world.lead, world.other_lead):
        ideas.vote(world.session, idea_id=idea_id, by=person)
    (row,) = seen(world, world.lead)
    assert (row.votes, row.voted) == (2, True)
    assert (seen(world, world.nurse)[0].votes, seen(world, world.nurse)[0].voted) == (2, False)
    ideas.take_back_vote(world.session, idea_id=idea_id, by=world.lead)
    ideas.take_back_vote(world.session, idea_id=idea_id, by=world.lead)
    assert (seen(world, world.lead)[0].votes, seen(world, world.lead)[0].voted) == (1, False)
    with pytest.raises(Conflict, match="your own idea"):
        ideas.vote(world.session, idea_id=idea_id, by=world.nurse)
    with pytest.raises(NotAllowed):
        ideas.vote(world.session, idea_id=idea_id, by=world.trustee)
    with pytest.raises(NotFound):
        ideas.vote(world.session, idea_id=999, by=world.lead)


def test_an_idea_that_became_a_pilot_names_it_and_its_proposer_is_told(world: World) -> None:
    idea_id = proposed(world)
    pilot = register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    with pytest.raises(NotAllowed):
        ideas.mark_tried(world.session, idea_id=idea_id, pilot_id=key(pilot.id), by=world.other_lead)
    ideas.mark_tried(world.session, idea_id=idea_id, pilot_id=key(pilot.id), by=world.lead)
    (told,) = idea_list.answered(world.session, person=world.nurse, limit=3)
    assert told.idea.status is IdeaStatus.TRIED
    assert told.pilot is not None
    assert told.pilot.code == pilot.code
    assert told.idea.answered_at is not None
    assert idea_list.answered(world.session, person=world.lead, limit=3) == []
    for again in (
        lambda: ideas.mark_tried(world.session, idea_id=idea_id, pilot_id=key(pilot.id), by=world.lead),
        lambda: ideas.vote(world.session, idea_id=idea_id, by=world.other_lead),
        lambda: ideas.withdraw(world.session, idea_id=idea_id, by=world.nurse),
        lambda: ideas.reopen(world.session, idea_id=idea_id, by=world.lead),
    ):
        with pytest.raises(Conflict):
            again()


def test_an_answer_has_its_words_and_can_be_undone(world: World) -> None:
    idea_id = proposed(world)
    ideas.vote(world.session, idea_id=idea_id, by=world.lead)
    with pytest.raises(BadInput, match="reads your reason"):
        ideas.decline(world.session, idea_id=idea_id, reason=" ", by=world.lead)
    with pytest.raises(BadInput, match="what was done"):
        ideas.solve(world.session, idea_id=idea_id, done="", by=world.lead)
    with pytest.raises(NotAllowed):
        ideas.decline(world.session, idea_id=idea_id, reason="Ei nyt.", by=world.nurse)
    ideas.decline(world.session, idea_id=idea_id, reason="Tulostin hajosi, soita 040 123 4567.", by=world.lead)
    (row,) = seen(world, world.nurse, status=IdeaStatus.DECLINED)
    assert row.idea.answer == "Tulostin hajosi, soita [PHONE]."
    ideas.reopen(world.session, idea_id=idea_id, by=world.lead)
    (row,) = seen(world, world.nurse, status=IdeaStatus.OPEN)
    assert (row.idea.answer, row.idea.answered_by_id, row.idea.answered_at, row.votes) == ("", None, None, 1)
    ideas.solve(world.session, idea_id=idea_id, done="Lappu on nyt aulassa.", by=world.lead)
    assert [row.idea.answer for row in seen(world, world.nurse, status=IdeaStatus.SOLVED)] == ["Lappu on nyt aulassa."]


def test_ones_own_idea_can_be_taken_back_and_brought_back(world: World) -> None:
    idea_id = proposed(world)
    with pytest.raises(NotAllowed):
        ideas.withdraw(world.session, idea_id=idea_id, by=world.lead)
    ideas.withdraw(world.session, idea_id=idea_id, by=world.nurse)
    assert seen(world, world.nurse) == []
    assert seen(world, world.lead, status=IdeaStatus.WITHDRAWN) == [], "nobody else reads it any more"
    with pytest.raises(NotFound):
        idea_list.idea_row(world.session, idea_id=idea_id, person=world.lead)
    assert idea_list.idea_row(world.session, idea_id=idea_id, person=world.nurse).own
    with pytest.raises(NotAllowed):
        ideas.reopen(world.session, idea_id=idea_id, by=world.lead)
    ideas.reopen(world.session, idea_id=idea_id, by=world.nurse)
    with pytest.raises(Conflict, match="open already"):
        ideas.reopen(world.session, idea_id=idea_id, by=world.lead)
    assert len(seen(world, world.lead)) == 1


def test_ideas_are_found_and_sorted(world: World) -> None:
    old = proposed(world)
    new = proposed(world, "Äänetön hälytys öisin", theme_id=None)
    far = proposed(world, "Kuvat pöytäkirjaan", unit_id=world.station.id, by=world.other_lead, theme_id=None)
    ideas.vote(world.session, idea_id=old, by=world.other_lead)

    def found(**filters: object) -> list[int]:
        return [key(row.idea.id) for row in seen(world, world.lead, **filters)]

    assert found() == [far, new, old]
    assert found(sort=Sort.VOTES) == [old, far, new]
    assert found(unit_ids=[key(world.ward.id)]) == [new, old]
    assert found(theme_id=world.phone.id) == [old]
    assert found(words="ÄÄNETÖN öisin") == [new]
    assert found(words="puhelin") == [old], "by its theme's name"
    assert found(words="pelastusasema kuvat") == [far], "by its unit's name"
    assert found(words="puhelin kuvat") == []


def test_those_who_may_answer_are_told_what_waits_the_oldest_first(world: World) -> None:
    first, second = proposed(world), proposed(world, "Toinen idea")

    def waiting(person: Person) -> list[int]:
        return [key(row.idea.id) for row in idea_list.to_answer(world.session, person=person)]

    assert waiting(world.lead) == [first, second]
    assert waiting(world.other_lead) == []
    assert waiting(world.nurse) == []
    assert waiting(world.leader) == [], "leadership decides on pilots, teams on ideas"
    ideas.decline(world.session, idea_id=first, reason="Ei nyt.", by=world.lead)
    assert waiting(world.lead) == [second]


def test_a_merged_theme_gives_way_to_the_one_it_went_into(world: World) -> None:
    idea_id = proposed(world, theme_id=world.praise.id)
    world.praise.merged_into_id = world.phone.id
    world.session.add(world.praise)
    world.session.commit()
    assert [key(row.idea.id) for row in seen(world, world.lead, theme_id=world.phone.id)] == [idea_id]
    later = proposed(world, theme_id=world.praise.id)
    assert world.session.get(Idea, later).theme_id == world.phone.id  # type: ignore[union-attr]


def test_no_service_tells_who_voted(world: World) -> None:
    idea_id = proposed(world)
    ideas.vote(world.session, idea_id=idea_id, by=world.other_lead)
    (row,) = seen(world, world.lead)
    assert world.other_lead.name not in repr(row)
    assert len(world.session.exec(select(IdeaVote)).all()) == 1
