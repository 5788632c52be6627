"""Who is signed in on this rerun: a session on the server, found by the sign-in service's cookie or by the demo's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from pages import language
from services import demo_sign_in, sessions, sign_in_oidc, sign_in_settings
from services.record import database
from services.session_activity import ACTIVITY
from services.sign_in_oidc import Refusal
from services.sign_in_settings import SignInSettings

SESSION, REFUSAL, TICKET, LEAVING = "sign_in_session", "sign_in_refusal", "sign_in_ticket", "sign_in_leaving"
ARRIVED = "sign_in_arrived"
NOBODY = 0
NO_TICKET = "out"
LOOK_EVERY = 60.0
"""Seconds after which a page that lies open finds out that its session is over."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Who is there.

    Attributes:
        person_id: The person; None for a stranger.
        session_id: Their session on the server.
        refusal: Why somebody is a stranger whom the sign-in service knows, or who was signed in before.
    """

    person_id: int | None = None
    session_id: int | None = None
    refusal: Refusal | None = None


def standing() -> Standing:
    """Who is there now, read afresh: a session that was ended elsewhere is over here too."""
    rules, now = sign_in_settings.load(), datetime.now(UTC)
    if SESSION not in st.session_state:
        found = _by_service(rules, now) if rules.oidc is not None else _by_cookie(rules, now)
        st.session_state[SESSION] = found.session_id or NOBODY
        st.session_state[REFUSAL] = found.refusal
    kept = st.session_state[SESSION]
    if not kept:
        return Standing(refusal=st.session_state.get(REFUSAL))
    with database().reading() as session:
        row = sessions.alive(session, kept, settings=rules, now=now)
    if row is None:
        st.session_state[SESSION] = NOBODY
        st.session_state[REFUSAL] = Refusal.OVER
        return Standing(refusal=Refusal.OVER)
    if now - row.seen_at >= sessions.SEEN_EVERY:
        ACTIVITY.seen(database(), kept, now=now)
    return Standing(person_id=row.person_id, session_id=kept)


def _by_service(rules: SignInSettings, now: datetime) -> sign_in_oidc.Entry:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        return sign_in_oidc.Entry()
    identity = sign_in_oidc.identity_of(claims)
    if identity is None:
        return sign_in_oidc.Entry(refusal=Refusal.UNKNOWN)
    with database().reading() as session:
        found = sign_in_oidc.known(session, identity, settings=rules, now=now)
    if found is None:
        with database().writing() as session:
            found = sign_in_oidc.enter(session, identity, settings=rules, now=now)
        st.session_state[ARRIVED] = found.session_id is not None
    return found


def _by_cookie(rules: SignInSettings, now: datetime) -> sign_in_oidc.Entry:
    mark = language.cookie(demo_sign_in.COOKIE)
    with database().reading() as session:
        row = demo_sign_in.remembered(session, rules, mark, now=now)
    return sign_in_oidc.Entry(session_id=row.id) if row is not None else sign_in_oidc.Entry()


@st.fragment(run_every=LOOK_EVERY)
def watch(session_id: int) -> None:
    """Leave the page when its session is over, though nobody touches it. This looks and is no activity itself."""
    with database().reading() as session:
        still = sessions.alive(session, session_id, settings=sign_in_settings.load(), now=datetime.now(UTC))
    if still is None:
        st.rerun()


def pick(chosen: int) -> None:
    """Sign in as an invented person."""
    with database().writing() as session:
        picked = demo_sign_in.pick(session, sign_in_settings.load(), person_id=chosen, now=datetime.now(UTC))
    st.session_state[SESSION], st.session_state[REFUSAL] = picked.session_id, None
    st.session_state[TICKET] = picked.ticket


def sign_out() -> None:
    """End the session, on every tab that it is open in."""
    kept = st.session_state.get(SESSION)
    if kept:
        with database().writing() as session:
            sessions.sign_out(session, kept, now=datetime.now(UTC))
    st.session_state[SESSION], st.session_state[REFUSAL] = NOBODY, None
    st.session_state[TICKET] = NO_TICKET
    st.session_state[LEAVING] = sign_in_settings.load().oidc is not None


def leave() -> None:
    """Take leave of the sign-in service too, once the page has told the browser to forget its drafts."""
    if st.session_state.pop(LEAVING, False):
        st.logout()


def marks() -> dict[str, str]:
    """What the browser's side of the frame needs for its cookie: a ticket after signing in, "out" after signing out."""
    ticket = st.session_state.get(TICKET)
    return {"ticket": ticket} if ticket else {}
