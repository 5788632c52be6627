"""A file of 100 MB imports in bounded memory: run in a process of its own, so that the peak is its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.data.make_exports import large

ROOT = Path(__file__).parents[2]
READ = """
import datetime as dt, resource, sys
from pathlib import Path
from services.intake.columns import KnownUnit
from services.intake.feedback_file import read_feedback
from services.intake.mapping import mapping_from

mapping = mapping_from({
    "kind": "feedback", "date": "Pvm", "unit": "Yksikkö", "channel": {"constant": "kiosk"}, "text": "Kommentti",
    "scores": [{"column": "Arvio", "item": "happy", "low": 1, "high": 4}],
})
parsed = read_feedback(
    Path(sys.argv[1]), mapping, units=[KnownUnit("AVO1")], today=dt.date(2026, 11, 23), salt="", limit=101_000_000
)
print(parsed.rows, parsed.accepted, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_a_hundred_megabytes(tmp_path: Path) -> None:
    path = large(tmp_path / "iso.csv", 99)
    done = subprocess.run([sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, text=True, check=True)
    rows, accepted, megabytes = map(int, done.stdout.split())
    assert rows == accepted > 700_000
    assert megabytes < 1_200
