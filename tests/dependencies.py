"""Asks which installed packages have known vulnerabilities: `python -m tests.dependencies`, part of `make check`.

The answer comes from the package registry, so there are three outcomes, each said in a line: nothing is known,
something is known (exit code 1), or it could not be asked. The last is never told as if it were the first; with
`--required` it fails too.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COMMAND = (sys.executable, "-m", "pip_audit", "--local", "--format=json", "--progress-spinner=off", "--timeout=10")
SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What was found out.

    Attributes:
        known: A line for each known vulnerability.
        audited: How many packages were asked about and answered for.
        unanswered: Packages that the registry did not answer for.
        why_not: Why nothing could be asked; "" when it could.
    """

    known: Sequence[str] = ()
    audited: int = 0
    unanswered: Sequence[str] = field(default=())
    why_not: str = ""

    def lines(self) -> list[str]:
        """What is told."""
        if self.why_not:
            return [f"not audited: {self.why_not}"]
        told = [f"vulnerable: {line}" for line in self.known]
        if self.unanswered:
            some = ", ".join(self.unanswered[:5]) + (" ..." if len(self.unanswered) > 5 else "")
            told.append(f"not audited: the registry does not answer for {len(self.unanswered)} packages: {some}")
        if self.audited:
            told.append(f"audited: {self.audited} packages, {len(self.known)} known vulnerabilities")
        return told

    def exit_code(self, *, required: bool) -> int:
        """1 for a known vulnerability, and when the audit is required for one that is not complete."""
        return int(bool(self.known) or (required and bool(self.why_not or self.unanswered)))


def read(report: Mapping[str, Any]) -> Audit:
    """What pip-audit's report says.

    >>> read({"dependencies": [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "?"}]}).lines()
    ['not audited: the registry does not answer for 1 packages: b', 'audited: 1 packages, 0 known vulnerabilities']
    """
    found = report["dependencies"]
    answered = [package for package in found if "skip_reason" not in package]
    known = [
        f"{package['name']} {package['version']}: {one['id']}, "
        f"fixed in {', '.join(one['fix_versions']) or 'no version'}"
        for package in answered
        for one in package["vulns"]
    ]
    unanswered = sorted(package["name"] for package in found if "skip_reason" in package)
    return Audit(known=known, audited=len(answered), unanswered=unanswered)


def ask(command: Sequence[str] = COMMAND) -> Audit:
    """Ask the registry about every package that is installed here."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Audit(why_not=f"the registry did not answer in {SECONDS} s")
    try:
        return read(json.loads(done.stdout))
    except (json.JSONDecodeError, KeyError, TypeError):
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return Audit(why_not=f"the registry cannot be asked ({last[:200]})")


if __name__ == "__main__":
    audit = ask()
    sys.stdout.write("\n".join(audit.lines()) + "\n")
    sys.exit(audit.exit_code(required="--required" in sys.argv[1:]))
