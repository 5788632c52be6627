"""Does a control chart of the pilot's own weeks say that something changed?"""

from __future__ import annotations

import numpy as np

from stats.check import Check
from stats.messages import N_, Message
from stats.pilot_data import PilotData
from stats.spc.pilot import signal_since_start


def process_signal(data: PilotData) -> Check | None:
    """A signal on the control chart of the pilot unit since the start; it informs and never decides.

    Only for designs without a comparison unit, where the chart is the plainest picture there is. When nothing changes
    a signal still comes in a third to a half of pilots, because weeks hang together.

    Args:
        data: The pilot's weeks.

    Returns:
        The check; None with comparison units, several pilot units, shares corrected for misreading, or no chart.
    """
    if data.comparisons or data.pilots > 1 or data.panel.shared is not None:
        return None
    panel = data.panel
    values = np.where(data.trigger, np.nan, panel.count[0] if panel.kind.counted else panel.mean[0])
    n = np.where(panel.observed[0], np.nan_to_num(panel.n[0]), 0.0)
    found = signal_since_start(
        values, n, kind=panel.kind, direction=data.plan.direction, start=int(np.argmax(data.after))
    )
    if found.better and found.worse:
        text = N_("The control chart shows signals both for the better and for the worse since the start; that says "
                  "that the process changed, not why.")  # fmt: skip
    elif found.better:
        text = N_("The control chart shows a signal for the better since the start; that says that the process "
                  "changed, not why.")  # fmt: skip
    elif found.worse:
        text = N_("The control chart shows a signal for the worse since the start; that says that the process "
                  "changed, not why.")  # fmt: skip
    else:
        text = N_("The control chart shows no signal since the start.")
    return Check(name="process_signal", passed=None, detail=Message(text))
