"""What other systems send in: all of it or none, every wrong row named, a request carried out once."""

from __future__ import annotations

import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import col, func, select

from models.base import now
from models.feedback import Feedback, FeedbackScore
from models.imports import ImportBatch
from models.interface import IdempotentRequest, KeyScope
from models.metrics import Measurement
from models.people import Person
from models.theme_answers import ThemeAnswer
from services import idempotency, interface_intake
from services.record import database
from tests.api.interface import WRITE, Interface, feedback, measurement

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def stored(model: Any) -> int:
    with database().reading() as session:
        return int(session.exec(select(func.count()).select_from(model)).one())


def errors(answer: Any) -> list[tuple[int | None, str]]:
    return [(error["row"], error["field"]) for error in answer.json()["errors"]]


def test_answers_are_stored_as_those_of_files_are(interface: Interface) -> None:
    before = stored(Feedback)
    rows = [
        feedback(
            external_id="a-1",
            text="Maija Virtanen ei soita takaisin, 040 123 4567",
            language="fi",
            age_group="65-74",
            respondent="Asiakas 7",
        ),
        feedback(scores=[{"item": "recommend", "value": 0, "low": 0, "high": 10}], date="2026-11-20T23:30:00Z"),
        feedback(scores=[], text="\x00Hyvä \ud800 palvelu ja tuttu hoitaja"),
    ]
    answer = interface.send("feedback", {"rows": rows}, interface.key(system="sms"))
    assert answer.status == 201
    assert {**answer.json(), "import": 0} == {"import": 0, "rows": 3, "imported": 3, "duplicates": 0, "rejected": 0}
    with database().reading() as session:
        first, second, third = session.exec(select(Feedback).order_by(col(Feedback.id))).all()[before:]
        assert first.text == "[NAME] ei soita takaisin, [PHONE]"
        assert (first.source, first.external_id, first.respondent != "Asiakas 7") == ("api: sms", "a-1", True)
        assert second.given_on == dt.date(2026, 11, 21), "the day is Finland's"
        assert third.text == "Hyvä ? palvelu ja tuttu hoitaja"
        assert session.exec(select(ThemeAnswer).where(ThemeAnswer.feedback_id == first.id)).one()
        score = session.exec(select(FeedbackScore).where(FeedbackScore.feedback_id == second.id)).one()
        assert (score.item, score.value, score.low, score.high) == ("recommend", 0, 0, 10)
        batch = session.get(ImportBatch, answer.json()["import"])
        person = session.exec(select(Person).where(Person.code == "sms")).one()
        assert batch is not None
        assert (batch.by_id, batch.rows, batch.imported) == (person.id, 3, 3)


def test_what_was_stored_before_is_a_duplicate_of_the_same_system(interface: Interface) -> None:
    key, other = interface.key(), interface.key()
    rows = [feedback(external_id="a-1"), feedback(unit="B2", channel="qr")]
    assert interface.send("feedback", {"rows": rows}, key).status == 201
    again = interface.send("feedback", {"rows": [*rows, feedback(external_id="a-2")]}, key)
    assert (again.status, again.json()["imported"], again.json()["duplicates"]) == (201, 1, 2)
    nothing = interface.send("feedback", {"rows": rows}, key)
    assert (nothing.status, nothing.json()["imported"], nothing.json()["duplicates"]) == (200, 0, 2)
    assert interface.send("feedback", {"rows": rows[:1]}, other).json()["imported"] == 1, "ids are each system's own"
    contradicting = interface.send("feedback", {"rows": [feedback(unit="A2", external_id="a-1")]}, key)
    assert (contradicting.status, errors(contradicting)) == (422, [(1, "")])


def test_a_measurement_corrects_the_one_in_force_and_back_again(interface: Interface) -> None:
    key = interface.key()
    for mean, imported in ((3.5, 1), (3.5, 0), (4.0, 1), (3.5, 1)):
        answer = interface.send("measurements", {"rows": [measurement(mean=mean)]}, key)
        assert answer.json()["imported"] == imported
    with database().reading() as session:
        rows = session.exec(select(Measurement).order_by(col(Measurement.id))).all()[-3:]
        assert [row.mean for row in rows] == [3.5, 4.0, 3.5]
        assert [row.supersedes_id for row in rows] == [None, rows[0].id, rows[1].id]


def test_every_wrong_row_is_named_with_field_value_and_what_is_allowed_and_nothing_is_stored(
    interface: Interface,
) -> None:
    before = stored(Feedback), stored(ImportBatch)
    rows = [
        feedback(),
        feedback(unit="NOWHERE"),
        feedback(channel="fax"),
        feedback(date="2027-01-01"),
        feedback(scores=[{"item": "q1", "value": 6, "low": 1, "high": 5}]),
        feedback(scores=[{"item": "recommend", "value": 4, "low": 1, "high": 5}]),
        feedback(text="x", surprise=1),
        "not a row",
        feedback(scores=[]),
        feedback(scores=[{"item": "q1", "value": 3, "low": 1, "high": 5}] * 2),
        feedback(unit=None, solicited="yes"),
    ]
    answer = interface.send("feedback", {"rows": rows}, interface.key(unit="A"))
    assert answer.status == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == "urn:luotsi:problem:rows-refused"
    assert errors(answer) == [
        (2, "unit"), (3, "channel"), (4, "date"), (5, "scores[q1]"), (6, "scores[recommend]"), (7, "surprise"),
        (8, ""), (9, ""), (10, "scores[q1]"), (11, "solicited"), (11, "unit"),
    ]  # fmt: skip
    by_row = {error["row"]: error for error in found["errors"]}
    assert by_row[2]["value"] == "NOWHERE"
    assert by_row[2]["allowed"] == ["A", "A1", "A2"], "units within the key's reach"
    assert "kiosk" in by_row[3]["allowed"]
    assert by_row[5]["allowed"] == ["1–5"]
    assert by_row[6]["allowed"] == ["0–10"]
    assert all(error["reason"] for error in found["errors"])
    assert (stored(Feedback), stored(ImportBatch)) == before


def test_another_units_rows_are_refused(interface: Interface) -> None:
    key = interface.key(unit="A1")
    answer = interface.send("measurements", {"rows": [measurement(unit="A1"), measurement(unit="B1")]}, key)
    assert errors(answer) == [(2, "unit")]
    assert interface.send("measurements", {"rows": [measurement(unit="A1")]}, key).status == 201


def test_measurements_are_checked_by_the_files_rules(interface: Interface) -> None:
    rows = [
        measurement(metric="nothing"),
        measurement(metric="shares"),
        measurement(n=0),
        measurement(mean=1e300),
        measurement(date="2026-W60"),
        measurement(group="left-handed"),
        measurement(unit="B1"),
        measurement(unit="B1", mean=2.0),
    ]
    answer = interface.send("measurements", {"rows": rows[:6]}, interface.key())
    assert [row for row, _ in errors(answer)] == [1, 2, 3, 4, 5, 6]
    assert answer.json()["errors"][0]["allowed"] == ["score", "shares"]
    contradicting = interface.send("measurements", {"rows": rows[6:]}, interface.key())
    assert errors(contradicting) == [(2, "")]


BODIES = (
    (b"", 400),
    (b"{", 400),
    (b"\xff", 400),
    (b"\xef\xbb\xbf{}", 400),
    (b"[" * 100_000, 400),
    (b'{"rows":' * 5_000, 400),
    (b'{"rows": [], "rows": []}', 400),
    (b'{"rows": [{"date": NaN}]}', 400),
    (b'{"rows": [' + b"9" * 5_000 + b"]}", 400),
    (b"null", 422),
    (b"[]", 422),
    (b"{}", 422),
    (b'{"rows": []}', 422),
    (b'{"rows": {}}', 422),
    (b'{"rows": [null]}', 422),
    (b'{"rows": [1e999]}', 422),
    (b'{"rows": [{"n": 1e999}]}', 422),
    (b'{"rows": [{"n": ' + b"9" * 400 + b"}]}", 422),
    (b'{"rows": [' + b'{"n":' * 400 + b"1" + b"}" * 400 + b"]}", 422),
    (b'{"rows": [{"\\ud800": "\\udfff\\u0000"}]}', 422),
    (b'{"rows": [{"date": "\\u0000"}], "more": 1}', 422),
)


@SQLITE
def test_no_body_is_an_accident(interface: Interface) -> None:
    key = interface.key()
    for path in WRITE:
        for body, status in BODIES:
            answer = interface.send(path, body, key)
            assert answer.status == status, body[:60]
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["status"] == status


@SQLITE
def test_only_json_and_only_so_much(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    key = interface.key()
    body = {"rows": [measurement()]}
    for headers in (
        {"Content-Type": "text/csv"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": ""},
        {"Content-Encoding": "gzip"},
    ):
        assert interface.send("measurements", body, key, **headers).status == 415
    monkeypatch.setenv("LUOTSI_API_MAX_BODY_MB", "1")
    assert interface.send("measurements", b" " * 1_000_001, key).status == 413
    assert interface.send("measurements", b"{}", key, **{"Content-Length": "9" * 30}).status == 413
    large = json.dumps(body).encode() + b" " * 900_000
    assert interface.send("measurements", large, key).status == 201
    assert interface.send("measurements?dry=1", body, key).status == 422


def test_the_same_request_gets_its_answer_again_and_another_one_is_refused(interface: Interface) -> None:
    key, other = interface.key(), interface.key()
    body = {"rows": [feedback()]}
    first = interface.send("feedback", body, key, once="k1")
    again = interface.send("feedback", body, key, once="k1")
    assert (first.status, again.status, first.content == again.content) == (201, 201, True)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    changed = interface.send("feedback", {"rows": [feedback(unit="A2")]}, key, once="k1")
    assert (changed.status, changed.json()["type"]) == (422, "urn:luotsi:problem:key-reused")
    assert interface.send("feedback", {"rows": [feedback(unit="A2")]}, other, once="k1").status == 201
    assert interface.send("measurements", {"rows": [measurement()]}, key, once="k1").status == 201
    for wrong in ("", "a b", "ä", "x" * 256):
        answer = interface.send("feedback", body, key, **{"Idempotency-Key": wrong.encode().decode("latin-1")})
        assert (answer.status, errors(answer)) == (422, [(None, "Idempotency-Key")])


def test_a_refused_request_is_looked_at_afresh(interface: Interface) -> None:
    key = interface.key()
    assert interface.send("feedback", {"rows": [feedback(unit="X")]}, key, once="k1").status == 422
    assert stored(IdempotentRequest) == 0
    assert interface.send("feedback", {"rows": [feedback()]}, key, once="k1").status == 201


def test_a_key_is_forgotten_after_a_day(interface: Interface) -> None:
    key = interface.key()
    body = {"rows": [feedback()]}
    interface.send("feedback", body, key, once="k1")
    with database().writing() as session:
        row = session.exec(select(IdempotentRequest)).one()
        row.at = now() - idempotency.KEPT - dt.timedelta(seconds=1)
        session.add(row)
        session.commit()
    late = interface.send("feedback", {"rows": [feedback(unit="A2")]}, key, once="k1")
    assert (late.status, "idempotency-replayed" in late.headers) == (201, False)
    assert stored(IdempotentRequest) == 1, "what is older than a day is gone"


def test_the_answer_is_kept_with_the_rows_or_neither_is(interface: Interface, monkeypatch: pytest.MonkeyPatch) -> None:
    key = interface.key()
    body = {"rows": [feedback(external_id="a-1")]}
    before = stored(Feedback)
    with monkeypatch.context() as patch:
        patch.setattr(interface_intake, "close_batch", lambda *a, **k: 1 / 0)
        failed = interface.send("feedback", body, key, once="k1")
    assert failed.status == 500
    assert "ZeroDivision" not in failed.text
    assert failed.json()["reference"]
    assert (stored(Feedback), stored(IdempotentRequest)) == (before, 0)
    assert interface.send("feedback", body, key, once="k1").status == 201


@pytest.mark.parametrize("path", ["feedback", "measurements"])
def test_many_at_once_with_one_key_are_carried_out_once(interface: Interface, path: str) -> None:
    key = interface.key()
    row = feedback(external_id="a-1") if path == "feedback" else measurement()
    before = stored(Feedback), stored(Measurement)
    start = threading.Barrier(8)

    def send(number: int) -> tuple[int, bool, bytes]:
        start.wait()
        answer = interface.send(path, {"rows": [row]}, key, once=f"k{number % 2}")
        return answer.status, "idempotency-replayed" in answer.headers, answer.content

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    assert sum(again for _, again, _ in answers) == 6, "each of the two keys is carried out once"
    assert sorted(status for status, again, _ in answers if not again) == [200, 201], "the second finds duplicates"
    for number in range(2):
        assert len({content for _, _, content in answers[number::2]}) == 1
    after = stored(Feedback), stored(Measurement)
    assert sum(after) - sum(before) == 1


@SQLITE
def test_scopes_open_what_they_say_and_nothing_else(interface: Interface) -> None:
    bodies = {"feedback": {"rows": [feedback()]}, "measurements": {"rows": [measurement()]}}
    for scope in KeyScope:
        key = interface.key(scope)
        for path, needed in WRITE.items():
            answer = interface.send(path, bodies[path], key)
            assert (answer.status in (200, 201)) == (scope is needed), (scope, path)
            if scope is not needed:
                assert answer.status == 403
                assert answer.json()["scope"] == needed
    assert interface.send("feedback", bodies["feedback"]).status == 401
