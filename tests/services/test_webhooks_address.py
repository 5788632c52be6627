"""Where a webhook may go: outside, over https, by name."""

from __future__ import annotations

import pytest

from services.errors import BadInput
from services.webhooks_address import check_address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.fi",
        "ftp://example.fi/",
        "http://example.fi/",
        "https://user:password@example.fi/",
        "https://example.fi/#part",
        "https://example.fi\\@10.0.0.1/",
        "https://exa mple.fi/",
        "https://exämple.fi/",
        "https://example.fi:99999/",
        "https://[::1/",
        "https://localhost/",
        "http://localhost:8501/",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[fd00::1]/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://" + "x" * 1000 + ".fi/",
    ],
)
def test_addresses_that_may_not_be_told_are_refused(url: str) -> None:
    with pytest.raises(BadInput):
        check_address(url, private=False)


@pytest.mark.parametrize(
    ("url", "authority", "target"),
    [
        ("https://example.fi", "example.fi", "/"),
        ("https://example.fi:8443/a?b=1", "example.fi:8443", "/a?b=1"),
        ("https://[2a00:1450::1]/a", "[2a00:1450::1]", "/a"),
    ],
)
def test_addresses_outside_may_be_told(url: str, authority: str, target: str) -> None:
    found = check_address(url, private=False)
    assert (found.secure, found.authority, found.target) == (True, authority, target)


@pytest.mark.parametrize("url", ["http://localhost:8501/", "http://127.0.0.1/", "https://10.1.2.3/", "https://[::1]/"])
def test_inner_addresses_may_be_told_where_the_installation_allows_them(url: str) -> None:
    assert check_address(url, private=True).url == url
    with pytest.raises(BadInput):
        check_address("http://10.1.2.3/", private=True)
