"""The commands for keys and webhooks, as a terminal sees them: exit codes, stdout, stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from cli import app
from models.base import now
from models.interface import WebhookSecret
from models.people import Person, Role
from services import api_keys
from services.record import database

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def _installation(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path))


def luotsi(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    """The one sentence on stderr."""
    result = luotsi(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), arguments
    assert result.stderr.strip().count("\n") == 0
    return result.stderr


@SQLITE
def test_a_key_is_printed_once_listed_without_its_secret_and_closed() -> None:
    made = luotsi("create-api-key", "lab", "--scope", "read:pilots", "--scope", "write:feedback", "--days", "30")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    with database().reading() as session:
        assert api_keys.caller(session, secret, moment=now()) is not None
    listed = luotsi("list-api-keys").stdout
    prefix, system, unit, scopes, state, last_day, used = listed.strip().split("\t")
    assert secret not in listed
    assert secret.startswith(f"luotsi_{prefix}_")
    assert (system, unit, scopes, state, used) == ("lab", "-", "read:pilots write:feedback", "open", "-")
    assert last_day > now().date().isoformat()
    assert luotsi("revoke-api-key", prefix).stdout == f"{prefix}\trevoked\n"
    assert luotsi("list-api-keys").stdout.split("\t")[4] == "revoked"
    with database().reading() as session:
        assert api_keys.caller(session, secret, moment=now()) is None


@SQLITE
def test_what_cannot_be_a_key_is_one_sentence() -> None:
    with database().writing() as session:
        session.add(Person(code="kaisa", name="Kaisa", role=Role.COACH))
        session.commit()
    assert "not a scope" in refused("create-api-key", "lab", "--scope", "read:everything")
    assert "must be 1 to 730" in refused("create-api-key", "lab", "--scope", "read:pilots", "--days", "731")
    assert "NOWHERE" in refused("create-api-key", "lab", "--scope", "read:pilots", "--unit", "NOWHERE")
    assert "a person, not of a system" in refused("create-api-key", "kaisa", "--scope", "read:pilots")
    assert "begins with nix" in refused("revoke-api-key", "nix")
    assert luotsi("create-api-key", "lab").exit_code == 2
    assert luotsi("list-api-keys").stdout == ""


@SQLITE
def test_a_webhook_is_made_listed_sent_to_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "must be https" in refused("create-webhook", "http://example.fi/")
    assert "LUOTSI_WEBHOOK_PRIVATE=on" in refused("create-webhook", "http://localhost:9/")
    monkeypatch.setenv("LUOTSI_WEBHOOK_PRIVATE", "on")
    made = luotsi("create-webhook", "http://localhost:9/")
    assert made.exit_code == 0
    with database().reading() as session:
        assert session.exec(select(WebhookSecret.secret)).one() == made.stdout.strip()
    assert luotsi("list-webhooks").stdout == "1\thttp://localhost:9/\ttold\n"
    sent = luotsi("deliver-webhooks")
    assert (sent.exit_code, json.loads(sent.stdout)) == (0, {"delivered": 0, "failed": 0, "given_up": 0})
    assert luotsi("end-webhook", "1").stdout == "1\thttp://localhost:9/\tended\n"
    assert "was ended" in refused("end-webhook", "1")
    assert "number 2" in refused("end-webhook", "2")


@SQLITE
def test_every_command_has_help() -> None:
    for command in (
        "create-api-key",
        "revoke-api-key",
        "list-api-keys",
        "create-webhook",
        "end-webhook",
        "list-webhooks",
        "deliver-webhooks",
    ):
        assert luotsi(command, "--help").exit_code == 0
