"""The addresses that customers are pointed to: checked when the service starts, so that no page has a dead link."""

from __future__ import annotations

import pytest

from services import settings


@pytest.mark.parametrize("address", ["https://palaute.example.fi/anna?yksikko=1", "http://localhost:8000"])
def test_an_address_for_feedback(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert settings.load().feedback_url == ""
    monkeypatch.setenv("LUOTSI_FEEDBACK_URL", f" {address} ")
    assert settings.load().feedback_url == address


@pytest.mark.parametrize(
    "address", ["palaute.example.fi", "javascript:alert(1)", "https://", 'https://a.fi/"onclick="']
)
def test_what_is_no_web_address_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("LUOTSI_FEEDBACK_URL", address)
    with pytest.raises(settings.SettingsError, match="LUOTSI_FEEDBACK_URL"):
        settings.load()


def test_an_address_for_accessibility_feedback(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().accessibility_email == ""
    monkeypatch.setenv("LUOTSI_ACCESSIBILITY_EMAIL", "saavutettavuus@example.fi")
    assert settings.load().accessibility_email == "saavutettavuus@example.fi"
    for wrong in ("saavutettavuus", "a@b", "a b@example.fi", "a@example.fi?subject=x"):
        monkeypatch.setenv("LUOTSI_ACCESSIBILITY_EMAIL", wrong)
        with pytest.raises(settings.SettingsError, match="LUOTSI_ACCESSIBILITY_EMAIL"):
            settings.load()
