from __future__ import annotations

import csv
import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, mapping_as_json, mapping_from
from services.intake.parsed import Parsed
from services.intake.refused import RefusedFile, write_rejects
from services.intake.shape import sniff
from tests.data.make_exports import with_bad_rows
from tests.intake.conftest import DATA, TODAY

SMALL = {
    "kind": "feedback",
    "date": "Pvm",
    "unit": "Yksikkö",
    "channel": {"constant": "kiosk"},
    "scores": [{"column": "Arvio", "item": "happy", "low": 1, "high": 4}],
    "text": "Kommentti",
}


def _read(path: Path, mapping: dict[str, Any], units: list[KnownUnit], **options: Any) -> Parsed:
    taken = mapping_from(mapping)
    assert isinstance(taken, FeedbackMapping)
    return read_feedback(path, taken, units=units, today=TODAY, salt="suola", **options)


def _guessed(name: str, units: list[KnownUnit]) -> Parsed:
    mapping = guess_mapping(sniff(DATA / name), "feedback")
    assert mapping_from(mapping_as_json(mapping)) == mapping
    return _read(DATA / name, mapping_as_json(mapping), units)


def _csv(folder: Path, *rows: str) -> Path:
    path = folder / "vienti.csv"
    path.write_text("\n".join(["Pvm;Yksikkö;Arvio;Kommentti", *rows]) + "\n", encoding="utf-8")
    return path


def test_the_kiosk_export(units: list[KnownUnit]) -> None:
    parsed = _guessed("kiosk.csv", units)
    assert (parsed.rows, parsed.accepted, parsed.rejects) == (180, 180, [])
    with (DATA / "kiosk.csv").open(encoding="cp1252") as file:
        faces = [row[3] for row in list(csv.reader(file, delimiter=";"))[3:]]
    wanted = ["Erittäin tyytymätön", "Tyytymätön", "Tyytyväinen", "Erittäin tyytyväinen"]
    assert parsed.scores["value"].to_list() == [wanted.index(face) + 1 for face in faces]
    assert parsed.values["channel"].unique().to_list() == ["kiosk"]
    assert parsed.values["row"].to_list() == list(range(4, 184))


def test_the_survey_export(units: list[KnownUnit]) -> None:
    parsed = _guessed("survey.xlsx", units)
    assert (parsed.rows, parsed.accepted, parsed.rejects) == (120, 120, [])
    statements = parsed.scores.filter(parsed.scores["item"].str.starts_with("thl"))
    assert statements["value"].min() == 1  # "Ei koske minua" is no zero
    assert statements.height < 4 * 120
    recommend = parsed.scores.filter(parsed.scores["item"] == "recommend")
    assert recommend.height == 120
    assert recommend["value"].min() == 0
    assert set(parsed.values["channel"]) == {"web", "qr", "paper"}
    assert parsed.values.filter(parsed.values["channel"] == "web")["solicited"].unique().to_list() == [False]
    texts = "\n".join(parsed.values["text"].drop_nulls())
    for personal in ("010190", "040 000", "Meikäläinen", "example.com", "Rantakatu", "Koski", "1954", "ABC-123"):
        assert personal not in texts
    assert set(parsed.values["language"].drop_nulls()) == {"fi", "sv", "en"}


def test_the_text_message_export(units: list[KnownUnit]) -> None:
    parsed = _guessed("text_messages.csv", units)
    assert (parsed.rows, parsed.accepted, parsed.rejects) == (200, 200, [])
    everything = parsed.values.write_csv() + parsed.scores.write_csv()
    assert "+35840" not in everything
    assert "35840" not in everything
    assert set(parsed.values["language"]) == {"fi", "sv", "en", "ru"}
    assert set(parsed.values["unit"]) == {"AVO1", "AVO4", "SUU1", "SAI1", "SAI5"}
    assert set(parsed.values["age_group"]) <= {"18-24", "25-34", "35-49", "50-64", "65-74", "75+"}


def test_a_tenth_of_the_rows_bad_each_with_its_reason(tmp_path: Path, units: list[KnownUnit]) -> None:
    parsed = _read(with_bad_rows(tmp_path / "vienti.csv"), SMALL, units)
    assert (parsed.rows, parsed.accepted, parsed.rejected) == (200, 180, 20)
    assert [(reject.row, reject.column, reject.reason) for reject in parsed.rejects[:10]] == [
        (11, "Pvm", "31.2.2026 is not a date; write it as 31.8.2026 or 2026-08-31, with or without a time."),
        (21, "Pvm", "The date 3.8.2027 is in the future; today is 2026-11-23."),
        (31, "Yksikkö", "AVO99 is not a unit's code, OID or name."),
        (41, "Arvio", "9 is not on the scale 1–4."),
        (51, "Kommentti", 'The cell holds a formula, =HYPERLINK("http://example.com","x"); only values are taken.'),
        (61, "Pvm", "The cell is blank, but every row needs it."),
        (71, "Arvio", "hyvä is not an answer of this question; allowed are its labels and 1–4."),
        (81, "", "The row has neither a score nor a text."),
        (91, "", "The row has 5 cells, but the table has 4 columns."),
        (101, "Pvm", "The cell holds a formula, =1+1; only values are taken."),
    ]
    written = write_rejects(parsed.rejects, tmp_path / "hylätyt.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(written.splitlines(), delimiter=";"))
    assert rows[0] == ["row", "column", "value", "reason"]
    assert rows[10][2] == "'=1+1"
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_rejects_do_not_repeat_personal_data(tmp_path: Path, units: list[KnownUnit]) -> None:
    parsed = _read(_csv(tmp_path, "3.8.2026;Maija Virtanen 010190-999W;4;"), SMALL, units)
    (reject,) = parsed.rejects
    assert reject.value == "[NAME] [HETU]"
    assert "Virtanen" not in reject.reason


def test_same_answers_of_two_people_both_count_and_a_second_reading_finds_the_same_digests(
    tmp_path: Path, units: list[KnownUnit]
) -> None:
    path = _csv(tmp_path, "3.8.2026 14:05;AVO1;4;", "3.8.2026 14:05;AVO1;4;", "3.8.2026 14:06;AVO1;4;")
    first = _read(path, SMALL, units).values["digest"].to_list()
    assert len(set(first)) == 3
    assert _read(path, SMALL, units).values["digest"].to_list() == first


def test_ids_that_are_personal_are_hashed(tmp_path: Path, units: list[KnownUnit]) -> None:
    path = tmp_path / "vienti.csv"
    path.write_text(
        "id;Pvm;Yksikkö;Arvio;asiakas\n0401234567;3.8.2026;AVO1;4;A1\nEV7;3.8.2026;AVO1;4;A1\n", encoding="utf-8"
    )
    mapping = {**SMALL, "external_id": "id", "respondent": "asiakas", "text": []}
    values = _read(path, mapping, units).values
    hashed, plain = values["external_id"].to_list()
    assert len(hashed) == 64
    assert plain == "EV7"
    assert values["respondent"].n_unique() == 1
    assert "A1" not in values["respondent"].to_list()


def test_own_words_of_a_file(tmp_path: Path, units: list[KnownUnit]) -> None:
    mapping = {
        **SMALL,
        "unit": {"column": "Yksikkö", "values": {"Aula": "AVO1"}},
        "scores": [{"column": "Arvio", "item": "happy", "low": 1, "high": 4, "labels": {"peukku": 4}}],
    }
    parsed = _read(_csv(tmp_path, "3.8.2026;aula;PEUKKU;"), mapping, units)
    assert parsed.values["unit"].to_list() == ["AVO1"]
    assert parsed.scores["value"].to_list() == [4]


def test_a_question_a_row(tmp_path: Path, units: list[KnownUnit]) -> None:
    path = tmp_path / "vienti.csv"
    path.write_text(
        "id;pvm;yksikkö;kysymys;vastaus\n"
        "1;3.8.2026;AVO1;Arvio;4\n1;3.8.2026;AVO1;Avoin;Kiitos kaikesta avusta\n1;3.8.2026;AVO1;Muu;x\n"
        "2;3.8.2026;AVO1;Arvio;7\n2;3.8.2026;AVO1;Avoin;Hyvä\n"
        "3;3.8.2026;AVO1;Arvio;3\n3;3.8.2026;AVO1;Arvio;2\n"
        ";3.8.2026;AVO1;Arvio;3\n"
        "4;3.8.2026;AVO1;Arvio;1\n",
        encoding="utf-8",
    )
    mapping = {
        **SMALL,
        "date": "pvm",
        "unit": "yksikkö",
        "external_id": "id",
        "text": [],
        "long": {"question": "kysymys", "answer": "vastaus", "text_questions": ["Avoin"]},
    }
    parsed = _read(path, mapping, units)
    assert parsed.values.select("row", "external_id", "text").rows() == [
        (2, "1", "Kiitos kaikesta avusta"),
        (10, "4", None),
    ]
    assert parsed.scores["value"].to_list() == [4, 1]
    assert [(reject.row, reject.column) for reject in parsed.rejects] == [(5, "Arvio"), (7, "Arvio"), (9, "id")]
    assert (parsed.rows, parsed.accepted + parsed.rejected) == (5, 5)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"scores": [], "text": []}, "map at least one score or one text column"),
        ({"scores": [{"column": "Arvio", "item": "happy", "low": 4, "high": 1}]}, "low == 4.0, must be < high"),
        ({"date": {"column": "Pvm", "constant": "3.8.2026"}}, "give either a column or a constant"),
        ({"päivä": "Pvm"}, "Extra inputs are not permitted"),
        ({"kind": "muuta"}, "feedback"),
    ],
)
def test_mappings_that_are_wrong(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        mapping_from({**SMALL, **change})


def test_a_file_without_a_column_of_the_mapping_and_an_unknown_constant(tmp_path: Path, units: list[KnownUnit]) -> None:
    path = _csv(tmp_path, "3.8.2026;AVO1;4;")
    with pytest.raises(RefusedFile, match=r"vienti\.csv has no column Päivä; its columns are Pvm, Yksikkö"):
        _read(path, {**SMALL, "date": "Päivä"}, units)
    with pytest.raises(RefusedFile, match="AVO77 is not a unit's code"):
        _read(path, {**SMALL, "unit": {"constant": "AVO77"}}, units)


CELL = st.one_of(
    st.sampled_from(
        ["3.8.2026", "2026-08-04", "24.12.2026", "AVO1", "Yhteispäivystys", "1", "4", "9", "0", "", "-", "=1+1"]
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), whitelist_characters="\n\r\t"), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=6), min_size=1, max_size=15))
def test_every_row_is_accepted_or_rejected(rows: list[list[str]]) -> None:
    units = [KnownUnit("AVO1"), KnownUnit("SAI5", None, ["Yhteispäivystys"])]
    good = ["3.8.2026", "AVO1", "4", ""]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vienti.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows([["Pvm", "Yksikkö", "Arvio", "Kommentti"], *[good] * 20, *rows])
        parsed = _read(path, SMALL, units)
        with path.open(encoding="utf-8", newline="") as file:
            written = [row for row in csv.reader(file, delimiter=";") if any(cell.strip() for cell in row)]
    assert parsed.rows == parsed.accepted + parsed.rejected
    assert parsed.accepted == parsed.values.height >= 20
    assert parsed.rows == len(written) - 1
    assert set(parsed.values["row"]) & {reject.row for reject in parsed.rejects} == set()
    assert all(dt.date(2000, 1, 1) <= day <= TODAY for day in parsed.values["given_on"])
