"""Pictures for paper: charts as SVG with the reader's numbers and days, addresses as QR codes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import segno
import vl_convert

from charts.look import Look

FONT = "Libertinus Serif"
"""The documents' own font; it is inside the typesetter, so a chart's words look the same on every machine."""
WIDTH = 520


def svg(spec: Mapping[str, Any], *, look: Look, width: int = WIDTH, height: int | None = None) -> bytes:
    """A chart of the charts room as SVG.

    Args:
        spec: The chart's specification, `chart.to_dict()`.
        look: Who reads it: language of numbers, days and months. Paper is light.
        width: Width in points, in place of a page's own.
        height: Height in points; the chart's own when left out.
    """
    config = {**spec.get("config", {}), "font": FONT}
    sized = {**spec, "config": config, "width": width, **({"height": height} if height else {})}
    sized["autosize"] = {"type": "fit-x" if height is None else "fit", "contains": "padding"}
    locale = look.locale()
    drawn = vl_convert.vegalite_to_svg(
        sized, format_locale=locale["number"], time_format_locale=locale["time"], allowed_base_urls=[]
    )
    return drawn.encode()


def qr(address: str) -> bytes:
    """An address as a QR code: SVG on white, dark enough for a camera in any theme."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=6, border=3, dark="#0b1218", light="#ffffff", xmldecl=False
    )
    return out.getvalue()
