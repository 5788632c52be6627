"""Named checks of an estimate: each answers one doubt with a sentence a nurse understands."""

from __future__ import annotations

from collections.abc import Sequence

from stats.check import Check, Event
from stats.checks_data import ceiling, data_gaps, enough_data, noted_events, over_dispersion, volume_change
from stats.checks_time import drift, novelty_fade, regression_to_the_mean, season, secular_trend
from stats.estimate import Estimate


def run_checks(found: Estimate, events: Sequence[Event] = ()) -> list[Check]:
    """Run every check that the design allows."""
    checks = [
        enough_data(found.data), regression_to_the_mean(found), drift(found), secular_trend(found), season(found),
        novelty_fade(found), ceiling(found.data), volume_change(found), over_dispersion(found), data_gaps(found.data),
        noted_events(found.data, events),
    ]  # fmt: skip
    return [check for check in checks if check is not None]
