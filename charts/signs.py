"""Small signs beside the words of a trap. They help to find a word again and never stand for it."""

from __future__ import annotations

import base64

from charts.look import Look

SIZE = 20
SHAPES: dict[str, str] = {
    "back": "M3 5c5 0 5 10 10 10M17 15h-5m3-3 3 3-3 3M3 15h4",
    "slope": "M3 16 17 5M12 5h5v5",
    "sun": "M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6M10 2v2M10 16v2M2 10h2M16 10h2M4 4l2 2M14 14l2 2",
    "fade": "M3 4c3 9 8 11 14 11.5M3 17h14",
    "neighbour": "M6 3v10m-3-3 3 3 3-3M14 17V7m-3 3 3-3 3 3",
    "few": "M5 10h.01M10 10h.01M15 10h.01",
    "gap": "M2 10h4M14 10h4M9 10h2",
    "spike": "M2 15h5l3-11 3 11h5",
    "jump": "M2 14h7V6h9",
    "people": "M7 9a3 3 0 1 1 0-6 3 3 0 0 1 0 6M2 17c0-7 10-7 10 0M14 8h5",
    "ways": "M3 5c7 0 7 10 14 10M3 15c7 0 7-10 14-10",
    "edge": "M3 3h14M10 17V6m-4 4 4-4 4 4",
    "cross": "M4 4l12 12M16 4 4 16",
    "repeat": "M4 6h12M4 10h12M4 14h12",
    "one": "M10 4a6 6 0 1 1 0 12 6 6 0 0 1 0-12M9 8l1.5-1v6",
    "none": "M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14M5 15 15 5",
    "eye": "M2 10c4-6 12-6 16 0-4 6-12 6-16 0M10 8a2 2 0 1 1 0 4 2 2 0 0 1 0-4",
}
"""Lines on a ground of 20 by 20."""
OF_TRAP: dict[str, str] = {
    "regression_to_the_mean": "back",
    "drift": "slope",
    "secular_trend": "slope",
    "season": "sun",
    "novelty_fade": "fade",
    "displacement": "neighbour",
    "enough_data": "few",
    "data_gaps": "gap",
    "extreme_weeks": "spike",
    "volume_change": "jump",
    "exposure_change": "jump",
    "response_change": "people",
    "channel_mix": "ways",
    "ceiling": "edge",
    "floor": "edge",
    "fidelity": "cross",
    "duplicated_values": "repeat",
    "implausible_spread": "spike",
    "digit_preference": "repeat",
    "misclassification": "ways",
    "one_comparison": "one",
    "no_comparison": "none",
    "peeking": "eye",
}
"""By the stable name of the trap."""


def sign(trap: str, *, look: Look, serious: bool) -> str:
    """The sign of a trap, as an address for an image.

    Args:
        trap: Its stable name.
        look: Who looks.
        serious: Whether it keeps from scaling up; the words say so too.

    Example:
        >>> sign("season", look=Look(), serious=False)[:26]
        'data:image/svg+xml;base64,'
    """
    colour = look.palette.warning if serious else look.palette.quiet
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" fill="none" stroke="{colour}" '
        f'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="{SHAPES[OF_TRAP[trap]]}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
