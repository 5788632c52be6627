"""The address in the browser, kept in step with a link to the page one is on."""

from __future__ import annotations

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import get_session_state

SEEN = "address_seen"


def keep(path: str) -> None:
    """Tell the browser where it is when a link led to the same page, only asked differently.

    Streamlit 1.67 serves such a link without changing the address, so that the next tap would lead back to the old
    one. A browser that is there already does nothing. What a widget writes into the address (`bind="query-params"`)
    the browser has changed by itself, perhaps again since: that is left alone.

    Args:
        path: The page's, as in pages/routes.py.
    """
    running = get_script_run_ctx()
    if running is None:
        return
    with get_session_state().query_params() as known:
        asked = {name: known.get_all(name) for name in known if not known.is_bound(name)}
    before = st.session_state.get(SEEN)
    st.session_state[SEEN] = (path, asked)
    if before is not None and before[0] == path and before[1] != asked:
        message = ForwardMsg()
        message.page_info_changed.query_string = running.query_string
        running.enqueue(message)
