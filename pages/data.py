"""Data for analysts: files to take away, what their columns mean, addresses, commands and small programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from pages import data_interface, touch
from pages.context import Context
from pages.data_examples import ADDRESSES, COMMANDS, examples
from services import exports
from services.exports import FORMATS, MIME, Format
from services.exports_schema import Kind, Table
from services.exports_taken import take_away
from services.i18n import N_
from services.permissions import May, reach

KINDS: dict[Kind, str] = {
    Kind.TEXT: N_("words or codes"),
    Kind.INTEGER: N_("whole number"),
    Kind.NUMBER: N_("number"),
    Kind.DATE: N_("date"),
    Kind.FLAG: N_("1 or 0"),
}


def render(ctx: Context) -> None:
    """The page."""
    person = ctx.require(May.EXPORT)
    t = ctx.t
    touch.tables()
    st.title(t("Data"))
    st.markdown(
        t(
            "Files to take away, and ways to compute with them. Customers’ words, staff’s reasons and names of people "
            "are in none of them."
        )
    )
    _files(ctx, whole_county=reach(ctx.session, person) is None)
    _addresses(ctx)
    data_interface.render(ctx)
    _commands(ctx)
    _programs(ctx)


def _files(ctx: Context, *, whole_county: bool) -> None:
    t = ctx.t
    st.header(t("Files"), anchor="files")
    if not whole_county:
        st.info(t("The files hold your own units."))
    st.markdown(
        t(
            "Figures of fewer than 10 customers or 5 staff members are left empty, and so are figures from which such "
            "a one could be worked out. The column **suppressed** is then 1."
        )
    )
    how = st.radio(
        t("How is the file written?"),
        list(Format),
        format_func=lambda one: t(FORMATS[one]),
        key="data_format",
        horizontal=True,
    )
    how = how or Format.EXCEL
    with st.container(border=True, key="data_dictionary"):
        st.markdown(f"**{t(exports.DICTIONARY.title)}** · {t(exports.DICTIONARY.about)}")
        st.download_button(
            t("Download the data dictionary"),
            data=exports.dictionary_file(t, how),
            file_name=exports.file_name(exports.DICTIONARY.name, how, ctx.today),
            mime=MIME[how],
            icon=":material/download:",
            on_click="ignore",
            key="data_download_dictionary",
        )
    with st.grid(2, min_column_width=340, key="data_tables"):
        for table in exports.tables():
            _table(ctx, table, how)


def _table(ctx: Context, table: Table, how: Format) -> None:
    t = ctx.t
    with st.container(border=True, key=f"data_{table.name}"):
        st.subheader(t(table.title))
        st.markdown(t(table.about))
        st.download_button(
            t.say("Download {file}", file=exports.file_name(table.name, how, ctx.today)),
            data=_made(ctx.person.id if ctx.person else None, table, how),
            file_name=exports.file_name(table.name, how, ctx.today),
            mime=MIME[how],
            icon=":material/download:",
            on_click="ignore",
            key=f"data_download_{table.name}",
        )
        with st.expander(t("What the columns mean"), key=f"data_columns_{table.name}"):
            st.table(
                [
                    {
                        t("Column"): column.name,
                        t("Type"): t(KINDS[column.kind]) + (f" ({column.unit})" if column.unit else ""),
                        t("Meaning"): t(column.meaning),
                    }
                    for column in table.columns
                ],
                hide_index=True,
                border="horizontal",
            )


def _made(person_id: int | None, table: Table, how: Format) -> Callable[[], bytes]:
    """The file, made when it is asked for; the role is read afresh then."""

    return partial(take_away, table, how, person_id=person_id)


def _addresses(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Addresses for other systems"), anchor="addresses")
    for path, meaning in ADDRESSES:
        st.code(ctx.settings.base_url + path, language=None, wrap_lines=True)
        st.markdown(t(meaning))


def _commands(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Commands"), anchor="commands")
    st.markdown(t("They are given on the machine where the program is. Each explains itself with `--help`."))
    for meaning, command in COMMANDS:
        st.markdown(t(meaning))
        st.code(command, language=None, wrap_lines=True)


def _programs(ctx: Context) -> None:
    t = ctx.t
    st.header(t("Computing in Python"), anchor="python")
    st.markdown(
        t(
            "The statistics of the recommendations can be used alone, without the database. These run as they stand, "
            "in the program’s own folder."
        )
    )
    for example in examples():
        st.markdown(f"**{t(example.title)}**")
        st.code(example.code, language=None, wrap_lines=True)
        st.markdown(t.say("It prints {result}", result=f"`{example.prints}`"))
    ctx.link(t("What the methods do, in plain words"), "methods", icon=":material/functions:")
