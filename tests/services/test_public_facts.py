"""How many people said it and what was measured: told only of enough people, and as caused only on good evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from sqlmodel import Session, col, select

from models.decisions import Evaluation, Story
from models.metrics import MetricFamily
from models.organisation import Unit
from models.pilots import Pilot
from models.theme_answers import ThemeAnswer
from services import pilots, plans, public_facts, public_words, stories
from services.i18n import translator
from services.public_facts import PublicEffect
from services.stories import PublicStory
from tests.services.conftest import TODAY, World

START = TODAY + dt.timedelta(days=7)


def asked(world: World, people: int, *, day: dt.date, unit: Unit | None = None, again: bool = False) -> None:
    """Answers about the phone, a respondent each; asked again, the same people answer twice."""
    unit = unit or world.ward
    for number in range(people):
        for _ in range(2 if again else 1):
            row = world.answer(unit, day, respondent=f"r{number}")
            world.session.add(
                ThemeAnswer(
                    theme_id=world.phone.id, feedback_id=row.id, unit_id=unit.id, week=row.week, given_on=day,
                    channel=row.channel, solicited=False, statutory=False, person=number, rated=False, has_text=True,
                )
            )  # fmt: skip
    world.session.commit()


def told(world: World) -> PublicStory:
    """A story of a pilot of the ward, as it is shown to those who write it."""
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    return stories.as_public(world.session, Story(pilot_id=pilot.id, you_said={}, we_tried={}, what_happened={}))


@pytest.mark.parametrize(("people", "expected"), [(9, None), (10, 10), (25, 25)])
def test_fewer_than_ten_people_are_not_spoken_of(world: World, people: int, expected: int | None) -> None:
    asked(world, people, day=TODAY, again=True)
    found = public_facts.facts(world.session, told(world))
    assert found.people == expected
    assert found.effect is None, "nothing has been decided"


def test_only_people_of_the_unit_from_the_half_year_before_count(world: World) -> None:
    asked(world, 12, day=START - dt.timedelta(days=1))
    asked(world, 30, day=TODAY, unit=world.other_ward)
    asked(world, 30, day=START - dt.timedelta(weeks=27))
    asked(world, 30, day=START)
    assert public_facts.facts(world.session, told(world)).people == 12


@dataclass(frozen=True)
class Demo:
    """A public story of the demo county with its decision's evaluation."""

    session: Session
    story: PublicStory
    evaluation: Evaluation

    def effect(self) -> PublicEffect | None:
        """What may be told, of the story as it stands."""
        assert self.story.decision is not None
        whole = plans.current(self.session, self.story.pilot.id or 0)
        return public_facts.effect_decided_on(self.session, self.story.decision, whole)

    def alter(self, **fields: object) -> None:
        """Change the stored snapshot's fields."""
        inside = {**self.evaluation.result["fields"], **fields}
        self.evaluation.result = {**self.evaluation.result, "fields": inside}
        self.session.add(self.evaluation)
        self.session.commit()


@pytest.fixture
def demo(demo_session: Session) -> Demo:
    (story,) = [one for one in stories.public_stories(demo_session) if one.pilot.code == "P01"]
    assert story.decision is not None
    return Demo(demo_session, story, demo_session.get_one(Evaluation, story.decision.evaluation_id))


def test_the_effect_is_the_one_that_was_decided_on(demo: Demo) -> None:
    found = demo.effect()
    assert found is not None
    assert (found.effect, found.low, found.high) == pytest.approx(
        (demo.evaluation.effect, demo.evaluation.interval_low, demo.evaluation.interval_high)
    )
    assert found.by_the_change
    assert found.seen


@pytest.mark.parametrize("answers", ["answers_before", "answers_after"])
def test_an_effect_of_few_people_is_not_told(demo: Demo, answers: str) -> None:
    demo.alter(**{answers: 10})
    assert demo.effect() is not None
    demo.alter(**{answers: 9})
    assert demo.effect() is None


def test_members_of_staff_are_few_below_five(demo: Demo) -> None:
    found = demo.effect()
    assert found is not None
    found.metric.family = MetricFamily.STAFF
    demo.session.add(found.metric)
    demo.alter(answers_before=5, answers_after=5)
    assert demo.effect() is not None
    demo.story.unit.staff = 4
    demo.session.add(demo.story.unit)
    demo.session.commit()
    assert demo.effect() is None


@pytest.mark.parametrize(
    "fields",
    [
        {"effect": None, "interval": None},
        {"verdict": {"$enum": "stats.rules:Verdict", "value": "not_enough_data"}},
        {"unknown": 1},
    ],
)
def test_what_could_not_be_estimated_is_not_told(demo: Demo, fields: dict[str, object]) -> None:
    demo.alter(**fields)
    assert demo.effect() is None


def test_it_is_not_said_to_come_from_the_change_on_low_evidence(demo: Demo) -> None:
    evidence = dict(demo.evaluation.result["fields"]["evidence"])
    demo.alter(evidence={**evidence, "fields": {**evidence["fields"], "grade": "low"}})
    found = demo.effect()
    assert found is not None
    assert not found.by_the_change
    said = public_words.effect(translator("en"), found)
    assert said.startswith("At the same time")
    assert "We do not know for sure" in said
    assert "without the change" not in said


def test_a_merged_theme_is_shown_as_what_it_became(world: World) -> None:
    story = told(world)
    world.phone.merged_into_id = world.praise.id
    world.session.add(world.phone)
    world.session.commit()
    pilot = world.session.exec(select(Pilot).where(col(Pilot.id) == story.pilot.id)).one()
    again = stories.as_public(world.session, Story(pilot_id=pilot.id, you_said={}, we_tried={}, what_happened={}))
    assert again.theme.code == "T20"
