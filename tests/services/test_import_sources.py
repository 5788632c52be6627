"""More than one kind of source: counts, chosen topics, one respondent in several units; what an undo leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from models.base import validated
from models.feedback import Feedback, FeedbackScore
from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from models.themes import AssignedBy, Theme, ThemeAssignment
from services.errors import BadInput
from services.import_batches import undo_import
from services.import_progress import Step, share_done
from services.importing import import_feedback
from services.intake.mapping import FeedbackMapping, mapping_from
from tests.data.make_exports import OID, UNITS

DATA = Path(__file__).parents[1] / "data"
BARN = "Määräys tuli, vaikka pihalla on ollut sama lato 40 vuotta. Turhaa kyttäämistä."
MAPPING = mapping_from(
    {
        "kind": "feedback",
        "date": "Pvm",
        "unit": "Yksikkö",
        "channel": {"constant": "kiosk"},
        "scores": [{"column": "Arvio", "item": "happy", "low": 1, "high": 4}],
        "text": "Kommentti",
    }
)
assert isinstance(MAPPING, FeedbackMapping)


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("LUOTSI_TODAY", "2026-11-23")
    monkeypatch.setenv("LUOTSI_MAX_UPLOAD_MB", "100")


@pytest.fixture
def county(session: Session) -> Session:
    """A county with the units, metrics and some themes that the export files name."""
    for code, (number, name) in UNITS.items():
        session.add(validated(Unit, code=code, oid=f"{OID}{number}", level="unit", name={"fi": name}))
    for code, keywords in (("T01", ["takaisinsoit", "puhelin"]), ("T17", ["määräy", "tarkast"]), ("T20", ["kiitos"])):
        session.add(validated(Theme, code=code, name={"fi": code}, keywords=keywords))
    session.commit()
    return session


def _file(folder: Path, *rows: str, name: str = "vienti.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(["Pvm;Yksikkö;Arvio;Kommentti", *rows]) + "\n", encoding="utf-8")
    return path


def test_one_respondent_saying_the_same_elsewhere_counts_once(county: Session, tmp_path: Path) -> None:
    mapping = MAPPING.model_copy(update={"respondent": MAPPING.date.model_copy(update={"column": "Vastaaja"})})
    path = tmp_path / "vienti.csv"
    path.write_text(
        "Pvm;Yksikkö;Arvio;Kommentti;Vastaaja\n"
        f"3.8.2026;PEL1;1;{BARN};V1\n"
        f"4.8.2026;AVO1;1;{BARN};V1\n"
        f"4.8.2026;AVO1;1;{BARN};V2\n"
        "5.8.2026;SAI1;4;Kiitos oikein paljon;V3\n6.8.2026;SAI3;4;Kiitos oikein paljon!;V3\n"
        "6.8.2026;SAI5;4;Kiitos oikein paljon!;V4\n7.8.2026;SAI3;4;Kiitos;V3\n8.8.2026;SAI3;4;Kiitos;V3\n",
        encoding="utf-8",
    )
    import_feedback(county, path=path, by=None, mapping=mapping)
    stored = county.exec(select(Feedback).order_by(col(Feedback.id))).all()
    numbers = {row.id: at for at, row in enumerate(stored)}
    first_of = [numbers[row.repeats_id] if row.repeats_id else None for row in stored]
    # V2 repeats what its unit has heard already; two short thanks of V3 are about two visits.
    assert first_of == [None, 0, 0, None, 3, None, None, None]


def test_undoing_the_first_leaves_its_repeats_counting_once(county: Session, tmp_path: Path) -> None:
    first = import_feedback(county, path=_file(tmp_path, f"3.8.2026;PEL1;1;{BARN}"), by=None, mapping=MAPPING)
    later = _file(tmp_path, f"9.9.2026;PEL1;1;{BARN}!", f"10.9.2026;PEL1;2;{BARN.upper()}")
    import_feedback(county, path=later, by=None, mapping=MAPPING)
    undo_import(county, batch=first.batch_id, by=None)
    stored = county.exec(select(Feedback).order_by(col(Feedback.id))).all()
    assert [row.repeats_id for row in stored] == [None, stored[0].id]
    counted = county.exec(select(ThemeAnswer.feedback_id)).all()
    assert set(counted) == {stored[0].id}


def test_a_chosen_topic_is_the_respondents_word(county: Session, tmp_path: Path) -> None:
    request = {"description": "Odotin puhelimessa.", "requested_datetime": "2026-08-03", "service_object_id": "AVO1"}
    path = tmp_path / "palaute.json"
    path.write_text(
        json.dumps([request | {"service_request_id": "1", "service_name": "T17"},
                    request | {"service_request_id": "2", "service_name": "Kiitos hoidosta"}]),
        encoding="utf-8",
    )  # fmt: skip
    result = import_feedback(county, path=path, by=None, profile="open311")
    assert (result.imported, result.rejected) == (2, 0)
    found = county.exec(
        select(ThemeAssignment, Theme).join(Theme, col(Theme.id) == ThemeAssignment.theme_id).where(
            ThemeAssignment.assigned_by == AssignedBy.RESPONDENT
        )
    ).all()  # fmt: skip
    assert [(theme.code, row.confidence, row.matched) for row, theme in found] == [
        ("T17", 1.0, "T17"),
        ("T20", 0.5, "Kiitos hoidosta"),
    ]
    assert county.exec(select(Feedback.source)).first() == "open311"


def test_counts_of_faces_come_in_for_a_unit_named_beside_the_file(county: Session, tmp_path: Path) -> None:
    path = tmp_path / "laite.json"
    path.write_text('[{"ts": "2026-08-03T10:00:00Z", "data": [1, 0, 2, 1]}]', encoding="utf-8")
    with pytest.raises(BadInput, match="looks like the unit"):
        import_feedback(county, path=path, by=None, profile="happyornot")
    result = import_feedback(county, path=path, by=None, profile="happyornot", unit="SAI1")
    assert (result.rows, result.imported) == (4, 4)
    assert sorted(county.exec(select(FeedbackScore.value)).all()) == [1, 3, 3, 4]


def test_progress_tells_each_step_and_never_goes_back(county: Session, tmp_path: Path) -> None:
    told: list[float] = []
    steps: list[Step] = []

    def progress(step: Step, done: int, of: int) -> None:
        steps.append(step)
        told.append(share_done(step, done, of))

    import_feedback(county, path=DATA / "survey.xlsx", by=None, progress=progress)
    assert list(dict.fromkeys(steps)) == list(Step)
    assert told == sorted(told)
    assert told[-1] == 1.0
