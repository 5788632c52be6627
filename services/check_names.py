"""Names of the checks of what surrounds a pilot, and of the plainest comparisons, as the evidence page prints them."""

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
    "misclassification": N_("The theme model's mistakes"),
}
"""By the stable name of the check."""
PLAIN_LINES: dict[str, str] = {
    "plain_newcombe": N_("Before and after only: shares, Newcombe's interval"),
    "plain_miettinen_nurminen": N_("Before and after only: shares, Miettinen and Nurminen's interval"),
    "plain_boschloo": N_("Before and after only: shares, Boschloo's exact test"),
    "plain_exact_rate_ratio": N_("Before and after only: rates, exact interval"),
    "uncorrected": N_("The theme model's own counts, its mistakes not corrected"),
    "plain_checked_shares": N_("Before and after only: shares corrected by checked comments"),
    "plain_welch": N_("Before and after only: means, Welch's interval"),
}
"""By the method's stable name; they know neither a comparison nor that weeks hang together."""
