"""Named checks of an estimate: each answers one doubt with a sentence a nurse understands."""

from __future__ import annotations

from stats.check import Check
from stats.checks_data import ceiling, data_gaps, enough_data, noted_events, over_dispersion, volume_change
from stats.checks_process import process_signal
from stats.checks_standing import extreme_weeks, placebo_rank
from stats.checks_time import drift, novelty_fade, regression_to_the_mean, season, secular_trend
from stats.estimate import Estimate
from stats.surroundings import NOTHING_KNOWN, Surroundings, surrounding_checks


def run_checks(found: Estimate, around: Surroundings = NOTHING_KNOWN) -> list[Check]:
    """Run every check that the design and what is known around the pilot allow."""
    data = found.data
    checks = [
        enough_data(data), regression_to_the_mean(found), drift(found), secular_trend(found), season(found),
        novelty_fade(found), ceiling(data, around.scale), volume_change(found), over_dispersion(found),
        data_gaps(data), noted_events(data, around.events), process_signal(data), placebo_rank(data),
        extreme_weeks(found, data),
    ]  # fmt: skip
    return [check for check in checks if check is not None] + surrounding_checks(found, around)
