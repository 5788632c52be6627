"""How the rows of a file are made: an answer a row or a question a row, a metric a row or a column a metric."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from models.imports import ImportKind
from pages import import_answers
from pages.context import Context
from services.i18n import N_
from services.intake.distinct import distinct_words, safe_to_show
from services.intake.shape import FileShape
from services.metrics import all_metrics

PLAIN, OTHER = "plain", "other"
SHAPES: dict[ImportKind, dict[str, str]] = {
    ImportKind.FEEDBACK: {PLAIN: N_("an answer a row"), OTHER: N_("a question a row")},
    ImportKind.MEASUREMENTS: {PLAIN: N_("a metric a row"), OTHER: N_("a column a metric")},
}
MOST_QUESTIONS = 60


def is_other(ctx: Context, kind: ImportKind, draft: Mapping[str, Any], stamp: str) -> bool:
    """Whether the file has a question a row, or a column a metric."""
    t = ctx.t
    names = SHAPES[kind]
    chosen = st.segmented_control(
        t("The file has"),
        list(names),
        default=OTHER if "long" in draft or "wide" in draft else PLAIN,
        required=True,
        format_func=lambda code: t(names[code]),
        key=f"shape_{stamp}",
    )
    return chosen == OTHER


def questions(ctx: Context, shape: FileShape, draft: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """A question a row: which columns hold the question and the reply, and what each question is."""
    t = ctx.t
    long = draft.get("long") or {}
    with st.container(horizontal=True):
        question = _column(t("Column with the question"), shape, long.get("question"), f"long_q_{stamp}")
        answer = _column(t("Column with the reply"), shape, long.get("answer"), f"long_a_{stamp}")
    if not question or not answer:
        return {}
    asked = [word for word in distinct_words(shape, question, most=MOST_QUESTIONS) if safe_to_show(word)]
    texts = st.multiselect(
        t("Questions answered in people's own words"),
        asked,
        default=[name for name in long.get("text_questions", ()) if name in asked],
        placeholder=t("none"),
        key=f"long_texts_{stamp}",
    )
    found: dict[str, Any] = {"long": {"question": question, "answer": answer, "text_questions": texts}}
    rest = [name for name in asked if name not in texts]
    return found | import_answers.scores(ctx, rest, draft, f"{stamp}_long", name=t("Questions with a score"))


def metrics(ctx: Context, shape: FileShape, draft: Mapping[str, Any], stamp: str) -> dict[str, Any]:
    """A column a metric: which columns hold values, of which metric, and where the number of cases is."""
    t = ctx.t
    known = {metric.code: t.local(metric.name) for metric in all_metrics(ctx.session)}
    names = {name.casefold(): code for code, name in known.items()} | {code.casefold(): code for code in known}
    proposed = {_of(part): part for part in draft.get("wide", ())} or {
        name: {"metric": names[name.casefold()]} for name in shape.names if name.casefold() in names
    }
    chosen = st.multiselect(
        t("Columns with a metric's values"),
        shape.names,
        default=[name for name in proposed if name in shape.names],
        placeholder=t("none"),
        key=f"wide_{stamp}",
    )
    wide = []
    for column in chosen:
        part = proposed.get(column, {})
        at = shape.names.index(column)
        with st.container(horizontal=True):
            metric = st.selectbox(
                t.say("Metric in {column}", column=column),
                list(known),
                index=list(known).index(part["metric"]) if part.get("metric") in known else None,
                format_func=known.__getitem__,
                placeholder=t("choose"),
                key=f"wide_metric_{stamp}_{at}",
                width=300,
            )
            cases = _column(
                t("How many answers or cases (n)"), shape, _name(part.get("n")), f"wide_n_{stamp}_{at}", none=True
            )
        if metric:
            wide.append({"metric": metric, "value": {"column": column}} | ({"n": {"column": cases}} if cases else {}))
    return {"wide": wide} if wide else {}


def _column(name: str, shape: FileShape, proposed: str | None, key: str, *, none: bool = False) -> str | None:
    index = shape.names.index(proposed) if proposed in shape.names else None
    return st.selectbox(name, list(shape.names), index=index, placeholder="–" if none else "", key=key, width=300)


def _name(source: object) -> str | None:
    if isinstance(source, Mapping):
        source = source.get("column")
    return source if isinstance(source, str) else None


def _of(part: Mapping[str, Any]) -> str:
    return next((name for field in ("value", "mean", "count") if (name := _name(part.get(field)))), "")
