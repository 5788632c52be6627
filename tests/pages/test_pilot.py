"""A pilot's page: recommended, decided with a second person, amended, not started, unknown, refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.decisions import Choice, Evaluation
from models.people import Person, Role
from services import decisions, evaluation, plans
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import changing, errors, keyed, opened_page, person, pilot, record, widget, words

WAITING = "P02"
"""A pilot that waits for its decision."""


@pytest.fixture
def evaluated(demo_installation: str) -> Evaluation:
    """The newest evaluation of the pilot that waits."""
    with changing() as session:
        return evaluation.evaluate_pilot(session, pilot_id=key(pilot(WAITING).id), today=DEMO_TODAY, by=None).row


def other_choice(row: Evaluation) -> Choice:
    """A choice that takes neither units nor dates and goes against the recommendation."""
    return Choice.STOP if row.verdict.value != "stop" else Choice.ADAPT


def test_everything_the_brief_rests_on_is_there(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    said = words(page)
    for heading in ("Näyttö", "Tarkistukset", "Kuinka hyvää näyttö on", "Päätös", "Suunnitelma", "Viikkokirjaus"):
        assert heading in said
    for answer in range(1, 9):
        assert f"**{answer}. " in said
    with record() as session:
        whole = plans.current(session, key(pilot(WAITING).id))
    assert whole.plan.plan_hash in said
    assert all(metric.name["fi"] in said for metric, _ in whole.guardrails)
    assert len(page.get("vega_lite_chart")) >= 3
    assert "Paluu keskitasolle" in said


def test_no_key_of_the_statistics_reaches_the_reader(evaluated: Evaluation) -> None:
    said = words(opened_page("pilot", "u7", code=WAITING))
    found = evaluation.StoredEvaluation(evaluated).result
    assert found is not None
    raw = [
        found.method,
        found.evidence.grade,
        *(check.name for check in found.checks),
        *(g.name for g in found.guardrails),
    ]
    assert [name for name in raw if name and "_" in name and name in said] == []


def test_a_planned_pilot_says_when_it_starts(demo_installation: str) -> None:
    page = opened_page("pilot", "u7", code="P22")
    assert "Alkaa 14.12.2026" in words(page)
    assert not any(button.key == "evaluate_now" for button in page.button)


@pytest.mark.parametrize(("query", "refused"), [({"code": "X99"}, 1), ({}, 0)])
def test_without_a_pilot_there_is_a_way_on(demo_installation: str, query: dict[str, str], refused: int) -> None:
    page = opened_page("pilot", "u7", **query)
    assert len(errors(page)) == refused
    assert "/portfolio" in words(page)
    assert [title.value for title in page.title] == ["Kokeilu"]


def test_a_machine_user_sees_nothing(demo_installation: str) -> None:
    page = opened_page("pilot", "u11", code=WAITING)
    assert len(errors(page)) == 1
    assert [title.value for title in page.title] == ["Ei käyttöoikeutta"]
    assert not page.subheader


def test_a_trustee_reads_and_does_nothing(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u9", code=WAITING)
    assert page.title
    assert [button.key for button in page.button] == []


def test_evaluating_is_one_button(demo_installation: str) -> None:
    with changing() as session:
        session.execute(sa.delete(Evaluation).where(col(Evaluation.pilot_id) == pilot(WAITING).id))
        session.commit()
    page = opened_page("pilot", "u7", code=WAITING)
    assert "Ei vielä arvioitu" in words(page)
    widget(page, "button", "evaluate_now").click().run()
    with record() as session:
        stored = evaluation.latest(session, key(pilot(WAITING).id))
    assert stored is not None
    assert "Näyttö" in words(page)


def test_following_the_recommendation_takes_one_person(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    assert keyed(page, "radio", "decide_choice").value.value == evaluated.verdict.value
    widget(page, "button", "decide_save").click().run()
    assert not errors(page)
    with record() as session:
        (made,) = decisions.decisions_of(session, key(pilot(WAITING).id))
    assert made.in_force
    assert made.decision.evaluation_id == evaluated.id
    assert "Katri Wallin" in words(page)


def test_going_against_it_needs_a_reason_and_another_person(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    keyed(page, "radio", "decide_choice").set_value(other_choice(evaluated)).run()
    widget(page, "button", "decide_save").click().run()
    assert len(errors(page)) == 2
    keyed(page, "text_area", "decide_reason").input("Henkilöstö vaihtuu keväällä.")
    widget(page, "button", "decide_save").click().run()
    with record() as session:
        (made,) = decisions.decisions_of(session, key(pilot(WAITING).id))
    assert not made.in_force
    assert made.decision.reason == "Henkilöstö vaihtuu keväällä."
    approve = f"approve_{made.decision.id}"
    assert not any(button.key == approve for button in page.button)
    second = opened_page("pilot", second_person(), code=WAITING)
    widget(second, "button", approve).click().run()
    with record() as session:
        (made,) = decisions.decisions_of(session, key(pilot(WAITING).id))
    assert made.in_force


def test_only_a_scale_up_is_checked_for_an_effect_that_holds(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    asked = {}
    for choice in (Choice.SCALE, Choice.ADAPT, Choice.STOP):
        keyed(page, "radio", "decide_choice").set_value(choice).run()
        asked[choice] = [day.label for day in page.date_input if str(day.key).startswith("decide_review")]
    assert asked == {
        Choice.SCALE: ["Milloin tarkistatte, onko vaikutus säilynyt?"],
        Choice.ADAPT: ["Milloin palaatte tähän?"],
        Choice.STOP: [],
    }


def second_person() -> str:
    """Another member of the leadership."""
    with record() as session:
        found = session.exec(select(Person).where(Person.role == Role.LEADERSHIP, Person.code != "u7")).first()
    assert found is not None
    return found.code


def test_a_decision_on_a_result_that_is_no_longer_the_newest_is_refused(evaluated: Evaluation) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    with changing() as session:
        again = Evaluation.model_validate(
            {**evaluated.model_dump(exclude={"id"}), "code_version": "another", "at": evaluated.at}
        )
        session.add(again)
        session.commit()
    widget(page, "button", "decide_save").click().run()
    assert errors(page)
    with record() as session:
        assert decisions.decisions_of(session, key(pilot(WAITING).id)) == []


def test_an_amendment_says_why(demo_installation: str) -> None:
    code = "P17"
    lead = "u10"  # a coach registers everywhere
    page = opened_page("pilot", lead, code=code)
    keyed(page, "number_input", "amend_smallest").set_value(0.45).run()
    widget(page, "button", "amend_save").click().run()
    assert len(errors(page)) == 2
    keyed(page, "text_area", "amend_reason").input("Asiakasraati piti pienempää muutosta turhana.")
    widget(page, "button", "amend_save").click().run()
    assert not errors(page)
    with record() as session:
        newest = plans.versions(session, key(pilot(code).id))[-1]
    assert (newest.version, newest.amendment, newest.by_id) == (2, True, person(lead).id)
    assert newest.smallest_change == pytest.approx(0.45)
    assert "Asiakasraati piti pienempää muutosta turhana." in words(page)


def test_whoever_decides_after_somebody_else_did_hears_it_and_nothing_is_decided_elsewhere(
    evaluated: Evaluation,
) -> None:
    page = opened_page("pilot", "u7", code=WAITING)
    other = next(row for row in ("P18", "P01", "P17") if row != WAITING)
    with changing() as session:
        decisions.record_decision(
            session,
            evaluation_id=key(evaluated.id),
            choice=other_choice(evaluated),
            by=person(second_person()),
            today=DEMO_TODAY,
            reason="Toinen ehti ensin.",
        )
    widget(page, "button", "decide_save").click().run()
    assert any("päätetty sen jälkeen" in error for error in errors(page))
    page.query_params["code"] = other
    page.run()
    with record() as session:
        assert len(decisions.decisions_of(session, key(pilot(WAITING).id))) == 1
