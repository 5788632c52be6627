"""The minutes of a meeting on the screen, as PDF and as DOCX, and the list of earlier meetings."""

from __future__ import annotations

from functools import partial

import streamlit as st

from documents import minutes as document
from models.people import Person
from pages.context import Context
from pages.plain import plain, told_plainly
from services import meetings, minutes, minutes_words
from services.errors import NotFound
from services.minutes import Minutes

ADDRESS = "minutes"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def of_address(ctx: Context, person: Person) -> None:
    """The minutes that ?minutes= names, with a way on."""
    t = ctx.t
    asked = st.query_params.get(ADDRESS, "")
    try:
        if not asked.isdecimal() or len(asked) > 9:
            raise NotFound("There are no such minutes.")
        found = minutes.assemble(ctx.session, meeting_id=int(asked), by=person, today=ctx.today)
    except NotFound as error:
        st.error(told_plainly(t, error))
    else:
        show(ctx, found)
    ctx.link(t("To the meeting"), "meeting", icon=":material/groups:")
    earlier(ctx)


def show(ctx: Context, found: Minutes) -> None:
    """The minutes."""
    t = ctx.t
    words = minutes_words.words(t, found)
    st.header(words.title)
    st.markdown("  \n".join(plain(fact) for fact in words.facts))
    with st.container(horizontal=True, key="minutes_files"):
        for name, make, mime in (("pdf", document.pdf, "application/pdf"), ("docx", document.docx, DOCX)):
            st.download_button(
                t("Minutes (PDF)") if name == "pdf" else t("Minutes (Word)"),
                partial(make, t, found),
                file_name=document.file_name(t, found, ending=name),
                mime=mime,
                icon=":material/download:",
                key=f"minutes_{name}",
                on_click="ignore",
            )
    for section in words.sections:
        st.subheader(section.title)
        for entry in section.entries:
            with st.container(border=section.boxed, key=f"minutes_{section.name}_{entry.code}"):
                if entry.title:
                    st.markdown(f"**{plain(entry.title)}**")
                st.markdown("\n".join(f"- {plain(line)}" for line in entry.lines))


def earlier(ctx: Context) -> None:
    """Meetings that have ended, newest first, each with its minutes."""
    t = ctx.t
    found = meetings.earlier(ctx.session)
    if not found:
        return
    with st.container(key="meeting_earlier"):
        st.header(t("Earlier meetings"))
        for row in found:
            name = t.say(
                "{date} at {time}, led by {person}",
                date=row.meeting.opened_at,
                time=meetings.clock(t, row.meeting.opened_at),
                person=row.led_by.name,
            )
            ctx.link(plain(name), "meeting", icon=":material/description:", minutes=row.meeting.id)
