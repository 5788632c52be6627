"""Every answer: security headers; the screens' document: its language, its title, the frame's script."""

from __future__ import annotations

import html
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import browser
from api.reader import language_of
from services.i18n import N_, translator

# Streamlit draws with inline styles and starts charts from inline scripts; nothing is evaluated or fetched elsewhere.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}
NO_SCRIPT = N_("Luotsi needs JavaScript. Turn it on in your browser, or ask the service for the same on paper.")


class Document:
    """Pure ASGI middleware: websockets and streamed answers pass untouched."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = HEADERS | (HTTPS_HEADERS if https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            # The document is rewritten below: it must come whole and uncompressed, and never as "not modified".
            dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in dropped]}
        await self.app(scope, receive, _Answer(scope, send, self.headers))


class _Answer:
    """Sends one answer on, a document rewritten."""

    def __init__(self, scope: Scope, send: Send, headers: dict[str, str]) -> None:
        self.send = send
        self.security = headers
        self.language = language_of(HTTPConnection(scope))
        self.start: Message | None = None
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers.update(self.security)
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
                self.start = message
                return
        elif self.start is not None and message["type"] == "http.response.body":
            self.parts.append(message.get("body", b""))
            if message.get("more_body", False):
                return
            await self._send_document(self.start, b"".join(self.parts))
            return
        await self.send(message)

    async def _send_document(self, start: Message, body: bytes) -> None:
        written = rewritten(body.decode("utf-8"), self.language).encode()
        headers = MutableHeaders(raw=start["headers"])
        for name in ("etag", "last-modified", "accept-ranges"):
            if name in headers:
                del headers[name]
        if body:  # not a HEAD
            headers["content-length"] = str(len(written))
        headers["cache-control"] = "no-store"
        headers.add_vary_header("Accept-Language, Cookie")
        await self.send(start)
        await self.send({"type": "http.response.body", "body": written if body else b""})


def rewritten(document: str, language: str) -> str:
    """Streamlit's document in a language, under the service's name, with the frame's script.

    Args:
        document: The HTML as Streamlit serves it.
        language: fi, sv or en.
    """
    t = translator(language)
    script = f'<script src="./{browser.NAME}?v={browser.script().digest}" data-language="{language}"></script>'
    document = document.replace('<html lang="en">', f'<html lang="{language}">', 1)
    document = document.replace("<title>Streamlit</title>", f"<title>Luotsi</title>\n    {script}", 1)
    document = re.sub(r"<link rel=\"service-desc\"[^>]*>", "", document)
    silent = f"<noscript><p>{html.escape(t(NO_SCRIPT))}</p></noscript>"
    return re.sub(r"<noscript>.*?</noscript>", lambda _: silent, document, flags=re.DOTALL)
