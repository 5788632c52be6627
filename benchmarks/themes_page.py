"""How long do the themes page and a theme's page wait for the record when it holds a million comments?

    python -m benchmarks.themes_page --comments 1000000 --seed 1

A county of 26 units and 20 themes over three years, 1.4 themes a comment, is written straight into SQLite, which takes
two or three minutes, and is thrown away afterwards. Each figure is the best of a few runs, by the clock and in this
process's own time; the bar is a second for all that one view asks. Nothing is kept between runs but the system's own
cache of the file; on the pages the alerts are kept for a minute.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from benchmarks import _theme_record
from models.database import make_engine
from services import theme_alerts, theme_decisions, theme_evidence, theme_grid
from services.organisation import all_units
from services.rows import key
from services.theme_browse import Scope, quotes, summaries, summary, weekly
from services.theme_pages import all_themes
from services.theme_scope import answers_in
from services.theme_told import sight, weeks_told
from services.theme_trend import comparable, last_weeks

TODAY = dt.date(2026, 11, 23)
BAR = 1.0
View = Callable[[Session, Scope], object]


@dataclass(frozen=True, kw_only=True)
class Took:
    """How long a view took.

    Attributes:
        clock: Seconds by the clock.
        own: Seconds of this process's own time: less than the clock when others use the machine.
    """

    clock: float
    own: float


def ranking(session: Session, scope: Scope) -> object:
    """The ranked list without its alerts."""
    earlier = comparable(session, scope)
    told = sight(session, scope), sight(session, scope.before())
    return summaries(session, scope), answers_in(session, scope), answers_in(session, scope.before()), earlier, told


def alerts(session: Session, scope: Scope) -> object:
    """The alerts of the whole county, whatever the scope."""
    return theme_alerts.alerts(session, today=TODAY)


def areas(session: Session, scope: Scope) -> object:
    """The map by area."""
    units = all_units(session)
    columns = theme_grid.unit_columns(units, scope, root_id=None, deepest=False)
    return theme_grid.grid(session, scope, columns, units), sight(session, scope)


def single_units(session: Session, scope: Scope) -> object:
    """The map by unit."""
    units = all_units(session)
    columns = theme_grid.unit_columns(units, scope, root_id=None, deepest=True)
    return theme_grid.grid(session, scope, columns, units), sight(session, scope)


def one_theme(session: Session, scope: Scope) -> object:
    """Everything on a theme's page that comes from feedback."""
    theme = all_themes(session)[0]
    theme_id = key(theme.id)
    weeks = weekly(session, scope, theme_id)
    return (
        summary(session, scope, theme),
        answers_in(session, scope),
        answers_in(session, scope.before()),
        theme_evidence.weight(session, scope, theme_id),
        theme_alerts.share_chart(session, scope, [w.week for w in weeks], [w.answers for w in weeks]),
        theme_grid.by_unit(session, scope, theme_id),
        theme_grid.by_channel(session, scope, theme_id),
        theme_grid.by_tone(session, scope, theme_id),
        theme_decisions.on_decisions(session, scope, theme_id),
        quotes(session, scope, theme_id=theme_id, limit=10),
        sight(session, scope),
        sight(session, scope.before()),
        weeks_told(session, scope, theme_id),
    )


def search(session: Session, scope: Scope) -> object:
    """Comments that hold two words."""
    return quotes(session, scope, words="kotona puhelimessa")


VIEWS: dict[str, View] = {
    "the ranked list": ranking,
    "alerts, kept for a minute": alerts,
    "the map by area": areas,
    "the map by single unit": single_units,
    "one theme": one_theme,
    "search in every comment": search,
}


def took(url: str, view: View, scope: Scope, runs: int) -> Took:
    """Ask for a view a few times, each time over a new connection; the quickest counts."""
    found = []
    for _ in range(runs):
        engine = make_engine(url)
        with Session(engine) as session:
            all_units(session)  # the connection is open
            began, own = time.perf_counter(), time.process_time()
            view(session, scope)
            found.append(Took(clock=time.perf_counter() - began, own=time.process_time() - own))
        engine.dispose()
    return min(found, key=lambda one: one.own)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "county.db"
        began = time.perf_counter()
        _theme_record.write(path, comments=options.comments, today=TODAY, seed=options.seed)
        size = path.stat().st_size / 2**20
        print(
            f"{options.comments} comments, {size:.0f} MiB, written in {time.perf_counter() - began:.0f} s; bar {BAR} s"
        )
        print(f"{'':44s} {'clock':>8s} {'own time':>9s}   bar / own time")
        for weeks in (12, 52):
            first, last = last_weeks(TODAY, weeks)
            for name, view in VIEWS.items():
                if view is alerts and weeks != 12:
                    continue
                one = took(f"sqlite:///{path}", view, Scope(first=first, last=last), options.runs)
                span = "" if view is alerts else f", {weeks} weeks"
                verdict = "reached" if one.own <= BAR else "MISSED"
                print(
                    f"{name + span:44s} {one.clock:6.2f} s {one.own:7.2f} s {BAR / one.own:8.1f}  {verdict}", flush=True
                )


if __name__ == "__main__":
    main()
