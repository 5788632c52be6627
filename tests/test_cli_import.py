"""The commands that take files, as a person runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"


def _run(url: str, folder: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "LUOTSI_DATA_DIR": str(folder),
        "LUOTSI_TODAY": "2026-11-23",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        input=text,
        check=False,
    )


def test_import_undo_and_refusals(demo_database: str, tmp_path: Path) -> None:
    taken = _run(demo_database, tmp_path, "import-feedback", str(DATA / "kiosk.csv"))
    assert taken.returncode == 0, taken.stderr
    assert json.loads(taken.stdout) == {
        "rows": 180,
        "imported": 180,
        "duplicates": 0,
        "rejected": 0,
        "rejects_file": None,
    }
    again = _run(demo_database, tmp_path, "import-feedback", str(DATA / "kiosk.csv"))
    assert (again.returncode, again.stdout) == (2, "")
    assert re.search(r"kiosk\.csv was imported already on \d{4}-\d\d-\d\d as kiosk\.csv \(import 1\)", again.stderr)
    assert _run(demo_database, tmp_path, "undo-import", "1").returncode == 0
    measured = _run(demo_database, tmp_path, "import-measurements", str(DATA / "weekly_measurements.csv"))
    assert measured.returncode == 0, measured.stderr
    assert json.loads(measured.stdout)["imported"] == 75


def test_bad_input_is_one_sentence_and_exit_code_2(demo_database: str, tmp_path: Path) -> None:
    (tmp_path / "tyhjä.csv").write_bytes(b"")
    empty = _run(demo_database, tmp_path, "import-feedback", str(tmp_path / "tyhjä.csv"))
    assert (empty.returncode, empty.stdout) == (2, "")
    assert empty.stderr.strip().splitlines()[-1] == "tyhjä.csv is empty."
    unknown = _run(demo_database, tmp_path, "import-feedback", str(DATA / "kiosk.csv"), "--profile", "Muu")
    assert unknown.returncode == 2
    assert "There is no profile Muu" in unknown.stderr


def test_redact_lines(tmp_path: Path) -> None:
    (tmp_path / "rivit.txt").write_text("Hetuni on 010190-999W\nKiitos Maijalle\n", encoding="utf-8")
    plain = _run("", tmp_path, "redact", str(tmp_path / "rivit.txt"))
    assert plain.stdout == "Hetuni on [HETU]\nKiitos [NAME]\n"
    spans = _run("", tmp_path, "redact", "--json", text="010190-999W oli väärin\n")
    assert json.loads(spans.stdout) == {
        "text": "[HETU] oli väärin",
        "spans": [{"start": 0, "end": 11, "kind": "HETU"}],
    }
    missing = _run("", tmp_path, "redact", str(tmp_path / "puuttuu.txt"))
    assert (missing.returncode, missing.stderr.strip()) == (2, "There is no file puuttuu.txt.")


def test_redact_names_the_line_and_the_folder(tmp_path: Path) -> None:
    (tmp_path / "bom.txt").write_bytes(b"\xef\xbb\xbf010190-999W\n")
    assert _run("", tmp_path, "redact", str(tmp_path / "bom.txt")).stdout == "[HETU]\n"
    (tmp_path / "vanha.txt").write_bytes(b"hyv\xc3\xa4\nhyvin\n\xe4l\xe4\n")
    old = _run("", tmp_path, "redact", str(tmp_path / "vanha.txt"))
    assert (old.returncode, old.stderr.strip()) == (
        2,
        "vanha.txt, row 3: the byte 0xe4 is not UTF-8; save the file as UTF-8.",
    )
    folder = _run("", tmp_path, "redact", str(tmp_path))
    assert (folder.returncode, folder.stderr.strip()) == (2, f"{tmp_path.name} cannot be read: Is a directory.")


def test_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("no database", encoding="utf-8")
    broken = _run(f"sqlite:///{tmp_path / 'no.db'}", tmp_path, "undo-import", "1")
    assert (broken.returncode, broken.stderr) == (1, "The database cannot be used: file is not a database.\n")
    unknown = _run("mysql://u:secret@host/x", tmp_path, "undo-import", "1")
    assert (unknown.returncode, unknown.stderr) == (2, "DATABASE_URL must begin with sqlite:/// or postgresql://.\n")
    assert _run("", tmp_path, "undo-import", "9" * 30).returncode == 2
    odd = _run("sqlite://", tmp_path / "no.db" / "x", "undo-import", "1")
    assert odd.returncode == 2
    assert "LUOTSI_DATA_DIR ==" in odd.stderr


def test_a_file_name_that_is_no_text_is_kept_readable(demo_database: str, tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/vienti\xff.csv"
    Path(os.fsdecode(path)).write_bytes((DATA / "kiosk.csv").read_bytes())
    taken = _run(demo_database, tmp_path, "import-feedback", os.fsdecode(path))
    assert taken.returncode == 0, taken.stderr
    assert _run(demo_database, tmp_path, "undo-import", "1").stdout == "1\tvienti?.csv\n"
