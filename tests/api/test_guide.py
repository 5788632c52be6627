"""docs/api.md promises what the interface does."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from api.rest_models import MOST_ROWS
from api.rest_problems import TITLES
from models.interface import KeyScope
from services import interface_feed, settings
from services.webhooks_sending import WAITS, signature
from tests.api.interface import READ, WRITE

GUIDE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_guides_check_of_a_signature_takes_ours_and_no_other() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(code, "docs/api.md", "exec"), names)
    genuine = names["is_genuine"]
    at, body = int(time.time()), '{"id": "ä"}'.encode()
    assert genuine("secret", signature("secret", body, at=at), body)
    assert not genuine("another", signature("secret", body, at=at), body)
    assert not genuine("secret", signature("secret", body, at=at), body + b" ")
    assert not genuine("secret", signature("secret", body, at=at - 301), body)


def test_the_guide_names_every_scope_with_its_addresses() -> None:
    opened = dict(re.findall(r"^\| `([a-z:]+)` \| (.+) \|$", GUIDE, re.MULTILINE))
    expected: dict[str, list[str]] = {scope.value: [] for scope in KeyScope}
    for method, paths in (("GET", READ), ("POST", WRITE)):
        for path, scope in paths.items():
            expected[scope].append(f"`{method} /{path}`")
    assert {scope: told.split(", ") for scope, told in opened.items()} == expected


def test_the_guide_has_every_status_limit_and_wait() -> None:
    table = GUIDE.partition("## When something is refused")[2].partition("**How many")[0]
    told = {int(number) for cell in re.findall(r"^\| ([\d, ]+) \|", table, re.MULTILINE) for number in cell.split(", ")}
    assert told == set(TITLES)
    allowed = settings.interface()
    for name, value in (
        ("LUOTSI_API_RATE", allowed.rate),
        ("LUOTSI_API_RATE_ANONYMOUS", allowed.anonymous_rate),
        ("LUOTSI_API_MAX_BODY_MB", allowed.max_body_mb),
    ):
        assert f"`{name}` ({value})" in GUIDE
    assert f"At most {MOST_ROWS:,} rows" in GUIDE
    assert f"1 to {interface_feed.MOST}, {interface_feed.USUAL} when left out" in GUIDE
    minutes = [wait.total_seconds() / 60 for wait in WAITS]
    assert minutes == [1, 5, 30, *(60 * hours for hours in (2, 6, 12, 24, 24))]
    assert "after 1, 5 and 30 minutes, 2, 6, 12, 24\nand 24 hours" in GUIDE
