"""Which columns hold people's words, and which hold answers on a scale."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from pages.context import Context
from services.errors import BadInput
from services.intake.shape import FileShape
from services.metrics import survey_items

USUAL = {"low": 1.0, "high": 5.0}


def words(ctx: Context, shape: FileShape, draft: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """The columns of free text."""
    given = draft.get("text") or ()
    sources = [given] if isinstance(given, str | Mapping) else list(given)
    proposed = [source if isinstance(source, str) else source.get("column") for source in sources]
    chosen = st.multiselect(
        ctx.t("Columns where people write in their own words"),
        shape.names,
        default=[name for name in proposed if name in shape.names],
        placeholder=ctx.t("none"),
        key=f"map_{stamp}_text",
    )
    return {"text": chosen} if chosen else {}


def scores(ctx: Context, columns: Sequence[str], draft: Mapping[str, Any], stamp: str, *, name: str) -> dict[str, Any]:
    """The columns, or questions, with scores, each with its scale.

    Args:
        ctx: The rerun.
        columns: Those there are.
        draft: The mapping proposed.
        stamp: Changes with the file and the profile.
        name: What the choice is called.

    Raises:
        BadInput: A line of words and values cannot be read.
    """
    t = ctx.t
    proposed = {score["column"]: score for score in draft.get("scores") or ()}
    chosen = st.multiselect(
        name,
        columns,
        default=[column for column in proposed if column in columns],
        placeholder=t("none"),
        key=f"map_{stamp}_scores",
    )
    items = survey_items(ctx.session)
    found = []
    for column in chosen:
        known = proposed.get(column, {"column": column, "item": _item_of(column), **USUAL})
        with st.expander(t.say("Scale of {column}", column=column), key=f"scale_{stamp}_{columns.index(column)}"):
            found.append(_score(ctx, known, items, f"{stamp}_{columns.index(column)}"))
    return {"scores": found} if found else {}


def tally(ctx: Context, shape: FileShape, draft: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """Counts of answers: the columns from the least score up, and the item they are about."""
    t = ctx.t
    given = draft["tally"]
    st.markdown(t("The file holds counts: each becomes as many answers."))
    columns = st.multiselect(
        t("Columns of counts, from the least happy up"),
        shape.names,
        default=[name for name in given["columns"] if name in shape.names],
        placeholder=t("none"),
        key=f"map_{stamp}_tally",
    )
    item = st.selectbox(
        t("Survey item (the code metrics refer to)"),
        list(dict.fromkeys([given["item"], *survey_items(ctx.session)])),
        key=f"map_{stamp}_tally_item",
        accept_new_options=True,
        width=300,
    )
    return {"tally": {**given, "columns": columns, "item": item or given["item"]}}


def _score(ctx: Context, known: Mapping[str, Any], items: Sequence[str], stamp: str) -> dict[str, Any]:
    """One column's question, scale, words for values, and what means "does not concern me"."""
    t = ctx.t
    options = list(dict.fromkeys([known["item"], *items]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        item = st.selectbox(
            t("Survey item (the code metrics refer to)"),
            options,
            key=f"item_{stamp}",
            accept_new_options=True,
            width=300,
        )
        low = st.number_input(t("Lowest"), value=float(known["low"]), key=f"low_{stamp}", width=120, format="%g")
        high = st.number_input(t("Highest"), value=float(known["high"]), key=f"high_{stamp}", width=120, format="%g")
    labels = st.text_area(
        t("Answers in words, one a line: very satisfied = 5"),
        value="\n".join(f"{word} = {value:g}" for word, value in (known.get("labels") or {}).items()),
        key=f"words_{stamp}",
    )
    missing = st.text_input(
        t("Answers that mean “does not concern me”, separated by commas: never counted as a value"),
        value=", ".join(_written(value) for value in known.get("missing") or ()),
        key=f"missing_{stamp}",
    )
    score: dict[str, Any] = {"column": known["column"], "item": item or known["item"], "low": low, "high": high}
    if labels and labels.strip():
        score["labels"] = dict(_label(line) for line in labels.splitlines() if line.strip())
    if missing and missing.strip():
        score["missing"] = [_missing(part.strip()) for part in missing.split(",") if part.strip()]
    if known.get("only_labels") and "labels" in score:
        score["only_labels"] = True
    return score


def _label(line: str) -> tuple[str, float]:
    word, _, value = line.rpartition("=")
    try:
        return word.strip(), float(value.strip().replace(",", "."))
    except ValueError as error:
        raise BadInput("“{line}” is not of the form: very satisfied = 5.", field="labels", line=line.strip()) from error


def _missing(part: str) -> float | str:
    try:
        return float(part)
    except ValueError:
        return part


def _written(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float | int) else value


def _item_of(column: str) -> str:
    """A code for a question that no metric knows yet, from its header."""
    return re.sub(r"\W+", "_", column.casefold()).strip("_")[:40] or "item"
