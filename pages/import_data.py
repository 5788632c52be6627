"""A file in: what it holds, how its first rows would be read, which column is what, and only then the import."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from models.imports import ImportKind
from models.people import Person
from pages import (
    import_answers,
    import_check,
    import_fields,
    import_history,
    import_look,
    import_running,
    import_shape,
    import_words,
    touch,
)
from pages.context import Context, refusals
from pages.import_running import ROUND
from pages.plain import told_plainly
from services.import_preview import Preview
from services.import_profiles import AnyMapping, list_profiles, mapping_of, save_profile
from services.intake.guessing import draft_mapping
from services.intake.mapping import mapping_as_json, mapping_from
from services.intake.ready_made import named, ready_made, recognised
from services.intake.refused import RefusedFile
from services.intake.shape import MEGABYTE, FileShape, sniff
from services.labels import label
from services.organisation import pilot_units
from services.permissions import May, reach

TYPES = ["csv", "tsv", "txt", "xlsx", "json", "jsonl", "ndjson"]
FORM = "form:"


def render(ctx: Context) -> None:
    """The import, its result, and the imports before it."""
    t = ctx.t
    person = ctx.require(May.IMPORT)
    touch.tables()
    st.title(t("Import feedback and measurements"))
    st.markdown(
        t(
            "Names, identity codes, phone numbers and addresses are removed from texts before anything is stored. "
            "Columns you do not choose are not stored."
        )
    )
    ctx.link(t("Write down an interview or a paper form"), "feedback-new", icon=":material/edit_note:")
    import_history.result(ctx)
    if not import_running.show(ctx):
        _choose(ctx, person)
    import_history.show(ctx, person)


def _choose(ctx: Context, person: Person) -> None:
    """What the file holds, and the file."""
    t = ctx.t
    kind = st.segmented_control(
        t("What does the file hold?"),
        list(ImportKind),
        default=ImportKind.FEEDBACK,
        required=True,
        format_func=lambda value: label(t, value).capitalize(),
        key="import_kind",
    )
    uploaded = st.file_uploader(
        t("A CSV, Excel or JSON file"), type=TYPES, key=f"import_file_{st.session_state.get(ROUND, 0)}"
    )
    if uploaded is not None and kind is not None:
        content = uploaded.getvalue()
        with tempfile.TemporaryDirectory(prefix="luotsi-") as folder:
            path = Path(folder) / Path(uploaded.name).name
            path.write_bytes(content)
            _file(ctx, person, path, kind, hashlib.sha256(content).hexdigest())


def _file(ctx: Context, person: Person, path: Path, kind: ImportKind, digest: str) -> None:
    """One uploaded file: the button and the first rows above, every choice below them."""
    with refusals(ctx) as sniffed:
        shape = sniff(path, limit=ctx.settings.max_upload_mb * MEGABYTE)
    if not sniffed.ok:
        return
    start, draft = _draft(ctx, person, shape, kind)
    stamp = hashlib.sha256(f"{digest} {kind} {start}".encode()).hexdigest()[:10]
    button, above, rows = st.container(), st.container(), st.container()
    mapping: AnyMapping | None = None
    look: Preview | None = None
    with rows, refusals(ctx):
        given = _mapping(ctx, person, shape, kind, draft, stamp)
        import_check.require_whole(ctx.t, kind, given)
        mapping = mapping_from(given)
    if mapping is None:
        return
    with above, refusals(ctx) as looked:
        st.header(ctx.t("How the first rows would be read"))
        look = import_look.show(ctx, person, shape, mapping)
    profile = start if start and not start.startswith(FORM) else ""
    unchanged = bool(profile) and mapping_as_json(mapping) == draft
    if looked.ok and look is not None:
        with button:
            go = st.button(
                ctx.t("Import the whole file"),
                type="primary" if look.parsed.accepted else "secondary",
                icon=":material/upload:",
                key="import_go",
            )
            if go:
                import_running.begin(ctx, person, path, mapping, profile=profile if unchanged else None)
    _keep(ctx, person, mapping, profile)


def _draft(ctx: Context, person: Person, shape: FileShape, kind: ImportKind) -> tuple[str, dict[str, Any]]:
    """Where the choices start: a kept mapping, a ready-made profile, or what the file is recognised by."""
    t = ctx.t
    kept = {profile.name: profile for profile in list_profiles(ctx.session, kind)}
    forms = {FORM + form.name: t(form.title) for form in ready_made()} if kind is ImportKind.FEEDBACK else {}
    start = ""
    if kept or forms:
        first = t.say("recognised: {form}", form=t(recognised(shape).title)) if forms else t("what the headers suggest")
        start = st.selectbox(
            t("Start from"),
            ["", *kept, *forms],
            format_func=lambda value: forms.get(value, value) or first,
            key=f"import_profile_{kind}",
        )
    if start in kept:
        return start, mapping_as_json(mapping_of(kept[start]))
    try:
        draft = draft_mapping(shape, kind.value, form=named(start.removeprefix(FORM)))
    except RefusedFile as error:
        st.warning(told_plainly(t, error))
        draft = {"kind": kind.value}
    if "unit" not in draft and (only := _only_unit(ctx, person)):
        draft["unit"] = {"constant": only}
    return start, draft


def _only_unit(ctx: Context, person: Person) -> str | None:
    """The unit of someone who imports for one only."""
    within = reach(ctx.session, person)
    units = [unit.code for unit in pilot_units(ctx.session) if within is None or unit.id in within]
    return units[0] if len(units) == 1 else None


def _mapping(
    ctx: Context, person: Person, shape: FileShape, kind: ImportKind, draft: Mapping[str, Any], stamp: str
) -> dict[str, Any]:
    """The choices on the page, as a mapping's JSON."""
    st.header(ctx.t("Which column is what"))
    other = "tally" not in draft and import_shape.is_other(ctx, kind, draft, stamp)
    without = ("metric", "n", "mean", "sd", "count", "value", "group") if other else ()
    hidden = without if kind is ImportKind.MEASUREMENTS else ()
    chosen = import_fields.fields(ctx, person, shape, kind, draft, stamp, without=hidden)
    given = {"kind": kind.value, **chosen, **import_words.meanings(ctx, person, shape, chosen, stamp)}
    if kind is ImportKind.MEASUREMENTS:
        return given | (import_shape.metrics(ctx, shape, draft, stamp) if other else {})
    if other:
        return given | import_shape.questions(ctx, shape, draft, stamp)
    if "tally" in draft:
        return given | import_answers.tally(ctx, shape, draft, stamp)
    words = import_answers.words(ctx, shape, draft, stamp)
    scores = import_answers.scores(ctx, shape.names, draft, stamp, name=ctx.t("Columns with a score"))
    return given | words | scores


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
