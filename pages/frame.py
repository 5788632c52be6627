"""Around every page: who is signed in, the menu, the languages, the footer."""

from __future__ import annotations

import gc
import html
import importlib
import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages import address, failures, language, sign_in, sign_in_page, sign_in_return
from pages.context import Context, opened
from pages.plain import plain, told_plainly
from pages.routes import Route, all_routes
from services.errors import ServiceError
from services.labels import label
from services.organisation import all_units
from services.people import holds_demo
from services.permissions import May
from services.sign_in_oidc import Refusal
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
    """Log an unexpected error under a reference number, and show the reader only that; a refusal is told as it is."""
    t = language.chosen()
    if isinstance(error, ServiceError):
        st.error(told_plainly(t, error))
        return True
    return failures.show(t, error)


def draw() -> None:
    """One rerun: the frame, and inside it the page that the address names."""
    failures.nothing_drawn()
    t = language.chosen()
    st.set_page_config(page_title="Luotsi", page_icon=ICON, layout="wide")
    st.logo(ICON, size="large")
    st.html(STYLE)
    routes: dict[str, st.Page] = {}
    who = sign_in.standing()
    with opened(person_id=who.person_id, session_id=who.session_id, t=t, routes=routes) as ctx:
        for route in all_routes():
            routes[route.path] = st.Page(
                _runner(route, ctx, who.refusal),
                title=t(route.title) if ctx.person or not route.default else t("Sign in"),
                icon=f":material/{route.icon}:",
                url_path=route.path,
                default=route.default,
                visibility="visible" if _in_menu(route, ctx) else "hidden",
            )
        page = st.navigation(list(routes.values()), position="top")
        st.set_page_config(page_title=f"{page.title} – Luotsi")
        sign_in_return.go(ctx)
        address.keep(page.url_path)
        with st.container(horizontal_alignment="center"):
            bar = st.container(width=WIDTH, key="bar")
            body = st.container(width=WIDTH, key="body")
            foot = st.container(width=WIDTH, key="foot")
        with bar:
            _bar(ctx)
        with foot:
            _footer(ctx, page.url_path)
            if who.session_id is not None:
                sign_in.watch(who.session_id)
        with body:
            page.run()
    sign_in.leave()


def _runner(route: Route, ctx: Context, refusal: Refusal | None) -> Callable[[], None]:
    def run() -> None:
        failures.page_began()
        if ctx.person is None and not route.public:
            sign_in_page.render(ctx, refusal)
        else:
            if route.required is not None:  # the page asks again itself
                ctx.require(route.required)
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
            with st.popover(plain(ctx.person.name), icon=":material/account_circle:", type="tertiary", key="person"):
                st.markdown(f"**{plain(ctx.person.name)}**  \n{label(ctx.t, ctx.person.role)}")
                unit = next((unit for unit in all_units(ctx.session) if unit.id == ctx.person.unit_id), None)
                st.markdown(ctx.t.local(unit.name) if unit is not None else ctx.t("the whole county"))
                st.button(ctx.t("Sign out"), key="sign_out", on_click=sign_in.sign_out)
        language.switch(ctx.t)


def _footer(ctx: Context, path: str) -> None:
    """Version, whose data this is, and what the browser's side of the frame needs to know."""
    t = ctx.t
    parts = [f"Luotsi {VERSION}"]
    if holds_demo(ctx.session):
        parts.append(t("Invented demo county: every person, answer and number here is made up."))
    person = {"person": str(ctx.person.id)} if ctx.person is not None else {}
    asked = ctx.person is None and path in {route.path for route in all_routes() if not route.public}
    marks = {"language": t.language, **person, **sign_in.marks(), **sign_in_return.marks(ctx, path, asked=asked)}
    attributes = " ".join(f'data-luotsi-{name}="{html.escape(value)}"' for name, value in marks.items())
    st.html(f'<div class="luotsi-foot" {attributes}><hr>{" · ".join(map(html.escape, parts))}</div>')
    with st.container(key="no_print_foot"):
        ctx.link(t("Accessibility statement"), "accessibility", icon=":material/accessibility_new:")
