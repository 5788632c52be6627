"""An analyst's first page: where the data are, how machines fetch them, how the numbers are made."""

from __future__ import annotations

import streamlit as st

from pages import home_pilots
from pages.context import Context
from services.i18n import N_
from services.pilots import list_pilots

ADDRESSES: tuple[tuple[str, str], ...] = (
    ("healthz", N_("whether the service, its database and its record are well")),
    ("api/v1/public/stories", N_("what customers are told, open to everyone")),
    ("public/feed.json", N_("the same as a feed that feed readers follow")),
)
COMMANDS: tuple[tuple[str, str], ...] = (
    ("python cli.py evaluate DATA --plan PLAN.json", N_("evaluates one pilot from your own file")),
    ("python cli.py evaluate-batch PANEL --plans PLANS --out OUT", N_("evaluates many pilots at once")),
    ("python cli.py evaluate-all", N_("evaluates every pilot of this record as it stands today")),
    ("python cli.py assign-themes FILE --themes THEMES.json --out OUT", N_("gives comments their themes")),
    ("python cli.py redact FILE", N_("takes personal data out of texts, line by line")),
)


def show(ctx: Context) -> None:
    """Data, addresses, commands and methods, then where the pilots stand."""
    t = ctx.t
    st.header(t("Data and methods"))
    with st.container(horizontal=True, vertical_alignment="center"):
        ctx.action(t("Take data out"), "data", icon=":material/database:")
        ctx.link(t("How the numbers are worked out"), "methods", icon=":material/functions:")
        ctx.link(
            t("From feedback to established practice: the whole picture"), "overview", icon=":material/monitoring:"
        )
    st.header(t("Addresses for machines"))
    for path, about in ADDRESSES:
        st.markdown(f"[`{ctx.address(path)}`]({ctx.address(path)})  \n{t(about).capitalize()}.")
    st.header(t("Commands"))
    st.markdown(t("The same calculations run from a terminal. Add --help to any of them."))
    for command, about in COMMANDS:
        st.markdown(f"`{command}`  \n{t(about).capitalize()}.")
    home_pilots.piles(ctx, list_pilots(ctx.session, today=ctx.today))
