"""The commands that take files, as a person runs them."""

from __future__ import annotations

import json
import os
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
    assert "kiosk.csv was imported already on 2026-11-23 as kiosk.csv (import 1)" in again.stderr
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
