"""The weeks a team has logged, what it noticed, and the code that opens the log on a phone."""

from __future__ import annotations

from functools import partial

import streamlit as st

from documents import pictures, poster, public_poster
from models.base import monday_of
from models.pilots import Happened
from pages import log_weeks
from pages.context import Context
from pages.plain import plain
from services import briefs, pilots, plans, weekly_log
from services.labels import label
from services.permissions import May
from services.pilots import PilotRow
from services.record import database
from services.redacted import readable
from services.rows import key

NOTES = 8
QR_WIDTH = 180


def log(ctx: Context, row: PilotRow) -> None:
    """Draw the log."""
    t = ctx.t
    st.header(t("Weekly log"))
    entries = weekly_log.entries(ctx.session, key(row.pilot.id))
    log_weeks.show(ctx, row, entries)
    noted = [entry for entry in entries if entry.note]
    if noted:
        st.subheader(t("What the team noticed"))
        for entry in reversed(noted[-NOTES:]):
            happened = label(t, Happened(entry.happened))
            day = t.date(monday_of(entry.week))
            st.markdown(
                t.say(
                    "- Week of {date} (happened: {happened}): {note}",
                    date=day,
                    happened=happened,
                    note=plain(readable(t, entry.note)),
                )
            )
    if ctx.may(May.LOG, row.pilot.unit_id) or ctx.may(May.REGISTER, row.pilot.unit_id):
        code(ctx, row)


def code(ctx: Context, row: PilotRow) -> None:
    """A QR code for the wall of the coffee room, and the same as a link."""
    t = ctx.t
    address = ctx.address("log", pilot=row.pilot.log_token)
    with st.container(horizontal=True, vertical_alignment="center", key="pilot_qr"):
        st.image(
            pictures.qr(address).decode(),
            width=QR_WIDTH,
            alt=t.say("QR code that opens the weekly log of the pilot {code}", code=row.pilot.code),
        )
        with st.container(width=420):
            st.markdown(
                t("Print the code on the wall: it opens this pilot's log on a phone. Logging takes 20 seconds.")
            )
            ctx.link(t("Open the log"), "log", icon=":material/edit_note:", pilot=row.pilot.log_token)
            st.download_button(
                t("Poster for the huddle board (PDF)"),
                data=partial(_poster, ctx, key(row.pilot.id), address),
                file_name=public_poster.file_name(t, row.pilot.code),
                mime="application/pdf",
                icon=":material/print:",
                on_click="ignore",
                key="pilot_poster",
            )


def _poster(ctx: Context, pilot_id: int, address: str) -> bytes:
    """The poster, set when it is asked for, in a session of its own: the page's has closed by then."""
    with database().reading() as session:
        row = pilots.pilot_row(session, pilot_id=pilot_id, today=ctx.today)
        whole = plans.current(session, pilot_id)
        before = briefs.level_before(session, row, whole, today=ctx.today)
        return poster.huddle(ctx.t, row=row, whole=whole, address=address, before=before)
