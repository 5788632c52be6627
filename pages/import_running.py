"""An import on its way: a small file here and now, a large one in a process of its own that the page looks at."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from models.people import Person
from pages import import_history
from pages.context import Context, refusals
from pages.plain import told_plainly
from services import import_jobs, text_work
from services.i18n import Translator
from services.import_profiles import AnyMapping
from services.import_progress import Step, name_of, share_done

JOB, ROUND, REFUSED = "import_job", "import_round", "import_refused"
LOOK_EVERY = 1.0


def begin(ctx: Context, person: Person, path: Path, mapping: AnyMapping, *, profile: str | None) -> None:
    """Take the file in, or start the process that does."""
    if path.stat().st_size >= import_jobs.IN_A_PROCESS_FROM:
        folder = import_jobs.start(
            content=path.read_bytes(), name=path.name, mapping=mapping, profile=profile, by=person
        )
        st.session_state[JOB] = str(folder)
        _next_file()
        st.rerun()
    bar = st.progress(0.0, text=ctx.t(name_of(Step.READING)))

    def told(step: Step, done: int, of: int) -> None:
        bar.progress(share_done(step, done, of), text=ctx.t(name_of(step)))

    with refusals(ctx) as refusal, ctx.writing() as session:
        result = import_jobs.take(session, path=path, mapping=mapping, profile=profile, by=person, progress=told)
    bar.empty()
    if refusal.ok:
        text_work.start()
        import_history.remember(result)
        _next_file()
        st.rerun()


def show(ctx: Context) -> bool:
    """The import that is on its way, if there is one; whether there is."""
    if refused := st.session_state.pop(REFUSED, None):
        st.error(told_plainly(ctx.t, refused))
    folder = st.session_state.get(JOB)
    if folder is None:
        return False
    with st.container(border=True, key="import_running"):
        st.markdown(f"**{ctx.t('The file is being taken in')}**")
        _look(Path(folder), ctx.t)
        st.caption(
            ctx.t(
                "You may close this page or go elsewhere: the import goes on. The file comes in as a whole or not at "
                "all, and the list below shows it when it is in."
            )
        )
    return True


@st.fragment(run_every=LOOK_EVERY)
def _look(folder: Path, t: Translator) -> None:
    state = import_jobs.state(folder)
    st.progress(state.share, text=f"{t(name_of(state.step))} · {t.percent(state.share)}")
    if not state.ended:
        return
    import_jobs.forget(folder)
    st.session_state.pop(JOB, None)
    if state.result is not None:
        import_history.remember(state.result)
    else:
        st.session_state[REFUSED] = state.error
    st.rerun()


def _next_file() -> None:
    """An empty place for the next file."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
