"""An import in a process of its own: it tells how far it is, and its file never stays behind."""

from __future__ import annotations

import json
import time
from pathlib import Path

from sqlmodel import select

from models.people import Person
from services import import_jobs
from services.import_jobs import JobState
from services.intake.guessing import guess_mapping
from services.intake.shape import sniff
from services.record import database

DATA = Path(__file__).parents[1] / "data"


def _ended(folder: Path) -> JobState:
    deadline = time.monotonic() + 120
    while not (state := import_jobs.state(folder)).ended:
        assert time.monotonic() < deadline, "the import did not end"
        time.sleep(0.1)
    return state


def test_a_file_comes_in_and_the_same_again_is_refused(demo_installation: str) -> None:
    path = DATA / "kiosk.csv"
    mapping = guess_mapping(sniff(path), "feedback")
    with database().reading() as session:
        by = session.exec(select(Person).where(Person.code == "u10")).one()
    folder = import_jobs.start(content=path.read_bytes(), name="kiosk.csv", mapping=mapping, profile=None, by=by)
    taken = _ended(folder)
    assert taken.result is not None
    assert (taken.share, taken.result.imported) == (1.0, 180)
    assert not list((folder / "file").glob("*")), "the uploaded file is gone"
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    import_jobs.forget(folder)
    assert not folder.exists()
    folder.mkdir()
    (folder / "file").mkdir()
    (folder / "file" / "kiosk.csv").write_bytes(path.read_bytes())
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
    assert import_jobs.main(folder) == 2
    refused = import_jobs.state(folder)
    assert "kiosk.csv was imported already" in str(refused.error)
    import_jobs.forget(folder)
    assert import_jobs.state(folder).error is not None
