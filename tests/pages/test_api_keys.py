"""The data page's part for other systems: how it is told, and what an administrator makes and closes there."""

from __future__ import annotations

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models.base import now
from models.interface import ApiKey, DeliveryState, KeyScope, Webhook, WebhookDelivery
from services import api_keys, webhooks
from services.record import database
from tests.pages.pilot_pages import errors, opened_page, record, words


def click(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception, page.exception
    return page


def codes(page: AppTest) -> list[str]:
    return [block.value for block in page.code]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fi", "Muille järjestelmille: REST-rajapinta"),
        ("sv", "För andra system: REST-gränssnittet"),
        ("en", "For other systems: the REST interface"),
    ],
)
def test_an_analyst_is_told_how_and_makes_no_key(demo_installation: str, language: str, said: str) -> None:
    page = opened_page("data", "u14", language=language)
    told = words(page)
    assert said in told
    assert all(f"`{scope}`" in told for scope in KeyScope)
    assert any(code.endswith("/api/v1/openapi.json") for code in codes(page))
    assert not [button for button in page.button if button.key == "api_key_save"]


def test_an_administrator_makes_a_key_that_is_shown_this_once(demo_installation: str) -> None:
    page = opened_page("data", "u12")
    page.text_input(key="api_key_system").set_value("kyselypalvelu")
    page.multiselect(key="api_key_scopes").set_value([KeyScope.READ_PILOTS, KeyScope.WRITE_FEEDBACK])
    page.selectbox(key="api_key_unit").set_value("AVO1")
    page.radio(key="api_key_days").set_value(90)
    click(page, "api_key_save")
    (secret,) = [code for code in codes(page) if code.startswith("luotsi_")]
    assert "Kopioi se nyt" in words(page)
    with record() as session:
        found = api_keys.caller(session, secret, moment=now())
        assert found is not None
        assert found.scopes == {KeyScope.READ_PILOTS, KeyScope.WRITE_FEEDBACK}
        row = session.exec(select(ApiKey)).one()
        assert (row.expires_at - row.created_at).days == 90
    page.run()
    assert secret not in codes(page), "nobody sees it again"
    assert "kokeilujen lukeminen, palautteiden lähettäminen" in words(page)
    assert "ei vielä käytetty" in words(page)
    click(page, f"api_key_revoke_{row.prefix}")
    with record() as session:
        assert api_keys.caller(session, secret, moment=now()) is None
    assert f"`{row.prefix}`: suljettu" in words(page)


def test_what_cannot_be_a_key_is_said_at_its_field(demo_installation: str) -> None:
    page = opened_page("data", "u12")
    page.text_input(key="api_key_system").set_value("kaksi sanaa")
    click(page, "api_key_save")
    assert "Valitse, mitä avain avaa" in errors(page)[0]
    page.multiselect(key="api_key_scopes").set_value([KeyScope.READ_PILOTS])
    click(page, "api_key_save")
    assert "ei käy järjestelmän nimeksi" in errors(page)[0]
    with record() as session:
        assert session.exec(select(ApiKey)).all() == []


def test_an_administrator_tells_an_address_and_sees_what_became_of_its_messages(demo_installation: str) -> None:
    page = opened_page("data", "u12")
    page.text_input(key="webhook_url").set_value("http://example.fi/")
    click(page, "webhook_save")
    assert "käytettävä https-osoitetta" in errors(page)[0]
    page.text_input(key="webhook_url").set_value("https://example.fi/hook")
    click(page, "webhook_save")
    assert "salaisuudella" in words(page)
    with database().writing() as session:
        webhook = session.exec(select(Webhook)).one()
        fields = {"webhook_id": webhook.id, "event": webhooks.DECISION_MADE, "body": "{}", "attempts": 9}
        session.add(WebhookDelivery(uid="a" * 36, state=DeliveryState.GIVEN_UP, last_status=500, **fields))
        session.add(WebhookDelivery(uid="b" * 36, **fields))
        session.commit()
    page.run()
    told = words(page)
    assert "1 viesti ei mennyt perille" in told
    assert "9, 500" in told
    assert "seuraava yritys" in told
    click(page, "webhook_again_1")
    with record() as session:
        assert session.get_one(WebhookDelivery, 1).state is DeliveryState.WAITING
    assert "ei mennyt perille" not in words(page)
    click(page, f"webhook_end_{webhook.id}")
    with record() as session:
        assert session.get_one(Webhook, webhook.id).ended_at is not None
        assert {row.state for row in session.exec(select(WebhookDelivery))} == {DeliveryState.GIVEN_UP}
