"""Pictures of every page, at 1280 and 390 px, into docs/screenshots: `make screenshots`.

The app shows the demo county as it stands on the tests' day, in Finnish. `python -m tests.browser.screenshots NAME...`
takes only the visits named; `--language sv` reads Swedish.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser
from sqlmodel import Session
from tqdm import tqdm

from models.database import make_write_engine
from models.migrate import upgrade
from services.demo.load import load_demo
from tests.browser.driving import LANGUAGE_TAGS, console_errors, cookies_of, running_browser, settled, window
from tests.browser.routes import VISITS, WIDTHS, Visit
from tests.browser.server import App, serving
from tests.databases import DEMO_TODAY, sqlite_url

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
HEIGHTS = {1280: 900, 390: 844}


def take(browser: Browser, app: App, visit: Visit, *, language: str, folder: Path) -> list[str]:
    """Visit a page at every width and keep a picture of all of it; returns what went wrong, a line each."""
    troubles: list[str] = []
    cookies = cookies_of(browser, app.url, visit.person) if visit.person else ()
    for width in WIDTHS:
        size = (width, HEIGHTS[width])
        with window(browser, app.url, size, language=LANGUAGE_TAGS[language], cookies=cookies) as page:
            errors = console_errors(page)
            page.goto(visit.address)
            settled(page)
            for name in visit.press:
                button = page.locator(f".st-key-{name} button")
                if button.count():
                    button.first.click()
                    settled(page)
                    page.wait_for_timeout(500)
            tall = page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": width, "height": max(HEIGHTS[width], min(int(tall), 6000))})
            settled(page)
            path = folder / visit.picture(width)
            page.screenshot(path=path)
            _smaller(path)
            troubles += [f"{visit.name} at {width} px: {error}" for error in errors]
            if page.locator("[data-testid=stException]").count():
                troubles.append(f"{visit.name} at {width} px shows an error")
    return troubles


def _smaller(path: Path) -> None:
    """Pages have few colours: a palette makes their pictures a third of the size."""
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> int:
    """Take the pictures asked for; 1 when a page showed an error."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description="Pictures of every page.")
    parser.add_argument("name", nargs="*", help=f"of: {', '.join(visit.name for visit in VISITS)}")
    parser.add_argument("--language", choices=sorted(LANGUAGE_TAGS), default="fi")
    parser.add_argument("--to", type=Path, default=FOLDER, help="folder for the pictures")
    asked = parser.parse_args()
    unknown = set(asked.name) - {visit.name for visit in VISITS}
    if unknown:
        parser.error(f"no page {sorted(unknown)[0]!r}")
    visits = [visit for visit in VISITS if not asked.name or visit.name in asked.name]
    asked.to.mkdir(parents=True, exist_ok=True)
    troubles: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = sqlite_url(folder / "demo.db")
        upgrade(url)
        engine = make_write_engine(url)
        with Session(engine) as session:
            load_demo(session, today=DEMO_TODAY)
        engine.dispose()
        with serving(url, folder, {"LUOTSI_TODAY": DEMO_TODAY.isoformat()}) as app, running_browser() as browser:
            for visit in tqdm(visits, desc="pictures", disable=None):
                troubles += take(browser, app, visit, language=asked.language, folder=asked.to)
    for trouble in troubles:
        sys.stderr.write(trouble + "\n")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
