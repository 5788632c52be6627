"""One service path: its pain curve beside the numbers, alternatives and pilots compared, what the walkers saw."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import streamlit as st

from models.people import Person
from models.walks import ServicePath
from pages import draft, just_done, walks_picture
from pages.choices import choice
from pages.context import Context, refusals
from pages.plain import plain
from services import pilots, walks
from services.permissions import May
from services.redacted import readable
from services.rows import key
from services.walks import WalkRow

SAVED = "walk_saved"


def draft_of(ctx: Context, person: Person, path: ServicePath) -> tuple[str, int]:
    """What the browser keeps an unsaved walk under: the form of the path, and how often it was saved."""
    return f"walk_{path.code}", walks.times_walked(ctx.session, key(path.id), person)


def show(ctx: Context, path: ServicePath) -> None:
    """The path with its walks."""
    t = ctx.t
    st.title(walks_picture.name(ctx, path))
    with st.container(horizontal=True, key="no_print_ways"):
        ctx.link(t("All service paths"), "walks", icon=":material/arrow_back:")
        if ctx.may(May.WALK):
            ctx.action(t("Walk this path"), "walks", icon=":material/directions_walk:", path=path.code, walk="yes")
    if ctx.person is not None:
        draft.saved(*draft_of(ctx, ctx.person, path))
    just_done.show(ctx, _place(path), may=May.WALK)
    rows = walks.walks_of(ctx.session, key(path.id))
    if st.session_state.pop(SAVED, None):
        st.success(t("Thank you! Your walk is in the picture."))
    if not rows:
        st.markdown(t.say("Stages: {stages}.", stages=plain(" → ".join(walks_picture.stages(ctx, path)))))
        st.info(t("Nobody has walked this path yet. Be the first."))
        return
    st.markdown(walks_picture.worst(ctx, path, walks_picture.together(ctx, rows)))
    views = {view: t(words) for view, words in walks_picture.VIEWS.items() if _tells(path, rows, view)}
    view = choice(t("Compare"), "compare", views, width=320)
    drawn = walks_picture.groups(ctx, path, rows, view)
    with st.grid(columns=2, min_column_width=300, gap="large", key="pain_sides"):
        with st.container(key="pain_picture"):
            walks_picture.draw(ctx, path, drawn, key=f"pain_{path.code}_{view}")
        with st.container(key="pain_numbers"):
            walks_picture.numbers(ctx, path, drawn)
            st.caption(
                t(
                    "The strong line is the median of the walks, a faint line is one walk. A handful of walks shows "
                    "where to look; it proves nothing about a pilot."
                )
            )
    if ctx.may(May.SEE_FEEDBACK):
        _seen(ctx, path, rows)


def _tells(path: ServicePath, rows: Sequence[WalkRow], view: str) -> bool:
    """Whether a comparison has anything to compare."""
    if view == "alternatives":
        return bool(path.alternatives)
    return view != "pilots" or any(row.pilot is not None for row in rows)


def _seen(ctx: Context, path: ServicePath, rows: Sequence[WalkRow]) -> None:
    """The walks one by one, newest first: whose shoes, what was seen; one's own can be taken back."""
    t = ctx.t
    named = walks_picture.stages(ctx, path)
    st.header(t("What was seen on the way"))
    for row in reversed(rows):
        walk = row.walk
        with st.container(border=True, key=f"walk_{walk.id}"):
            whom = plain(readable(t, walk.as_whom)) or t("a customer")
            st.subheader(t.say("As {whom}", whom=whom))
            parts = [t.date(walk.walked_on), plain(t.local(row.unit.name))]
            if walk.alternative is not None and walk.alternative < len(path.alternatives):
                parts.append(plain(t.local(path.alternatives[walk.alternative])))
            if row.pilot is not None:
                parts.append(t.say("during {pilot}", pilot=plain(pilots.title(row.pilot, t.language))))
            st.caption(" · ".join(parts))
            lines = [
                "- "
                + t.say(
                    "{stage} ({feeling} of 5): {note}",
                    stage=plain(named[step.stage]),
                    feeling=step.feeling,
                    note=plain(readable(t, step.note)),
                )
                for step in row.steps
                if step.note and step.stage < len(named)
            ]
            st.markdown("\n".join(lines) if lines else t("No notes."))
            if ctx.person is not None and walk.by_id == ctx.person.id:
                _take_back(ctx, path, row)


def _place(path: ServicePath) -> str:
    """Where it is said that a walk of the path was taken back."""
    return f"{just_done.WALKS}_{path.code}"


def _take_back(ctx: Context, path: ServicePath, row: WalkRow) -> None:
    t = ctx.t
    if not st.button(t("Take back my walk"), key=f"take_back_{row.walk.id}", icon=":material/undo:"):
        return
    with refusals(ctx) as outcome:
        person = ctx.require(May.WALK)
        with ctx.writing() as session:
            walks.take_back(session, walk_id=key(row.walk.id), by=person)
    if outcome.ok:
        undo = functools.partial(walks.put_back, walk_id=key(row.walk.id))
        just_done.say(
            _place(path),
            t.say("Your walk of {date} is taken back. It is no longer in the picture.", date=row.walk.walked_on),
            undo,
        )
        st.rerun()
