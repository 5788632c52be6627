"""Templates: enough for every kind of service, in three languages, the fitting ones first."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlmodel import Session, select

from models.base import LANGUAGES
from models.organisation import CustomerType, Unit
from models.pilots import PilotKind
from models.themes import Theme
from services import pilot_templates, plans
from services.organisation import all_units, unit_by_code
from services.pilot_templates import BLANK, ServiceArea
from services.rows import key
from themes.redaction import redact


def test_every_service_has_two_to_four_of_each_kind() -> None:
    """Of "something else" nothing can be said beforehand."""
    counts = Counter((area, row.kind) for row in pilot_templates.every() for area in row.areas)
    for area in (ServiceArea.HEALTH, ServiceArea.SOCIAL, ServiceArea.CARE, ServiceArea.RESCUE):
        for kind in set(PilotKind) - {PilotKind.OTHER}:
            assert 2 <= counts[area, kind] <= 4, (area, kind)
    assert sum(number for (area, _), number in counts.items() if area is ServiceArea.INTERNAL) >= 2


def test_each_is_whole_in_three_languages() -> None:
    codes = [row.code for row in pilot_templates.every()]
    assert len(set(codes)) == len(codes)
    topics = {topic for row in pilot_templates.every() for topic in row.topics}
    for row in pilot_templates.every():
        assert row.topics
        assert row.guardrails
        assert 2 <= row.weeks <= plans.LONGEST_WEEKS
        for texts in (row.name, row.change, row.watch):
            assert set(texts) == set(LANGUAGES)
            assert all(text.strip() for text in texts.values())
        blanks = {language: text.count(BLANK) for language, text in row.change.items()}
        assert len(set(blanks.values())) == 1, (row.code, blanks)
        assert all(len(text) <= 60 for text in row.name.values()), "a name is a pilot's name as well"
        for text in row.change.values():
            assert redact(text).text == text, "a sentence with blanks is stored as it stands"
    assert len(topics) >= 15


@pytest.mark.parametrize(
    ("code", "first"),
    [
        ("AVO1", ServiceArea.HEALTH),
        ("SAI3", ServiceArea.HEALTH),
        ("LAP2", ServiceArea.SOCIAL),
        ("MIE3", ServiceArea.SOCIAL),
        ("VAM2", ServiceArea.HEALTH),
        ("IKA1", ServiceArea.CARE),
        ("IKA3", ServiceArea.CARE),
        ("PEL1", ServiceArea.RESCUE),
        ("PEL2", ServiceArea.RESCUE),
        ("PEL3", ServiceArea.RESCUE),
        ("SAI6", ServiceArea.INTERNAL),
    ],
)
def test_the_service_is_told_from_names(demo_session: Session, code: str, first: ServiceArea) -> None:
    unit = unit_by_code(demo_session, code)
    assert pilot_templates.areas_of(all_units(demo_session), key(unit.id))[0] is first


def test_a_unit_whose_name_says_nothing_has_health_and_social_services() -> None:
    unit = Unit(id=1, code="X", level="unit", name={"fi": "Tiimi 7"}, customer_type=CustomerType.EXTERNAL)
    assert pilot_templates.areas_of([unit], 1) == (ServiceArea.HEALTH, ServiceArea.SOCIAL)


def test_those_that_answer_the_theme_come_first(demo_session: Session) -> None:
    def first(theme: str, area: ServiceArea) -> list[str]:
        found = demo_session.exec(select(Theme).where(Theme.code == theme)).one()
        rows = pilot_templates.fitting(areas=[area], theme=found)
        return [row.code for row in rows if pilot_templates.answers(row, found)]

    assert first("T01", ServiceArea.HEALTH)[0] == "callback-same-day"
    assert {"discharge-call", "discharge-list"} <= set(first("T09", ServiceArea.HEALTH))
    assert {"queue-screen", "waiting-round"} <= set(first("T04", ServiceArea.HEALTH))
    assert "decision-letter" in first("T07", ServiceArea.SOCIAL)
    assert "same-worker" in first("T10", ServiceArea.CARE)
    assert {"call-after-inspection", "inspection-summary"} <= set(first("T17", ServiceArea.RESCUE))
    assert "training-feedback" in first("T18", ServiceArea.RESCUE)
    assert set(first("T19", ServiceArea.INTERNAL)) >= {"morning-summary", "named-contact"}


def test_each_topic_answers_some_theme_of_a_county(demo_session: Session) -> None:
    """A topic that no theme's name speaks of would never bring its templates forward."""
    spoken = {topic for theme in demo_session.exec(select(Theme)).all() for topic in pilot_templates.topics_of(theme)}
    assert {topic for row in pilot_templates.every() for topic in row.topics} <= spoken
