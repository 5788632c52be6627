"""Files into the record, on both engines: whole or not at all, once, and back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from models.base import validated
from models.feedback import Feedback, FeedbackScore
from models.imports import ImportBatch, ImportKind
from models.metrics import Measurement, Metric
from models.organisation import Unit
from models.people import Person
from models.themes import Theme, ThemeAssignment
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.import_batches import refuse_if_imported, undo_import
from services.import_profiles import list_profiles, save_profile
from services.importing import import_feedback, import_measurements
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, mapping_from
from services.intake.shape import sniff
from services.series import current_measurements
from tests.data.make_exports import OID, UNITS, large, with_bad_rows

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
    for code, kind in (("cb2h", "proportion"), ("wait", "duration"), ("contacts", "count")):
        fields = {"direction": "increase", "family": "process"}
        session.add(validated(Metric, code=code, name={"fi": code}, kind=kind, **fields))
    for code, keywords in (("T01", ["takaisinsoit", "puhelin"]), ("T17", ["määräy", "tarkast"]), ("T20", ["kiitos"])):
        session.add(validated(Theme, code=code, name={"fi": code}, keywords=keywords))
    session.commit()
    return session


def _count(session: Session, model: type) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def _file(folder: Path, *rows: str, name: str = "vienti.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(["Pvm;Yksikkö;Arvio;Kommentti", *rows]) + "\n", encoding="utf-8")
    return path


def test_the_three_exports(county: Session) -> None:
    rows = 0
    for name, expected in (("kiosk.csv", 180), ("survey.xlsx", 120), ("text_messages.csv", 200)):
        result = import_feedback(county, path=DATA / name, by=None)
        assert (result.rows, result.imported, result.duplicates, result.rejected) == (expected, expected, 0, 0)
        assert result.rejects_file is None
        rows += expected
    assert _count(county, Feedback) == rows
    stored = county.exec(select(Feedback)).all()
    assert not any("010190" in (row.text or "") or "+358" in (row.text or "") for row in stored)
    assert {row.week for row in stored} <= set(range(2952, 2970))
    scores = county.exec(select(FeedbackScore.value).where(FeedbackScore.item == "recommend")).all()
    assert len(scores) == 320
    assert 0 in scores
    assert county.exec(select(func.min(FeedbackScore.value)).where(col(FeedbackScore.item).like("thl%"))).one() == 1
    assigned = county.exec(select(ThemeAssignment)).all()
    assert {row.matched.split(",")[0] for row in assigned} >= {"takaisinsoitto", "kiitos"}


def test_the_same_file_is_refused_until_it_is_undone(county: Session, tmp_path: Path) -> None:
    path = _file(tmp_path, "3.8.2026;AVO1;4;Kiitos hoidosta")
    first = import_feedback(county, path=path, by=None, mapping=MAPPING)
    copied = path.rename(tmp_path / "kopio.csv")
    with pytest.raises(
        Conflict, match=rf"kopio\.csv was imported already on .* as vienti\.csv \(import {first.batch_id}\)"
    ):
        import_feedback(county, path=copied, by=None, mapping=MAPPING)
    undo_import(county, batch=first.batch_id, by=None)
    assert [_count(county, model) for model in (Feedback, FeedbackScore, ThemeAssignment)] == [0, 0, 0]
    with pytest.raises(Conflict, match="was undone on"):
        undo_import(county, batch=first.batch_id, by=None)
    assert import_feedback(county, path=copied, by=None, mapping=MAPPING).imported == 1
    assert _count(county, ImportBatch) == 2


def test_rows_stored_before_are_duplicates(county: Session, tmp_path: Path) -> None:
    import_feedback(county, path=_file(tmp_path, *["3.8.2026 14:05;AVO1;4;"] * 2), by=None, mapping=MAPPING)
    longer = _file(tmp_path, *["3.8.2026 14:05;AVO1;4;"] * 3, "4.8.2026 9:00;AVO1;2;")
    result = import_feedback(county, path=longer, by=None, mapping=MAPPING)
    assert (result.rows, result.imported, result.duplicates, result.rejected) == (4, 2, 2, 0)


def test_an_id_with_another_content_is_rejected(county: Session, tmp_path: Path) -> None:
    path = tmp_path / "vienti.csv"
    mapping = MAPPING.model_copy(update={"external_id": MAPPING.date.model_copy(update={"column": "id"}), "text": ()})
    path.write_text("id;Pvm;Yksikkö;Arvio\nA;3.8.2026;AVO1;4\nB;3.8.2026;AVO1;4\nB;3.8.2026;AVO1;4\n", encoding="utf-8")
    first = import_feedback(county, path=path, by=None, mapping=mapping)
    assert (first.imported, first.duplicates) == (2, 1)
    path.write_text("id;Pvm;Yksikkö;Arvio\nA;3.8.2026;AVO1;4\nB;3.8.2026;AVO1;1\nC;3.8.2026;AVO1;1\n", encoding="utf-8")
    second = import_feedback(county, path=path, by=None, mapping=mapping)
    assert (second.imported, second.duplicates, second.rejected) == (1, 1, 1)
    assert second.rejects_file is not None
    assert "The id B is taken already with another content." in second.rejects_file.read_text(encoding="utf-8-sig")


def test_a_tenth_of_the_rows_bad(county: Session, tmp_path: Path) -> None:
    result = import_feedback(county, path=with_bad_rows(tmp_path / "vienti.csv"), by=None, mapping=MAPPING)
    assert (result.rows, result.imported, result.rejected) == (200, 180, 20)
    batch = county.get(ImportBatch, result.batch_id)
    assert batch is not None
    assert len(batch.rejects) == 20
    assert batch.rejects[2] == {
        "row": 31,
        "column": "Yksikkö",
        "value": "AVO99",
        "reason": "{value} is not a unit's code, OID or name.",
        "values": {"value": "AVO99"},
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", r"vienti\.csv is empty"),
        ("Pvm;Yksikkö;Arvio;Kommentti\n3.8.2026;AVO1;4;hyvä\n".encode("cp850"), "cannot be read"),
        (
            b"Pvm;Yksikk\xc3\xb6;Arvio;Kommentti\n3.8.2027;AVO1;4;\n",
            r"none of the 1 rows .* row 2, column Pvm: .* future",
        ),
        (b"Pvm;Yksikk\xc3\xb6;Arvio;Kommentti\n=1+1;AVO1;4;\n", "The cell holds a formula, =1.1"),
        (b"a;b\n1;2\n", r"has no column Pvm"),
    ],
)
def test_a_bad_file_stores_nothing(county: Session, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "vienti.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        import_feedback(county, path=path, by=None, mapping=MAPPING)
    assert [_count(county, model) for model in (ImportBatch, Feedback, FeedbackScore)] == [0, 0, 0]


def test_too_large_a_file(county: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_MAX_UPLOAD_MB", "1")
    with pytest.raises(BadInput, match=r"at most 1\.0 MB are taken"):
        import_feedback(county, path=large(tmp_path / "iso.csv", 2), by=None, mapping=MAPPING)


def test_a_failure_on_the_way_leaves_nothing(
    county: Session, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("disk full")

    monkeypatch.setattr("services.importing.mark_repeats", broken)
    with pytest.raises(RuntimeError):
        import_feedback(county, path=_file(tmp_path, "3.8.2026;AVO1;4;Kiitos"), by=None, mapping=MAPPING)
    with Session(engine) as other:
        assert [_count(other, model) for model in (ImportBatch, Feedback, ThemeAssignment)] == [0, 0, 0]


def test_two_imports_of_one_file_at_once(county: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first look finds nothing, as when another import commits in between; the unique hash decides."""
    path = _file(tmp_path, "3.8.2026;AVO1;4;Kiitos hoidosta")
    import_feedback(county, path=path, by=None, mapping=MAPPING)
    looks: list[Path] = []

    def late(session: Session, file: Path, sha256: str) -> None:
        looks.append(file)
        if len(looks) > 1:
            refuse_if_imported(session, file, sha256)

    monkeypatch.setattr("services.importing.refuse_if_imported", late)
    with pytest.raises(Conflict, match="was imported already"):
        import_feedback(county, path=path, by=None, mapping=MAPPING)
    assert (_count(county, ImportBatch), _count(county, Feedback)) == (1, 1)


def test_a_repeated_comment_points_to_the_first(county: Session, tmp_path: Path) -> None:
    import_feedback(county, path=_file(tmp_path, f"3.8.2026;PEL1;1;{BARN}"), by=None, mapping=MAPPING)
    again = BARN.replace(",", "").replace(".", "!!")
    later = _file(tmp_path, f"9.9.2026;PEL1;1;{again}", f"9.9.2026;AVO1;1;{again}", f"10.9.2026;PEL1;2;{BARN.upper()}")
    import_feedback(county, path=later, by=None, mapping=MAPPING)
    stored = county.exec(select(Feedback).order_by(col(Feedback.id))).all()
    first = stored[0].id
    assert [row.repeats_id for row in stored] == [None, first, None, first]


def test_a_saved_profile_is_found_by_name(county: Session, tmp_path: Path) -> None:
    save_profile(county, name="Kioskit", mapping=MAPPING, by=None)
    save_profile(county, name="Kioskit", mapping=MAPPING, by=None)
    assert [profile.name for profile in list_profiles(county, ImportKind.FEEDBACK)] == ["Kioskit"]
    path = _file(tmp_path, "3.8.2026;AVO1;4;Kiitos hoidosta")
    result = import_feedback(county, path=path, by=None, profile="Kioskit")
    batch = county.get(ImportBatch, result.batch_id)
    assert batch is not None
    assert batch.profile_id is not None
    assert county.exec(select(Feedback.source)).one() == "Kioskit"
    with pytest.raises(NotFound, match="There is no profile Muu; there are: Kioskit"):
        import_feedback(county, path=DATA / "kiosk.csv", by=None, profile="Muu")
    with pytest.raises(BadInput, match="Give a mapping or the name of a profile, not both"):
        import_feedback(county, path=DATA / "kiosk.csv", by=None, profile="Kioskit", mapping=MAPPING)


def test_people_import_for_their_own_units(county: Session, tmp_path: Path) -> None:
    unit = county.exec(select(Unit).where(Unit.code == "SAI3")).one()
    lead = validated(Person, code="sari", name="Sari", role="team_lead", unit_id=unit.id)
    trustee = validated(Person, code="tuomas", name="Tuomas", role="trustee")
    county.add_all([lead, trustee])
    county.commit()
    path = _file(tmp_path, "3.8.2026;SAI3;4;", "3.8.2026;AVO1;4;")
    result = import_feedback(county, path=path, by=lead, mapping=MAPPING)
    assert (result.imported, result.rejected) == (1, 1)
    assert result.rejects_file is not None
    assert "You may not import for the unit AVO1." in result.rejects_file.read_text(encoding="utf-8-sig")
    with pytest.raises(NotAllowed):
        import_feedback(county, path=DATA / "kiosk.csv", by=trustee)
    with pytest.raises(NotAllowed):
        undo_import(county, batch=result.batch_id, by=trustee)
    whole = import_feedback(county, path=DATA / "kiosk.csv", by=None)
    with pytest.raises(NotAllowed):
        undo_import(county, batch=whole.batch_id, by=lead)


def test_measurements_and_their_correction(county: Session, tmp_path: Path) -> None:
    path = DATA / "weekly_measurements.csv"
    first = import_measurements(county, path=path, by=None)
    assert (first.rows, first.imported, first.rejected) == (75, 75, 0)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("2026-W32;AVO1;cb2h;")
    changed = [lines[0], "2026-W32;AVO1;cb2h;200;;;150", *lines[2:6], "2026-W47;AVO1;wait;10;14,5;3,25;"]
    (tmp_path / "korjattu.csv").write_text("\n".join(changed) + "\n", encoding="utf-8")
    second = import_measurements(county, path=tmp_path / "korjattu.csv", by=None)
    assert (second.rows, second.imported, second.duplicates) == (6, 2, 4)
    metric = county.exec(select(Metric).where(Metric.code == "cb2h")).one()
    monday = dt.date(2026, 8, 3)
    standing = current_measurements().where(Measurement.metric_id == metric.id, Measurement.on_date == monday)
    assert {(row.n, row.count) for row in county.exec(standing)} >= {(200, 150)}
    assert len(county.exec(standing).all()) == 2
    with pytest.raises(Conflict, match="later rows correct its values"):
        undo_import(county, batch=first.batch_id, by=None)
    undo_import(county, batch=second.batch_id, by=None)
    assert (200, 150) not in {(row.n, row.count) for row in county.exec(standing)}
    undo_import(county, batch=first.batch_id, by=None)
    assert _count(county, Measurement) == 0


def test_single_values_of_a_day_stand_beside_each_other(county: Session, tmp_path: Path) -> None:
    header = "pvm;yksikkö;mittari;arvo\n"
    (tmp_path / "a.csv").write_text(header + "3.8.2026;AVO1;wait;10\n3.8.2026;AVO1;wait;12\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text(header + "3.8.2026;AVO1;wait;11\n3.8.2026;AVO1;wait;10\n", encoding="utf-8")
    import_measurements(county, path=tmp_path / "a.csv", by=None)
    result = import_measurements(county, path=tmp_path / "b.csv", by=None)
    assert (result.imported, result.duplicates) == (1, 1)
    assert sorted(row.mean or 0 for row in county.exec(current_measurements())) == [10, 11, 12]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_guessed_mapping_is_json(county: Session) -> None:
    mapping = guess_mapping(sniff(DATA / "survey.xlsx"), "feedback")
    profile = save_profile(county, name="Webropol", mapping=mapping, by=None)
    assert mapping_from(json.loads(json.dumps(profile.mapping))) == mapping


def test_two_values_for_one_place_in_a_file_are_no_sum(county: Session, tmp_path: Path) -> None:
    path = tmp_path / "mittaukset.csv"
    unit = next(iter(UNITS))
    rows = [f"2026-W32;{unit};wait;{n};{mean};1" for n, mean in ((45, 13), (45, 13), (40, 12))]
    path.write_text("\n".join(["Viikko;Yksikkö;Mittari;n;Keskiarvo;Hajonta", *rows]) + "\n", encoding="utf-8")
    result = import_measurements(county, path=path, by=None)
    assert (result.rows, result.imported, result.duplicates, result.rejected) == (3, 1, 1, 1)
    assert result.rejects_file is not None
    assert "Row 2 has another value of wait for the same unit and day." in result.rejects_file.read_text("utf-8-sig")
    assert [(row.n, row.mean) for row in county.exec(current_measurements())] == [(45, 13)]
