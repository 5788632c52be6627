"""Ideas of the staff: propose one in a sentence, say which others you would try, read what came of them."""

from __future__ import annotations

import streamlit as st

from models.ideas import IdeaStatus
from models.people import Person
from pages import ideas_card, ideas_form, just_done
from pages.choices import choice
from pages.context import Context
from pages.plain import told_plainly
from services import idea_list
from services.errors import NotFound
from services.i18n import N_
from services.idea_list import STATUS_NAMES, IdeaRow, Sort
from services.permissions import May
from services.rows import key

A_PAGE = 10
SORTS: dict[Sort, str] = {Sort.NEWEST: N_("the newest first"), Sort.VOTES: N_("the most wanted first")}


def render(ctx: Context) -> None:
    """The page; one idea alone when the address names it."""
    person = ctx.require(May.PROPOSE)
    t = ctx.t
    st.title(t("Ideas"))
    ideas_card.style()
    asked = st.query_params.get("idea", "")
    if asked:
        _one(ctx, person, asked)
        return
    st.markdown(
        t(
            "Say in a sentence what could be tried. Others tell whether they would try it too, "
            "and you hear what came of it."
        )
    )
    just_done.show(ctx, just_done.IDEAS)
    ideas_form.show(ctx, person)
    st.header(t("What has been proposed"))
    everything = idea_list.list_ideas(ctx.session, person=person)
    if not everything and not _asked_for_own(ctx):
        st.info(t("No ideas yet. Yours can be the first: small is fine."))
        return
    _list(ctx, _filtered(ctx, person, everything))


def _one(ctx: Context, person: Person, asked: str) -> None:
    """The idea of the address, with its answer open."""
    t = ctx.t
    just_done.show(ctx, just_done.IDEAS)
    try:
        number = int(asked) if asked.isdecimal() and len(asked) <= 9 else 0
        row = idea_list.idea_row(ctx.session, idea_id=number, person=person)
    except NotFound as error:
        st.error(told_plainly(t, error))
    else:
        st.header(t("One idea"))
        ideas_card.show(ctx, row, answering=True)
    ctx.link(t("All ideas"), "ideas", icon=":material/arrow_back:")


def _asked_for_own(ctx: Context) -> bool:
    return st.query_params.get("idea_status") == IdeaStatus.WITHDRAWN.value


def _filtered(ctx: Context, person: Person, everything: list[IdeaRow]) -> list[IdeaRow]:
    """Search and filters; a choice offers only what some idea has."""
    t = ctx.t
    units = {row.unit.code: row.unit for row in everything}
    themes = {row.theme.code: row.theme for row in everything if row.theme is not None}
    statuses = [status for status in IdeaStatus if status is not IdeaStatus.WITHDRAWN]
    with st.container(horizontal=True, vertical_alignment="bottom", key="no_print_ideas"):
        words = st.text_input(t("Search in ideas"), key="idea_words_sought", type="search", width=280)
        sort = choice(t("Order"), "idea_sort", {value.value: t(name) for value, name in SORTS.items()})
        with st.popover(t("More filters"), icon=":material/tune:", key="idea_filters"):
            names = {code: t.local(units[code].name) for code in sorted(units)}
            unit = choice(t("Unit"), "idea_unit", {"": t("all"), **names}, width="stretch")
            names = {code: t.local(themes[code].name) for code in sorted(themes)}
            theme = choice(t("Theme"), "idea_theme", {"": t("all"), **names}, width="stretch")
            names = {status.value: t(STATUS_NAMES[status]).capitalize() for status in statuses}
            own = {IdeaStatus.WITHDRAWN.value: t("Taken back by me")}
            status = choice(t("Where it stands"), "idea_status", {"": t("all"), **names, **own}, width="stretch")
    return idea_list.list_ideas(
        ctx.session,
        person=person,
        unit_ids=[key(units[unit].id)] if unit else None,
        theme_id=key(themes[theme].id) if theme else None,
        status=IdeaStatus(status) if status else None,
        words=words or "",
        sort=Sort(sort),
    )


def _list(ctx: Context, found: list[IdeaRow]) -> None:
    t = ctx.t
    if not found:
        st.info(t("No idea fits. Clear the search or a filter to see more."))
        return
    st.caption(t.plural("{n} idea found", "{n} ideas found", len(found)))
    pages = -(-len(found) // A_PAGE)
    page = min(int(st.session_state.get("ideas_page") or 1), pages)
    for row in found[(page - 1) * A_PAGE : page * A_PAGE]:
        ideas_card.show(ctx, row)
    if pages > 1:
        st.pagination(pages, key="ideas_page")
