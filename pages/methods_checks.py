"""What each check looks for, in one sentence, and whether it can keep from scaling up."""

from __future__ import annotations

from pages.methods_card import Rows
from services.check_names import SURROUNDINGS
from services.i18n import N_, Translator
from services.pilot_words import CHECKS

ABOUT: dict[str, str] = {
    "enough_data": N_("Are there enough weeks and answers before and after the start?"),
    "regression_to_the_mean": N_("Were the weeks before the start unusually bad, and does the result hang on them?"),
    "drift": N_("Was the unit drifting away from the comparison units already before the start?"),
    "secular_trend": N_("How did the comparison units change over the same time?"),
    "season": N_("Is the time of year taken into account?"),
    "novelty_fade": N_("Is the effect of the later weeks smaller than that of the first?"),
    "ceiling": N_("Is there room on the scale to get better?"),
    "volume_change": N_("Did the number of answers jump, so that others may be answering than before?"),
    "over_dispersion": N_("How much do the weeks vary beyond chance?"),
    "data_gaps": N_("Are weeks or units missing?"),
    "events": N_("What else happened that could explain the change?"),
    "process_signal": N_("Does a control chart of the unit's own weeks show that something changed?"),
    "placebo_rank": N_("How many units that changed nothing got as much better as the pilot?"),
    "extreme_weeks": N_("Does the result hang on a week that stands far out, such as a mistyped number?"),
    "floor": N_("Is there room on the scale for a worsening to be seen?"),
    "exposure_change": N_("Did the number of customers, visits or days behind the counts change a lot?"),
    "response_change": N_("Does a smaller share of those served answer than before?"),
    "channel_mix": N_("Do the answers come through other channels than before?"),
    "displacement": N_("Did something get worse in a neighbouring unit or metric while the pilot got better?"),
    "fidelity": N_("Was the change carried out in most weeks, by the weekly log?"),
    "duplicated_values": N_("Are some weeks exact copies of others, as if a file had been read twice?"),
    "implausible_spread": N_("Can the means and spreads come from real answers at all?"),
    "digit_preference": N_("Were numbers rounded when they were written down, and did that change?"),
    "misclassification": N_(
        "Is it known from comments that people checked how often the theme model is wrong, before and after?"
    ),
}
"""By the stable name of the check."""
CAN_BLOCK = frozenset(
    {
        "enough_data", "regression_to_the_mean", "drift", "novelty_fade", "volume_change", "response_change",
        "channel_mix", "displacement", "duplicated_values", "implausible_spread", "extreme_weeks",
        "misclassification",
    }
)  # fmt: skip
"""Checks of which a failure can keep the recommendation from being to scale up."""


def table(t: Translator) -> Rows:
    """A row for every check that an evaluation can hold."""
    return [
        {
            t("Check"): t(title),
            t("What it asks"): t(ABOUT[name]),
            t("Can keep from scaling up"): t("yes") if name in CAN_BLOCK else t("no"),
        }
        for name, title in {**CHECKS, **SURROUNDINGS}.items()
    ]
