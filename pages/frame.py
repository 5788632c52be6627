"""Around every page: who is signed in, the menu, the languages, the footer."""

from __future__ import annotations

import gc
import html
import importlib
import logging
import secrets
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages import address, language, sign_in
from pages.context import Context, opened
from pages.routes import Route, all_routes
from services.labels import label
from services.organisation import all_units
from services.people import holds_demo
from services.permissions import May
from services.version import VERSION

LOG = logging.getLogger("luotsi")
HERE = Path(__file__).resolve().parent
ICON = HERE / "luotsi.svg"
WIDTH = 1160
STYLE = """<style>
[class*="st-key-action_"] { border: 1.5px solid currentColor; border-radius: 0.375rem; padding: 0.15rem 0.25rem; }
[class*="st-key-action_"] a { font-weight: 600; }
.stPageLink a, .stPageLink a * { white-space: normal; overflow: visible; }
.stMultiSelect * { max-height: none; }
.stButtonGroup button:is([aria-checked="true"], [aria-pressed="true"]) {
  color: inherit !important; font-weight: 600; box-shadow: inset 0 -3px 0 currentColor;
}
.stApp :is(a, button, summary):focus-visible { outline: 2px solid currentColor !important; outline-offset: 1px; }
.luotsi-foot hr { margin: 2rem 0 0.75rem; border: 0; border-top: 1px solid; opacity: 0.35; }
@media (max-width: 480px) { .stApp h1 { font-size: clamp(1.6rem, 8vw, 2.75rem); hyphens: auto; } }
@media print {
  header, .st-key-bar, .luotsi-foot, [class*="st-key-no_print"], .stPageLink { display: none !important; }
}
</style>"""


def load_everything() -> dict[str, str]:
    """Import what any page needs and keep it out of garbage collection: a rerun then costs a tenth of the time.

    Returns:
        Pages that cannot be imported, with the kind of error; health reports them, the others are served.
    """
    faults: dict[str, str] = {}
    for route in all_routes():
        try:
            importlib.import_module(f"pages.{route.module}")
        except Exception as error:
            LOG.exception("pages/%s.py cannot be imported", route.module)
            faults[route.module] = type(error).__name__
    gc.collect()
    gc.freeze()
    return faults


def on_error(error: Exception) -> bool:
    """Log an unexpected error under a reference number, and show the reader only that."""
    reference = secrets.token_hex(4)
    LOG.error("Reference %s", reference, exc_info=error)
    t = language.chosen()
    st.error(
        t.say("Something went wrong, and it is not your fault. Tell support this reference: {code}.", code=reference)
    )
    return True


def draw() -> None:
    """One rerun: the frame, and inside it the page that the address names."""
    t = language.chosen()
    st.set_page_config(page_title="Luotsi", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    st.html(STYLE)
    routes: dict[str, st.Page] = {}
    with opened(person_id=sign_in.person_id(), t=t, routes=routes) as ctx:
        for route in all_routes():
            routes[route.path] = st.Page(
                _runner(route, ctx),
                title=t(route.title) if ctx.person or not route.default else t("Sign in"),
                icon=f":material/{route.icon}:",
                url_path=route.path,
                default=route.default,
                visibility="visible" if _in_menu(route, ctx) else "hidden",
            )
        page = st.navigation(list(routes.values()), position="top")
        st.set_page_config(page_title=f"{page.title} – Luotsi")
        address.keep(page.url_path)
        with st.container(horizontal_alignment="center"):
            bar = st.container(width=WIDTH, key="bar")
            body = st.container(width=WIDTH, key="body")
            foot = st.container(width=WIDTH, key="foot")
        with bar:
            _bar(ctx)
        with foot:
            _footer(ctx)
        with body:
            page.run()


def _runner(route: Route, ctx: Context) -> Callable[[], None]:
    def run() -> None:
        if ctx.person is None and not route.public:
            sign_in.render(ctx)
        else:
            importlib.import_module(f"pages.{route.module}").render(ctx)

    return run


def _in_menu(route: Route, ctx: Context) -> bool:
    if isinstance(route.menu, May):
        return ctx.may(route.menu)
    if route.menu == "readers":
        return ctx.may(May.SEE_PILOTS) and not ctx.may(May.SEE_FEEDBACK)
    return {"everyone": True, "signed_in": True, "nobody": False}[route.menu]


def _bar(ctx: Context) -> None:
    """The person and the languages, at the right."""
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if ctx.person is not None:
            with st.popover(ctx.person.name, icon=":material/account_circle:", type="tertiary", key="person"):
                st.markdown(f"**{ctx.person.name}**  \n{label(ctx.t, ctx.person.role)}")
                unit = next((unit for unit in all_units(ctx.session) if unit.id == ctx.person.unit_id), None)
                st.markdown(ctx.t.local(unit.name) if unit is not None else ctx.t("the whole county"))
                st.button(ctx.t("Sign out"), key="sign_out", on_click=sign_in.sign_out)
        language.switch(ctx.t)


def _footer(ctx: Context) -> None:
    """Version, whose data this is, and what the browser's side of the frame needs to know."""
    t = ctx.t
    parts = [f"Luotsi {VERSION}"]
    if holds_demo(ctx.session):
        parts.append(t("Invented demo county: every person, answer and number here is made up."))
    person = {"person": str(ctx.person.id)} if ctx.person is not None else {}
    marks = {"language": t.language, **person, **sign_in.marks(ctx)}
    attributes = " ".join(f'data-luotsi-{name}="{html.escape(value)}"' for name, value in marks.items())
    st.html(f'<div class="luotsi-foot" {attributes}><hr>{" · ".join(map(html.escape, parts))}</div>')
    with st.container(key="no_print_foot"):
        ctx.link(t("Accessibility statement"), "accessibility", icon=":material/accessibility_new:")
