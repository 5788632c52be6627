"""Pilots on a Dask cluster: the same results, also when a worker dies, and one sentence when nothing goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from cli import app
from services import batch_cluster
from services.batch_chunks import Chunk, chunks
from services.batch_cluster import evaluated_by
from services.batch_plans import read_plans
from services.batch_results import results_of
from services.batch_tasks import BatchFailed, evaluated_here
from stats.batch.result import merged
from tests.services.batch_made import panel_of, plans_of, read

ROOT = Path(__file__).parents[2]
SECONDS_TO_START = 60
QUICK = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s"}
"""How long a scheduler tries to fetch results from a worker that is gone; 30 s otherwise."""


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A scheduler and two workers on this machine, processes of their own.

    Attributes:
        address: Where the scheduler is.
        scheduler: Its process.
        workers: Theirs.
    """

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]


def dask(folder: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("dask")), *arguments, "--host", "127.0.0.1", "--no-dashboard"],
            stdout=log, stderr=log, cwd=folder, env=os.environ | QUICK | {"PYTHONPATH": path},
        )  # fmt: skip


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    file = tmp_path / "scheduler.json"
    scheduler = dask(tmp_path, "scheduler", "scheduler", "--port", "0", "--scheduler-file", str(file))
    workers = [
        dask(tmp_path, name, "worker", "--scheduler-file", str(file), "--no-nanny", "--nthreads", "1",
             "--death-timeout", "30", "--memory-limit", "0", "--local-directory", str(tmp_path / name))
        for name in ("one", "two")
    ]  # fmt: skip
    try:
        yield Cluster(address=_address(file), scheduler=scheduler, workers=workers)
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait(timeout=10)


def _address(file: Path) -> str:
    """The scheduler's address, when it and both workers are there."""
    from distributed import Client

    deadline = time.monotonic() + SECONDS_TO_START
    while not file.exists() or not file.read_text():
        assert time.monotonic() < deadline, "the scheduler has not started"
        time.sleep(0.1)
    address = str(json.loads(file.read_text())["address"])
    with Client(address, timeout=SECONDS_TO_START) as client:
        client.wait_for_workers(2, timeout=SECONDS_TO_START)
    return address


def tasks_of(folder: Path, pilots: int, size: int) -> list[Chunk]:
    plans = plans_of(pilots)
    placed = read(folder, panel_of(plans, units=3, before=5, after=5), plans)
    return chunks(read_plans(folder / "plans.parquet"), placed, size=size)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_worker_dies_and_the_results_are_the_same(cluster: Cluster, tmp_path: Path) -> None:
    tasks = tasks_of(tmp_path, pilots=12, size=1)
    batches = [task.batch for task in tasks]
    here = dict(evaluated_here(batches))
    there = {}
    for place, result in evaluated_by(cluster.address, batches):
        if not there:
            os.kill(cluster.workers[0].pid, signal.SIGKILL)
        there[place] = result
    assert cluster.workers[0].wait(timeout=10) == -signal.SIGKILL
    assert sorted(there) == list(range(len(tasks)))
    plans = read_plans(tmp_path / "plans.parquet")
    one, other = (
        results_of(merged([(tasks[place].members, result) for place, result in found.items()], len(plans)), plans)
        for found in (here, there)
    )
    assert_frame_equal(one, other, check_exact=True)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_cluster_that_is_lost_ends_with_a_sentence(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(batch_cluster, "SECONDS_WITHOUT_WORKERS", 2)
    batches = [tasks_of(tmp_path, pilots=1, size=1)[0].batch] * (10 * batch_cluster.LEAST_UNDER_WAY)
    results = evaluated_by(cluster.address, batches)
    next(results)
    for worker in cluster.workers:
        os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(BatchFailed, match=rf"^The scheduler {cluster.address} has no workers any more.$"):
        list(results)
    monkeypatch.setattr(batch_cluster, "SECONDS_TO_REACH", 1)
    with pytest.raises(BatchFailed, match=rf"^The scheduler {cluster.address} has no workers.$"):
        list(evaluated_by(cluster.address, batches))
    os.kill(cluster.scheduler.pid, signal.SIGKILL)
    cluster.scheduler.wait(timeout=10)
    with pytest.raises(BatchFailed, match=rf"^The scheduler {cluster.address} cannot be reached.$"):
        list(evaluated_by(cluster.address, batches))
    assert capfd.readouterr().err == ""


def test_a_scheduler_that_is_not_there_ends_with_1_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_cluster, "SECONDS_TO_REACH", 1)
    tasks_of(tmp_path, pilots=1, size=1)
    before = sorted(tmp_path.iterdir())
    result = CliRunner().invoke(
        app,
        ["evaluate-batch", str(tmp_path / "panel.parquet"), "--plans", str(tmp_path / "plans.parquet"),
         "--out", str(tmp_path / "results.parquet"), "--scheduler", "tcp://127.0.0.1:9"],
    )  # fmt: skip
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "The scheduler tcp://127.0.0.1:9 cannot be reached.\n"
    assert sorted(tmp_path.iterdir()) == before


def test_distributed_is_imported_only_when_asked_for() -> None:
    code = "import sys, services.evaluate_batch; sys.exit('distributed' in sys.modules or 'dask' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
