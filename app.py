"""The frame: sign-in, language, navigation by role. The server imports this file once; every rerun executes it."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is None:
    from api import serving
    from pages import frame
    from services import settings, sign_in_settings, text_work

    # Streamlit would serve the files in pages/ by itself until the first st.navigation, past every check of a role.
    PagesManager.uses_pages_directory = False
    faults: dict[str, str] = {}
    app = st.App(
        __file__,
        routes=serving.routes(page_faults=faults),
        middleware=serving.middleware(settings.load()),
        lifespan=serving.lifespan(lambda: (faults.update(frame.load_everything()), text_work.start())),
        on_script_error=frame.on_error,
        secrets=sign_in_settings.auth_section(sign_in_settings.load(), base_url=settings.load().base_url),
    )
else:
    from pages import frame

    frame.draw()
