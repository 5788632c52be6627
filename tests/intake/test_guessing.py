from __future__ import annotations

from pathlib import Path

import pytest

from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, MeasurementMapping
from services.intake.refused import RefusedFile
from services.intake.shape import FileShape, sniff


def _shape(folder: Path, *rows: str) -> FileShape:
    path = folder / "vienti.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return sniff(path)


def _feedback(shape: FileShape) -> FeedbackMapping:
    mapping = guess_mapping(shape, "feedback")
    assert isinstance(mapping, FeedbackMapping)
    return mapping


def test_swedish_headers(tmp_path: Path) -> None:
    shape = _shape(
        tmp_path,
        "Svarsid;Datum;Enhet;Kanal;Ålder;Modersmål;Jag fick hjälp när jag behövde det.;Öppen respons;Namn",
        "7;3.8.2026;AVO1;webben;42;svenska;Helt av samma åsikt;Tack för god vård i dag;Maija",
    )
    mapping = _feedback(shape)
    assert [(score.column, score.item) for score in mapping.scores] == [("Jag fick hjälp när jag behövde det.", "thl1")]
    assert [source.column for source in mapping.text] == ["Öppen respons"]
    columns = {name: getattr(mapping, name).column for name in ("date", "unit", "channel", "age_group", "language")}
    assert columns == {
        "date": "Datum",
        "unit": "Enhet",
        "channel": "Kanal",
        "age_group": "Ålder",
        "language": "Modersmål",
    }
    assert "Namn" not in set(mapping.columns())


def test_english_headers_and_an_oid_before_a_name(tmp_path: Path) -> None:
    shape = _shape(
        tmp_path,
        "Response ID,Date,Unit name,Unit OID,How likely would you be to recommend the service?,Comments,Phone",
        "1,2026-08-03,Clinic,1.2.246.10.99999999.10.1,9,Nothing to add here,0401234567",
    )
    mapping = _feedback(shape)
    assert mapping.unit.column == "Unit OID"
    assert (mapping.scores[0].item, mapping.scores[0].low, mapping.scores[0].missing) == ("recommend", 0, ())
    assert mapping.channel.constant == "text_message"
    assert "Phone" not in set(mapping.columns())


def test_the_seven_statements_and_zero_as_missing(tmp_path: Path) -> None:
    shape = _shape(tmp_path, "pvm;yksikkö;THL1;thl 7;NPS", "3.8.2026;AVO1;5;0;0")
    mapping = _feedback(shape)
    assert [(score.item, 0.0 in score.missing) for score in mapping.scores] == [
        ("thl1", True),
        ("thl7", True),
        ("recommend", False),
    ]


def test_measurements(tmp_path: Path) -> None:
    mapping = guess_mapping(_shape(tmp_path, "Vecka;Enhet;Mätare;Värde", "2026-W32;AVO1;wait;14,5"), "measurements")
    assert isinstance(mapping, MeasurementMapping)
    assert mapping.value is not None
    assert mapping.value.column == "Värde"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("nimi;arvio", "a;b"), "No column of vienti.csv looks like the date; its columns are nimi, arvio"),
        (("pvm;arvio", "3.8.2026;b"), "No column of vienti.csv looks like the unit"),
        (("pvm;yksikkö", "3.8.2026;AVO1"), "No column of vienti.csv looks like a score or a text"),
    ],
)
def test_nothing_to_guess_from(tmp_path: Path, rows: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(RefusedFile) as refused:
        guess_mapping(_shape(tmp_path, *rows), "feedback")
    assert sentence in str(refused.value)
