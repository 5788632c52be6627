"""An effect with its interval as small as a line of text, against zero and the smallest change that matters.

Pictures drawn with one domain stand below each other like the rows of a forest plot.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable

from charts.forest import FARTHEST, ForestRow
from charts.look import Look

WIDTH, HEIGHT = 220, 36
MIDDLE, ARROW = HEIGHT / 2, 5.0
NARROWEST = (-1.0, 2.0)
AIR = 0.3
Domain = tuple[float, float]


def domain(rows: Iterable[ForestRow]) -> Domain:
    """The multiples of the smallest change that all pictures reach from and to; estimates are always inside.

    Example:
        >>> domain([ForestRow(name="P01", smallest_change=0.3, effect=0.9, low=-0.3, high=2.1)])
        (-1.0, 4.0)
    """
    low, high = NARROWEST
    for row in rows:
        found = row.multiples()
        if found is not None:
            effect, bottom, top = found
            low = min(low, effect - AIR, max(bottom, -FARTHEST))
            high = max(high, effect + AIR, min(top, FARTHEST))
    return low, high


def picture(row: ForestRow, *, reach: Domain, look: Look) -> str:
    """The picture of a pilot that has an effect, as an address for an image; "" without one.

    The dashed line is the smallest change that matters, the whole line no change; an arrow is an interval that
    goes on. The side of worse and the side beyond the smallest change have grounds of their own.

    Args:
        row: The pilot.
        reach: What `domain` found for all that stand together.
        look: Who looks.
    """
    found = row.multiples()
    if found is None:
        return ""
    effect, low, high = found
    first, last = reach
    colours = look.palette

    def x(multiple: float) -> float:
        return round(WIDTH * (min(max(multiple, first), last) - first) / (last - first), 1)

    parts = [
        f'<rect width="{x(0.0)}" height="{HEIGHT}" fill="{colours.warning_fill}"/>',
        f'<rect x="{x(1.0)}" width="{round(WIDTH - x(1.0), 1)}" height="{HEIGHT}" fill="{colours.good_fill}"/>',
        f'<path d="M{x(0.0)} 0v{HEIGHT}" stroke="{colours.ink}" stroke-width="1.5"/>',
        f'<path d="M{x(1.0)} 0v{HEIGHT}" stroke="{colours.accent}" stroke-width="2" stroke-dasharray="4 3"/>',
        f'<path d="M{x(low)} {MIDDLE}H{x(high)}" stroke="{colours.sea}" stroke-width="4" opacity="0.7"/>',
        f'<circle cx="{x(effect)}" cy="{MIDDLE}" r="5.5" fill="{colours.sea}"/>',
    ]
    parts += [
        f'<path d="M{foot} {MIDDLE - ARROW}L{tip} {MIDDLE}L{foot} {MIDDLE + ARROW}z" fill="{colours.sea}"/>'
        for cut, tip, foot in ((low < first, 0.0, 2 * ARROW), (high > last, WIDTH, WIDTH - 2 * ARROW))
        if cut
    ]
    return _address(parts, WIDTH, HEIGHT)


def _address(parts: Iterable[str], width: int, height: int) -> str:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        + "".join(parts)
        + "</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
