"""Words out of stored comments: what goes, what stays, who may, and that nothing brings them back."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.base import validated
from models.decisions import Story
from models.feedback import Feedback, FeedbackScore
from models.pilots import Pilot
from models.text_models import RemovalKind, TextEmbedding, TextRemoval
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, ThemeAssignment
from services import import_batches, importing, pilots, text_removal, theme_facts
from services.errors import BadInput, NotAllowed, NotFound
from services.text_vectors import digest
from tests.services.conftest import TODAY, World
from themes.spans import Kind

WORDS = "Rouva Xolanen jäi käytävään, puhelin ei vastaa. Xolanen itki."


def told(world: World, text: str = WORDS, **values: object) -> Feedback:
    """An answer with a score, a rule's label, a person's label and a vector."""
    feedback = world.answer(world.ward, TODAY, score=2, text=text, text_digest=digest(text), **values)
    for theme, by, by_id in (
        (world.phone, AssignedBy.RULE, None),
        (world.praise, AssignedBy.PERSON, world.lead.id),
    ):
        world.session.add(
            validated(
                ThemeAssignment, feedback_id=feedback.id, theme_id=theme.id, assigned_by=by, by_id=by_id,
                matched="puhelin, xolanen",
            )
        )  # fmt: skip
    if world.session.get(TextEmbedding, (digest(text), "e5")) is None:
        world.session.add(TextEmbedding(digest=digest(text), engine="e5", vector=b"\x01"))
    theme_facts.refresh(world.session, [feedback.id])
    world.session.commit()
    return feedback


def everywhere(world: World) -> str:
    """Every value of every table, as one text."""
    tables = sa.MetaData()
    tables.reflect(world.session.connection())
    rows = (row for table in tables.sorted_tables for row in world.session.execute(sa.select(table)).all())
    return "\n".join(str(value) for row in rows for value in row).casefold()


def test_words_are_hidden_wherever_they_stand(world: World) -> None:
    feedback = told(world)
    done = text_removal.redact_more(
        world.session, feedback_id=feedback.id, words=" xolanen ", kind=Kind.NAME, by=world.lead
    )
    assert done == text_removal.Removed(comments=1)
    world.session.refresh(feedback)
    assert feedback.text == "Rouva [NAME] jäi käytävään, puhelin ei vastaa. [NAME] itki."
    assert feedback.text_digest == digest(feedback.text)
    assert "xolanen" not in everywhere(world)
    assert world.session.exec(select(TextEmbedding)).all() == []
    removal = world.session.exec(select(TextRemoval)).one()
    assert (removal.feedback_id, removal.kind, removal.by_id) == (feedback.id, RemovalKind.REDACTED, world.lead.id)


@pytest.mark.parametrize("words", ["", "x", "Virtala", "NAME", "[NAME]"])
def test_words_that_cannot_be_hidden_are_refused(world: World, words: str) -> None:
    feedback = told(world, "[NAME] jäi käytävään, x.")
    with pytest.raises(BadInput):
        text_removal.redact_more(world.session, feedback_id=feedback.id, words=words, kind=Kind.NAME, by=world.lead)
    assert feedback.text == "[NAME] jäi käytävään, x."


def test_a_part_of_a_word_is_hidden_only_when_no_whole_word_is_meant(world: World) -> None:
    one = told(world, "Ari oli ihana, tarina jatkuu.")
    text_removal.redact_more(world.session, feedback_id=one.id, words="Ari", kind=Kind.NAME, by=world.lead)
    assert one.text == "[NAME] oli ihana, tarina jatkuu."
    other = told(world, "Sanokaa Xolaselle terveisiä.")
    text_removal.redact_more(world.session, feedback_id=other.id, words="Xola", kind=Kind.NAME, by=world.lead)
    assert other.text == "Sanokaa [NAME]selle terveisiä."


def test_erased_words_are_nowhere_and_numbers_stay(world: World) -> None:
    feedback = told(world)
    done = text_removal.erase_text(
        world.session, feedback_id=feedback.id, by=world.lead, reason="Asiakas pyysi, 040 000 0000"
    )
    assert done == text_removal.Removed(comments=1)
    world.session.refresh(feedback)
    assert (feedback.text, feedback.text_digest, feedback.embedded_by) == (None, None, None)
    said = everywhere(world)
    assert "xolanen" not in said
    assert "käytävään" not in said
    assert world.session.exec(select(FeedbackScore.value)).all() == [2]
    assert len(world.session.exec(select(ThemeAssignment)).all()) == 2
    facts = world.session.exec(select(ThemeAnswer)).all()
    assert [fact.has_text for fact in facts] == [False, False]
    removal = world.session.exec(select(TextRemoval)).one()
    assert (removal.kind, removal.reason) == (RemovalKind.ERASED, "Asiakas pyysi, [PHONE]")


def test_a_vector_stays_while_another_comment_has_the_same_words(world: World) -> None:
    one, other = told(world, "Kiitos!"), told(world, "Kiitos!")
    text_removal.erase_text(world.session, feedback_id=one.id, by=world.lead, reason="pyyntö")
    assert len(world.session.exec(select(TextEmbedding)).all()) == 1
    text_removal.erase_text(world.session, feedback_id=other.id, by=world.lead, reason="pyyntö")
    assert world.session.exec(select(TextEmbedding)).all() == []


def test_repeats_go_too_as_far_as_the_person_reaches(world: World) -> None:
    first = told(world)
    repeat = told(world, WORDS + " Taas.", repeats_id=first.id)
    elsewhere = world.answer(world.other_ward, TODAY, text=WORDS, repeats_id=first.id)
    done = text_removal.erase_text(world.session, feedback_id=repeat.id, by=world.lead, reason="pyyntö")
    assert done.comments == 2
    for row in (first, repeat, elsewhere):
        world.session.refresh(row)
    assert (first.text, repeat.text, elsewhere.text) == (None, None, WORDS)
    assert repeat.repeats_id == first.id, "they still count once"
    assert text_removal.erase_text(world.session, feedback_id=first.id, by=None, reason="pyyntö").comments == 1


def test_quotes_in_plans_and_stories_go_too(world: World) -> None:
    feedback = told(world, "[NAME] jäi käytävään, Xolanen itki.")
    quoted = "3 vastausta 12 viikossa.\n”[nimi] jäi käytävään, Xolanen itki.”\n”Puhelin ei vastaa.”"
    pilot = pilots.register_pilot(
        world.session, fields=world.fields(customers_say=quoted), plan=world.plan(), by=world.lead, today=TODAY
    )
    world.session.add(
        validated(
            Story, pilot_id=pilot.id, you_said={"fi": quoted}, we_tried={"fi": "Kokeilimme."},
            what_happened={"fi": "Auttoi."}, written_by_id=world.lead.id,
        )
    )  # fmt: skip
    world.session.commit()
    hidden = text_removal.redact_more(
        world.session, feedback_id=feedback.id, words="Xolanen", kind=Kind.NAME, by=world.lead
    )
    assert hidden.quotes == 2
    row = world.session.exec(select(Pilot)).one()
    assert "”[nimi] jäi käytävään, [nimi] itki.”" in str(row.customers_say)
    erased = text_removal.erase_text(world.session, feedback_id=feedback.id, by=world.lead, reason="pyyntö")
    assert erased.quotes == 2
    world.session.refresh(row)
    assert row.customers_say["fi"] == "3 vastausta 12 viikossa.\n”[poistettu]”\n”Puhelin ei vastaa.”"
    assert "käytävään" not in everywhere(world)


def test_who_may_not_label_may_not_take_words(world: World) -> None:
    feedback = told(world)
    for person in (world.other_lead, world.nurse, world.trustee):
        with pytest.raises(NotAllowed):
            text_removal.erase_text(world.session, feedback_id=feedback.id, by=person, reason="pyyntö")
        with pytest.raises(NotAllowed):
            text_removal.redact_more(world.session, feedback_id=feedback.id, words="Xolanen", kind=Kind.NAME, by=person)
    with pytest.raises(BadInput):
        text_removal.erase_text(world.session, feedback_id=feedback.id, by=world.lead, reason="  ")
    with pytest.raises(NotFound):
        text_removal.erase_texts(world.session, feedback_ids=[feedback.id, 99999], by=None, reason="pyyntö")
    world.session.refresh(feedback)
    assert feedback.text == WORDS


def test_old_texts_and_respondents_marks_go_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_removal, "_BATCH", 2)
    old = [
        world.answer(world.ward, dt.date(2020, 6, 1 + day), text=f"Vanha sana {day}", respondent="a" * 64)
        for day in range(5)
    ]
    silent = world.answer(world.ward, dt.date(2020, 6, 9), score=3, respondent="b" * 64)
    recent = world.answer(world.ward, dt.date(2021, 1, 1), text="Uusi sana", respondent="a" * 64)
    seen: list[int] = []
    done = text_removal.erase_older_than(
        world.session, before=dt.date(2021, 1, 1), reason="säilytysaika", progress=seen.append
    )
    assert done == text_removal.Removed(comments=5, respondents=6)
    assert seen == [2, 2, 2]
    for row in [*old, silent, recent]:
        world.session.refresh(row)
    assert {(row.text, row.respondent) for row in [*old, silent]} == {(None, None)}
    assert (recent.text, recent.respondent) == ("Uusi sana", "a" * 64)
    assert len(world.session.exec(select(TextRemoval)).all()) == 5
    again = text_removal.erase_older_than(world.session, before=dt.date(2021, 1, 1), reason="säilytysaika")
    assert again == text_removal.Removed(comments=0)


def test_importing_the_same_row_again_brings_nothing_back(world: World, tmp_path: Path) -> None:
    def file(name: str, *more: str) -> Path:
        path = tmp_path / name
        rows = ["pvm;yksikkö;suositus;palaute", "23.11.2026;SAI3;2;Xolanen itki käytävällä", *more]
        path.write_text("\n".join(rows), encoding="utf-8")
        return path

    importing.import_feedback(world.session, path=file("a.csv"), by=None)
    stored = world.session.exec(select(Feedback)).one()
    text_removal.erase_text(world.session, feedback_id=stored.id, by=None, reason="pyyntö")
    again = importing.import_feedback(world.session, path=file("b.csv", "22.11.2026;SAI3;4;Kiitos"), by=None)
    assert (again.imported, again.duplicates) == (1, 1)
    texts = world.session.exec(select(Feedback.text).order_by(col(Feedback.id))).all()
    assert list(texts) == [None, "Kiitos"]


@pytest.mark.parametrize("by_age", [False, True])
def test_undoing_an_import_and_taking_the_file_again_brings_nothing_back(
    world: World, tmp_path: Path, by_age: bool
) -> None:
    path = tmp_path / "a.csv"
    rows = ["pvm;yksikkö;suosittelu;palaute", "1.6.2020;SAI3;2;Xolanen itki käytävällä", "23.11.2026;SAI3;4;Kiitos"]
    path.write_text("\n".join(rows), encoding="utf-8")
    first = importing.import_feedback(world.session, path=path, by=None)
    if by_age:
        text_removal.erase_older_than(world.session, before=dt.date(2021, 1, 1), reason="säilytysaika")
    else:
        stored = world.session.exec(select(Feedback.id).where(col(Feedback.text).contains("Xolanen"))).one()
        text_removal.erase_text(world.session, feedback_id=stored, by=None, reason="pyyntö")
    for batch in (first.batch_id, first.batch_id + 1):
        import_batches.undo_import(world.session, batch=batch, by=None)
        again = importing.import_feedback(world.session, path=path, by=None)
        assert (again.imported, again.rejected) == (2, 0)
        texts = world.session.exec(select(Feedback.text).order_by(col(Feedback.given_on))).all()
        assert list(texts) == [None, "Kiitos"]
        assert sorted(world.session.exec(select(FeedbackScore.value)).all()) == [2, 4]
    assert "xolanen" not in everywhere(world)


@pytest.mark.parametrize("undone", [False, True])
def test_erased_words_are_not_left_in_the_file(world: World, tmp_path: Path, undone: bool) -> None:
    url = world.session.get_bind().engine.url
    if url.get_backend_name() != "sqlite":
        pytest.skip("a file of pages to look into")
    if undone:
        path = tmp_path / "a.csv"
        path.write_text(f"pvm;yksikkö;suosittelu;palaute\n23.11.2026;SAI3;2;{WORDS}\n", encoding="utf-8")
        taken = importing.import_feedback(world.session, path=path, by=None)
        import_batches.undo_import(world.session, batch=taken.batch_id, by=None)
    feedback = told(world)
    text_removal.erase_text(world.session, feedback_id=feedback.id, by=world.lead, reason="pyyntö")
    world.session.close()
    with sqlite3.connect(str(url.database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"Xolanen" not in Path(str(url.database)).read_bytes()


@pytest.mark.parametrize(
    ("told_as", "day"),
    [("2021-01-01", "2021-01-01"), ("5", "2021-11-23"), ("1 year", "2025-11-23"), ("10y", "2016-11-23")],
)
def test_the_first_day_kept(told_as: str, day: str) -> None:
    assert text_removal.first_day_kept(told_as, today=TODAY) == dt.date.fromisoformat(day)


@pytest.mark.parametrize("wrong", ["", "yesterday", "2021-13-01", "2999-01-01", "0y", "-3", "5000"])
def test_a_day_that_cannot_be_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput):
        text_removal.first_day_kept(wrong, today=TODAY)
