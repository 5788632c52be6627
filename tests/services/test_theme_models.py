"""Versions of the theme model: fitted to what people said, measured against the one before, taken back."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.base import validated
from models.people import Person, Role
from models.text_models import Drawn, ThemeModel
from services import theme_learning, theme_models, theme_review
from services.errors import Conflict, NotAllowed
from services.rows import key
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World
from tests.services.taught import reader, refit

# What each theme is really about here has nothing to do with its name, so that only labels can teach it.
BOATS = [f"Vene {word} laiturissa" for word in ("keinui", "kastui", "upposi", "vuoti", "odotti", "seisoi", "lepäsi")]
BREAD = [f"Leipä {word} uunissa" for word in ("paloi", "nousi", "kypsyi", "tummui", "kuivui", "unohtui", "rapeutui")]


def checked(world: World, texts: list[str], theme_id: int, drawn: Drawn = Drawn.UNCERTAIN) -> None:
    for text in texts:
        feedback = world.answer(world.ward, TODAY, text=text)
        theme_review.check(
            world.session, feedback_id=key(feedback.id), theme_ids=[theme_id], drawn=drawn, by=world.lead
        )


def first_theme(world: World, text: str) -> int:
    current = reader(world.session)
    vectors = current.engine.embed([text])
    scores = current.model.scores([text], vectors)[0]
    return int(current.model.themes[int(scores.argmax())].id)


def test_it_learns_what_people_say_and_says_how_much_better_it_is(world: World) -> None:
    phone, praise = key(world.phone.id), key(world.praise.id)
    reader(world.session)
    cold = theme_models.in_force(world.session)
    assert cold is not None
    assert (cold.labels, cold.quality, cold.by) == (0, {"n": 0}, None)
    checked(world, BOATS, phone)
    checked(world, BREAD, praise)
    assert theme_learning.new_labels(world.session) == 14
    version = refit(world.session, by=world.lead)
    assert (version.labels, version.by, theme_learning.new_labels(world.session)) == (14, world.lead.name, 0)
    assert version.quality["n"] == 14
    assert not version.quality["at_random"]
    assert version.quality["after"]["top1"] > version.quality["before"]["top1"]
    assert version.quality["after"]["top1_low"] < version.quality["after"]["top1"]
    assert first_theme(world, "Vene oli laiturissa") == phone
    assert first_theme(world, "Leipä oli uunissa") == praise
    with pytest.raises(Conflict, match="Nothing has been said"):
        refit(world.session, by=world.lead)


def test_a_version_stays_as_it_was_for_those_who_began_with_it(world: World) -> None:
    checked(world, BOATS[:5], key(world.phone.id))
    checked(world, BREAD[:5], key(world.praise.id))
    first = refit(world.session, by=world.lead)
    texts = ["Vene karkasi laiturista.", "Leipä oli hyvää."]
    vectors = theme_models.embedder().embed(texts)
    before = theme_models.reader(world.session, first.model_id).model.scores(texts, vectors)
    checked(world, BOATS[5:], key(world.praise.id))
    second = refit(world.session, by=world.lead)
    again = theme_models.reader(world.session, first.model_id).model.scores(texts, vectors)
    assert (again == before).all()
    assert reader(world.session).model_id == second.model_id


def test_the_version_in_force_is_taken_back(world: World) -> None:
    coach = validated(Person, code="coach", name="Valmentaja", role=Role.COACH)
    world.session.add(coach)
    world.session.commit()
    reader(world.session)
    checked(world, BOATS[:3], key(world.phone.id))
    version = refit(world.session, by=coach)
    with pytest.raises(NotAllowed):
        theme_models.withdraw(world.session, model_id=version.model_id, by=world.lead)
    theme_models.withdraw(world.session, model_id=version.model_id, by=coach)
    standing = theme_models.in_force(world.session)
    assert standing is not None
    assert standing.labels == 0
    for model_id in (version.model_id, standing.model_id):
        with pytest.raises(Conflict):
            theme_models.withdraw(world.session, model_id=model_id, by=coach)
    again = refit(world.session, by=coach)
    assert again.model_id == version.model_id, "the same labels give the same version"
    with pytest.raises(NotAllowed):
        refit(world.session, by=world.nurse)


def test_vectors_of_another_model_are_refused(world: World) -> None:
    reader(world.session)
    row = world.session.exec(select(ThemeModel)).one()
    row.engine = "another"
    world.session.add(row)
    world.session.commit()
    assert theme_models.out_of_date(world.session)
    with pytest.raises(Conflict, match="another"):
        theme_models.reader(world.session, row.id)


def test_comments_drawn_by_lot_are_judged_alone_once_there_are_enough(world: World) -> None:
    reader(world.session)
    phone, praise = key(world.phone.id), key(world.praise.id)
    checked(world, [f"{text} {n}" for n in range(3) for text in BOATS[:5]], phone, Drawn.RANDOM)
    checked(world, [f"{text} {n}" for n in range(3) for text in BREAD[:5]], praise, Drawn.RANDOM)
    checked(world, BOATS[5:], praise)
    quality = refit(world.session, by=world.lead).quality
    assert (quality["n"], quality["at_random"]) == (30, True)


def test_added_themes_alone_do_not_teach_it_to_give_every_theme(world: World) -> None:
    phone, praise = key(world.phone.id), key(world.praise.id)
    for texts, theme_id in ((BOATS, phone), (BREAD, praise)):
        for text in texts:
            feedback = world.answer(world.ward, TODAY, text=text)
            assign_by_hand(world.session, feedback_id=key(feedback.id), theme_id=theme_id, applies=True, by=world.lead)
    refit(world.session, by=world.lead)
    current = reader(world.session)
    texts = [*BOATS, *BREAD]
    readings = current.read(texts, current.engine.embed(texts))
    assert [[found.theme_id for found in reading.themes] for reading in readings] == [[phone]] * 7 + [[praise]] * 7
