"""The public stories over HTTP: approved words only, a page at a time, kept by caches, read from anywhere."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from functools import partial
from urllib.parse import quote

import pytest
from sqlmodel import select
from starlette.applications import Starlette

from api import public, serving
from models.decisions import Choice, Decision, Story, StoryStatus
from models.pilots import Pilot
from services import settings
from services.record import database
from tests.api.door import Answer, ask

FIELDS = {
    "code", "title", "unit", "theme", "you_said", "we_tried", "what_happened", "what_next", "next_on", "outcome",
    "published_at", "updated_at", "url",
}  # fmt: skip


@pytest.fixture
def door(demo_installation: str) -> Callable[..., Answer]:
    """The server's own routes on the demo county: P09, P19 and P01 were published in this order."""
    return partial(
        ask, Starlette(routes=serving.routes(page_faults={}), middleware=serving.middleware(settings.load()))
    )


def codes(answer: Answer) -> list[str]:
    return [story["code"] for story in answer.json()["stories"]]


def change(code: str, **fields: object) -> None:
    with database().writing() as session:
        story = session.exec(select(Story).join(Pilot).where(Pilot.code == code)).one()
        for name, value in fields.items():
            setattr(story, name, value)
        session.add(story)
        session.commit()


def test_a_story_says_everything_in_the_languages_it_is_written_in(door: Callable[..., Answer]) -> None:
    change("P01", what_next={"fi": "Jatkamme.", "sv": ""}, next_on=dt.date(2026, 12, 1))
    answer = door(public.STORIES)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert set(body) == {"stories", "next", "next_url", "public_codes"}
    assert body["next"] is None
    first, second, third = body["stories"]
    assert [first["code"], second["code"], third["code"]] == ["P09", "P19", "P01"], "the longest unchanged first"
    assert set(third) == FIELDS
    assert third["unit"]["code"] == "AVO4"
    assert third["you_said"]["fi"] == "Odotimme soittoanne turhaan."
    assert third["we_tried"]["sv"] == "Vi reserverade två turer för återuppringning."
    assert third["what_next"] == {"fi": "Jatkamme."}
    assert third["next_on"] == "2026-12-01"
    assert third["url"].endswith("/public?story=P01")
    assert [first["outcome"], third["outcome"]] == ["did_not_help", "helped"]


@pytest.mark.parametrize("status", [StoryStatus.DRAFT, StoryStatus.WITHDRAWN])
def test_only_approved_words_are_given_out(door: Callable[..., Answer], status: StoryStatus) -> None:
    change("P01", status=status)
    for address in (public.STORIES, public.FEED):
        assert "soittovuoroa" not in door(address).text
    assert codes(door(public.STORIES)) == ["P09", "P19"]
    assert door(public.STORIES).json()["public_codes"] == ["P09", "P19"], "a reader sees what has been withdrawn"


def test_pages_follow_each_other_without_gaps(door: Callable[..., Answer]) -> None:
    address, seen = f"{public.STORIES}?limit=1&updated_since=2026-01-01", []
    while address:
        answer = door(address)
        assert len(codes(answer)) == 1
        seen += codes(answer)
        address = answer.json()["next_url"]
    assert seen == ["P09", "P19", "P01"]


def test_stories_of_one_moment_are_paged_too(door: Callable[..., Answer]) -> None:
    with database().writing() as session:
        for decision in session.exec(select(Decision)).all():
            decision.at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
            session.add(decision)
        session.commit()
    for code in ("P01", "P09", "P19"):
        change(code, approved_at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    first = door(f"{public.STORIES}?limit=2")
    assert codes(first) == ["P01", "P09"]
    assert codes(door(f"{public.STORIES}?limit=2&next={first.json()['next']}")) == ["P19"]


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("2026-04-10", ["P19", "P01"]),
        ("2026-04-11", ["P01"]),
        ("2026-04-24T09:00:00Z", ["P01"]),
        ("2026-04-24T12:00:00+03:00", ["P01"]),
        ("2026-04-24T12:00:01%2B03:00", []),
        ("2027-01-01", []),
    ],
)
def test_only_what_changed_since(door: Callable[..., Answer], since: str, expected: list[str]) -> None:
    assert codes(door(f"{public.STORIES}?updated_since={since}")) == expected


def test_a_new_decision_is_a_change(door: Callable[..., Answer]) -> None:
    with database().writing() as session:
        decision = session.exec(select(Decision).join(Pilot).where(Pilot.code == "P09")).one()
        decision.choice, decision.overrides = Choice.EXTEND, decision.recommended.value != "extend"
        decision.at = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
        session.add(decision)
        session.commit()
    (story,) = door(f"{public.STORIES}?updated_since=2026-10-01").json()["stories"]
    assert (story["code"], story["outcome"]) == ("P09", "continuing")
    assert story["published_at"] < story["updated_at"]


def test_one_units_or_one_themes_stories(door: Callable[..., Answer]) -> None:
    assert codes(door(f"{public.STORIES}?unit=AVO4")) == ["P01"]
    assert codes(door(f"{public.STORIES}?theme=T01")) == ["P19", "P01"]
    assert codes(door(f"{public.STORIES}?theme=T01&unit=MIE2")) == ["P19"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("updated_since=eilen", "updated_since == 'eilen'"),
        ("updated_since=2026-02-30", "updated_since == '2026-02-30'"),
        ("updated_since=2026-04-24T09:00:00", "updated_since == '2026-04-24T09:00:00'"),
        ("limit=0", "limit == '0'"),
        ("limit=201", "limit == '201'"),
        ("limit=ten", "limit == 'ten'"),
        ("limit=%C2%B2", "limit == '²'"),
        ("next=abc", "next == 'abc'"),
        ("next=%C3%A4", "next == 'ä'"),
        ("next=", "next == ''"),
        ("unit=X", "unit == 'X'"),
        ("theme=", "theme == ''"),
        ("updated=2026-01-01", "updated is not a parameter"),
        ("limit=1&limit=2", "limit is given more than once"),
    ],
)
def test_a_wrong_parameter_is_refused_in_one_sentence(door: Callable[..., Answer], asked: str, named: str) -> None:
    answer = door(f"{public.STORIES}?{asked}")
    assert answer.status == 422
    assert set(answer.json()) == {"error"}
    assert named in answer.json()["error"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"


def test_caches_ask_whether_it_has_changed(door: Callable[..., Answer]) -> None:
    first = door(public.STORIES)
    assert first.headers["cache-control"] == "public, max-age=300"
    tag = first.headers["etag"]
    again = door(public.STORIES, headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    change("P01", what_next={"fi": "Jotain muuta."})
    changed = door(public.STORIES, headers={"if-none-match": tag})
    assert changed.status == 200
    assert changed.headers["etag"] != tag


def test_other_sites_may_read_it_and_nobody_may_write(door: Callable[..., Answer]) -> None:
    for address in (public.STORIES, public.FEED):
        answer = door(address, headers={"origin": "https://hyvinvointialue.example"})
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        assert door(address, method="POST", content=b"{}").status == 405
        head = door(address, method="HEAD")
        assert head.status == 200
        assert head.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize(
    ("language", "said", "outcome"),
    [("fi", "Te sanoitte: Odotimme", "Auttoi"), ("sv", "Ni sade: Vi väntade", "Det hjälpte"), ("en", "You said", "It")],
)
def test_the_feed_for_readers_is_json_feed(door: Callable[..., Answer], language: str, said: str, outcome: str) -> None:
    answer = door(f"{public.FEED}?lang={language}")
    assert answer.headers["content-type"] == "application/feed+json"
    assert "Accept-Language" in answer.headers["vary"]
    body = answer.json()
    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["language"] == language
    assert body["home_page_url"].endswith("/public")
    newest = body["items"][0]
    assert newest["id"].endswith("story=P01")
    assert said in newest["content_text"]
    assert newest["content_text"].startswith(outcome)
    assert len(newest["tags"]) == 2


def test_an_empty_record_has_an_empty_list(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    door = partial(ask, Starlette(routes=serving.routes(page_faults={})))
    assert json.loads(door(public.STORIES).content)["stories"] == []
    assert door(public.FEED).json()["items"] == []
    assert door(f"{public.STORIES}?unit={quote('AVO4')}").status == 422
