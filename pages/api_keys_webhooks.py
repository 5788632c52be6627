"""The administrator's webhooks: addresses that are told of decisions, and what became of the messages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from models.interface import DeliveryState, Webhook
from pages import form_problems
from pages.context import Context, refusals
from pages.plain import plain
from services import webhooks
from services.i18n import N_
from services.permissions import May
from services.settings import ZONE
from services.webhooks import DeliveryRow, NewWebhook

FORM = "webhook"
SHOWN = 20
STATES: dict[DeliveryState, str] = {
    DeliveryState.WAITING: N_("waiting"),
    DeliveryState.DELIVERED: N_("delivered"),
    DeliveryState.GIVEN_UP: N_("given up"),
}


def show(ctx: Context) -> None:
    """The form, the addresses, the log."""
    t = ctx.t
    st.subheader(t("Webhooks"), anchor="webhooks")
    st.markdown(
        t(
            "An address of another system is told of every decision as soon as it is in force: codes and days, no "
            "names and no reasons. Messages are signed and tried again for three days."
        )
    )
    made = _form(ctx)
    if made is not None:
        with st.container(border=True, key="webhook_made"):
            st.success(t("Messages are signed with this secret. Copy it now: nobody can see it again."))
            st.code(made.secret, language=None, wrap_lines=True)
    person = ctx.require(May.ADMINISTER)
    for row in webhooks.all_webhooks(ctx.session, by=person):
        if row.ended_at is None:
            _webhook(ctx, row)
    log = webhooks.log(ctx.session, by=person, most=SHOWN)
    if log:
        _log(ctx, log)


def _form(ctx: Context) -> NewWebhook | None:
    t = ctx.t
    with st.form("webhook_form"):
        url = st.text_input(t("Address to tell"), key="webhook_url", placeholder="https://", max_chars=1000)
        form_problems.by_button(ctx, FORM)
        saved = st.form_submit_button(t("Tell this address"), key="webhook_save")
    if not saved:
        return None
    made: list[NewWebhook] = []

    def save() -> None:
        person = ctx.require(May.ADMINISTER)
        with ctx.writing() as session:
            made.append(webhooks.create(session, url=url or "", by=person))

    if not form_problems.tried(FORM, save):
        st.rerun()
    return made[0]


def _webhook(ctx: Context, row: Webhook) -> None:
    t = ctx.t
    with st.container(border=True, key=f"webhook_{row.id}"):
        st.code(row.url, language=None, wrap_lines=True)
        with st.popover(t("Tell it no more"), key=f"webhook_close_{row.id}"):
            st.markdown(t("What still waits for this address is given up."))
            if st.button(t("End it"), key=f"webhook_end_{row.id}"):
                _act(ctx, end=row.id)


def _log(ctx: Context, log: Sequence[DeliveryRow]) -> None:
    t = ctx.t
    lost = [row for row in log if row.delivery.state is DeliveryState.GIVEN_UP and row.webhook.ended_at is None]
    if lost:
        st.warning(
            t.plural("{n} message did not arrive and was given up.", "{n} messages did not arrive and were given up.",
                     len(lost))
        )  # fmt: skip
        with st.container(horizontal=True, key="webhook_lost"):
            for row in lost:
                number = row.delivery.id
                if st.button(t.say("Send message {number} again", number=number or 0), key=f"webhook_again_{number}"):
                    _act(ctx, again=number)
    st.markdown(f"**{t('Newest messages')}**")
    st.table([_line(ctx, row) for row in log], hide_index=True, border="horizontal")


def _line(ctx: Context, row: DeliveryRow) -> dict[str, str]:
    t = ctx.t
    delivery = row.delivery
    made = delivery.created_at.astimezone(ZONE)
    host = urlsplit(row.webhook.url).hostname or ""
    state = t(STATES[delivery.state])
    if delivery.state is DeliveryState.WAITING and delivery.attempts:
        following = delivery.next_at.astimezone(ZONE)
        state += "  \n" + t.say("next try {day} {clock}", day=following, clock=f"{following:%H:%M}")
    answer = str(delivery.last_status) if delivery.last_status else "–"
    return {
        t("Message"): f"{delivery.id}  \n{t.date(made)} {made:%H:%M}",
        t("Address"): plain(host),
        t("State"): state,
        t("Tries, last answer"): f"{delivery.attempts}, {answer}",
    }


def _act(ctx: Context, *, end: int | None = None, again: int | None = None) -> None:
    person = ctx.require(May.ADMINISTER)
    with refusals(ctx) as refusal, ctx.writing() as session:
        if end is not None:
            webhooks.end(session, webhook_id=end, by=person)
        if again is not None:
            webhooks.send_again(session, delivery_id=again, by=person)
    if refusal.ok:
        st.rerun()
