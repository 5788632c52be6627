"""The commands on the database, as a terminal sees them: exit codes, stdout, stderr."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def luotsi(*arguments: str, url: str | None = None, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ}
    if url:
        environment["DATABASE_URL"] = url
    if folder:
        environment["LUOTSI_DATA_DIR"] = str(folder)
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments], capture_output=True, text=True, env=environment, check=False
    )


def test_migrate_makes_the_tables_and_is_repeatable(empty_database_url: str, tmp_path: Path) -> None:
    unready = luotsi("evaluate-all", url=empty_database_url, folder=tmp_path)
    assert unready.returncode == 2
    assert unready.stderr.strip().count("\n") == 0
    assert "cli.py migrate" in unready.stderr
    for _ in range(2):
        assert luotsi("migrate", url=empty_database_url, folder=tmp_path).returncode == 0
    done = luotsi("evaluate-all", url=empty_database_url, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_people_are_added_and_mistakes_are_one_sentence(database_url: str, tmp_path: Path) -> None:
    added = luotsi("create-user", "kaisa", "Kaisa Keto", "coach", url=database_url, folder=tmp_path)
    assert (added.returncode, added.stdout) == (0, "kaisa\tcoach\n")
    for arguments in (
        ("kaisa", "Kaisa Keto", "coach"),
        ("a", "A", "boss"),
        ("a", "A", "staff"),
        ("a", "A", "staff", "--unit", "NOPE"),
    ):
        refused = luotsi("create-user", *arguments, url=database_url, folder=tmp_path)
        assert refused.returncode == 2
        assert refused.stdout == ""
        assert refused.stderr.strip().count("\n") == 0


def test_a_wrong_setting_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_TODAY", "tomorrow")
    refused = luotsi("migrate", folder=tmp_path)
    assert refused.returncode == 2
    assert refused.stderr == "LUOTSI_TODAY == 'tomorrow', must be a date such as 2026-11-23.\n"


def test_the_demo_is_loaded_once_and_never_over_anything(demo_installation: str, tmp_path: Path) -> None:
    skipped = luotsi("demo", "--if-empty")
    assert (skipped.returncode, skipped.stdout) == (0, "")
    refused = luotsi("demo")
    assert refused.returncode == 2
    assert refused.stderr.strip().count("\n") == 0
    evaluated = luotsi("evaluate-all")
    assert evaluated.returncode == 0
    codes = [line.split("\t")[0] for line in evaluated.stdout.splitlines()]
    assert codes == sorted(codes)
    assert len(codes) == 22


def test_every_command_has_help() -> None:
    listed = luotsi("--help")
    assert listed.returncode == 0
    for command in ("migrate", "demo", "evaluate-all", "create-user"):
        assert command in listed.stdout
        assert luotsi(command, "--help").returncode == 0
