"""The interface keeps what its OpenAPI document promises, whatever it is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.interface import KeyScope
from tests.api.calls import DOCUMENT, Found, call
from tests.api.door import ask
from tests.api.interface import READ, WRITE, Interface

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
QUICK = {"phases": {"coverage": {"enabled": False}}}


def kept(found: Found) -> None:
    assert found.failures == [], "\n\n".join(found.failures[:5])


@SQLITE
def test_every_promise_is_kept_with_a_key_of_every_scope(interface: Interface) -> None:
    found = call(interface.app, key=interface.key(), examples=2)
    kept(found)
    assert found.calls > 300
    assert {200, 201, 405, 415, 422} <= set(found.statuses), "calls that are taken, and calls that are refused"
    assert 500 not in found.statuses
    assert {"response_schema_conformance", "negative_data_rejection", "ignored_auth"} <= set(found.checks)


@SQLITE
def test_every_promise_is_kept_without_a_key(interface: Interface) -> None:
    found = call(interface.app, key=None, examples=2, **QUICK)
    kept(found)
    assert {200, 401} <= set(found.statuses)


@pytest.mark.slow
@pytest.mark.parametrize("with_key", [True, False])
def test_every_promise_is_kept_over_many_calls(interface: Interface, with_key: bool) -> None:
    found = call(interface.app, key=interface.key() if with_key else None, examples=150, seed=2)
    print(with_key, found.calls, sorted(found.statuses.items()), sum(found.checks.values()))  # noqa: T201
    kept(found)
    assert found.calls > 1000


@SQLITE
def test_a_broken_promise_would_be_seen(interface: Interface) -> None:
    """The same calls of a server that says 200 to whoever has no key."""

    async def careless(scope: Scope, receive: Receive, send: Send) -> None:
        async def lying(message: Message) -> None:
            if message.get("status") == 401:
                message = {**message, "status": 200}
            await send(message)

        await interface.app(scope, receive, lying)

    app: ASGIApp = careless
    assert call(app, key=None, examples=1, **QUICK).failures


@pytest.fixture
def document() -> dict[str, Any]:
    answer = ask(Interface().app, DOCUMENT)
    assert answer.status == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    return answer.json()


def test_the_document_is_openapi_3_1_and_names_every_address(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert list(OPENAPI_31_VALIDATOR.iter_errors(document)) == []
    assert document["servers"][0]["url"] == "/api/v1"
    operations = {(path, method) for path, item in document["paths"].items() for method in item}
    reading = {(f"/{name}", "get") for name in READ}
    writing = {(f"/{name}", "post") for name in WRITE}
    assert operations == reading | writing | {("/public/stories", "get")}


def test_bounds_and_choices_stand_in_the_document(document: dict[str, Any]) -> None:
    for name in READ:
        given = {one["name"]: one["schema"] for one in document["paths"][f"/{name}"]["get"]["parameters"]}
        assert {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}.items() <= given["limit"].items()
        assert set(given) == {"updated_since", "limit", "cursor"}
    row = document["components"]["schemas"]["FeedbackRow"]
    assert row["additionalProperties"] is False
    assert row["required"] == ["date", "unit", "channel"]
    assert "kiosk" in row["properties"]["channel"]["enum"]


def test_every_answer_is_described_with_its_headers_and_an_example(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            statuses = set(operation["responses"])
            if path == "/public/stories":
                assert (operation["security"], statuses) == ([], {"200", "304", "422"})
                continue
            expected = {"200", "401", "403", "422", "429", "500", "503"}
            if method == "post":
                expected |= {"201", "400", "409", "413", "415"}
            assert statuses == expected, (path, method)
            scopes = operation["security"][0]["key"]
            assert scopes == [(READ if method == "get" else WRITE)[path.removeprefix("/")]]
            for status, response in operation["responses"].items():
                (content,) = response["content"].values()
                assert content["schema"]["$ref"]
                assert content["example"]
                assert response["headers"] or status == "503", (path, status)


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    references = {part.split('"', 1)[0] for part in text.split('"$ref": "')[1:]}
    assert len(references) > 20
    for reference in references:
        found: Any = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        assert found, reference
    named = {name for part in ("schemas", "headers") for name in document["components"][part]}
    assert named == {reference.rsplit("/", 1)[1] for reference in references}, "nothing is described for nobody"


def test_the_documents_own_examples_can_be_sent(demo_installation: str, document: dict[str, Any]) -> None:
    interface = Interface()
    for path in WRITE:
        operation = document["paths"][f"/{path}"]["post"]
        example = operation["requestBody"]["content"]["application/json"]["example"]
        answer = interface.send(path, example, interface.key(KeyScope(WRITE[path])))
        assert (answer.status, answer.json().get("errors")) == (201, None)


def test_no_page_of_documentation_fetches_anything_elsewhere() -> None:
    app = Interface().app
    for page in ("docs", "redoc", "docs/oauth2-redirect"):
        assert ask(app, f"/api/v1/{page}").status == 404
