"""You said, we tried: drafts stay inside, approved words are public."""

from __future__ import annotations

from typing import Any

import pytest

from models.decisions import StoryStatus
from models.pilots import Pilot
from services import pilots, stories
from services.errors import BadInput, Conflict, NotAllowed
from tests.services.conftest import TODAY, World


@pytest.fixture
def pilot(world: World) -> Pilot:
    return pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)


def words(**changes: dict[str, str]) -> dict[str, Any]:
    return {
        "you_said": {"fi": "Odotimme soittoanne turhaan.", "sv": " "},
        "we_tried": {"fi": "Kaksi soittovuoroa."},
        "what_happened": {"fi": "Useampi sai soiton ajoissa."},
        "what_next": {},
        **changes,
    }


def test_a_story_is_public_only_after_someone_else_approved_it(world: World, pilot: Pilot) -> None:
    story = stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words())
    assert story.you_said == {"fi": "Odotimme soittoanne turhaan."}
    assert stories.public_stories(world.session) == []
    with pytest.raises(NotAllowed):
        stories.approve_story(world.session, story_id=story.id, by=world.lead)
    stories.approve_story(world.session, story_id=story.id, by=world.leader)
    public = stories.public_stories(world.session)
    assert [(row.pilot.code, row.unit.code, row.theme.code, row.helped) for row in public] == [
        (pilot.code, "SAI3", "T01", None)
    ]
    with pytest.raises(Conflict):
        stories.approve_story(world.session, story_id=story.id, by=world.leader)


def test_rewriting_or_withdrawing_takes_it_off_the_public_page(world: World, pilot: Pilot) -> None:
    story = stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words())
    stories.approve_story(world.session, story_id=story.id, by=world.director)
    again = stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words(what_next={"fi": "Jatkamme."}))
    assert (again.id, again.status, again.approved_by_id) == (story.id, StoryStatus.DRAFT, None)
    assert stories.public_stories(world.session) == []
    stories.approve_story(world.session, story_id=story.id, by=world.director)
    stories.withdraw_story(world.session, story_id=story.id, by=world.director)
    assert stories.public_stories(world.session) == []


def test_a_text_rewritten_since_it_was_read_is_not_published(world: World, pilot: Pilot) -> None:
    story = stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words())
    read = story.written_at
    stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words(what_next={"fi": "Jatkamme."}))
    with pytest.raises(Conflict, match="changed after you opened it"):
        stories.approve_story(world.session, story_id=story.id, by=world.leader, read=read)
    assert stories.public_stories(world.session) == []
    stories.approve_story(world.session, story_id=story.id, by=world.leader, read=story.written_at)
    assert len(stories.public_stories(world.session)) == 1


def test_the_writer_never_approves_the_own_words(world: World, pilot: Pilot) -> None:
    story = stories.write_story(world.session, pilot_id=pilot.id, by=world.director, **words())
    with pytest.raises(Conflict):
        stories.approve_story(world.session, story_id=story.id, by=world.director)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"we_tried": {"sv": "Två turer."}}, "we_tried"),
        ({"what_happened": {"fi": "Soita 040 123 4567."}}, "what_happened"),
    ],
)
def test_missing_finnish_and_personal_data_are_refused(
    world: World, pilot: Pilot, changes: dict[str, dict[str, str]], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        stories.write_story(world.session, pilot_id=pilot.id, by=world.lead, **words(**changes))
    assert refusal.value.field == field
    assert stories.story_of(world.session, pilot.id) is None
