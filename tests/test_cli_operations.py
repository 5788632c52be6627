"""Backups, restoring, the mirror and jobs, as a terminal sees them: exit codes, one sentence, nothing half done."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from services import backup_sqlite
from tests.databases import sqlite_url
from tests.services.kept_safe import everything
from tests.test_cli_database import ROOT, luotsi


def settings_of(url: str) -> dict[str, str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT key, value FROM setting")}
    engine.dispose()
    return found


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """A record with two settings, one of them as large as a few thousand comments."""
    path = tmp_path / "luotsi.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = create_engine(sqlite_url(path))
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES ('which', 'backed up')")
        for number in range(1500):
            connection.exec_driver_sql("INSERT INTO setting VALUES (?, ?)", (f"more-{number}", os.urandom(1000).hex()))
    engine.dispose()
    return sqlite_url(path)


def with_a_small_disk(*arguments: str, url: str, folder: Path, bytes_: int) -> subprocess.CompletedProcess[str]:
    """The same command where no file can grow beyond a size."""
    environment = {**os.environ, "DATABASE_URL": url, "LUOTSI_DATA_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_)),
    )


def test_there_and_back(url: str, tmp_path: Path) -> None:
    made = luotsi("backup", str(tmp_path / "kept.backup"), url=url, folder=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    told = json.loads(made.stdout)
    assert told["rows"] > 1500
    again = luotsi("backup", str(tmp_path / "kept.backup"), url=url, folder=tmp_path)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (2, "", 1)
    other = sqlite_url(tmp_path / "other.db")
    done = luotsi("restore", str(tmp_path / "kept.backup"), url=other, folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["rows"] == told["rows"]
    assert everything(other) == everything(url)
    refused = luotsi("restore", str(tmp_path / "kept.backup"), url=other, folder=tmp_path)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "--replace" in refused.stderr
    replaced = luotsi("restore", str(tmp_path / "kept.backup"), "--replace", url=other, folder=tmp_path)
    assert replaced.returncode == 0
    assert Path(json.loads(replaced.stdout)["kept"]).is_file()


@pytest.mark.slow
def test_a_full_disk_is_one_sentence_and_loses_nothing(url: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.backup"
    assert luotsi("backup", str(kept), url=url, folder=tmp_path).returncode == 0
    whole, before = kept.read_bytes(), everything(url)
    names = sorted(path.name for path in tmp_path.iterdir())
    for size in (100_000, 1_000_000, len(whole) - 1000):
        full = with_a_small_disk("backup", str(kept), "--replace", url=url, folder=tmp_path, bytes_=size)
        assert (full.returncode, full.stdout, full.stderr.count("\n")) == (1, "", 1), full.stderr
        assert kept.read_bytes() == whole, "the backup that was there stays"
        full = with_a_small_disk("restore", str(kept), "--replace", url=url, folder=tmp_path, bytes_=size)
        assert (full.returncode, full.stdout, full.stderr.count("\n")) == (1, "", 1), full.stderr
        assert everything(url) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == names, "nothing is left behind"


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_record_or_the_new_one(url: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.backup"
    assert luotsi("backup", str(kept), url=url, folder=tmp_path).returncode == 0
    restored = everything(url)
    environment = {**os.environ, "DATABASE_URL": url, "LUOTSI_DATA_DIR": str(tmp_path)}
    command = [sys.executable, str(ROOT / "cli.py"), "restore", str(kept), "--replace"]
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    takes = time.perf_counter() - began
    seen = set()
    for turn in range(14):
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE setting SET value = 'in use' WHERE key = 'which'")
        engine.dispose()
        in_use = everything(url)
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(takes * (0.45 + 0.6 * turn / 14))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = everything(url)
        assert found in (in_use, restored), "half of one, half of the other"
        seen.add(found == restored)
        assert backup_sqlite.whole(tmp_path / "luotsi.db")
    assert seen, "it was never killed"
    assert luotsi("restore", str(kept), "--replace", url=url, folder=tmp_path).returncode == 0
    assert everything(url) == restored


def test_a_cut_file_is_refused(url: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept.backup"
    luotsi("backup", str(kept), url=url, folder=tmp_path)
    kept.write_bytes(kept.read_bytes()[:-20_000])
    refused = luotsi("restore", str(kept), "--replace", url=url, folder=tmp_path)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert "not a whole backup" in refused.stderr
    assert settings_of(url)["which"] == "backed up"


def test_jobs_and_the_mirror(url: str, tmp_path: Path) -> None:
    done = luotsi("run-jobs", url=url, folder=tmp_path)
    assert done.returncode == 0
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["job"] for one in told][-1] == "audit-head"
    assert {one["outcome"] for one in told} == {"done", "not_set_up"}
    one = luotsi("run-jobs", "--only", "tidy", url=url, folder=tmp_path)
    assert [json.loads(line)["job"] for line in one.stdout.splitlines()] == ["tidy"]
    refused = luotsi("run-jobs", "--only", "nope", url=url, folder=tmp_path)
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    mirrored = luotsi("mirror", url=url, folder=tmp_path)
    assert mirrored.returncode == 0
    assert json.loads(mirrored.stdout)["folder"] == str(tmp_path / "mirror")


def test_a_job_that_fails_makes_the_command_fail(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_SMTP_URL", "smtps://mail.example.fi")
    done = luotsi("run-jobs", url=url, folder=tmp_path)
    assert done.returncode == 1
    told = {one["job"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert told["reminders"]["outcome"] == "failed"
    assert told["audit-head"]["outcome"] == "done"
