"""A line as small as a word, for a cell of a table."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from charts.look import Look

WIDTH, HEIGHT, EDGE = 84, 22, 2.5


def sparkline(values: Sequence[float], *, look: Look) -> str:
    """A line from 0 up to the largest value with a dot at its end, as the address of a picture.

    Args:
        values: In order of time; at least one.
        look: Who looks.

    Example:
        >>> sparkline([1, 3, 2], look=Look())[:26]
        'data:image/svg+xml;base64,'
    """
    top = max(*values, 1e-9) if len(values) > 1 else max(values[0], 1e-9)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    points = [
        (EDGE + step * place, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top) for place, value in enumerate(values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    colour, (x, y) = look.palette.sea, points[-1]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{EDGE}" fill="{colour}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
