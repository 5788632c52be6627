"""Where a webhook may go: an address outside, over https; never this machine or an inner network unless allowed."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.errors import BadInput

LONGEST = 1000
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")


class Forbidden(Exception):
    """An address that nothing is sent to."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where to connect.

    Attributes:
        url: The whole address.
        secure: Whether it is https.
        host: The name that its certificate must have.
        port: The port.
        target: Path and query.
    """

    url: str
    secure: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def check_address(url: str, *, private: bool) -> Address:
    """Read an address.

    Args:
        url: The address as written.
        private: Whether this machine and inner networks are allowed.

    Raises:
        BadInput: It is none, carries a password, is not https outside this machine, or is an inner one.

    >>> check_address("https://example.fi/hook?x=1", private=False).target
    '/hook?x=1'
    """
    wrong = BadInput(
        "{url} cannot be told; it must be an address such as https://system.example.fi/luotsi, without a password.",
        field="url",
        url=repr(url[:100]),
    )
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    unfit = not url.isascii() or not url.isprintable() or " " in url or len(url) > LONGEST or "\\" in url
    if unfit or not host or parts.scheme not in ("http", "https") or parts.username is not None or parts.fragment:
        raise wrong
    if parts.scheme == "http" and host not in LOCAL_NAMES:
        raise BadInput("{url} cannot be told: outside this machine it must be https.", field="url", url=url[:100])
    try:
        inner = not is_outside(ipaddress.ip_address(host))
    except ValueError:
        inner = host == "localhost" or host.endswith(".localhost")
    if inner and not private:
        raise BadInput(
            "{url} is on this machine or in an inner network; that needs LUOTSI_WEBHOOK_PRIVATE=on.",
            field="url",
            url=url[:100],
        )
    secure = parts.scheme == "https"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(url=url, secure=secure, host=host, port=port or (443 if secure else 80), target=target)


def is_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the public internet.

    >>> [is_outside(ipaddress.ip_address(one)) for one in ("8.8.8.8", "10.1.2.3", "::ffff:127.0.0.1", "169.254.1.1")]
    [True, False, False, False]
    """
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if inside is not None:
            return is_outside(inside)
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolved(address: Address, *, private: bool) -> str:
    """The number that a name stands for, which is then connected to: nobody can change it in between.

    Args:
        address: The address.
        private: Whether this machine and inner networks are allowed.

    Raises:
        Forbidden: The name stands for an inner address, if only for one of several.
        OSError: The name stands for none.
    """
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not private and not all(is_outside(ipaddress.ip_address(number.partition("%")[0])) for number in numbers):
        raise Forbidden("The name stands for an address of an inner network.")
    return numbers[0]
