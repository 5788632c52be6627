"""What is known around a pilot besides its metric, and the checks that ask it."""

from __future__ import annotations

from dataclasses import dataclass

from stats.channels import ChannelData
from stats.check import Check, Event
from stats.checks_data import exposure_change, floor
from stats.checks_neighbours import NeighbourData, displacement
from stats.checks_people import ServedData, channel_mix, response_change
from stats.checks_quality import digit_preference, duplicated_values, implausible_spread
from stats.estimate import Estimate
from stats.fidelity import FidelityData, fidelity
from stats.scale_ends import Scale


@dataclass(frozen=True, eq=False, kw_only=True)
class Surroundings:
    """What is known around a pilot. Everything may be missing; what is missing is not checked.

    Attributes:
        events: What else happened.
        channels: How the pilot units' answers came in.
        served: How many people the pilot units served.
        log: What the staff logged of carrying the change out.
        neighbours: Units beside the pilot, and metrics next door.
        scale: The ends of the scale that the metric's definition states.
    """

    events: tuple[Event, ...] = ()
    channels: ChannelData | None = None
    served: ServedData | None = None
    log: FidelityData | None = None
    neighbours: tuple[NeighbourData, ...] = ()
    scale: Scale | None = None


NOTHING_KNOWN = Surroundings()


def surrounding_checks(found: Estimate, around: Surroundings = NOTHING_KNOWN) -> list[Check]:
    """Run the checks of who answers, what pays, how the numbers came about and whether the change was carried out.

    Args:
        found: The pilot's estimate.
        around: What is known around it.

    Returns:
        The checks that the data allow, in a fixed order.
    """
    data = found.data
    checks = [
        floor(data, around.scale), exposure_change(found), response_change(found, around.served),
        channel_mix(found, around.channels), displacement(found, around.neighbours), fidelity(around.log),
        duplicated_values(data), implausible_spread(data, around.scale), digit_preference(data),
    ]  # fmt: skip
    return [check for check in checks if check is not None]
