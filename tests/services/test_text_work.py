"""Comments read in the background: embedded once, in small steps, whatever happens in the middle."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session, select

from models.base import now, validated
from models.database import Database
from models.feedback import Feedback
from models.text_models import TextEmbedding, WorkLease
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, Theme, ThemeAssignment
from services import text_vectors, text_work, theme_learning, theme_models, work_lease
from services.rows import key
from services.theme_labels import assign_by_hand
from tests.services.conftest import TODAY, World

PHONE = "Jonotin puhelimessa tunnin eikä takaisinsoittoa tullut."
THANKS = "Kiitos, hoitaja oli ystävällinen ja kuunteli."


@pytest.fixture
def worded(world: World) -> World:
    world.phone.examples = ["Takaisinsoitto ei tullut.", "Puhelimeen ei vastata.", "Jonotin puhelimessa."]
    world.praise.examples = ["Kiitos hyvästä hoidosta.", "Ystävällinen hoitaja.", "Sain hyvää palvelua."]
    world.session.commit()
    return world


def read(world: World, database: Database, progress: text_work.Progress | None = None) -> int | None:
    """Read what waits; the test's own session lets go of the write lock first."""
    world.session.rollback()
    return text_work.run(database, progress=progress)


def strongest(world: World, feedback: Feedback) -> int | None:
    """The theme the model is surest of, if it counts; with two themes in all it often sees both."""
    counted = themes_of(world, feedback)
    query = select(ThemeAssignment).where(
        ThemeAssignment.feedback_id == feedback.id, ThemeAssignment.assigned_by == AssignedBy.MODEL
    )
    rows = sorted(world.session.exec(query), key=lambda row: -row.confidence)
    return rows[0].theme_id if rows and rows[0].theme_id in counted else None


def themes_of(world: World, feedback: Feedback) -> set[int]:
    world.session.expire_all()
    return set(world.session.exec(select(ThemeAnswer.theme_id).where(ThemeAnswer.feedback_id == feedback.id)))


def test_every_comment_is_read_once_and_equal_texts_share_a_vector(worded: World, database: Database) -> None:
    phone, thanks, again = (worded.answer(worded.ward, TODAY, text=text) for text in (PHONE, THANKS, PHONE))
    silent = worded.answer(worded.ward, TODAY, score=3)
    told: list[tuple[int, int]] = []
    assert read(worded, database, progress=lambda done, total: told.append((done, total))) == 3
    assert told[-1] == (3, 3)
    assert strongest(worded, phone) == strongest(worded, again) == worded.phone.id
    assert strongest(worded, thanks) == worded.praise.id
    assert len(worded.session.exec(select(TextEmbedding)).all()) == 2
    for feedback, tone in ((phone, "neg"), (thanks, "pos")):
        assert (feedback.sentiment, feedback.text_digest) == (tone, text_vectors.digest(feedback.text or ""))
        assert 0 <= (feedback.doubt or 0) <= 1
    assert silent.model_id is None
    assert text_work.waiting(worded.session) == 0
    assert read(worded, database) == 0
    rows = worded.session.exec(select(ThemeAssignment).where(ThemeAssignment.feedback_id == phone.id)).all()
    assert {(row.assigned_by, bool(row.matched)) for row in rows} == {(AssignedBy.MODEL, True)}


def test_nothing_is_embedded_twice_after_a_kill_in_the_middle(
    worded: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_work, "BATCH", 2)
    for number in range(5):
        worded.answer(worded.ward, TODAY, text=f"Jonotin puhelimessa {number} tuntia.")
    embedded: list[str] = []
    engine = theme_models.embedder()
    embed = engine.embed

    def counted(texts: list[str]) -> text_vectors.Vectors:
        embedded.extend(texts)
        return embed(texts)

    monkeypatch.setattr(engine, "embed", counted)

    def killed(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(worded, database, progress=killed)
    assert text_work.waiting(worded.session) == 3
    assert read(worded, database) == 3
    comments = [text for text in embedded if text.startswith("Jonotin puhelimessa ")]
    assert len(comments) == len(set(comments)) == 5


def test_the_newest_come_first(worded: World, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_work, "BATCH", 1)
    rows = [worded.answer(worded.ward, TODAY, text=f"Jonotin puhelimessa {number} tuntia.") for number in range(3)]
    order: list[int] = []

    def note(done: int, total: int) -> None:
        worded.session.expire_all()
        order.extend(key(row.id) for row in rows if row.model_id is not None and key(row.id) not in order)
        worded.session.rollback()

    read(worded, database, progress=note)
    assert order == [rows[2].id, rows[1].id, rows[0].id]


def test_only_one_process_reads_and_another_takes_over_from_a_dead_one(worded: World, database: Database) -> None:
    worded.answer(worded.ward, TODAY, text=PHONE)
    worded.session.rollback()
    with database.writing() as session:
        owner = work_lease.take(session, text_work.WORK, total=1)
    assert owner is not None
    assert read(worded, database) is None
    assert text_work.state(worded.session).running
    assert worded.session.exec(select(WorkLease.owner)).one() == owner
    worded.session.rollback()
    with database.writing() as session:
        held = session.get(WorkLease, text_work.WORK)
        assert held is not None
        held.beat_at = now() - dt.timedelta(minutes=5)
        session.add(held)
        session.commit()
    assert read(worded, database) == 1
    worded.session.rollback()
    with database.writing() as session:
        assert not work_lease.beat(session, text_work.WORK, owner, done=1, total=1), "it is told that it lost the work"


def test_a_fault_ends_the_work_and_is_told(worded: World, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    worded.answer(worded.ward, TODAY, text=PHONE)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patch:
        patch.setattr(text_work, "_store", broken)
        with pytest.raises(RuntimeError):
            read(worded, database)
    state = text_work.state(worded.session)
    assert not state.running
    assert state.problem.startswith("RuntimeError at ")
    assert "memory" not in state.problem, "a fault's own words may hold a comment's"
    worded.session.rollback()
    assert read(worded, database) == 1


def test_words_changed_while_they_were_read_are_read_again(
    worded: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    feedback = worded.answer(worded.ward, TODAY, text=PHONE)
    store = text_work._store

    def late(session: Session, *rest: object) -> None:
        row = session.get(Feedback, feedback.id)
        if row is not None and row.text == PHONE:
            row.text = THANKS
            session.add(row)
            session.flush()
        store(session, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(text_work, "_store", late)
    read(worded, database)
    assert strongest(worded, feedback) == worded.praise.id
    digests = set(worded.session.exec(select(TextEmbedding.digest)))
    assert digests == {text_vectors.digest(THANKS)}, "of the words that are gone no vector stays"


def test_a_persons_word_stands_whatever_the_model_says_later(worded: World, database: Database) -> None:
    feedback = worded.answer(worded.ward, TODAY, text=PHONE)
    assign_by_hand(
        worded.session, feedback_id=key(feedback.id), theme_id=key(worded.phone.id), applies=False, by=worded.lead
    )
    read(worded, database)
    assert worded.phone.id not in themes_of(worded, feedback)


def test_a_changed_list_of_themes_is_learnt_and_read_with(worded: World, database: Database) -> None:
    feedback = worded.answer(worded.ward, TODAY, text="Pysäköintipaikkoja ei ollut lainkaan.")
    read(worded, database)
    first = theme_models.in_force(worded.session)
    parking = validated(
        Theme,
        code="T30",
        name={"fi": "Pysäköinti", "sv": "Parkering", "en": "Parking"},
        keywords=["pysäköin"],
        examples=["Parkkipaikkaa ei löytynyt."],
    )
    worded.session.add(parking)
    worded.session.commit()
    assert read(worded, database) == 1
    worded.session.rollback()
    second = theme_models.in_force(worded.session)
    assert first is not None
    assert second is not None
    assert second.model_id != first.model_id
    assert strongest(worded, feedback) == parking.id


def test_a_list_of_themes_that_is_as_it_was_has_its_version_again(worded: World, database: Database) -> None:
    feedback = worded.answer(worded.ward, TODAY, text=PHONE)
    read(worded, database)
    first = theme_models.in_force(worded.session)
    for name, answers in ((["linja"], 1), ([], 1)):
        worded.phone.keywords = ["puhelin", *name]
        worded.session.add(worded.phone)
        worded.session.commit()
        assert read(worded, database) == answers
        worded.session.rollback()
    again = theme_models.in_force(worded.session)
    assert first is not None
    assert again is not None
    assert again.model_id == first.model_id
    assert strongest(worded, feedback) == worded.phone.id


def test_nobody_waits_for_the_record_while_the_model_learns(
    worded: World, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    worded.answer(worded.ward, TODAY, text=PHONE)
    learn = theme_learning.learn

    def interrupted(session: Session, **more: object) -> theme_learning.Learnt:
        learnt = learn(session, **more)  # type: ignore[arg-type]
        worded.answer(worded.ward, TODAY, score=5)
        return learnt

    monkeypatch.setattr(theme_learning, "learn", interrupted)
    assert read(worded, database) == 1
