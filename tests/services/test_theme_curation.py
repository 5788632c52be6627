"""The list of themes: what may be done to it, what it does to counts, and how it is undone."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.base import validated
from models.feedback import Feedback
from models.people import Person, Role
from models.theme_answers import ThemeAnswer
from models.theme_curation import ChangeKind
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import theme_curation, theme_history
from services.errors import BadInput, Conflict, NotAllowed
from services.rows import key
from services.theme_facts import refresh
from tests.services.conftest import TODAY, World


@pytest.fixture
def coach(world: World) -> Person:
    row = validated(Person, code="coach", name="Valmentaja", role=Role.COACH)
    world.session.add(row)
    world.session.commit()
    return row


def names(word: str) -> dict[str, str]:
    return {"fi": word, "sv": f"{word} sv", "en": f"{word} en"}


def created(world: World, by: Person, word: str, **more: object) -> Theme:
    theme = theme_curation.create(world.session, names=names(word), by=by, **more)  # type: ignore[arg-type]
    world.session.commit()
    return theme


def about(world: World, *themes: Theme) -> Feedback:
    feedback = world.answer(world.ward, TODAY, text="Puhelin.")
    for theme in themes:
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=feedback.id, theme_id=theme.id, assigned_by=AssignedBy.RULE, confidence=0.6
            )
        )
    world.session.flush()
    refresh(world.session, [key(feedback.id)])
    world.session.commit()
    return feedback


def counts(world: World) -> dict[int, int]:
    rows = world.session.exec(select(ThemeAnswer.theme_id)).all()
    return {theme_id: rows.count(theme_id) for theme_id in rows}


def last(world: World, theme: Theme) -> theme_history.Change:
    return theme_history.history(world.session, theme_id=key(theme.id))[0]


def test_a_new_theme_has_the_next_code_and_a_line_of_history(world: World, coach: Person) -> None:
    theme = created(world, coach, " Pysäköinti ", keywords=["parkki", "parkki ", ""], examples=["Ei paikkoja."])
    assert (theme.code, theme.name["fi"], theme.keywords) == ("T21", "Pysäköinti", ["parkki"])
    change = last(world, theme)
    assert (change.row.kind, change.by, change.undone) == (ChangeKind.CREATED, coach, False)
    theme_history.undo(world.session, change_id=key(change.row.id), by=coach)
    assert theme.retired_at is not None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"names": {"fi": "Ruoka", "sv": "", "en": "Food"}}, "name_sv"),
        ({"names": names("x" * 90)}, "name_fi"),
        ({"keywords": ["..."]}, "keywords"),
        ({"keywords": [str(number) for number in range(201)]}, "keywords"),
        ({"examples": ["a" * 301]}, "examples"),
    ],
)
def test_what_a_theme_may_be_called_and_recognised_by(
    world: World, coach: Person, fields: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        theme_curation.create(world.session, **{"names": names("Ruoka"), "by": coach, **fields})  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_two_themes_cannot_have_one_name(world: World, coach: Person) -> None:
    created(world, coach, "Ruoka")
    with pytest.raises(BadInput, match="has the name ruoka already"):
        created(world, coach, "ruoka")


def test_renaming_rewording_and_moving_are_undone_in_turn(world: World, coach: Person) -> None:
    parent, theme = created(world, coach, "Tilat"), created(world, coach, "Ruoka")
    number = key(theme.id)
    theme_curation.rename(world.session, theme_id=number, names=names("Ateriat"), by=coach)
    theme_curation.rename(world.session, theme_id=number, names=names("Ateriat"), by=coach)
    renamed = last(world, theme)
    theme_curation.reword(
        world.session, theme_id=number, keywords=["lounas"], examples=[], controllable=False, praise=False, by=coach
    )
    theme_curation.move(world.session, theme_id=number, parent_id=parent.id, by=coach)
    kinds = [change.row.kind for change in theme_history.history(world.session, theme_id=number)]
    assert kinds == [ChangeKind.MOVED, ChangeKind.REWORDED, ChangeKind.RENAMED, ChangeKind.CREATED], "no empty change"
    with pytest.raises(Conflict, match="latest change"):
        theme_history.undo(world.session, change_id=key(renamed.row.id), by=coach)
    for _ in range(3):
        waiting = [c for c in theme_history.history(world.session, theme_id=number) if not c.undone]
        latest = next(change for change in waiting if change.row.undoes_id is None)
        theme_history.undo(world.session, change_id=key(latest.row.id), by=coach)
    assert (theme.name["fi"], theme.keywords, theme.controllable, theme.parent_id) == ("Ruoka", [], True, None)


def test_a_theme_cannot_lie_under_itself(world: World, coach: Person) -> None:
    top = created(world, coach, "Tilat")
    middle = created(world, coach, "Ruoka", parent_id=top.id)
    with pytest.raises(BadInput, match="under itself"):
        theme_curation.move(world.session, theme_id=key(top.id), parent_id=middle.id, by=coach)
    with pytest.raises(Conflict, match="lie under"):
        theme_curation.retire(world.session, theme_id=key(top.id), by=coach)


def test_a_merge_moves_the_count_with_everything_that_hung_on_it_and_back(world: World, coach: Person) -> None:
    older, theme, into = (created(world, coach, word) for word in ("Ateria", "Ruoka", "Keittiö"))
    child = created(world, coach, "Kahvi", parent_id=theme.id)
    for found in (older, theme, into):
        about(world, found)
    about(world, older, into)
    theme_curation.merge(world.session, theme_id=key(older.id), into_id=key(theme.id), by=coach)
    assert counts(world) == {theme.id: 3, into.id: 2}
    theme_curation.merge(world.session, theme_id=key(theme.id), into_id=key(into.id), by=coach, reason="Sama asia")
    assert counts(world) == {into.id: 4}, "an answer about both counts once"
    assert child.parent_id == into.id
    with pytest.raises(Conflict, match="not in use"):
        theme_curation.rename(world.session, theme_id=key(theme.id), names=names("Muu"), by=coach)
    theme_history.undo(world.session, change_id=key(last(world, theme).row.id), by=coach)
    assert counts(world) == {theme.id: 3, into.id: 2}
    assert (child.parent_id, older.merged_into_id) == (theme.id, theme.id)
    with pytest.raises(BadInput, match="into itself"):
        theme_curation.merge(world.session, theme_id=key(into.id), into_id=key(into.id), by=coach)


def test_a_theme_can_be_merged_into_one_that_lay_under_it(world: World, coach: Person) -> None:
    top = created(world, coach, "Tilat")
    under = created(world, coach, "Ruoka", parent_id=top.id)
    theme_curation.merge(world.session, theme_id=key(top.id), into_id=key(under.id), by=coach)
    assert under.parent_id is None
    theme_history.undo(world.session, change_id=key(last(world, top).row.id), by=coach)
    assert under.parent_id == top.id


def test_a_retired_theme_counts_no_more_until_it_is_restored(world: World, coach: Person) -> None:
    about(world, world.phone)
    theme_curation.retire(world.session, theme_id=key(world.phone.id), by=coach, reason="Ei enää")
    assert counts(world) == {}
    change = last(world, world.phone)
    theme_history.undo(world.session, change_id=key(change.row.id), by=coach)
    assert counts(world) == {world.phone.id: 1}
    with pytest.raises(Conflict):
        theme_history.undo(world.session, change_id=key(change.row.id), by=coach)


def test_a_retired_theme_does_not_come_back_beside_one_of_its_name(world: World, coach: Person) -> None:
    first = created(world, coach, "Ruoka")
    theme_curation.retire(world.session, theme_id=key(first.id), by=coach)
    retired = last(world, first)
    created(world, coach, "Ruoka")
    with pytest.raises(BadInput, match="already"):
        theme_history.undo(world.session, change_id=key(retired.row.id), by=coach)


def test_only_those_who_keep_the_list_change_it(world: World) -> None:
    for person in (world.lead, world.nurse, world.leader):
        with pytest.raises(NotAllowed):
            theme_curation.retire(world.session, theme_id=key(world.phone.id), by=person)
