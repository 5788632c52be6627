"""Configuration: environment variables, read here and nowhere else. The README lists them."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Europe/Helsinki")
LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR")
_SHORTEST_TOKEN = 16


class SettingsError(ValueError):
    """An environment variable has a value that is not allowed."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What an installation can set.

    Attributes:
        database_url: SQLAlchemy address of the record.
        base_url: Where people reach the service; QR codes and links start with it.
        max_upload_mb: Largest file an import takes.
        data_dir: Folder for rejects files and this installation's secret.
        fixed_today: A day to take for today (for demonstrations and tests), else None.
        respondent_salt: Secret mixed into respondents' hashes.
        reads_comments: Whether the app starts the reading of new comments itself.
        feedback_url: Where customers give feedback; "" when the installation names no such address.
        accessibility_email: Where to write when something cannot be used; "" when the installation names none.
        retention_months: How long comments are kept; None when they are not erased by themselves.
        smtp_url: The mail server that reminders go through, smtps://user:password@host; "" for none.
        mail_from: Whom mail comes from; "" when there is no mail server.
        reminder_webhook: Address that reminders are posted to; "" for none.
        metrics_token: What a monitor on another machine shows to read /metrics; "" when none may.
        pg_bin: Folder of pg_dump and pg_restore; None to look in the usual places.
    """

    database_url: str
    base_url: str
    max_upload_mb: int
    data_dir: Path
    fixed_today: dt.date | None
    respondent_salt: str
    reads_comments: bool
    feedback_url: str
    accessibility_email: str
    retention_months: int | None = None
    smtp_url: str = ""
    mail_from: str = ""
    reminder_webhook: str = ""
    metrics_token: str = ""
    pg_bin: Path | None = None

    def today(self) -> dt.date:
        """The day it is in Finland."""
        return self.fixed_today or dt.datetime.now(ZONE).date()


def load() -> Settings:
    """Read the environment.

    Raises:
        SettingsError: A variable has a value that is not allowed.
    """
    data_dir = Path(os.environ.get("LUOTSI_DATA_DIR") or ROOT / "var")
    return Settings(
        database_url=_database_url(os.environ.get("DATABASE_URL") or f"sqlite:///{data_dir / 'luotsi.db'}"),
        base_url=(os.environ.get("LUOTSI_BASE_URL") or f"http://localhost:{os.environ.get('PORT') or 8501}").rstrip(
            "/"
        ),
        max_upload_mb=_whole_number("LUOTSI_MAX_UPLOAD_MB", default=100, low=1, high=2000),
        data_dir=data_dir,
        fixed_today=_day("LUOTSI_TODAY"),
        respondent_salt=os.environ.get("LUOTSI_RESPONDENT_SALT") or _kept_secret(data_dir / "respondent-salt"),
        reads_comments=_on_or_off("LUOTSI_READ_COMMENTS", default=True),
        feedback_url=_web_address("LUOTSI_FEEDBACK_URL"),
        accessibility_email=_email("LUOTSI_ACCESSIBILITY_EMAIL"),
        retention_months=_whole_number("LUOTSI_RETENTION_MONTHS", default=0, low=1, high=1200) or None,
        smtp_url=_mail_server("LUOTSI_SMTP_URL"),
        mail_from=_email("LUOTSI_MAIL_FROM"),
        reminder_webhook=_web_address("LUOTSI_REMINDER_WEBHOOK"),
        metrics_token=_token("LUOTSI_METRICS_TOKEN"),
        pg_bin=Path(os.environ["LUOTSI_PG_BIN"]) if os.environ.get("LUOTSI_PG_BIN") else None,
    )


@dataclass(frozen=True, kw_only=True)
class LogSettings:
    """How this process writes its log.

    Attributes:
        as_json: A JSON object a line, for machines; else a line for people.
        level: The least serious level that is written: DEBUG, INFO, WARNING or ERROR.
    """

    as_json: bool
    level: str


def logs() -> LogSettings:
    """Read how the log is written; touches no file.

    Raises:
        SettingsError: A variable has a value that is not allowed.
    """
    found = {}
    for name, known in (("LUOTSI_LOG_FORMAT", ("text", "json")), ("LUOTSI_LOG_LEVEL", LEVELS)):
        found[name] = os.environ.get(name) or known[0]
        if found[name] not in known:
            raise SettingsError(f"{name} == {found[name]!r}, must be one of {', '.join(known)}.")
    return LogSettings(as_json=found["LUOTSI_LOG_FORMAT"] == "json", level=found["LUOTSI_LOG_LEVEL"])


@dataclass(frozen=True, kw_only=True)
class InterfaceSettings:
    """What the REST interface and its webhooks allow.

    Attributes:
        rate: Requests a minute that a key may make.
        anonymous_rate: Requests a minute that an address may make without a key that counts.
        proxies: How many proxies of one's own stand in front; each adds an address to X-Forwarded-For.
        max_body_mb: Largest request that brings rows in.
        private_webhooks: Whether webhooks may go to this machine and to addresses of inner networks.
    """

    rate: int
    anonymous_rate: int
    proxies: int
    max_body_mb: int
    private_webhooks: bool


def interface() -> InterfaceSettings:
    """Read what the interface allows.

    Raises:
        SettingsError: A variable has a value that is not allowed.
    """
    return InterfaceSettings(
        rate=_whole_number("LUOTSI_API_RATE", default=600, low=1, high=1_000_000),
        anonymous_rate=_whole_number("LUOTSI_API_RATE_ANONYMOUS", default=60, low=1, high=1_000_000),
        proxies=_whole_number("LUOTSI_PROXIES", default=0, low=0, high=9),
        max_body_mb=_whole_number("LUOTSI_API_MAX_BODY_MB", default=10, low=1, high=200),
        private_webhooks=_on_or_off("LUOTSI_WEBHOOK_PRIVATE", default=False),
    )


def given(name: str) -> str:
    """What a variable says, "" when it is not set: for settings that have a file of their own."""
    return (os.environ.get(name) or "").strip()


def _database_url(url: str) -> str:
    """Name the driver that is installed when the address names only PostgreSQL."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite://", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")  # it may hold a password
    return url


def _whole_number(name: str, *, default: int, low: int, high: int) -> int:
    text = os.environ.get(name)
    if not text:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        raise SettingsError(f"{name} == {text!r}, must be a whole number from {low} to {high}.")
    return int(text)


def _on_or_off(name: str, *, default: bool) -> bool:
    text = os.environ.get(name)
    if not text:
        return default
    if text not in ("on", "off"):
        raise SettingsError(f"{name} == {text!r}, must be on or off.")
    return text == "on"


def _web_address(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and not re.fullmatch(r"https?://[^\s/?#<>\"]+[^\s<>\"]*", text):
        raise SettingsError(f"{name} == {text!r}, must be an address that begins with https://.")
    return text


def _email(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and not re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", text):
        raise SettingsError(f"{name} == {text!r}, must be an e-mail address such as saavutettavuus@example.fi.")
    return text


def _mail_server(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and not re.fullmatch(r"(smtps|smtp|smtp\+plain)://\S+", text):
        raise SettingsError(f"{name} must be an address such as smtps://user:password@mail.example.fi.")  # a password
    return text


def _token(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and (len(text) < _SHORTEST_TOKEN or not re.fullmatch(r"[\w.~+/=-]+", text, flags=re.ASCII)):
        raise SettingsError(f"{name} must be at least {_SHORTEST_TOKEN} letters, digits and signs without spaces.")
    return text


def _day(name: str) -> dt.date | None:
    text = os.environ.get(name)
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"{name} == {text!r}, must be a date such as 2026-11-23.") from error


def _kept_secret(path: Path) -> str:
    """A random secret of this installation, made once and readable by its owner only."""
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return path.read_text(encoding="ascii")
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        return path.read_text(encoding="ascii")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(f"LUOTSI_DATA_DIR == {str(path.parent)!r}, cannot be used: {why}.") from error
