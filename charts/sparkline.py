"""A line as small as a word, for a cell of a table."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from itertools import groupby

from charts.look import Look

WIDTH, HEIGHT, EDGE = 84, 22, 2.5


def sparkline(values: Sequence[float | None], *, look: Look) -> str:
    """A line from 0 up to the largest value with a dot at its end, as the address of a picture.

    The line breaks off where a value is not shown.

    Args:
        values: In order of time, at least one of them shown; None where a value is not shown.
        look: Who looks.

    Example:
        >>> sparkline([1, 3, 2], look=Look())[:26]
        'data:image/svg+xml;base64,'
    """
    top = max(1e-9, *(value for value in values if value is not None))
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    colour, ends, parts = look.palette.sea, "", []
    for known, part in groupby(enumerate(values), key=lambda placed: placed[1] is not None):
        if known:
            points = [
                (EDGE + step * place, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * (value or 0) / top) for place, value in part
            ]
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
            parts.append(
                f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-linejoin="round"/>'
            )
            x, y = points[-1]
            ends = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{EDGE}" fill="{colour}"/>'
            if len(points) == 1:
                parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1" fill="{colour}"/>')
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">{"".join(parts)}{ends}</svg>'
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
