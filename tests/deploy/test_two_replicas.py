"""Two replicas on one PostgreSQL behind the shipped proxy, in a browser: a session keeps to its replica, each sees what
the other wrote, and when one is killed its people go on at the other one without signing in again."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from services.i18n import translator
from tests.browser import survey_files
from tests.browser.driving import DESKTOP, PATIENCE, running_browser, settled, sign_in
from tests.browser.server import App, serving
from tests.browser.test_log_phone import choose, code_of, logged
from tests.databases import DEMO_TODAY, sqlite_url
from tests.deploy.copied import copy_rows
from tests.deploy.proxy import Proxy, asked, proxying
from tests.deploy.roles import command, own_server

pytestmark = [pytest.mark.slow, pytest.mark.browser]
fi = translator("fi")
STREAM = "/_stcore/stream"
NURSE, LEAD, PILOT, UNIT = "u5", "u1", "P17", "SAI3"
NOTE = "Iltavuorossa lista jäi väliin."


@contextmanager
def replicas(folder: Path, port: int, demo: Path) -> Iterator[tuple[App, App]]:
    """The demo county in PostgreSQL, served twice by the role that may only read and write rows."""
    shared = {
        "LUOTSI_TODAY": DEMO_TODAY.isoformat(),
        "LUOTSI_RESPONDENT_SALT": "the same on every replica",
        "LUOTSI_BASE_URL": f"https://localhost:{port}",
        "LUOTSI_DATA_DIR": str(folder),
        "LUOTSI_READ_COMMENTS": "off",
        "STREAMLIT_SERVER_COOKIE_SECRET": "f" * 64,
        "STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost",
    }
    with own_server() as server, ExitStack() as apps:
        command("migrate", database_url=server.url("luotsi_owner"), settings=shared)
        server.give_rights()
        copy_rows(sqlite_url(demo), server.url("postgres"))
        own = []
        for name in ("a", "b"):
            (folder / name).mkdir()
            own.append(apps.enter_context(serving(server.url("luotsi"), folder / name, shared)))
        yield own[0], own[1]


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on."""
    import socket

    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


@contextmanager
def person(browser: Browser, proxy: Proxy, code: str) -> Iterator[Page]:
    """A window of a person who is signed in; the certificate of the test is nobody's."""
    context = browser.new_context(
        base_url=proxy.url,
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        has_touch=True,
        locale="fi-FI",
        timezone_id="Europe/Helsinki",
        reduced_motion="reduce",
        ignore_https_errors=True,
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield sign_in(context.new_page(), code)
    finally:
        context.close()


def replica_of(context: BrowserContext) -> str:
    """The replica that a browser keeps to."""
    return next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "luotsi_replica")


def on_other_replica(browser: Browser, proxy: Proxy, code: str, taken: str) -> ExitStack:
    """A signed-in window whose replica is another than the one named; replicas are drawn by lot."""
    for _ in range(20):
        stack = ExitStack()
        page = stack.enter_context(person(browser, proxy, code))
        if replica_of(page.context) != taken:
            stack.page = page  # type: ignore[attr-defined]
            return stack
        stack.close()
    raise AssertionError("Twenty windows in a row were led to the same replica.")


def test_a_killed_replica_costs_its_people_a_moment(tmp_path: Path, demo_template: Path) -> None:
    port, plain_port = free_ports()
    with (
        replicas(tmp_path, port, demo_template) as (a, b),
        proxying(_folder(tmp_path), a=_at(a), b=_at(b), port=port, plain_port=plain_port) as proxy,
        running_browser() as browser,
        person(browser, proxy, NURSE) as page,
    ):
        first = replica_of(page.context)
        apps = {"a": a, "b": b}
        second = next(name for name in apps if name != first)

        # Everything a window asks for after its first answer comes from one replica.
        streams = proxy.served(STREAM)
        assert set(streams) <= {first, ""}, streams
        assert {cookie["name"] for cookie in page.context.cookies() if not cookie["secure"]} == set()

        with on_other_replica(browser, proxy, LEAD, first) as others:
            lead: Page = others.page  # type: ignore[attr-defined]

            # What the nurse logs at one replica, the lead sees at the other.
            before = len(logged(a, PILOT))
            page.goto(code_of(a, PILOT))
            settled(page)
            choose(page, "happened", 1)
            page.locator(".st-key-log_note textarea").fill(NOTE)
            page.locator(".st-key-log_save button").click()
            expect(page.get_by_text(fi("Thank you! Saved: {week}.").partition("{")[0])).to_be_visible()
            assert len(logged(b, PILOT)) == before + 1

            # A file goes to the session's own replica and comes in.
            lead.goto("/import")
            settled(lead)
            path = survey_files.comments(tmp_path / "palaute.csv", unit=UNIT, last=DEMO_TODAY)
            lead.locator("input[type=file]").first.set_input_files(path)
            lead.locator(".st-key-import_go button").wait_for()
            lead.locator(".st-key-import_go button").first.click()
            expect(lead.get_by_role("status").first).to_contain_text(fi.number(survey_files.COMMENTERS))
            lead.goto("/theme?code=T09")
            settled(lead)
            expect(lead.get_by_text(survey_files.COMMENT).first).to_be_visible()

            # The nurse is writing again when their replica is killed.
            page.goto(code_of(a, PILOT))
            settled(page)
            page.locator(".st-key-log_note textarea").fill(f"{NOTE} Toinen rivi.")
            page.locator(".st-key-log_note textarea").blur()
            settled(page)
            os.kill(apps[first].pid, signal.SIGKILL)
            killed = time.monotonic()
            notice = page.locator("#luotsi-connection")
            expect(notice).to_have_text(re.compile(re.escape(fi("The connection is back."))), use_inner_text=True)
            back = time.monotonic() - killed
            settled(page)
            assert replica_of(page.context) == second
            expect(page.locator(".st-key-log_note textarea")).to_have_value(f"{NOTE} Toinen rivi.")
            choose(page, "happened", 0)
            page.locator(".st-key-log_save button").click()
            expect(page.get_by_text(fi("Thank you! Saved: {week}.").partition("{")[0])).to_be_visible()
            assert [entry.happened for entry in logged(b, PILOT)[before:]] == ["partly", "yes"]
            expect(page.locator(".st-key-person")).to_be_visible()

            # The other replica's people noticed nothing.
            lead.goto("/portfolio")
            settled(lead)
            assert replica_of(lead.context) == second
            assert (
                lead.locator("#luotsi-connection").count() == 0 or not lead.locator("#luotsi-connection").is_visible()
            )

        # A newcomer never meets the dead one.
        for _ in range(6):
            assert asked(f"{proxy.url}/", headers={"Accept": "text/html"}).status == 200
        print(f"\nback at the other replica after {back:.1f} s")  # noqa: T201

        # Both gone: a page that says so, and an answer that a program can read.
        os.kill(apps[second].pid, signal.SIGKILL)
        page_answer = asked(f"{proxy.url}/", headers={"Accept": "text/html"})
        assert page_answer.status == 503
        assert "Mitään tallentamaasi ei ole kadonnut" in page_answer.body.decode()
        api_answer = asked(f"{proxy.url}/api/v1/public/stories")
        assert api_answer.status == 503
        assert api_answer.header("content-type") == "application/problem+json"
        assert api_answer.header("retry-after") == "30"


def _at(app: App) -> str:
    return app.url.removeprefix("http://")


def _folder(tmp_path: Path) -> Path:
    folder = tmp_path / "proxy"
    folder.mkdir()
    return folder
