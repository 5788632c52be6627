"""Survey exports that the browser walk imports: what a county's survey tool would give, made anew for each walk."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np

HEADER = ("Vastauspäivä", "Yksikkö", "Kanava", "Vastaus-ID", "Suosittelu 0-10", "Avoin palaute")
COMMENT = "Kotiin lähtiessä jatkohoito jäi epäselväksi, kontrolli puuttui paperista."
COMMENTERS = 12
CHANNELS = (*("kioski",) * 12, *("tekstiviesti",) * 6, "verkkolomake", "qr")
"""How twenty answers of a week come in: as they do to the demo county's ward, so that nothing but the pilot changes."""


def comments(path: Path, *, unit: str, last: dt.date) -> Path:
    """Twelve people of a unit say, each in a sentence of their own, that follow-up stayed unclear."""
    endings = ("Soitin.", "Odotin.", "Kysyin.", "En saanut.", "Lopulta selvisi.", "Ihmettelin.")
    rows = [
        (
            last - dt.timedelta(days=2 * k),
            unit,
            "tekstiviesti",
            f"A{k}",
            3 + k % 3,
            f"{COMMENT} {endings[k % 6]} {k * 37}.",
        )
        for k in range(COMMENTERS)
    ]
    return _written(path, rows)


def ratings(path: Path, *, levels: dict[str, float], first: dt.date, weeks: int, a_week: int = 20) -> Path:
    """Ratings of several units, week by week, around the given means (0-10)."""
    rng = np.random.default_rng(2026)
    rows = []
    for unit, level in levels.items():
        for week in range(weeks):
            for k, score in enumerate(rng.binomial(10, level / 10, size=a_week)):
                day = first + dt.timedelta(days=7 * week + k % 7)
                channel = CHANNELS[k % len(CHANNELS)]
                rows.append((day, unit, channel, f"{unit}-{week}-{k}", int(score), ""))
    return _written(path, rows)


def _written(path: Path, rows: list[tuple[dt.date, str, str, str, int, str]]) -> Path:
    with path.open("w", newline="", encoding="cp1252") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows((f"{day.day}.{day.month}.{day.year}", *rest) for day, *rest in rows)
    return path
