"""The benchmark of speed runs, and its files are those that the command reads."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks._batch_files import write_files
from benchmarks._command import measured
from benchmarks.speed import chunked, main, pilots
from services.evaluate_batch import evaluate_batch as evaluate_files
from stats.batch import evaluate_batch


def test_it_prints_every_figure_with_its_bar(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--pilots", "30", "--runs", "1", "--no-files"])
    printed = capsys.readouterr().out
    assert {"last look, 1 thread", "last look, 2 threads"} <= {line[:60].strip() for line in printed.splitlines()}
    assert printed.count("reached") + printed.count("MISSED") == 3
    assert "nan" not in printed


def test_the_parts_are_the_whole() -> None:
    batch = pilots(510, 1)
    parts = chunked(batch)
    assert [len(part) for part in parts] == [250, 250, 10]
    np.testing.assert_array_equal(np.concatenate([part.mean for part in parts]), batch.mean)


def test_files_hold_the_batch(tmp_path: Path) -> None:
    """The command finds in the files what the batch itself gives."""
    batch = pilots(5, 2)
    panel, plans, out = (tmp_path / f"{name}.parquet" for name in ("panel", "plans", "out"))
    write_files(batch, panel=panel, plans=plans)
    evaluate_files(panel, plans, out=out)
    found, expected = pl.read_parquet(out), evaluate_batch(batch)
    np.testing.assert_allclose(found["effect"].to_numpy(), expected.effect, rtol=1e-9)
    np.testing.assert_allclose(found["z"].to_numpy(), expected.z, rtol=1e-9)


def test_a_command_is_measured_by_itself() -> None:
    """A child that holds 50 MiB has them at its peak, whatever this process holds."""
    held = np.ones(40_000_000)
    ran = measured([sys.executable, "-c", "held = bytearray(50 * 2**20); print('done')"])
    assert ran.printed == "done\n"
    assert 50 < ran.peak < 100 < held.nbytes / 2**20
    assert ran.seconds > 0


def test_a_command_that_fails_is_an_error_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match=r"ended with code 3: no such pilot"):
        measured([sys.executable, "-c", "import sys; print('no such pilot', file=sys.stderr); sys.exit(3)"])
