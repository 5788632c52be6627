"""Letters to people who work here: by e-mail, or as JSON to a system of the county that passes them on."""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

import httpx

from models.people import Person
from services.settings import Settings, SettingsError

TIMEOUT = 20.0
PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


class NotSent(Exception):
    """A letter did not go out. One sentence, without anybody's address."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What somebody is sent.

    Attributes:
        to: The person's user name.
        email: Their address; "" when none is known.
        language: The letter's language.
        subject: Its subject.
        text: All of it, as plain text.
        matters: The same in parts, for machines.
    """

    to: str
    email: str
    language: str
    subject: str
    text: str
    matters: Sequence[Mapping[str, str]]


class Channel(Protocol):
    """A way to people."""

    @property
    def name(self) -> str:
        """What it is remembered by."""

    def reaches(self, person: Person) -> bool:
        """Whether it can reach somebody."""

    def send(self, letter: Letter) -> None:
        """Send, or raise NotSent."""


def channels(settings: Settings) -> list[Channel]:
    """The ways that the installation has set up.

    Raises:
        SettingsError: A mail server is named without the address that mail comes from.
    """
    found: list[Channel] = []
    if settings.smtp_url:
        if not settings.mail_from:
            raise SettingsError("LUOTSI_SMTP_URL is set without LUOTSI_MAIL_FROM, the address that mail comes from.")
        found.append(Mail(url=settings.smtp_url, sender=settings.mail_from))
    if settings.reminder_webhook:
        found.append(Posts(url=settings.reminder_webhook))
    return found


@dataclass(frozen=True, kw_only=True)
class Mail:
    """E-mail: smtps:// is encrypted from the start, smtp:// must become so, smtp+plain:// is for this machine's relay.

    Attributes:
        url: The server, with user and password where it asks for them.
        sender: Whom mail comes from.
    """

    url: str
    sender: str
    name: str = "email"

    def reaches(self, person: Person) -> bool:
        """Whether an address is known."""
        return bool(person.email)

    def send(self, letter: Letter) -> None:
        """Hand a letter to the server.

        Raises:
            NotSent: The server cannot be reached, is not encrypted, or refuses.
        """
        message = EmailMessage()
        try:
            message["From"], message["To"], message["Subject"] = self.sender, letter.email, letter.subject
            message["Date"] = formatdate(localtime=True)
            message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2])
            message["Auto-Submitted"] = "auto-generated"
            message["Content-Language"] = letter.language
            message.set_content(letter.text)
            with self._connected() as server:
                server.send_message(message)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(f"The mail server did not take a reminder: {_why(error)}.") from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        secure = ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=secure)
        else:
            server = smtplib.SMTP(host, port, timeout=TIMEOUT)
        try:
            if parts.scheme == "smtp":
                server.starttls(context=secure)
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, kw_only=True)
class Posts:
    """JSON to an address of the county, which passes it on: to a chat, say.

    Attributes:
        url: The address.
    """

    url: str
    name: str = "webhook"

    def reaches(self, person: Person) -> bool:
        """Everybody: the other system knows them by their user name."""
        return True

    def send(self, letter: Letter) -> None:
        """Post a letter.

        Raises:
            NotSent: The address cannot be reached, or answers anything but yes.
        """
        body = json.dumps({"event": "reminder", **asdict(letter)}, ensure_ascii=False).encode()
        try:
            answer = httpx.post(
                self.url,
                content=body,
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT,
                follow_redirects=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotSent(f"The reminders' address cannot be reached: {type(error).__name__}.") from error
        if not answer.is_success:
            raise NotSent(f"The reminders' address answered {answer.status_code}.")


def _why(error: Exception) -> str:
    """The kind of error, and the server's number: its words may hold addresses."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
