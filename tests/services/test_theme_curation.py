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
from services import theme_curation, theme_history, theme_undo
from services.errors import BadInput, Conflict, NotAllowed
from services.rows import key
from services.theme_curation import Wording
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
    theme_undo.undo(world.session, change_id=key(change.row.id), by=coach)
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
    wording = theme_curation.Wording(names=names("Ateriat"), keywords=["lounas"], controllable=False)
    theme_curation.edit(
        world.session, theme_id=number, wording=wording, by=coach, seen=theme_history.latest(world.session, number)
    )
    theme_curation.move(world.session, theme_id=number, parent_id=parent.id, by=coach)
    kinds = [change.row.kind for change in theme_history.history(world.session, theme_id=number)]
    assert kinds == [ChangeKind.MOVED, ChangeKind.REWORDED, ChangeKind.RENAMED, ChangeKind.CREATED], "no empty change"
    with pytest.raises(Conflict, match="latest change"):
        theme_undo.undo(world.session, change_id=key(renamed.row.id), by=coach)
    for _ in range(3):
        latest = next(c for c in theme_history.history(world.session, theme_id=number) if c.can_undo)
        theme_undo.undo(world.session, change_id=key(latest.row.id), by=coach)
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
    theme_undo.undo(world.session, change_id=key(last(world, theme).row.id), by=coach)
    assert counts(world) == {theme.id: 3, into.id: 2}
    assert (child.parent_id, older.merged_into_id) == (theme.id, theme.id)
    with pytest.raises(BadInput, match="into itself"):
        theme_curation.merge(world.session, theme_id=key(into.id), into_id=key(into.id), by=coach)


def test_a_theme_can_be_merged_into_one_that_lay_under_it(world: World, coach: Person) -> None:
    top = created(world, coach, "Tilat")
    under = created(world, coach, "Ruoka", parent_id=top.id)
    theme_curation.merge(world.session, theme_id=key(top.id), into_id=key(under.id), by=coach)
    assert under.parent_id is None
    theme_undo.undo(world.session, change_id=key(last(world, top).row.id), by=coach)
    assert under.parent_id == top.id


def test_a_retired_theme_counts_no_more_until_it_is_restored(world: World, coach: Person) -> None:
    about(world, world.phone)
    theme_curation.retire(world.session, theme_id=key(world.phone.id), by=coach, reason="Ei enää")
    assert counts(world) == {}
    change = last(world, world.phone)
    theme_undo.undo(world.session, change_id=key(change.row.id), by=coach)
    assert counts(world) == {world.phone.id: 1}
    with pytest.raises(Conflict):
        theme_undo.undo(world.session, change_id=key(change.row.id), by=coach)


def test_a_retired_theme_does_not_come_back_beside_one_of_its_name(world: World, coach: Person) -> None:
    first = created(world, coach, "Ruoka")
    theme_curation.retire(world.session, theme_id=key(first.id), by=coach)
    retired = last(world, first)
    created(world, coach, "Ruoka")
    with pytest.raises(BadInput, match="already"):
        theme_undo.undo(world.session, change_id=key(retired.row.id), by=coach)


def test_a_form_is_saved_as_a_whole_and_undone_as_a_whole(world: World, coach: Person) -> None:
    parent, theme = created(world, coach, "Tilat"), created(world, coach, "Ruoka", keywords=["ruoka"])
    wanted = Wording(names=names("Ateriat"), keywords=["ateria"], parent_id=parent.id, controllable=False)
    number, seen = key(theme.id), theme_history.latest(world.session, key(theme.id))
    lines = theme_curation.edit(world.session, theme_id=number, wording=wanted, by=coach, seen=seen)
    assert (len(lines), theme.name["fi"], theme.keywords, theme.parent_id) == (3, "Ateriat", ["ateria"], parent.id)
    with pytest.raises(Conflict, match="Somebody else"):
        theme_curation.edit(world.session, theme_id=number, wording=wanted, by=coach, seen=seen)
    assert theme_curation.edit(world.session, theme_id=number, wording=wanted, by=coach, seen=lines[-1]) == []
    theme_undo.undo_all(world.session, change_ids=lines, by=coach)
    assert (theme.name["fi"], theme.keywords, theme.parent_id, theme.controllable) == ("Ruoka", ["ruoka"], None, True)


def test_what_was_undone_is_done_again_in_turn_until_something_else_is_changed(world: World, coach: Person) -> None:
    theme = created(world, coach, "Ruoka")
    number = key(theme.id)
    for word in ("Ateriat", "Keittiö"):
        theme_curation.rename(world.session, theme_id=number, names=names(word), by=coach)
    second, first, _ = (key(change.row.id) for change in theme_history.history(world.session, theme_id=number))
    theme_undo.undo_all(world.session, change_ids=[first, second], by=coach)
    assert theme.name["fi"] == "Ruoka"
    with pytest.raises(Conflict, match="cannot be done again"):
        theme_undo.redo(world.session, change_id=second, by=coach)
    for change_id in (first, second):
        theme_undo.redo(world.session, change_id=change_id, by=coach)
    assert theme.name["fi"] == "Keittiö"
    assert [(c.undone, c.can_undo) for c in theme_history.history(world.session, theme_id=number)] == [
        (False, True),
        (False, False),
        (False, False),
    ]
    theme_undo.undo(world.session, change_id=second, by=coach)
    assert theme.name["fi"] == "Ateriat", "a change done again is undone again"
    theme_curation.rename(world.session, theme_id=number, names=names("Lounas"), by=coach)
    with pytest.raises(Conflict, match="cannot be done again"):
        theme_undo.redo(world.session, change_id=second, by=coach)


def test_making_retiring_and_merging_are_done_again(world: World, coach: Person) -> None:
    theme, into = created(world, coach, "Ruoka"), created(world, coach, "Keittiö")
    about(world, theme)
    made = key(last(world, theme).row.id)
    theme_undo.undo(world.session, change_id=made, by=coach)
    assert counts(world) == {}
    theme_undo.redo(world.session, change_id=made, by=coach)
    assert counts(world) == {theme.id: 1}
    merged = theme_curation.merge(world.session, theme_id=key(theme.id), into_id=key(into.id), by=coach)
    theme_undo.undo(world.session, change_id=merged, by=coach)
    theme_undo.redo(world.session, change_id=merged, by=coach)
    assert counts(world) == {into.id: 1}
    theme_undo.undo(world.session, change_id=merged, by=coach)
    retired = theme_curation.retire(world.session, theme_id=key(theme.id), by=coach)
    theme_undo.undo(world.session, change_id=retired, by=coach)
    theme_undo.redo(world.session, change_id=retired, by=coach)
    assert counts(world) == {}


def test_a_merge_undone_leaves_alone_what_was_changed_since(world: World, coach: Person) -> None:
    top, theme, into, third = (created(world, coach, word) for word in ("Tilat", "Ruoka", "Keittiö", "Arki"))
    child = created(world, coach, "Kahvi", parent_id=theme.id)
    merged = theme_curation.merge(world.session, theme_id=key(theme.id), into_id=key(into.id), by=coach)
    theme_curation.move(world.session, theme_id=key(child.id), parent_id=top.id, by=coach)
    further = theme_curation.merge(world.session, theme_id=key(into.id), into_id=key(third.id), by=coach)
    assert theme.merged_into_id == third.id
    theme_undo.undo(world.session, change_id=merged, by=coach)
    assert (theme.merged_into_id, child.parent_id) == (None, top.id)
    theme_undo.undo(world.session, change_id=further, by=coach)
    assert (into.merged_into_id, theme.merged_into_id) == (None, None), "it was parted from both"


def test_a_theme_does_not_come_back_under_one_that_has_gone(world: World, coach: Person) -> None:
    parent = created(world, coach, "Tilat")
    theme = created(world, coach, "Ruoka", parent_id=parent.id)
    retired = theme_curation.retire(world.session, theme_id=key(theme.id), by=coach)
    theme_curation.retire(world.session, theme_id=key(parent.id), by=coach)
    with pytest.raises(BadInput, match="not in use"):
        theme_undo.undo(world.session, change_id=retired, by=coach)


def test_a_merge_says_beforehand_what_it_moves(world: World, coach: Person) -> None:
    theme, into = created(world, coach, "Ruoka"), created(world, coach, "Keittiö")
    child = created(world, coach, "Kahvi", parent_id=theme.id)
    for found in ((theme,), (theme, into), (child,), (into,)):
        about(world, *found)
    moving = theme_curation.moving(world.session, theme_id=key(theme.id), into_id=key(into.id))
    assert (moving.answers, moving.both) == (3, 1)


def test_only_those_who_keep_the_list_change_it(world: World) -> None:
    for person in (world.lead, world.nurse, world.leader):
        with pytest.raises(NotAllowed):
            theme_curation.retire(world.session, theme_id=key(world.phone.id), by=person)
