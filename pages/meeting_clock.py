"""The meeting's clock: api/clock.js counts it down in the browser, without a rerun; calm when the time is over."""

from __future__ import annotations

import html
import json

import streamlit as st

from pages.context import Context
from services import meetings
from services.meetings import MeetingRow

SAID_AT = (20, 15, 10, 5, 2, 1)
"""Minutes left at which the clock speaks to those who hear the page."""
STYLE = """<style>
.luotsi-clock { display: inline-flex; gap: 0.5rem; align-items: baseline; padding: 0.35rem 0.9rem;
  border-radius: 0.5rem; border: 1.5px solid currentColor; }
.luotsi-clock b { font-size: 1.6rem; font-variant-numeric: tabular-nums; line-height: 1.2; min-width: 4.2ch; }
.luotsi-clock.over { border-style: dashed; border-color: #a85d00; }
.luotsi-clock .heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
</style>"""


def clock(ctx: Context, row: MeetingRow) -> None:
    """Draw it. What is sent is the same on every rerun, so that the browser goes on counting."""
    t, ends = ctx.t, row.ends_at
    words = {
        "ends": str(int(ends.timestamp() * 1000)),
        "words": t.say("left, until {time}", time=meetings.clock(t, ends)),
        "over": t("The time is over. Go on in peace, or leave the rest for the next meeting."),
        "left": t("Minutes left: {n}"),
        "at": json.dumps(SAID_AT),
    }
    data = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in words.items())
    body = (
        f'<div class="luotsi-clock" role="timer" aria-live="off" {data}><b></b><span class="words">'
        f'{html.escape(words["words"])}</span><span class="heard" aria-live="polite"></span></div>'
    )
    st.html(STYLE + body)
