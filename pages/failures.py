"""An unexpected error as the reader meets it: what it means for what they did, what to do now, and a reference."""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from services.failures import Failure, failure_of
from services.i18n import N_, Translator

LOG = logging.getLogger("luotsi")
PAGE_BEGAN = "frame_page_began"
TITLES = {
    Failure.GONE: N_("The record cannot be reached"),
    Failure.FULL: N_("There is no room to save"),
    Failure.BUSY: N_("Many are saving at once"),
    Failure.OTHER: N_("Something went wrong"),
}
SENTENCES = {
    Failure.GONE: N_(
        "The record cannot be reached for the moment. Nothing you saved is lost, and nothing was saved by halves. Try "
        "again in a moment. If it goes on, tell support this reference: {code}."
    ),
    Failure.FULL: N_(
        "This was not saved: the service has run out of room. Nothing was saved by halves. Tell support this "
        "reference, so that they make room, and then try again: {code}."
    ),
    Failure.BUSY: N_(
        "This was not saved: many are saving at the same time. Nothing was saved by halves. Try again. If it goes on, "
        "tell support this reference: {code}."
    ),
    Failure.OTHER: N_("Something went wrong, and it is not your fault. Tell support this reference: {code}."),
}


def nothing_drawn() -> None:
    """A rerun begins, or has ended well."""
    st.session_state[PAGE_BEGAN] = False


def page_began() -> None:
    """From here on the page itself has drawn its title."""
    st.session_state[PAGE_BEGAN] = True


def show(t: Translator, error: Exception) -> bool:
    """Log an error under a reference, and tell the reader what it means.

    Returns:
        True: Streamlit need not show the error itself.
    """
    reference = secrets.token_hex(4)
    failure = failure_of(error)
    LOG.error("Reference %s (%s)", reference, failure, exc_info=error)
    if not st.session_state.get(PAGE_BEGAN, False):
        st.title(t(TITLES[failure]))
    nothing_drawn()
    st.error(t.say(SENTENCES[failure], code=reference))
    st.html("<div hidden data-luotsi-failed></div>")  # what the browser keeps of the fields is put back afterwards
    if failure is not Failure.OTHER:
        st.button(t("Try again"), key="try_again", icon=":material/refresh:")
    return True
