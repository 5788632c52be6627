"""Notes when people were last there, beside the pages: a page never waits for somebody else's long write."""

from __future__ import annotations

import datetime as dt
import logging
import queue
import threading

from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from services import sessions

LOG = logging.getLogger("luotsi")


class Activity:
    """A queue of "this session was used now", and the one thread that stores it."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[Database, int, dt.datetime]] = queue.Queue()
        self._noted: dict[tuple[str, int], dt.datetime] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def seen(self, database: Database, session_id: int, *, now: dt.datetime) -> None:
        """Have it stored soon, at most once a minute for a session."""
        with self._lock:
            before = self._noted.get((database.url, session_id))
            if before is not None and now - before < sessions.SEEN_EVERY:
                return
            recently = now - sessions.SEEN_EVERY
            self._noted = {of: at for of, at in self._noted.items() if at > recently}
            self._noted[(database.url, session_id)] = now
            self._waiting.put((database, session_id, now))
            if self._thread is None:
                self._thread = threading.Thread(target=self._store, name="session-activity", daemon=True)
                self._thread.start()

    def stored(self) -> None:
        """Wait until everything that was noted so far is stored."""
        self._waiting.join()

    def _store(self) -> None:
        while True:
            database, session_id, now = self._waiting.get()
            try:
                with database.writing() as session:
                    sessions.seen(session, session_id, now=now)
            except SQLAlchemyError:
                LOG.exception("That session %s was used could not be stored", session_id)
            finally:
                self._waiting.task_done()


ACTIVITY = Activity()
"""This process's."""
