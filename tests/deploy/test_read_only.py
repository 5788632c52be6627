"""The app as the container runs it, without a container: process 1 of a namespace, no capability, nothing writable but
/data and /tmp. It serves, it evaluates, it ends at once when told to."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.browser.server import free_port
from tests.databases import DEMO_TODAY
from tests.deploy.proxy import asked

ROOT = Path(__file__).parents[2]
SETUP = """
set -e
mount --make-rprivate /
mount --bind "$DATA" /mnt
mount --bind "$ROOT" /media
mount -t tmpfs -o size=256m,mode=1777,noexec,nosuid,nodev none /tmp
[ -d "$ROOT" ] || { mkdir -p "$ROOT"; mount --bind /media "$ROOT"; }  # it stood below /tmp
mount -t proc none /proc
mount -o remount,bind,ro /
for place in $(findmnt --noheadings --raw --output TARGET --types ext4,xfs,btrfs,overlay,tmpfs); do
    case $place in /tmp|/mnt) ;; *) mount -o remount,bind,ro "$place" 2>/dev/null || true ;; esac
done
cd "$ROOT"
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
EVALUATE = """
import os, sys
from services import evaluation, settings
from services.record import database
from models.pilots import Pilot
from sqlmodel import select
for folder in ("/", "/etc", "/usr", "/var", os.getcwd(), os.path.join(os.getcwd(), "stats")):
    try:
        open(os.path.join(folder, "written"), "w")
    except OSError:
        continue
    sys.exit(f"{folder} can be written to")
with database().writing() as session:
    pilot = session.exec(select(Pilot).where(Pilot.code == "P16")).one()
    stored = evaluation.evaluate_pilot(session, pilot_id=pilot.id, today=settings.load().today(), by=None)
print("evaluated")
"""


def inside(data: Path, *command: str, port: int = 0) -> subprocess.Popen[str]:
    """A program as process 1 in a read-only world.

    Args:
        data: The folder that is kept.
        command: The program.
        port: Where it serves, if it does.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "ROOT": str(ROOT),
        "DATA": str(data),
        "HOME": "/tmp",
        "XDG_CACHE_HOME": "/tmp",
        "NUMBA_CACHE_DIR": "/tmp",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "LUOTSI_DATA_DIR": "/mnt",
        "LUOTSI_READ_COMMENTS": "off",
        "LUOTSI_TODAY": DEMO_TODAY.isoformat(),
        "PORT": str(port),
    }
    return subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", SETUP, "inside", *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def data(demo_template: Path, tmp_path: Path) -> Path:
    """A data folder with the demo county."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "findmnt"))):
        pytest.skip("takes root, unshare, setpriv and findmnt")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no namespace of one's own")
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(demo_template, folder / "luotsi.db")
    return folder


@pytest.mark.slow
def test_it_serves_and_ends_when_told_to(data: Path) -> None:
    port = free_port()
    serve = (sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port))
    process = inside(data, *serve, "--server.address", "127.0.0.1", port=port)
    try:
        deadline = time.monotonic() + 90
        while asked(f"http://127.0.0.1:{port}/healthz").status != 200:
            assert process.poll() is None, process.stdout.read() if process.stdout else ""
            assert time.monotonic() < deadline, "it does not become healthy"
            time.sleep(0.2)
        assert asked(f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"}).status == 200
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        told = time.monotonic()
        os.kill(int(children[0]), signal.SIGTERM)  # from outside, process 1 hears only what it listens for
        process.wait(20)
        assert time.monotonic() - told < 10
    finally:
        process.kill()
        said = process.communicate()[0]
    assert "Read-only file system" not in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_an_evaluation_needs_no_other_place(data: Path) -> None:
    process = inside(data, sys.executable, "-c", EVALUATE)
    said = process.communicate(timeout=180)[0]
    assert process.returncode == 0, said
    assert said.strip().endswith("evaluated")
