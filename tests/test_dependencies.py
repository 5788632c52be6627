"""The audit of the packages: what is known fails, and what could not be asked is never told as if all were well."""

from __future__ import annotations

import sys

from tests.dependencies import Audit, ask, read

SOUND = {"name": "sound", "version": "1.0", "vulns": []}
WEAK = {"name": "weak", "version": "2.0", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found on PyPI"}


def printing(text: str, code: int = 0) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({code})"]


def test_a_known_vulnerability_fails_and_says_which() -> None:
    audit = read({"dependencies": [SOUND, WEAK]})
    assert audit.exit_code(required=False) == 1
    assert audit.lines()[0] == "vulnerable: weak 2.0: PYSEC-2026-1, fixed in 2.1"


def test_packages_without_an_answer_are_not_counted_as_sound() -> None:
    """pip-audit itself ends with 0 then."""
    audit = read({"dependencies": [SOUND, UNKNOWN]})
    assert audit.lines()[0].startswith("not audited: ")
    assert (audit.exit_code(required=False), audit.exit_code(required=True)) == (0, 1)


def test_nothing_known_is_said_with_how_many_were_asked_about() -> None:
    audit = read({"dependencies": [SOUND]})
    assert audit.lines() == ["audited: 1 packages, 0 known vulnerabilities"]
    assert audit.exit_code(required=True) == 0


def test_a_registry_that_cannot_be_reached_is_said() -> None:
    command = [sys.executable, "-c", "raise ConnectionError('Failed to resolve')"]
    audit = ask(command)
    assert audit.lines() == ["not audited: the registry cannot be asked (ConnectionError: Failed to resolve)"]
    assert (audit.exit_code(required=False), audit.exit_code(required=True)) == (0, 1)
    assert isinstance(ask(printing("no JSON")), Audit)
    assert ask(printing("[]")).why_not


def test_a_report_is_read_whatever_the_exit_code() -> None:
    report = '{"dependencies": [{"name": "weak", "version": "2.0", "vulns": [{"id": "X", "fix_versions": []}]}]}'
    assert ask(printing(report, code=1)).known == ["weak 2.0: X, fixed in no version"]
