"""A process of its own that reads a number and writes it back one higher, again and again.

python -m tests.services.count_up DATABASE_URL TIMES
"""

from __future__ import annotations

import sys

from sqlmodel import Session, select

from models.database import make_write_engine
from models.people import Setting


def count_up(url: str, times: int) -> None:
    """Add one to the setting n, `times` times, each in a transaction of its own."""
    engine = make_write_engine(url)
    for _ in range(times):
        with Session(engine) as session:
            row = session.exec(select(Setting).where(Setting.key == "n").with_for_update()).one()
            row.value = str(int(row.value) + 1)
            session.add(row)
            session.commit()
    engine.dispose()


if __name__ == "__main__":
    count_up(sys.argv[1], int(sys.argv[2]))
