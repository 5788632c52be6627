"""GET /frame.js: the frame's part in the browser: the words that Streamlit has in English only, unsaved drafts,
and the meeting's clock."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from api.browser_words import PATTERNS, WORDS
from services.i18n import LANGUAGE_NAMES, N_, translator

NAME = "frame.js"
SOURCE = Path(__file__).with_name(NAME)
DRAFTS = Path(__file__).with_name("drafts.js")
CLOCK = Path(__file__).with_name("clock.js")
A_YEAR = "public, max-age=31536000, immutable"
SAID: dict[str, str] = {
    "lost": N_("The connection was lost. We are trying again."),
    "lost_kept": N_("The connection was lost. What you wrote is kept; we are trying again."),
    "back": N_("The connection is back."),
    "slow": N_("The connection is slow: not saved yet. What you wrote is kept."),
}
"""What the browser says about the connection."""


@dataclass(frozen=True)
class Script:
    """The script as it is sent.

    Attributes:
        text: JavaScript.
        digest: Changes with the text, so that browsers may keep it for long.
    """

    text: str
    digest: str


@lru_cache(maxsize=1)
def script() -> Script:
    """The script with every language's words in it."""
    words = {language: _words(language) for language in LANGUAGE_NAMES if language != "en"}
    said = {language: {name: translator(language)(text) for name, text in SAID.items()} for language in LANGUAGE_NAMES}
    text = "\n".join(
        (_filled(SOURCE, "WORDS", words), _filled(DRAFTS, "SAID", said), CLOCK.read_text(encoding="utf-8"))
    )
    return Script(text=text, digest=hashlib.sha256(text.encode()).hexdigest()[:16])


def _filled(source: Path, name: str, values: object) -> str:
    """A script with its constant filled in."""
    return source.read_text(encoding="utf-8").replace(f"/*{name}*/ {{}}", json.dumps(values, ensure_ascii=False), 1)


def _words(language: str) -> dict[str, object]:
    """Whole texts, and texts with something in them: a regular expression and what replaces it, numbered."""
    t = translator(language)
    return {
        "texts": {text: t(text) for text in WORDS},
        "patterns": [[_expression(text), _replacement(text, t(text))] for text in PATTERNS],
    }


def _expression(text: str) -> str:
    parts = re.split(r"\{\w+\}", text)
    return "^" + "(.+)".join(re.escape(part) for part in parts) + "$"


def _replacement(text: str, translated: str) -> str:
    names = re.findall(r"\{(\w+)\}", text)
    return re.sub(r"\{(\w+)\}", lambda found: f"${names.index(found[1]) + 1}", translated)


async def frame_js(request: Request) -> Response:
    """The script; kept by browsers, whose document names it by its digest."""
    return Response(script().text, media_type="text/javascript", headers={"Cache-Control": A_YEAR})
