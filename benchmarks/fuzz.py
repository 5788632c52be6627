"""Does any file at all make the import crash, or lose a row without a word?

    python -m benchmarks.fuzz --files 10000 --seed 0

Files of answers and measurements, made at random from their seeds and a third of them damaged, go through the
product's own import into a database, by turns on SQLite and PostgreSQL. Each is either refused in one sentence that
names it, with nothing stored, or its rows are counted: imported + duplicates + rejected. For a file whose rows are
known without reading it, they must be as many as it was made with. A seed in the report makes the same file again:
`python -m benchmarks.fuzz --files 1 --seed N`.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlmodel import func, select

from benchmarks._databases import ENGINES, empty_database
from benchmarks._fuzz_files import Made, make
from models.database import Database
from models.feedback import Feedback, FeedbackScore
from models.imports import ImportBatch
from models.metrics import Measurement
from services.errors import Conflict, ServiceError
from services.import_batches import ImportResult
from services.importing import import_feedback, import_measurements
from services.intake.mapping import FeedbackMapping, MeasurementMapping, mapping_from
from tests.services.conftest import TODAY, stored_world

TABLES = (Feedback, FeedbackScore, Measurement, ImportBatch)
SLOW = 10.0
"""Seconds of this process that no file of a few rows may take."""
LONGEST_SENTENCE = 1_500
DATABASE_FOR = 1_000
"""Files that go into one database, before a fresh one is taken."""


def imported(database: Database, made: Made) -> ImportResult:
    """Import a file as the command line does."""
    mapping = mapping_from(made.mapping) if made.mapping is not None else None
    with database.writing() as session:
        if made.kind == "feedback":
            assert mapping is None or isinstance(mapping, FeedbackMapping)
            return import_feedback(session, path=made.path, by=None, mapping=mapping)
        assert mapping is None or isinstance(mapping, MeasurementMapping)
        return import_measurements(session, path=made.path, by=None, mapping=mapping)


def looked_at(database: Database, made: Made) -> tuple[str, list[str]]:
    """Import a file; how it ended (taken, refused, crashed), and what is wrong with that."""
    before = counts(database)
    began = time.process_time()
    try:
        result = imported(database, made)
    except ServiceError as error:
        how, wrong = "refused", _wrong_refusal(made, str(error))
        if counts(database) != before:
            wrong.append("it was refused, but something was stored")
    except Exception:
        how, wrong = "crashed", ["it crashed:\n" + traceback.format_exc(limit=-4)]
    else:
        how, wrong = "taken", _wrong_result(database, made, result, before)
    if (seconds := time.process_time() - began) > SLOW:
        wrong.append(f"it took {seconds:.0f} s")
    return how, wrong


def counts(database: Database) -> tuple[int, ...]:
    """Rows of the tables that an import writes."""
    with database.reading() as session:
        return tuple(session.exec(select(func.count()).select_from(table)).one() for table in TABLES)


def _wrong_refusal(made: Made, sentence: str) -> list[str]:
    wrong = []
    if "\n" in sentence or len(sentence) > LONGEST_SENTENCE:
        wrong.append(f"the refusal is no single sentence: {sentence[:300]!r}")
    if made.path.name not in sentence:
        wrong.append(f"the refusal does not name the file: {sentence[:300]!r}")
    return wrong


def _wrong_result(database: Database, made: Made, result: ImportResult, before: tuple[int, ...]) -> list[str]:
    wrong = []
    parts = (result.imported, result.duplicates, result.rejected)
    if min(parts) < 0 or sum(parts) != result.rows:
        wrong.append(f"imported, duplicates and rejected are {parts}, rows {result.rows}")
    if made.rows is not None and result.rows != made.rows:
        wrong.append(f"it has {made.rows} rows, {result.rows} were counted")
    answers, scores, measurements, batches = (now - then for now, then in zip(counts(database), before, strict=True))
    stored = answers if made.kind == "feedback" else measurements
    if stored != result.imported or batches != 1:
        wrong.append(f"{result.imported} rows were imported, {stored} stored, with {batches} records")
    if made.kind == "feedback" and scores > answers:
        wrong.append(f"{answers} answers have {scores} scores")
    file = result.rejects_file
    if (file is not None) != (result.rejected > 0) or (file is not None and not file.exists()):
        wrong.append(f"{result.rejected} rows were rejected, and the reasons are in {file}")
    with database.reading() as session:
        batch = session.get_one(ImportBatch, result.batch_id)
        wrong += [f"a reject without a reason: {one}" for one in batch.rejects if not _says_why(one)]
    wrong += _again(database, made)
    return wrong


def _says_why(reject: dict[str, Any]) -> bool:
    return bool(str(reject["reason"]).format(**reject["values"]).strip()) and reject["row"] > 0


def _again(database: Database, made: Made) -> list[str]:
    """The same file again is refused as a repeat."""
    try:
        imported(database, made)
    except Conflict:
        return []
    return ["the same file was taken twice"]


@contextmanager
def fresh_database(engine: str) -> Iterator[Database]:
    """A database that holds the small county."""
    with empty_database(engine) as url:
        database = Database(url)
        with database.writing() as session:
            stored_world(session)
        yield database
        database.dispose()


@contextmanager
def configured(folder: Path) -> Iterator[None]:
    """This process configured for a record of its own."""
    before = dict(os.environ)
    os.environ.update(LUOTSI_DATA_DIR=str(folder), LUOTSI_TODAY=TODAY.isoformat(), LUOTSI_READ_COMMENTS="off")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def fuzz(databases: Sequence[Database], seeds: Sequence[int], folder: Path) -> tuple[Counter[str], list[str]]:
    """Import the files of some seeds, by turns into each database; how they ended, and what is wrong."""
    ended: Counter[str] = Counter()
    wrong: list[str] = []
    for seed in seeds:
        made = make(seed, folder)
        database = databases[seed % len(databases)]
        how, found = looked_at(database, made)
        ended[f"{how}, {made.form}"] += 1
        wrong += [
            f"seed {seed}, {made.form} of {made.kind}, {database.read_engine.dialect.name}: {one}" for one in found
        ]
        made.path.unlink()
    return ended, wrong


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when a file crashed the import or lost a row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="of the first file; the next one has the next")
    options = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    ended: Counter[str] = Counter()
    wrong: list[str] = []
    last = options.seed + options.files
    for first in range(options.seed, last, DATABASE_FOR):
        with ExitStack() as open_, tempfile.TemporaryDirectory() as name:
            databases = [open_.enter_context(fresh_database(engine)) for engine in ENGINES]
            open_.enter_context(configured(Path(name)))
            found, faults = fuzz(databases, range(first, min(first + DATABASE_FOR, last)), Path(name))
        ended += found
        wrong += faults
        print(
            f"{min(first + DATABASE_FOR, last) - options.seed} files, {len(wrong)} wrong", file=sys.stderr, flush=True
        )
    print(f"{options.files} files from seed {options.seed}; bar: 0 crashes, 0 silent drops")
    for how, number in sorted(ended.items()):
        print(f"{how:24s} {number:6d}")
    print(f"{'wrong':24s} {len(wrong):6d}  {'MISSED' if wrong else 'reached'}")
    for sentence in wrong[:30]:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
