"""What imports left: the newest one's counts and rejects, and the list of all with a way back."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from models.imports import ImportBatch
from models.people import Person
from pages.context import Context, refusals
from pages.plain import plain
from services.import_batches import ImportResult, extent_of, list_imports, undo_import
from services.labels import label
from services.permissions import reach
from services.rows import key

RESULT = "import_result"
SHOWN = 20


def remember(result: ImportResult) -> None:
    """Keep a result for the next run, which says what became of the file."""
    st.session_state[RESULT] = result


def result(ctx: Context) -> None:
    """The import just made: its counts and its rejects."""
    t = ctx.t
    found: ImportResult | None = st.session_state.get(RESULT)
    if found is None:
        return
    st.success(
        t.say(
            "Done. {rows} rows in the file: {imported} taken, {duplicates} known before, {rejected} rejected.",
            rows=found.rows,
            imported=found.imported,
            duplicates=found.duplicates,
            rejected=found.rejected,
        ),
        icon=":material/check_circle:",
    )
    with st.container(horizontal=True):
        if found.rejects_file is not None:
            _download(ctx, found.rejects_file, f"rejects_new_{found.batch_id}")
        ctx.action(t("See the themes"), "themes", icon=":material/forum:", **_where(ctx, found.batch_id))


def _where(ctx: Context, batch_id: int) -> dict[str, str]:
    """The themes page narrowed down to the import: its unit or branch, and a period that its first answer is in."""
    extent = extent_of(ctx.session, batch_id)
    if extent is None:
        return {}
    weeks = (ctx.today - extent.first).days / 7 + 1
    return {"unit": extent.unit, "weeks": str(next((span for span in (4, 12, 26) if weeks <= span), 52))}


def show(ctx: Context, person: Person) -> None:
    """Every import, the newest first; one's own, or all for those who see the whole county, can be undone."""
    t = ctx.t
    st.header(t("Imports so far"))
    mine = [batch for batch in list_imports(ctx.session) if _sees(ctx, person, batch)]
    if not mine:
        st.markdown(t("Nothing has been imported yet."))
    for batch in mine[:SHOWN]:
        with st.container(border=True, key=f"import_{batch.id}"):
            _batch(ctx, person, batch)


def _sees(ctx: Context, person: Person, batch: ImportBatch) -> bool:
    return batch.by_id == person.id or reach(ctx.session, person) is None


def _batch(ctx: Context, person: Person, batch: ImportBatch) -> None:
    t = ctx.t
    st.markdown(
        f"**{plain(batch.file_name)}** · {label(t, batch.kind)} · {t.date(batch.at.date())}  \n"
        + t.say(
            "{imported} taken, {duplicates} known before, {rejected} rejected",
            imported=batch.imported,
            duplicates=batch.duplicates,
            rejected=batch.rejected,
        )
    )
    if batch.undone_at is not None:
        st.markdown(f":gray-badge[{t.say('undone {date}', date=batch.undone_at)}]")
        return
    with st.container(horizontal=True):
        if batch.rejected:
            _download(ctx, ctx.settings.data_dir / "rejects" / f"import-{batch.id}-rejects.csv", f"rejects_{batch.id}")
        with st.popover(t("Undo this import"), icon=":material/undo:", type="tertiary", key=f"undo_{batch.id}"):
            st.markdown(t("All rows of this import are taken out of the record. The note that it was made stays."))
            if st.button(t("Yes, undo it"), key=f"undo_go_{batch.id}"):
                _undo(ctx, person, key(batch.id))


def _undo(ctx: Context, person: Person, batch_id: int) -> None:
    with refusals(ctx) as refusal, ctx.writing() as session:
        undo_import(session, batch=batch_id, by=person)
    if refusal.ok:
        shown: ImportResult | None = st.session_state.get(RESULT)
        if shown is not None and shown.batch_id == batch_id:
            del st.session_state[RESULT]
        st.rerun()


def _download(ctx: Context, path: Path, key: str) -> None:
    """The rejects file, if this machine still has it."""
    if path.exists():
        st.download_button(
            ctx.t("Rejected rows with reasons (CSV)"),
            path.read_bytes(),
            file_name=path.name,
            mime="text/csv",
            icon=":material/download:",
            key=key,
        )
