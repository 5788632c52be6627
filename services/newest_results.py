"""Every pilot's newest evaluation at once: a snapshot never changes, so each is read from the record once a process."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from threading import Lock

from sqlalchemy.orm import defer
from sqlmodel import Session, col, func, select

from models.decisions import Evaluation
from services.evaluation import StoredEvaluation
from stats.results import Evaluation as Result

KEPT = 256
"""Results kept in memory; one takes about 100 kB."""
_Key = tuple[int | None, str, str, dt.datetime]
_results: OrderedDict[_Key, Result | None] = OrderedDict()
_lock = Lock()


def newest_of_all(session: Session) -> dict[int, StoredEvaluation]:
    """The newest snapshot of every pilot that has one, by pilot id, its result already at hand."""
    newest = select(func.max(Evaluation.id)).group_by(col(Evaluation.pilot_id))
    query = select(Evaluation).where(col(Evaluation.id).in_(newest))
    rows = session.exec(query.options(defer(Evaluation.result))).all()  # type: ignore[arg-type]
    with _lock:
        lacking = [row.id for row in rows if _key(row) not in _results]
    if lacking:
        whole = select(Evaluation).where(col(Evaluation.id).in_(lacking)).execution_options(populate_existing=True)
        for row in session.exec(whole).all():
            _keep(row)
    found: dict[int, StoredEvaluation] = {}
    for row in rows:
        stored = StoredEvaluation(row)
        with _lock:
            if _key(row) in _results:
                stored.__dict__["result"] = _results[_key(row)]  # what its cached property would have read
        found[row.pilot_id] = stored
    return found


def _keep(row: Evaluation) -> None:
    result = StoredEvaluation(row).result
    with _lock:
        _results[_key(row)] = result
        while len(_results) > KEPT:
            _results.popitem(last=False)


def _key(row: Evaluation) -> _Key:
    """What tells a snapshot from any other, in any database of this process."""
    return row.id, row.inputs_hash, row.code_version, row.at
