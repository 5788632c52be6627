"""GET /api/v1/public/stories and /public/feed.json: approved stories for other systems and readers. No sign-in.

A county's own web pages may fetch them from anywhere: nothing here is secret, and nothing here depends on who asks.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.reader import language_of
from services import public_feed, public_words, settings
from services.errors import BadInput
from services.i18n import N_, Translator, translator
from services.public_feed import FeedPage, FeedQuery
from services.record import database
from services.stories import PublicStory, public_stories

STORIES = "/api/v1/public/stories"
FEED = "/public/feed.json"
NEWEST = 50
"""How many stories a feed reader gets."""
OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
KEPT = {"Cache-Control": "public, max-age=300"}
TITLE = N_("You said, we tried")


async def stories(request: Request) -> Response:
    """A page of stories, the one that changed longest ago first."""
    return await run_in_threadpool(_stories, request)


async def feed(request: Request) -> Response:
    """The newest stories as JSON Feed 1.1, in the reader's language."""
    return await run_in_threadpool(_feed, request)


def address_of(code: str) -> str:
    """Where a story is read."""
    return f"{settings.load().base_url}/public?{urlencode({'story': code})}"


def _stories(request: Request) -> Response:
    try:
        names = [name for name, _ in request.query_params.multi_items()]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise BadInput("{name} is given more than once.", name=twice)
        asked = public_feed.query(request.query_params)
        with database().reading() as session:
            found = public_feed.page(session, asked)
    except BadInput as error:
        return _answer(request, {"error": str(error)}, status=422)
    return _answer(request, _page(found, asked))


def _page(found: FeedPage, asked: FeedQuery) -> dict[str, Any]:
    following = None
    if found.next is not None:
        given = {
            "updated_since": asked.updated_since.isoformat() if asked.updated_since else None,
            "limit": asked.limit,
            "unit": asked.unit,
            "theme": asked.theme,
            "next": found.next,
        }
        following = f"{STORIES}?" + urlencode({name: value for name, value in given.items() if value is not None})
    return {
        "stories": [_story(story) for story in found.stories],
        "next": found.next,
        "next_url": following,
        "public_codes": list(found.public_codes),
    }


def _story(told: PublicStory) -> dict[str, Any]:
    story = told.story
    return {
        "code": told.pilot.code,
        "title": _texts(told.pilot.title),
        "unit": {"code": told.unit.code, "name": _texts(told.unit.name)},
        "theme": {"code": told.theme.code, "name": _texts(told.theme.name)},
        "you_said": _texts(story.you_said),
        "we_tried": _texts(story.we_tried),
        "what_happened": _texts(story.what_happened),
        "what_next": _texts(story.what_next),
        "next_on": story.next_on.isoformat() if story.next_on else None,
        "outcome": told.outcome.value,
        "published_at": story.approved_at.isoformat() if story.approved_at else None,
        "updated_at": told.updated_at.isoformat(),
        "url": address_of(told.pilot.code),
    }


def _texts(text: dict[str, str]) -> dict[str, str]:
    """The languages it is written in."""
    return {language: words for language, words in text.items() if words.strip()}


def _feed(request: Request) -> Response:
    t = translator(language_of(request))
    with database().reading() as session:
        told = public_stories(session)[:NEWEST]
    base = settings.load().base_url
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": t(TITLE),
        "home_page_url": f"{base}/public",
        "feed_url": f"{base}{FEED}?lang={t.language}",
        "language": t.language,
        "items": [_item(t, story) for story in told],
    }
    return _answer(request, body, kind="application/feed+json", vary="Accept-Language, Cookie")


def _item(t: Translator, told: PublicStory) -> dict[str, Any]:
    story = told.story
    texts = {name: t.local(getattr(story, part)) for part, name in public_words.PARTS.items()}
    lines = [f"{t(name)}: {text}" for name, text in texts.items() if text]
    return {
        "id": address_of(told.pilot.code),
        "url": address_of(told.pilot.code),
        "title": t.local(told.pilot.title),
        "content_text": "\n\n".join([t(public_words.OUTCOMES[told.outcome]), *lines]),
        "date_published": story.approved_at.isoformat() if story.approved_at else None,
        "date_modified": told.updated_at.isoformat(),
        "tags": [t.local(told.unit.name), t.local(told.theme.name)],
    }


def _answer(
    request: Request, body: dict[str, Any], *, status: int = 200, kind: str = "application/json", vary: str = ""
) -> Response:
    """The body with what lets others keep it and ask whether it has changed."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {**OPEN, **({"Vary": vary} if vary else {})}
    if status != 200:
        return Response(content, status_code=status, media_type=kind, headers={**headers, "Cache-Control": "no-store"})
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers |= {**KEPT, "ETag": etag}
    asked = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in asked or "*" in asked:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=kind, headers=headers)
