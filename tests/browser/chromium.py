"""The browser the tests drive: one that is installed, else Playwright's own, else Debian's when run as root.

`python -m tests.browser.chromium` installs one when the machine has none, and prints where it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowserError(RuntimeError):
    """No browser is installed, and none could be."""


def in_path() -> Path | None:
    """The first Chromium or Chrome in PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return Path(found) if found else None


def of_playwright() -> Path | None:
    """The Chromium that Playwright downloaded earlier."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.exists() else None


def find() -> Path | None:
    """A browser that is installed already, one from PATH first."""
    return in_path() or of_playwright()


def works(browser: Path) -> bool:
    """Whether the browser starts: a downloaded one may miss system libraries."""
    command = [str(browser), *ARGUMENTS, "--dump-dom", "about:blank"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "<html>" in answer.stdout


def ensure() -> Path:
    """A browser that starts, installed first if need be.

    Raises:
        NoBrowserError: When every way failed; the message names each.
    """
    tried: list[str] = []
    browser = in_path()
    if browser and works(browser):
        return browser
    tried.append(f"{browser} does not start" if browser else f"none of {', '.join(NAMES)} is in PATH")

    browser = of_playwright()
    if not browser:
        downloaded = _run([sys.executable, "-m", "playwright", "install", "chromium"])
        browser = of_playwright()
        tried.append("" if browser else f"'playwright install chromium' failed ({downloaded})")
    if browser:
        if works(browser):
            return browser
        if os.geteuid() == 0:
            _run([sys.executable, "-m", "playwright", "install-deps", "chromium"])
            if works(browser):
                return browser
        tried.append(f"{browser} does not start; system libraries may be missing")

    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run(["apt-get", "update", "-qq"])
        installed = _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"])
        browser = in_path()
        if browser and works(browser):
            return browser
        tried.append(f"'apt-get install chromium' did not help ({installed})")
    else:
        tried.append("apt-get was not tried, which takes root on Debian or Ubuntu")
    raise NoBrowserError("The browser tests need Chromium or Chrome: " + "; ".join(filter(None, tried)) + ".")


def _run(command: list[str]) -> str:
    """Run an installer without a keyboard; returns the last line it said."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return (done.stdout.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Browser for the tests: {ensure()}\n")
    except NoBrowserError as error:
        sys.exit(str(error))
