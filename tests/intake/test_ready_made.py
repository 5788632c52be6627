"""Exports whose form is known are recognised and read without a question."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, mapping_as_json, mapping_from
from services.intake.parsed import Parsed
from services.intake.ready_made import named, recognised
from services.intake.refused import RefusedFile
from services.intake.shape import sniff
from tests.intake.conftest import DATA, TODAY

REQUEST = {
    "service_request_id": "SR-1",
    "status": "open",
    "service_code": "180",
    "service_name": "Ajanvaraus",
    "description": "Soitin Maija Virtaselle numeroon 040 123 4567, kukaan ei vastannut.",
    "agency_responsible": "Terveysasema Meri",
    "requested_datetime": "2026-08-03T14:05:00+03:00",
    "address": "Rantakatu 5",
    "lat": 60.17,
    "long": 24.94,
    "media_url": "https://example.com/kuva.jpg",
    "request_history": [{"id": 1}],
    "extended_attributes": {"title": "Puhelin"},
}


def _json(folder: Path, records: object) -> Path:
    path = folder / "vienti.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    return path


def _read(
    path: Path, units: list[KnownUnit], *, unit: str | None = None, changed: dict[str, Any] | None = None
) -> Parsed:
    mapping = guess_mapping(sniff(path), "feedback", unit=unit)
    if changed:
        mapping = mapping_from(mapping_as_json(mapping) | changed)
    assert isinstance(mapping, FeedbackMapping)
    return read_feedback(path, mapping, units=units, today=TODAY, salt="suola")


def test_counts_become_answers(tmp_path: Path, units: list[KnownUnit]) -> None:
    records = [
        {"ts": "2026-08-03T10:00:00.000+0300", "data": [1, 0, 2, 3]},
        {"ts": 1785996000000, "data": [0, 0, 0, 0]},
    ]
    path = _json(tmp_path, records)
    assert recognised(sniff(path)).name == "happyornot"
    parsed = _read(path, units, unit="AVO1")
    assert (parsed.rows, parsed.accepted, parsed.rejects) == (6, 6, [])
    # The first number counts the least happy: https://happyornot.github.io/docs/api-v1/surveys-and-results
    assert parsed.scores["value"].to_list() == [1, 3, 3, 4, 4, 4]
    assert parsed.scores.select("item", "low", "high").unique().rows() == [("happy", 1, 4)]
    assert parsed.values.select("unit", "channel").unique().rows() == [("AVO1", "kiosk")]
    assert parsed.values["digest"].n_unique() == 6


def test_more_presses_of_an_hour_are_more_answers_and_the_old_ones_are_known(
    tmp_path: Path, units: list[KnownUnit]
) -> None:
    first = _read(_json(tmp_path, [{"ts": "2026-08-03T10:00:00Z", "data": [4, 8, 2, 1]}]), units, unit="AVO1")
    later = _read(_json(tmp_path, [{"ts": "2026-08-03T10:00:00Z", "data": [5, 8, 2, 1]}]), units, unit="AVO1")
    new = set(later.values["digest"]) - set(first.values["digest"])
    assert set(first.values["digest"]) <= set(later.values["digest"])
    assert len(new) == 1


def test_a_bad_count_rejects_its_record_and_names_field_and_value(tmp_path: Path, units: list[KnownUnit]) -> None:
    records = [
        {"ts": "2026-08-03T10:00:00Z", "data": [1, 1, 1, 1]},
        {"ts": "2026-08-03T11:00:00Z", "data": [1, -2, 1, 1]},
    ]
    records += [{"ts": "2027-08-03", "data": [1, 1, 1, 1]}, {"ts": "2026-08-03", "data": [1e9, 1, 1, 1]}]
    parsed = _read(_json(tmp_path, records), units, unit="AVO1")
    assert (parsed.rows, parsed.accepted, parsed.rejected) == (7, 4, 3)
    assert [(reject.row, reject.column) for reject in parsed.rejects] == [(2, "data.1"), (3, "ts"), (4, "data.0")]
    assert parsed.rejects[0].reason == "-2 is not a number of answers; it must be whole and at least 0."
    assert "too many; at most 10000 are taken" in parsed.rejects[2].reason


@pytest.mark.parametrize(
    ("scale", "presses", "expected"),
    [
        (None, [0, 3], [("happy", 1, 1, 4), ("happy", 4, 1, 4)]),
        (None, [0, 4], [("happy5", 1, 1, 5), ("happy5", 5, 1, 5)]),
        ("FOUR", [0, 3], [("happy", 1, 1, 4), ("happy", 4, 1, 4)]),
        ("FIVE", [0, 3], [("happy5", 1, 1, 5), ("happy5", 4, 1, 5)]),
        ("FIVE_REVERSED", [0, 3], [("happy5", 1, 1, 5), ("happy5", 4, 1, 5)]),
    ],
)
def test_open_feedback_has_the_face_and_the_words(
    tmp_path: Path, units: list[KnownUnit], scale: str | None, presses: list[int], expected: list[tuple[str, float]]
) -> None:
    records = [
        {"ts": f"2026-08-0{at + 3}T10:00:00Z", "r": r, "text": "Kiitos, Maija Virtanen!"}
        for at, r in enumerate(presses)
    ]
    parsed = _read(
        _json(tmp_path, [record | ({"feedbackScale": scale} if scale else {}) for record in records]),
        units,
        unit="SAI1",
    )
    assert parsed.scores.select("item", "value", "low", "high").rows() == expected
    assert parsed.values["text"].unique().to_list() == ["Kiitos, [NAME]!"]


@pytest.mark.parametrize(
    ("scales", "sentence"),
    [
        (
            ["FOUR", "SEVEN"],
            "column feedbackScale: SEVEN is not a scale that is known; allowed are FOUR, FIVE, FIVE_REV",
        ),
        (["FOUR", "FIVE"], r"holds answers on two scales \(FOUR, FIVE\); save each to a file of its own"),
    ],
)
def test_a_scale_that_is_not_known_and_two_at_once_are_refused(
    tmp_path: Path, units: list[KnownUnit], scales: list[str], sentence: str
) -> None:
    records = [{"ts": "2026-08-03", "r": 1, "feedbackScale": scale} for scale in scales]
    with pytest.raises(RefusedFile, match=sentence):
        _read(_json(tmp_path, records), units, unit="SAI1")


def test_a_face_off_the_scale_is_rejected(tmp_path: Path, units: list[KnownUnit]) -> None:
    records = [{"ts": "2026-08-03", "r": r, "feedbackScale": "FOUR"} for r in (0, 1, 4)]
    parsed = _read(_json(tmp_path, records), units, unit="SAI1")
    assert [(reject.row, reject.reason) for reject in parsed.rejects] == [
        (3, "4 is not an answer of this question; allowed are 0, 1, 2, 3.")
    ]


def test_open311_leaves_the_place_behind(tmp_path: Path, units: list[KnownUnit]) -> None:
    path = _json(tmp_path, [REQUEST, REQUEST | {"service_request_id": "SR-2", "agency_responsible": "Muu virasto"}])
    assert recognised(sniff(path)).name == "open311"
    unit = {"column": "agency_responsible", "values": {"terveysasema meri": "AVO1"}}
    parsed = _read(path, units, changed={"unit": unit})
    assert (parsed.accepted, [reject.reason for reject in parsed.rejects]) == (
        1,
        ["Muu virasto is not a unit's code, OID or name."],
    )
    row = parsed.values.row(0, named=True)
    assert (row["external_id"], row["unit"], row["topic"], row["channel"]) == ("SR-1", "AVO1", "Ajanvaraus", "web")
    assert str(row["given_on"]) == "2026-08-03"
    assert row["text"].startswith("Puhelin\nSoitin [NAME]")
    everything = parsed.values.write_csv()
    for left in ("Rantakatu", "60.17", "24.94", "example.com", "040 123"):
        assert left not in everything


def test_the_phone_of_a_text_message_stays_outside(units: list[KnownUnit]) -> None:
    shape = sniff(DATA / "text_messages.csv")
    assert recognised(shape).name == "text-message"
    mapping = guess_mapping(shape, "feedback")
    assert "phone" not in set(mapping.columns())
    parsed = _read(DATA / "text_messages.csv", units)
    assert parsed.values["respondent"].is_null().all()
    assert parsed.values["channel"].unique().to_list() == ["text_message"]


def test_the_national_survey_and_any_other() -> None:
    assert recognised(sniff(DATA / "survey.xlsx")).name == "thl"
    assert recognised(sniff(DATA / "kiosk.csv")).name == "survey"


def test_zero_is_no_answer_to_a_statement_but_one_to_recommending(tmp_path: Path, units: list[KnownUnit]) -> None:
    path = tmp_path / "thl.csv"
    path.write_text(
        "pvm;yksikkö;thl1;thl5;Suosittelisitko\n3.8.2026;AVO1;0;Ei koske minua;0\n3.8.2026;AVO1;5;En osaa sanoa;10\n",
        encoding="utf-8",
    )
    parsed = _read(path, units)
    assert parsed.scores.sort("row", "item").select("row", "item", "value").rows() == [
        (2, "recommend", 0),
        (3, "recommend", 10),
        (3, "thl1", 5),
    ]
    assert parsed.scores.filter(pl.col("item").str.starts_with("thl"))["low"].to_list() == [1]


def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(RefusedFile, match=r"kiosk\.csv is not of the form open311; its columns are"):
        guess_mapping(sniff(DATA / "kiosk.csv"), "feedback", form=named("open311"))
    path = _json(tmp_path, [{"ts": "2026-08-03", "data": [1, 2, 3, 4]}])
    with pytest.raises(RefusedFile, match=r"No column of vienti\.json looks like the unit"):
        guess_mapping(sniff(path), "feedback")
