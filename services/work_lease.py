"""One process at a time does a piece of background work, says how far it is, and another takes over when it dies."""

from __future__ import annotations

import datetime as dt
import os
import socket
from dataclasses import dataclass

from sqlmodel import Session

from models.base import now
from models.text_models import WorkLease

GONE_AFTER = dt.timedelta(seconds=90)
"""A worker that has said nothing for this long is taken for dead."""


@dataclass(frozen=True, kw_only=True)
class WorkState:
    """How a piece of background work stands.

    Attributes:
        running: Whether a process is at it.
        done: Pieces done in this run.
        total: Pieces this run knew of.
        problem: Why the last run stopped; "" when it did not.
    """

    running: bool
    done: int
    total: int
    problem: str


def state(session: Session, work: str) -> WorkState:
    """How the work stands."""
    lease = session.get(WorkLease, work)
    if lease is None:
        return WorkState(running=False, done=0, total=0, problem="")
    return WorkState(running=_alive(lease), done=lease.done, total=lease.total, problem=lease.problem)


def take(session: Session, work: str, *, total: int) -> str | None:
    """Take the work, unless a living process has it; the taker's mark, to be shown on every beat. Commits."""
    lease = session.get(WorkLease, work)
    if lease is not None and _alive(lease):
        return None
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{os.urandom(8).hex()}"
    lease = lease or WorkLease(work=work, owner=owner)
    lease.owner, lease.done, lease.total, lease.problem = owner, 0, total, ""
    lease.started_at = lease.beat_at = now()
    lease.ended_at = None
    session.add(lease)
    session.commit()
    return owner


def beat(session: Session, work: str, owner: str, *, done: int, total: int) -> bool:
    """Say how far the work is, in the caller's transaction; False when another process has taken it."""
    lease = session.get(WorkLease, work)
    if lease is None or lease.owner != owner:
        return False
    lease.done, lease.total, lease.beat_at = done, total, now()
    session.add(lease)
    return True


def give_back(session: Session, work: str, owner: str, *, problem: str = "") -> None:
    """End the work: done, or stopped by a problem. Commits."""
    lease = session.get(WorkLease, work)
    if lease is not None and lease.owner == owner:
        lease.ended_at, lease.problem = now(), problem[:1000]
        session.add(lease)
        session.commit()


def _alive(lease: WorkLease) -> bool:
    if lease.ended_at is not None:
        return False
    host, pid, _ = lease.owner.rsplit(":", 2)
    if host == socket.gethostname()[:60] and not _process_runs(int(pid)):
        return False
    return now() - lease.beat_at < GONE_AFTER


def _process_runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
