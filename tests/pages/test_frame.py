"""The frame around the pages: sign-in in place, the menu by role, languages, errors."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.people import Person
from pages.context import opened
from pages.routes import all_routes
from pages.sign_in import SESSION
from services import demo_sign_in, sessions, sign_in_settings
from services.errors import NotAllowed
from services.i18n import translator
from services.rows import key
from tests.pages.pilot_pages import changing, errors, person, widget, words

APP = Path(__file__).parents[2] / "app.py"
DEMO = "Keksitty esimerkkialue"


def frame(**state: object) -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in state.items():
        page.session_state[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def signed_in(code: str) -> dict[str, int]:
    """The state of somebody's tab: a session on the server."""
    with changing() as session:
        picked = demo_sign_in.pick(
            session, sign_in_settings.load(), person_id=key(person(code).id), now=datetime.now(UTC)
        )
    return {SESSION: picked.session_id}


def html(page: AppTest) -> str:
    return "\n".join(element.proto.body for element in page.get("html"))


def test_strangers_pick_a_person_in_place_and_read_the_page(demo_installation: str) -> None:
    page = frame()
    assert page.title[0].value == "Kirjaudu Luotsiin"
    assert "keksityllä hyvinvointialueella" in page.warning[0].value
    assert DEMO in html(page)
    people = {button.key for button in page.button}
    assert "sign_in_u1" in people
    assert "sign_in_u11" not in people, "a machine does not sign in here"
    widget(page, "button", "sign_in_u1").click().run()
    assert page.title[0].value == "Vuodeosasto 4B"
    assert "data-luotsi-ticket=" in html(page), "the browser is told to keep it"
    widget(page, "button", "sign_out").click().run()
    assert page.title[0].value == "Kirjaudu Luotsiin"
    assert 'data-luotsi-ticket="out"' in html(page)


def test_a_real_county_offers_nobody_to_pick(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    page = frame()
    assert page.button == [] or not [b for b in page.button if str(b.key).startswith("sign_in_")]
    assert "Kirjautumista ei ole vielä otettu käyttöön" in page.info[0].value
    assert DEMO not in html(page)


def test_a_role_counts_from_the_next_run_on(demo_installation: str) -> None:
    page = frame(**signed_in("u1"))
    assert page.title[0].value == "Vuodeosasto 4B"
    with changing() as session:
        row = session.exec(select(Person).where(Person.code == "u1")).one()
        row.active = False
        session.add(row)
        session.commit()
    page.run()
    assert page.title[0].value == "Kirjaudu Luotsiin"


def test_a_session_that_ended_elsewhere_is_over_here_and_writes_nothing(demo_installation: str) -> None:
    state = signed_in("u1")
    page = frame(**state)
    with changing() as session:
        sessions.sign_out(session, state[SESSION], now=datetime.now(UTC))
    one = person("u1")
    with (
        opened(person_id=one.id, t=translator("fi"), session_id=state[SESSION]) as ctx,
        pytest.raises(NotAllowed, match="has ended"),
        ctx.writing(),
    ):
        pytest.fail("a page that lay open may not write any more")
    page.run()
    assert page.title[0].value == "Kirjaudu Luotsiin"
    assert "Istuntosi on päättynyt" in page.info[0].value
    widget(page, "button", "sign_in_u1").click().run()
    assert page.title[0].value == "Vuodeosasto 4B"
    assert not page.info or "Istuntosi" not in page.info[0].value


def test_a_county_with_a_service_of_its_own_picks_nobody(
    demo_installation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = signed_in("u1")
    for name, value in {
        "LUOTSI_OIDC_METADATA_URL": "https://id.example.fi/.well-known/openid-configuration",
        "LUOTSI_OIDC_CLIENT_ID": "luotsi",
        "LUOTSI_OIDC_CLIENT_SECRET": "x",
        "LUOTSI_COOKIE_SECRET": "c" * 32,
    }.items():
        monkeypatch.setenv(name, value)
    page = frame(**state)
    assert page.title[0].value == "Kirjaudu Luotsiin", "a session of the demonstration counts no more"
    assert [button.key for button in page.button] == ["sign_in_service"]
    assert 'data-luotsi-next="/"' in html(page)


def test_the_language_is_switched_and_asked_for(demo_installation: str) -> None:
    page = frame()
    assert widget(page, "segmented_control", "language_switch").value == "fi"
    widget(page, "segmented_control", "language_switch").set_value("sv").run()
    assert page.title[0].value == "Logga in i Luotsi"
    assert 'data-luotsi-language="sv"' in html(page)
    asked = AppTest.from_file(str(APP), default_timeout=60)
    asked.query_params["lang"] = "en"
    asked.run()
    assert asked.title[0].value == "Sign in to Luotsi"
    widget(asked, "segmented_control", "language_switch").set_value("fi").run()
    assert asked.title[0].value == "Kirjaudu Luotsiin", "the switch wins over the address"


def test_the_browsers_language_comes_after_the_choice(demo_installation: str) -> None:
    page = AppTest.from_file(str(APP), default_timeout=60)
    page.context = {"locale": "sv-FI"}
    page.run()
    assert page.title[0].value == "Logga in i Luotsi"
    other = AppTest.from_file(str(APP), default_timeout=60)
    other.context = {"locale": "de-DE"}
    other.run()
    assert other.title[0].value == "Kirjaudu Luotsiin"


def test_every_route_has_its_own_address_and_a_file(demo_installation: str) -> None:
    routes = all_routes()
    assert len({route.path for route in routes}) == len(routes)
    for route in routes:
        assert (APP.parent / "pages" / f"{route.module}.py").exists(), route.module
    assert [route.path for route in routes if route.public] == ["public", "accessibility"]


def test_a_refusal_that_no_page_caught_is_told_as_it_is() -> None:
    def script() -> None:
        from pages import frame
        from services.errors import NotAllowed

        assert frame.on_error(NotAllowed("Your session has ended. Sign in again."))

    assert errors(AppTest.from_function(script).run()) == ["Istuntosi on päättynyt. Kirjaudu uudelleen."]


def test_an_unexpected_error_gives_a_reference_and_no_details(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def script() -> None:
        from pages import frame

        assert frame.on_error(ValueError("the secret detail"))

    page = AppTest.from_function(script).run()
    [said] = errors(page)
    reference = said.rstrip(".").rpartition(" ")[2]
    assert len(reference) == 8
    assert "secret" not in words(page)
    assert reference in caplog.text
    assert "the secret detail" in caplog.text
