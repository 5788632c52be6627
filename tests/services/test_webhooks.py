"""Webhooks: a message with the decision or none, signed, sent until it arrives, never to an inner address."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session, col, select

from models.base import now
from models.database import Database
from models.decisions import Choice, Decision, Verdict
from models.interface import DeliveryState, Webhook, WebhookDelivery, WebhookSecret
from models.people import Person, Role
from services import decisions, meetings, pilots, webhooks, webhooks_sending
from services.errors import Conflict, NotAllowed, NotFound
from services.webhooks_sending import WAITS, Sent, deliver_due
from tests.services.conftest import TODAY, World
from tests.services.test_decisions import DECIDED, REVIEW, evaluated
from tests.services.webhook_receiver import Receiver


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("LUOTSI_WEBHOOK_PRIVATE", "on")
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()
    thread.join()


@pytest.fixture
def database(database: Database, world: World) -> Database:
    """The test's database, whose turn the county's session has given up."""
    world.session.rollback()
    return database


@pytest.fixture
def decide(world: World) -> Callable[..., Decision]:
    """Decide on a new evaluation of one pilot."""
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    marks = iter("abcdef0123456789")

    def made(*, verdict: Verdict = Verdict.SCALE, choice: Choice = Choice.SCALE, **fields: object) -> Decision:
        evaluation = evaluated(world, pilot, verdict, mark=next(marks))
        scale = {"review_on": REVIEW, "scale_to": [world.other_ward.id]} if choice is Choice.SCALE else {}
        given = {"evaluation_id": evaluation.id, "choice": choice, "by": world.director, "today": DECIDED}
        return decisions.record_decision(world.session, **{**given, **scale, **fields})  # type: ignore[arg-type]

    return made


def waiting(world: World) -> list[WebhookDelivery]:
    """Every message there is, read in a transaction of its own."""
    world.session.rollback()
    with Session(world.session.get_bind(), expire_on_commit=False) as session:
        return list(session.exec(select(WebhookDelivery).order_by(col(WebhookDelivery.id))))


def test_a_decision_in_force_leaves_a_message_without_anything_personal(
    world: World, receiver: Receiver, decide: Callable[..., Decision]
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    decision = decide(reason="Maija hoiti tämän hienosti")
    (row,) = waiting(world)
    message = json.loads(row.body)
    assert (message["id"], message["event"], row.state) == (row.uid, "decision.made", DeliveryState.WAITING)
    facts = message["decision"]
    assert facts["decision"] == decision.id
    assert (facts["choice"], facts["recommended"], facts["overrides"]) == ("scale", "scale", False)
    assert (facts["unit"], facts["scale_to"]) == (world.ward.code, [world.other_ward.code])
    assert facts["url"].endswith(f"/pilot?code={facts['pilot']}")
    assert "Maija" not in row.body
    assert world.director.name not in row.body
    assert world.director.code not in row.body


def test_an_override_is_told_once_it_is_approved(
    world: World, receiver: Receiver, decide: Callable[..., Decision]
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    decision = decide(verdict=Verdict.STOP, reason="Syy")
    assert waiting(world) == []
    second = Person(code="second", name="Second", role=Role.LEADERSHIP)
    world.session.add(second)
    world.session.commit()
    decisions.approve_override(world.session, decision_id=decision.id or 0, by=second)
    (row,) = waiting(world)
    assert json.loads(row.body)["decision"]["overrides"] is True


def test_a_decision_that_is_not_stored_tells_nobody(
    world: World, receiver: Receiver, decide: Callable[..., Decision], monkeypatch: pytest.MonkeyPatch
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    commit = world.session.commit

    def fails() -> None:
        if any(isinstance(row, WebhookDelivery) for row in [*world.session.new, *world.session.identity_map.values()]):
            raise OSError("the disk is full")
        commit()

    monkeypatch.setattr(world.session, "commit", fails)
    with pytest.raises(OSError, match="full"):
        decide()
    monkeypatch.undo()
    assert waiting(world) == []
    assert world.session.exec(select(Decision)).all() == []


def test_a_message_is_signed_and_says_what_it_is(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    made = webhooks.create(world.session, url=receiver.url, by=None)
    decide()
    assert deliver_due(database) == Sent(delivered=1, failed=0, given_up=0)
    ((headers, body),) = receiver.got
    (row,) = waiting(world)
    assert body == row.body.encode()
    assert (headers["luotsi-event"], headers["luotsi-delivery"]) == ("decision.made", row.uid)
    assert headers["content-type"] == "application/json"
    signed = dict(part.split("=", 1) for part in headers["luotsi-signature"].split(","))
    expected = hmac.new(made.secret.encode(), signed["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert signed["v1"] == expected
    assert abs(int(signed["t"]) - now().timestamp()) < 60
    assert (row.state, row.last_status, row.attempts) == (DeliveryState.DELIVERED, 204, 1)
    assert deliver_due(database) == Sent(delivered=0, failed=0, given_up=0)
    assert len(receiver.got) == 1


def test_what_does_not_arrive_comes_again_after_growing_waits_and_is_given_up_visibly(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    decide()
    receiver.answers = [500] * 50
    assert list(WAITS) == sorted(WAITS)
    assert (WAITS[0], WAITS[-1]) == (dt.timedelta(minutes=1), dt.timedelta(hours=24))
    at = now() + dt.timedelta(seconds=1)
    for wait in WAITS:
        assert deliver_due(database, moment=at) == Sent(delivered=0, failed=1, given_up=0)
        early = at + wait - dt.timedelta(seconds=1)
        assert deliver_due(database, moment=early) == Sent(delivered=0, failed=0, given_up=0)
        at += wait
    assert deliver_due(database, moment=at) == Sent(delivered=0, failed=0, given_up=1)
    (row,) = webhooks.log(world.session, by=None)
    assert (row.delivery.state, row.delivery.last_status) == (DeliveryState.GIVEN_UP, 500)
    assert row.delivery.last_problem == "The address answered 500."
    assert row.delivery.attempts == len(WAITS) + 1 == len(receiver.got)
    assert len({headers["luotsi-delivery"] for headers, _ in receiver.got}) == 1, "a receiver can tell repeats"
    world.session.rollback()
    receiver.answers = []
    webhooks.send_again(world.session, delivery_id=row.delivery.id or 0, by=None)
    assert deliver_due(database) == Sent(delivered=1, failed=0, given_up=0)
    with pytest.raises(Conflict, match="given up"):
        webhooks.send_again(world.session, delivery_id=row.delivery.id or 0, by=None)


def test_a_redirect_is_not_followed(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    decide()
    receiver.answers, receiver.headers = [307], {"Location": receiver.url}
    assert deliver_due(database).failed == 1
    assert len(receiver.got) == 1


def test_one_address_that_is_silent_does_not_keep_the_others_waiting(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    webhooks.create(world.session, url="http://127.0.0.1:9/nobody", by=None)
    webhooks.create(world.session, url=receiver.url, by=None)
    decide()
    decide(choice=Choice.STOP, verdict=Verdict.STOP)
    assert deliver_due(database) == Sent(delivered=2, failed=1, given_up=0)
    problems = {row.last_problem for row in waiting(world)}
    assert problems == {"", "ConnectError: no answer that could be read."}


def test_two_at_once_send_each_message_once(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    for choice in (Choice.SCALE, Choice.EXTEND, Choice.STOP):
        decide(verdict=Verdict(choice.value), choice=choice)
    world.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: deliver_due(database), range(4)))
    assert sum(one.delivered for one in sent) == 3
    assert len(receiver.got) == len({headers["luotsi-delivery"] for headers, _ in receiver.got}) == 3


def test_one_who_died_while_sending_leaves_the_message_to_the_next(
    world: World,
    receiver: Receiver,
    decide: Callable[..., Decision],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    decide()

    class Killed(BaseException):
        pass

    def dies(*args: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(webhooks_sending, "_post", dies)
        with pytest.raises(Killed):
            deliver_due(database)
    assert deliver_due(database).delivered == 0, "it may still be on its way"
    assert deliver_due(database, moment=now() + webhooks_sending.TAKEN_FOR).delivered == 1


def test_an_ended_webhook_is_told_nothing_more(
    world: World, receiver: Receiver, decide: Callable[..., Decision], database: Database
) -> None:
    made = webhooks.create(world.session, url=receiver.url, by=None)
    with pytest.raises(Conflict, match="told already"):
        webhooks.create(world.session, url=receiver.url, by=None)
    decide()
    webhooks.end(world.session, webhook_id=made.row.id or 0, by=None)
    decide(choice=Choice.STOP, verdict=Verdict.STOP)
    assert deliver_due(database) == Sent(delivered=0, failed=0, given_up=0)
    assert [row.state for row in waiting(world)] == [DeliveryState.GIVEN_UP]
    with pytest.raises(Conflict, match="was ended"):
        webhooks.end(world.session, webhook_id=made.row.id or 0, by=None)
    with pytest.raises(NotFound):
        webhooks.end(world.session, webhook_id=99, by=None)
    webhooks.create(world.session, url=receiver.url, by=None)


def test_only_administrators_have_to_do_with_webhooks(world: World, receiver: Receiver) -> None:
    made = webhooks.create(world.session, url=receiver.url, by=None)
    number = made.row.id or 0
    for person in (world.nurse, world.lead, world.director):
        for act in (
            lambda by: webhooks.create(world.session, url="https://example.fi", by=by),
            lambda by: webhooks.end(world.session, webhook_id=number, by=by),
            lambda by: webhooks.all_webhooks(world.session, by=by),
            lambda by: webhooks.log(world.session, by=by),
            lambda by: webhooks.send_again(world.session, delivery_id=1, by=by),
        ):
            with pytest.raises(NotAllowed):
                act(person)
    assert len(world.session.exec(select(Webhook)).all()) == 1
    assert world.session.exec(select(WebhookSecret.secret)).all() == [made.secret]


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", "169.254.169.254"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_name_that_turns_out_to_be_inner_is_not_told(
    world: World,
    decide: Callable[..., Decision],
    database: Database,
    host: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhooks.create(world.session, url="https://system.example.fi/hook", by=None)
    decide()
    numbers = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (host, 443))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: numbers)
    assert deliver_due(database) == Sent(delivered=0, failed=1, given_up=0)
    (row,) = waiting(world)
    assert row.last_problem == "The name stands for an address of an inner network."


def test_a_meeting_that_decides_tells_too(world: World, receiver: Receiver, decide: Callable[..., Decision]) -> None:
    webhooks.create(world.session, url=receiver.url, by=None)
    meeting = meetings.open_meeting(world.session, by=world.director)
    decide(choice=Choice.STOP, verdict=Verdict.STOP, meeting_id=meeting.id)
    assert len(waiting(world)) == 1
