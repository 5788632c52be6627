"""How people sign in, and for how long: the part of the configuration that is about them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

from services.settings import SettingsError, given

OIDC = (
    "LUOTSI_OIDC_METADATA_URL",
    "LUOTSI_OIDC_CLIENT_ID",
    "LUOTSI_OIDC_CLIENT_SECRET",
    "LUOTSI_COOKIE_SECRET",
)
"""What a sign-in service takes: all of it or none."""
COOKIE_SECRET_LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class Oidc:
    """The county's own sign-in service, by OpenID Connect.

    Attributes:
        metadata_url: Where it describes itself, ending in /.well-known/openid-configuration.
        client_id: What it calls this installation.
        client_secret: What this installation proves itself with.
        cookie_secret: What the cookie of those who signed in is signed with; the same on every replica.
        name: What people call it, for the button; "" when the installation names none.
        vouches_for_email: Whether an address counts though the service does not say that it is verified.
    """

    metadata_url: str
    client_id: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)
    name: str
    vouches_for_email: bool


@dataclass(frozen=True, kw_only=True)
class SignInSettings:
    """How people sign in, and for how long.

    Attributes:
        oidc: The county's sign-in service; None when there is none.
        idle: How long somebody stays signed in without doing anything.
        longest: How long somebody stays signed in at most.
    """

    oidc: Oidc | None
    idle: dt.timedelta
    longest: dt.timedelta


def load() -> SignInSettings:
    """Read the environment.

    Raises:
        SettingsError: A variable has a value that is not allowed, or the sign-in service is configured by half.
    """
    return SignInSettings(
        oidc=_oidc(),
        idle=dt.timedelta(minutes=_whole_number("LUOTSI_SESSION_IDLE_MINUTES", default=60, low=5, high=1440)),
        longest=dt.timedelta(hours=_whole_number("LUOTSI_SESSION_HOURS", default=12, low=1, high=72)),
    )


def auth_section(rules: SignInSettings, *, base_url: str) -> dict[str, dict[str, str]] | None:
    """What Streamlit's own sign-in is configured with; None without a sign-in service."""
    if rules.oidc is None:
        return None
    return {
        "auth": {
            "redirect_uri": f"{base_url}/oauth2callback",
            "cookie_secret": rules.oidc.cookie_secret,
            "client_id": rules.oidc.client_id,
            "client_secret": rules.oidc.client_secret,
            "server_metadata_url": rules.oidc.metadata_url,
        }
    }


def _oidc() -> Oidc | None:
    values = {name: given(name) for name in OIDC}
    if not any(values.values()):
        return None
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise SettingsError(
            f"Sign-in is configured by half: {', '.join(missing)} must be set too, or none of the four."
        )
    metadata_url, client_id, client_secret, cookie_secret = values.values()
    if not re.fullmatch(r"https?://[^\s/?#<>\"]+[^\s<>\"]*", metadata_url):
        raise SettingsError(f"{OIDC[0]} == {metadata_url!r}, must be an address that begins with https://.")
    if len(cookie_secret) < COOKIE_SECRET_LENGTH:
        raise SettingsError(f"LUOTSI_COOKIE_SECRET must have at least {COOKIE_SECRET_LENGTH} letters and digits.")
    trusted = given("LUOTSI_OIDC_TRUST_EMAIL") or "off"
    if trusted not in ("on", "off"):
        raise SettingsError(f"LUOTSI_OIDC_TRUST_EMAIL == {trusted!r}, must be on or off.")
    return Oidc(
        metadata_url=metadata_url,
        client_id=client_id,
        client_secret=client_secret,
        cookie_secret=cookie_secret,
        name=given("LUOTSI_OIDC_NAME"),
        vouches_for_email=trusted == "on",
    )


def _whole_number(name: str, *, default: int, low: int, high: int) -> int:
    text = given(name) or str(default)
    if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
        raise SettingsError(f"{name} == {text!r}, must be a whole number from {low} to {high}.")
    return int(text)
