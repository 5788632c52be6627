"""Statistical process control: did a process change, by its own history? A signal says that it did, never why."""

from stats.spc.chart import ControlChart, control_chart
from stats.spc.phases import Phase, Rebase
from stats.spc.signals import Signal

__all__ = ["ControlChart", "Phase", "Rebase", "Signal", "control_chart"]
