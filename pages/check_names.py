"""Names of the checks of what surrounds a pilot, as the evidence page prints them."""

from __future__ import annotations

from services.i18n import N_

SURROUNDINGS: dict[str, str] = {
    "floor": N_("Room to get worse"),
    "exposure_change": N_("Amount of work"),
    "response_change": N_("Share who answer"),
    "channel_mix": N_("Feedback channels"),
    "displacement": N_("Neighbours"),
    "fidelity": N_("Was the change carried out"),
    "duplicated_values": N_("Repeated numbers"),
    "implausible_spread": N_("Impossible numbers"),
    "digit_preference": N_("Rounded numbers"),
}
"""By the stable name of the check."""
