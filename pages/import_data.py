"""A file in: what it holds, which column is what, how its first rows would be read, and only then the import."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from models.imports import ImportKind
from models.people import Person
from pages import import_answers, import_check, import_fields, import_history, import_look
from pages.context import Context, refusals
from services.import_profiles import AnyMapping, list_profiles, mapping_of, save_profile
from services.importing import import_feedback, import_measurements
from services.intake.guessing import guess_mapping
from services.intake.mapping import FeedbackMapping, mapping_as_json, mapping_from
from services.intake.refused import RefusedFile
from services.intake.shape import MEGABYTE, FileShape, sniff
from services.labels import label
from services.permissions import May

TYPES = ["csv", "tsv", "txt", "xlsx"]
ROUND = "import_round"


def render(ctx: Context) -> None:
    """The import, its result, and the imports before it."""
    t = ctx.t
    person = ctx.require(May.IMPORT)
    st.title(t("Import feedback and measurements"))
    st.markdown(
        t(
            "Names, identity codes, phone numbers and addresses are removed from texts before anything is stored. "
            "Columns you do not choose are not stored."
        )
    )
    import_history.result(ctx)
    kind = st.segmented_control(
        t("What does the file hold?"),
        list(ImportKind),
        default=ImportKind.FEEDBACK,
        required=True,
        format_func=lambda value: label(t, value).capitalize(),
        key="import_kind",
    )
    uploaded = st.file_uploader(
        t("A CSV or Excel file"), type=TYPES, key=f"import_file_{st.session_state.get(ROUND, 0)}"
    )
    if uploaded is not None and kind is not None:
        content = uploaded.getvalue()
        with tempfile.TemporaryDirectory(prefix="luotsi-") as folder:
            path = Path(folder) / Path(uploaded.name).name
            path.write_bytes(content)
            _file(ctx, person, path, kind, hashlib.sha256(content).hexdigest())
    import_history.show(ctx, person)


def _file(ctx: Context, person: Person, path: Path, kind: ImportKind, digest: str) -> None:
    """One uploaded file, from its columns to the button."""
    with refusals(ctx) as sniffed:
        shape = sniff(path, limit=ctx.settings.max_upload_mb * MEGABYTE)
    if not sniffed.ok:
        return
    profile, draft = _draft(ctx, shape, kind)
    stamp = hashlib.sha256(f"{digest} {kind} {profile}".encode()).hexdigest()[:10]
    st.header(ctx.t("Which column is what"))
    with refusals(ctx) as mapped:
        given = _mapping(ctx, person, shape, kind, draft, stamp)
        import_check.require_whole(ctx.t, kind, given)
        mapping = mapping_from(given)
    if not mapped.ok:
        return
    st.header(ctx.t("How the first rows would be read"))
    with refusals(ctx) as looked:
        import_look.show(ctx, person, shape, mapping)
    if not looked.ok:
        return
    unchanged = bool(profile) and mapping_as_json(mapping) == draft
    _keep(ctx, person, mapping, profile)
    if st.button(ctx.t("Import the whole file"), type="primary", icon=":material/upload:", key="import_go"):
        _go(ctx, person, path, mapping, profile=profile if unchanged else None)


def _draft(ctx: Context, shape: FileShape, kind: ImportKind) -> tuple[str, dict[str, Any]]:
    """Where the choices start: a kept mapping, or what the headers and the first rows suggest."""
    t = ctx.t
    kept = {profile.name: profile for profile in list_profiles(ctx.session, kind)}
    name = ""
    if kept:
        name = st.selectbox(
            t("Start from"),
            ["", *kept],
            format_func=lambda value: value or t("what the headers suggest"),
            key=f"import_profile_{kind}",
        )
    if name:
        return name, mapping_as_json(mapping_of(kept[name]))
    try:
        return "", mapping_as_json(guess_mapping(shape, kind.value))
    except RefusedFile as error:
        st.warning(t.error(error))
        return "", {"kind": kind.value}


def _mapping(
    ctx: Context, person: Person, shape: FileShape, kind: ImportKind, draft: Mapping[str, Any], stamp: str
) -> dict[str, Any]:
    """The choices on the page, as a mapping's JSON; parts that have no field here stay as they were kept."""
    chosen = import_fields.fields(ctx, person, shape, kind, draft, stamp)
    if kind is ImportKind.MEASUREMENTS:
        rest = {name: draft[name] for name in ("wide",) if name in draft}
        return {"kind": kind.value, **rest, **chosen}
    if "long" in draft:
        return {"kind": kind.value, "long": draft["long"], "scores": draft.get("scores", []), **chosen}
    words = import_answers.words(ctx, shape, draft, stamp)
    return {"kind": kind.value, **chosen, **words, **import_answers.scores(ctx, shape, draft, stamp)}


def _keep(ctx: Context, person: Person, mapping: AnyMapping, profile: str) -> None:
    """Keep the choices under a name, so that the same export is one click the next time."""
    t = ctx.t
    with st.popover(t("Keep these choices for the next file"), icon=":material/bookmark:", key="import_keep"):
        name = st.text_input(t("Name"), value=profile, key=f"import_keep_name_{profile}", max_chars=120)
        if st.button(t("Keep"), key="import_keep_go"):
            with refusals(ctx) as refusal, ctx.writing() as session:
                save_profile(session, name=name or "", mapping=mapping, by=person)
            if refusal.ok:
                st.success(t.say("Kept as {name}.", name=name))


def _go(ctx: Context, person: Person, path: Path, mapping: AnyMapping, *, profile: str | None) -> None:
    t = ctx.t
    done = 0
    bar = st.progress(0.0, text=t("Reading the file…"))

    def progress(rows: int) -> None:
        nonlocal done
        done += rows
        bar.progress(1.0, text=t.plural("{n} row read", "{n} rows read", done))

    given: dict[str, Any] = {"profile": profile} if profile else {"mapping": mapping}
    with refusals(ctx) as refusal, ctx.writing() as session:
        take = import_feedback if isinstance(mapping, FeedbackMapping) else import_measurements
        result = take(session, path=path, by=person, progress=progress, **given)
    bar.empty()
    if refusal.ok:
        import_history.remember(result)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        st.rerun()
