"""Themes by code, labels of many answers at once, and a person's word taken back."""

from __future__ import annotations

import pytest

from models.base import validated
from models.feedback import Feedback
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_pages
from services.errors import NotAllowed, NotFound
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World


def by_rule(world: World, feedback: Feedback, theme: Theme) -> None:
    world.session.add(
        validated(
            ThemeAssignment, feedback_id=feedback.id, theme_id=theme.id, assigned_by=AssignedBy.RULE, confidence=0.6
        )
    )
    world.session.commit()


def test_a_merged_theme_leads_to_the_one_in_use(world: World) -> None:
    world.praise.merged_into_id = world.phone.id
    world.session.add(world.praise)
    world.session.commit()
    assert theme_pages.theme_by_code(world.session, "T20").code == "T01"
    assert [theme.code for theme in theme_pages.all_themes(world.session)] == ["T01"]
    with pytest.raises(NotFound, match="no theme with the code T99"):
        theme_pages.theme_by_code(world.session, "T99")


def test_taking_back_restores_what_was_before(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin ei vastaa.")
    by_rule(world, feedback, world.phone)
    ids = {"feedback_id": feedback.id, "theme_id": world.phone.id}

    def labels() -> set[int]:
        return theme_pages.labels(world.session, [feedback.id])[feedback.id]

    assert labels() == {world.phone.id}
    assert theme_pages.word_of_a_person(world.session, **ids) is None
    assign_by_hand(world.session, **ids, applies=False, by=world.lead)
    assert labels() == set()
    theme_pages.take_back(world.session, **ids, before=None, by=world.lead)
    assert labels() == {world.phone.id}, "the rule counts again"

    assign_by_hand(world.session, **ids, applies=False, by=world.lead)
    assign_by_hand(world.session, **ids, applies=True, by=world.lead)
    theme_pages.take_back(world.session, **ids, before=False, by=world.lead)
    assert labels() == set(), "the earlier word counts again"


def test_only_those_of_the_unit_take_back(world: World) -> None:
    feedback = world.answer(world.ward, TODAY, text="Puhelin ei vastaa.")
    ids = {"feedback_id": feedback.id, "theme_id": world.phone.id}
    with pytest.raises(NotFound, match="nothing to undo"):
        theme_pages.take_back(world.session, **ids, before=None, by=world.lead)
    assign_by_hand(world.session, **ids, applies=True, by=world.lead)
    for person in (world.other_lead, world.nurse):
        with pytest.raises(NotAllowed):
            theme_pages.take_back(world.session, **ids, before=None, by=person)
