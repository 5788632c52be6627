"""How well the theme model does, learning anew, its versions, and how far the reading of comments is."""

from __future__ import annotations

import streamlit as st

from pages.context import Context, refusals
from services import text_work, theme_learning, theme_models
from services.permissions import May
from services.theme_models import Version

ENOUGH = 30
"""With fewer comments checked at random, shares are told with a warning."""


def show(ctx: Context) -> None:
    """The model in force, its accuracy before and after it learnt last, and the button to learn."""
    t = ctx.t
    st.header(t("How well the model does"))
    reading(ctx)
    found = theme_models.versions(ctx.session)
    version = next((row for row in found if not row.withdrawn), None)
    if version is None:
        st.info(t("No comment has been read by the model yet. It begins by itself when comments come in."))
        return
    _accuracy(ctx, version)
    new = theme_learning.new_labels(ctx.session)
    words = t.plural(
        "{n} comment has been checked or corrected since the model learnt last.",
        "{n} comments have been checked or corrected since the model learnt last.",
        new,
    )
    st.markdown(words)
    if st.button(
        t("Teach the model"), key="teach", icon=":material/school:", disabled=not new, help=t("Takes some seconds.")
    ):
        _teach(ctx)
    with st.expander(t("Versions of the model"), key="model_versions"):
        _versions(ctx, found)


def reading(ctx: Context) -> None:
    """Whether comments are being read right now, and how far that is; nothing when all are read."""
    t = ctx.t
    waiting = text_work.waiting(ctx.session)
    state = text_work.state(ctx.session)
    if not waiting:
        return
    if state.running and state.total:
        st.progress(
            min(state.done / state.total, 1.0),
            text=t.say("The model is reading comments: {done} of {total}.", done=state.done, total=state.total),
        )
    elif state.problem:
        st.warning(t("The reading of comments stopped before its end. It goes on from there when started again."))
        st.caption(state.problem)
    else:
        st.caption(t.plural("{n} comment waits for the model.", "{n} comments wait for the model.", waiting))
    if state.running or not ctx.may(May.LABEL):
        return
    if st.button(t("Read them now"), key="read_now", icon=":material/play_arrow:") and text_work.start():
        st.toast(t("The reading has begun."))


def _accuracy(ctx: Context, version: Version) -> None:
    t = ctx.t
    by = version.by or t("by itself")
    st.caption(
        t.say(
            "The model learnt last on {date} ({by}), from {labels} comments.",
            date=version.at,
            by=by,
            labels=version.labels,
        )
    )
    quality = version.quality
    if not quality or "after" not in quality:
        st.markdown(t("How often it is right is not known yet: check comments, and those drawn by lot tell."))
        return
    after, before = quality["after"], quality.get("before")
    st.markdown(
        t.say(
            "Of {n} checked comments that it had not learnt from, its first suggestion was right in **{share}** "
            "(between {low} and {high}).",
            n=quality["n"],
            share=t.percent(after["top1"]),
            low=t.number(100 * after["top1_low"], 0),
            high=t.percent(after["top1_high"]),
        )
    )
    if before:
        st.markdown(
            t.say("The version before it was right in {share} of the same comments.", share=t.percent(before["top1"]))
        )
    if not quality["at_random"] or quality["n"] < ENOUGH:
        st.caption(
            t("Most of these are comments that it was unsure of; those drawn by lot will tell of all comments.")
            if not quality["at_random"]
            else t("They are few, so take the share as a first hint.")
        )


def _teach(ctx: Context) -> None:
    t = ctx.t
    person = ctx.require(May.LABEL)
    with st.spinner(t("The model is learning...")), refusals(ctx) as refusal:
        learnt = theme_learning.learn(ctx.session, by=person)
        with ctx.writing() as session:
            theme_learning.keep(session, learnt)
    if refusal.ok:
        text_work.start()
        st.toast(t("The model has learnt; it reads the comments again in the background."))
        st.rerun()


def _versions(ctx: Context, found: list[Version]) -> None:
    t = ctx.t
    standing = [row for row in found if not row.withdrawn]
    rows = [
        {
            t("Fitted on"): t.date(row.at.date()),
            t("By"): row.by or t("by itself"),
            t("Comments learnt from"): t.number(row.labels),
            t("First suggestion right"): t.percent(row.quality["after"]["top1"]) if "after" in row.quality else "–",
            t("Standing"): t("taken back") if row.withdrawn else t("in force") if row == standing[0] else t("earlier"),
        }
        for row in found
    ]
    st.table(rows, hide_index=True, border="horizontal")
    if len(standing) < 2 or not ctx.may(May.CURATE):
        return
    if st.button(t("Take the version in force back"), key="withdraw", icon=":material/undo:"):
        person = ctx.require(May.CURATE)
        with refusals(ctx) as refusal, ctx.writing() as session:
            theme_models.withdraw(session, model_id=standing[0].model_id, by=person)
        if refusal.ok:
            text_work.start()
            st.rerun()
