"""Signing in through a county's own service (OpenID Connect), in a real browser: who comes in, where they land, for how
long they stay."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from models.audit import AuditEntry
from models.database import make_write_engine
from models.people import Person
from models.sessions import SignInSession
from services import people_changes
from services.i18n import translator
from services.rows import key
from tests.browser.conftest import SETTINGS
from tests.browser.driving import DESKTOP, PHONE, axe, settled, window
from tests.browser.server import App, serving
from tests.databases import sqlite_url

fi = translator("fi")
NURSE, ADMIN = "u4", "u12"
ADDRESSES = {NURSE: "nurse@example.fi", ADMIN: "admin@example.fi"}
SIGN_IN = ".st-key-sign_in_service button"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A sign-in service on this machine; its address."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def served(demo_template: Path, tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[App]:
    """The app as a county sets it up, with two people who have an address."""
    folder = tmp_path_factory.mktemp("served")
    database = folder / "served.db"
    shutil.copyfile(demo_template, database)
    url = sqlite_url(database)
    with record(url) as session:
        for code, email in ADDRESSES.items():
            person = session.exec(select(Person).where(Person.code == code)).one()
            person.email = email
            session.add(person)
        session.commit()
    for email in (*ADDRESSES.values(), "stranger@example.fi"):
        claims = {"email": email, "email_verified": True, "name": "As the service says", "role": "admin"}
        request = urllib.request.Request(
            f"{provider}/users/{email}",
            data=json.dumps(claims).encode(),
            method="PUT",
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 204
    own = {
        "LUOTSI_OIDC_METADATA_URL": f"{provider}/.well-known/openid-configuration",
        "LUOTSI_OIDC_CLIENT_ID": "luotsi",
        "LUOTSI_OIDC_CLIENT_SECRET": "secret of the test",
        "LUOTSI_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
        "LUOTSI_OIDC_NAME": "Rannikkomaa",
    }
    with serving(url, folder, SETTINGS | own) as app:
        yield app


@contextmanager
def record(url: str) -> Iterator[Session]:
    engine = make_write_engine(url)
    try:
        with Session(engine, expire_on_commit=False) as session:
            yield session
    finally:
        engine.dispose()


@pytest.fixture
def opened(browser: Browser, served: App) -> Iterator[Callable[..., Page]]:
    """Opens windows on the app at the address it is configured for."""
    url = served.url.replace("127.0.0.1", "localhost")
    windows = []

    def one(size: tuple[int, int] = DESKTOP) -> Page:
        made = window(browser, url, size)
        windows.append(made)
        return made.__enter__()

    yield one
    for made in windows:
        made.__exit__(None, None, None)


def goto(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


def come_in(page: Page, email: str) -> None:
    """From the app's button through the service's form and back."""
    page.locator(SIGN_IN).click()
    page.get_by_placeholder("sub").fill(email)
    page.get_by_role("button", name="Authorize", exact=True).click()
    page.wait_for_url("http://localhost:*/**")
    page.locator(".st-key-bar").wait_for()
    settled(page)


def sessions_of(url: str, code: str) -> list[SignInSession]:
    with record(url) as session:
        person = session.exec(select(Person).where(Person.code == code)).one()
        return list(session.exec(select(SignInSession).where(SignInSession.person_id == person.id)).all())


def test_from_a_deep_link_through_the_service_to_the_page_that_was_asked_for(
    opened: Callable[..., Page], served: App
) -> None:
    phone = opened(PHONE)
    goto(phone, "/theme?code=T01")
    expect(phone.locator("h1")).to_have_text(fi("Sign in to Luotsi"))
    expect(phone.locator(SIGN_IN)).to_contain_text("Kirjaudu: Rannikkomaa")
    assert phone.locator("[class*=st-key-sign_in_u]").count() == 0, "nobody is picked where there is a service"
    assert axe(phone) == []
    come_in(phone, ADDRESSES[NURSE])
    expect(phone.locator("h1")).to_have_text("Puhelinpalvelu ja takaisinsoitto")
    assert "/theme?code=T01" in phone.url
    phone.wait_for_function("() => !document.cookie.includes('luotsi_next')")
    phone.locator(".st-key-person button").first.click()
    said = phone.locator("[data-testid=stPopoverBody]")
    expect(said).to_contain_text(fi("staff member"))  # not the service's "admin"
    expect(said).not_to_contain_text("As the service says")
    goto(phone, "/people")
    expect(phone.locator("h1")).to_have_text(fi("No access"))
    assert len(sessions_of(served.database_url, NURSE)) == 1


def test_an_address_that_is_not_known_is_refused_with_a_sentence(opened: Callable[..., Page], served: App) -> None:
    page = opened()
    goto(page, "/portfolio")
    come_in(page, "stranger@example.fi")
    refused = page.locator("[data-testid=stAlert]")
    expect(refused).to_contain_text("Tiliäsi ei tunneta Luotsissa")
    expect(refused).to_contain_text("stranger@example.fi")
    assert axe(page) == []
    goto(page, "/theme?code=T01")
    expect(page.locator("h1")).to_have_text(fi("Sign in to Luotsi"))
    with record(served.database_url) as session:
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "sign_in_refused")).all()
    assert len(told) == 1
    page.locator(".st-key-sign_in_other button").click()
    page.get_by_role("button", name="End session").click()
    expect(page.locator(SIGN_IN)).to_be_visible()


def test_an_hour_without_anything_signs_out_and_the_old_cookie_opens_nothing(
    opened: Callable[..., Page], served: App
) -> None:
    page = opened()
    page.clock.install()
    goto(page, "/")
    come_in(page, ADDRESSES[NURSE])
    page.locator(".st-key-person").wait_for()
    other = page.context.new_page()
    goto(other, "/portfolio")
    expect(other.locator("h1")).to_have_text(fi("Pilots"))
    with record(served.database_url) as session:
        for row in session.exec(select(SignInSession)):
            row.seen_at -= dt.timedelta(hours=1)
            session.add(row)
        session.commit()
    page.clock.fast_forward(61_000)  # nobody touches it
    expect(page.locator("h1")).to_have_text(fi("Sign in to Luotsi"))
    expect(page.get_by_text(fi("Your session has ended. Sign in again."))).to_be_visible()
    goto(other, "/portfolio")
    expect(other.locator("h1")).to_have_text(fi("Sign in to Luotsi"))
    assert "_streamlit_user" in {cookie["name"] for cookie in page.context.cookies()}, "the old identity is still there"
    come_in(other, ADDRESSES[NURSE])
    expect(other.locator("h1")).to_have_text(fi("Pilots"))


def test_signing_out_ends_it_on_every_tab(opened: Callable[..., Page]) -> None:
    page = opened()
    goto(page, "/")
    come_in(page, ADDRESSES[NURSE])
    page.locator(".st-key-person").wait_for()
    other = page.context.new_page()
    goto(other, "/portfolio")
    expect(other.locator(".st-key-person")).to_be_visible()
    kept = page.context.cookies()
    page.locator(".st-key-person button").first.click()
    page.locator(".st-key-sign_out button").click()
    page.get_by_role("button", name="End session").click()
    expect(page.locator(SIGN_IN)).to_be_visible()
    other.locator(".st-key-language_switch button").nth(1).click()  # any click
    expect(other.locator("h1")).to_have_text(translator("sv")("Sign in to Luotsi"))
    page.context.add_cookies(kept)  # who kept the cookie has nothing
    goto(page, "/portfolio")
    expect(page.locator(SIGN_IN)).to_be_visible()


def test_an_administrator_sees_people_and_units_and_a_closed_account_is_out_at_once(
    opened: Callable[..., Page], served: App
) -> None:
    nurse = opened()
    goto(nurse, "/portfolio")
    come_in(nurse, ADDRESSES[NURSE])
    expect(nurse.locator("h1")).to_have_text(fi("Pilots"))
    admin = opened()
    goto(admin, "/people")
    come_in(admin, ADDRESSES[ADMIN])
    for address in ("/people", f"/people?user={NURSE}", "/units", "/units?unit=SAI3"):
        goto(admin, address)
        expect(admin.locator("h1")).not_to_have_text(fi("No access"))
        assert axe(admin) == [], address
    goto(admin, f"/people?user={NURSE}")
    admin.locator(".st-key-people_close button").click()
    admin.locator(".st-key-people_open button").wait_for()
    nurse.locator(".st-key-language_switch button").nth(1).click()
    expect(nurse.locator("h1")).to_have_text(translator("sv")("Sign in to Luotsi"))
    with record(served.database_url) as session:
        by = session.exec(select(Person).where(Person.code == ADMIN)).one()
        person = session.exec(select(Person).where(Person.code == NURSE)).one()
        people_changes.reactivate(session, person_id=key(person.id), by=by)


def test_at_another_address_one_is_told_where_to_sign_in(browser: Browser, served: App) -> None:
    with window(browser, served.url, DESKTOP) as page:
        goto(page, "/")
        expect(page.get_by_text("localhost:")).to_be_visible()
        assert page.locator(SIGN_IN).count() == 0
