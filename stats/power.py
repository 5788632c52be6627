"""Planning figures before the start, from a unit's own history: the smallest effect found, and the weeks it takes.

`stats.history.history_of` reads the history from a panel, or it is written down by hand; `stats.projection` answers the
same questions for a pilot that already has an estimate.
"""

from __future__ import annotations

from stats.history import History, history_of
from stats.planning import minimum_detectable_effect, standard_error_of_plan, weeks_needed

__all__ = ["History", "history_of", "minimum_detectable_effect", "standard_error_of_plan", "weeks_needed"]
