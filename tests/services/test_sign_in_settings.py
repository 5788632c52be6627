"""How people sign in: whole, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest

from services import sign_in_settings
from services.settings import SettingsError

WHOLE = {
    "LUOTSI_OIDC_METADATA_URL": "https://id.example.fi/.well-known/openid-configuration",
    "LUOTSI_OIDC_CLIENT_ID": "luotsi",
    "LUOTSI_OIDC_CLIENT_SECRET": "client secret",
    "LUOTSI_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
}


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in WHOLE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_nothing_configured_is_no_service() -> None:
    rules = sign_in_settings.load()
    assert (rules.oidc, rules.idle, rules.longest) == (None, dt.timedelta(hours=1), dt.timedelta(hours=12))
    assert sign_in_settings.auth_section(rules, base_url="https://luotsi.example.fi") is None


def test_a_whole_configuration_is_handed_on(whole: pytest.MonkeyPatch) -> None:
    whole.setenv("LUOTSI_OIDC_NAME", "Rannikkomaa")
    rules = sign_in_settings.load()
    assert rules.oidc is not None
    assert (rules.oidc.name, rules.oidc.vouches_for_email) == ("Rannikkomaa", False)
    assert sign_in_settings.auth_section(rules, base_url="https://luotsi.example.fi") == {
        "auth": {
            "redirect_uri": "https://luotsi.example.fi/oauth2callback",
            "cookie_secret": WHOLE["LUOTSI_COOKIE_SECRET"],
            "client_id": "luotsi",
            "client_secret": "client secret",
            "server_metadata_url": WHOLE["LUOTSI_OIDC_METADATA_URL"],
        }
    }
    assert "client secret" not in repr(rules)
    assert WHOLE["LUOTSI_COOKIE_SECRET"] not in repr(rules)


@pytest.mark.parametrize("missing", WHOLE)
def test_half_a_configuration_names_what_is_missing(whole: pytest.MonkeyPatch, missing: str) -> None:
    whole.setenv(missing, " ")
    with pytest.raises(SettingsError, match=f"by half: {missing} must be set too"):
        sign_in_settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LUOTSI_OIDC_METADATA_URL", "id.example.fi"),
        ("LUOTSI_COOKIE_SECRET", "short"),
        ("LUOTSI_OIDC_TRUST_EMAIL", "yes"),
        ("LUOTSI_SESSION_IDLE_MINUTES", "4"),
        ("LUOTSI_SESSION_IDLE_MINUTES", "an hour"),
        ("LUOTSI_SESSION_HOURS", "73"),
        ("LUOTSI_SESSION_HOURS", "-1"),
    ],
)
def test_a_value_that_is_not_allowed_is_named(whole: pytest.MonkeyPatch, name: str, value: str) -> None:
    whole.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as refused:
        sign_in_settings.load()
    assert name != "LUOTSI_COOKIE_SECRET" or "short" not in str(refused.value)
