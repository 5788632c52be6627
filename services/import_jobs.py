"""An import in a process of its own: a page can show how far it is, and goes on serving everyone meanwhile.

`python -m services.import_jobs FOLDER` does what a folder's job.json says. The folder holds the uploaded file, which is
deleted when the import ends, whichever way it ends. Closing the page changes nothing: the file comes in as a whole or
not at all, and the list of imports shows it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.people import Person
from services import importing, text_work
from services.errors import BadInput, ServiceError
from services.i18n import N_
from services.import_batches import ImportResult
from services.import_profiles import AnyMapping
from services.import_progress import Progress, Step, share_done
from services.intake.mapping import FeedbackMapping, mapping_as_json, mapping_from
from services.record import database
from services.rows import get
from services.settings import ROOT

IN_A_PROCESS_FROM = 500_000
"""Bytes from which a file is worth a process of its own: starting one takes a few seconds."""

_JOB, _STATE = "job.json", "state.json"


@dataclass(frozen=True, kw_only=True)
class JobState:
    """How far an import is.

    Attributes:
        step: What it is doing.
        share: What part of the whole is done, 0 to 1.
        result: What became of the file, once it is in.
        error: Why it was refused, if it was.
    """

    step: Step
    share: float
    result: ImportResult | None = None
    error: ServiceError | None = None

    @property
    def ended(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.result is not None or self.error is not None


def take(
    session: Session, *, path: Path, mapping: AnyMapping, profile: str | None, by: Person, progress: Progress | None,
    processes: int | None = 1,
) -> ImportResult:  # fmt: skip
    """Take in a file of either kind, by a saved profile when one is named, else by a mapping."""
    if isinstance(mapping, FeedbackMapping):
        return importing.import_feedback(
            session,
            path=path,
            by=by,
            progress=progress,
            processes=processes,
            mapping=None if profile else mapping,
            profile=profile,
        )
    return importing.import_measurements(
        session, path=path, by=by, progress=progress, mapping=None if profile else mapping, profile=profile
    )


def start(*, content: bytes, name: str, mapping: AnyMapping, profile: str | None, by: Person) -> Path:
    """Begin an import in a process of its own; the folder that tells how far it is."""
    folder = Path(tempfile.mkdtemp(prefix="luotsi-import-"))
    try:
        (folder / "file").mkdir()
        (folder / "file" / Path(name).name).write_bytes(content)
        job = {"name": Path(name).name, "mapping": mapping_as_json(mapping), "profile": profile, "by": by.id}
        (folder / _JOB).write_text(json.dumps(job), encoding="utf-8")
        command = [sys.executable, "-m", "services.import_jobs", str(folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
    except BaseException:  # no room: a part of somebody's file does not stay behind
        shutil.rmtree(folder, ignore_errors=True)
        raise
    threading.Thread(target=_waited_for, args=(process, folder), daemon=True).start()
    return folder


def state(folder: Path) -> JobState:
    """How far an import is."""
    try:
        told = json.loads((folder / _STATE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        if folder.exists():
            return JobState(step=Step.READING, share=0.0)
        told = {"step": Step.READING, "share": 0.0, "error": [_INTERRUPTED, {}]}
    result, error = told.get("result"), told.get("error")
    if result is not None:
        result = ImportResult(**{**result, "rejects_file": Path(result["rejects_file"]) if result["rejects_file"] else
                                 None})  # fmt: skip
    return JobState(
        step=Step(told["step"]),
        share=told["share"],
        result=result,
        error=BadInput(error[0], **error[1]) if error is not None else None,
    )


def forget(folder: Path) -> None:
    """Take away what an import that ended left for its page."""
    shutil.rmtree(folder, ignore_errors=True)


_INTERRUPTED = N_("The import was interrupted, and nothing of the file was taken. Try again.")


def main(folder: Path) -> int:
    """Do the import that a folder describes, and say how far it is in the folder."""
    job = json.loads((folder / _JOB).read_text(encoding="utf-8"))
    path = folder / "file" / job["name"]

    def told(step: Step, done: int, of: int) -> None:
        _write(folder, {"step": step, "share": share_done(step, done, of)})

    try:
        with database().writing() as session:
            result = take(
                session,
                path=path,
                mapping=mapping_from(job["mapping"]),
                profile=job["profile"],
                by=get(session, Person, job["by"]),
                progress=told,
                processes=None,
            )
    except ServiceError as error:
        values = {key: value if isinstance(value, int | float) else str(value) for key, value in error.values.items()}
        _write(folder, {"step": Step.READING, "share": 0.0, "error": [error.text, values]})
        return 2
    finally:
        path.unlink(missing_ok=True)
    file = str(result.rejects_file) if result.rejects_file else None
    _write(folder, {"step": Step.COUNTING, "share": 1.0, "result": {**vars(result), "rejects_file": file}})
    text_work.start()
    return 0


def _write(folder: Path, state: dict[str, Any]) -> None:
    """Replace the state in one go, so that nobody reads half of it."""
    draft = folder / f"{_STATE}.new"
    draft.write_text(json.dumps(state), encoding="utf-8")
    draft.replace(folder / _STATE)


def _waited_for(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Leave no trace of a file whose import died."""
    if process.wait() not in (0, 2):
        shutil.rmtree(folder / "file", ignore_errors=True)
        if folder.exists():
            _write(folder, {"step": Step.READING, "share": 0.0, "error": [_INTERRUPTED, {}]})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
