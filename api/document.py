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

# Streamlit draws with inline styles; no script stands in a document, none is evaluated or fetched from elsewhere.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "frame-src 'none'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_ANYONE = {"Cross-Origin-Resource-Policy": "cross-origin"}
"""What differs on an answer that other sites may fetch, as the public stories are."""
HTTPS_HEADERS = {"Strict-Transport-Security": "max-age=31536000"}
NO_SCRIPT = N_("Luotsi needs JavaScript. Turn it on in your browser, or ask the service for the same on paper.")


class Document:
    """Pure ASGI middleware: puts the headers on every answer, a refused websocket too; the rest passes untouched."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            answering = _Handshake(send, https=self.https)
            await (self.app(scope, receive, answering) if _is_ours(scope) else _refuse(scope, receive, answering))
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if "text/html" in Headers(scope=scope).get("accept", ""):
            # The document is rewritten below: it must come whole and uncompressed, and never as "not modified".
            dropped = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
            scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k not in dropped]}
        await self.app(scope, receive, _Answer(scope, send, https=self.https))


def secured(message: Message, *, https: bool) -> MutableHeaders:
    """Put the headers on the beginning of an answer; where people come over https, its cookies never go without it."""
    headers = MutableHeaders(raw=message["headers"])
    open_to_all = headers.get("access-control-allow-origin") == "*"
    headers.update(HEADERS | (HTTPS_HEADERS if https else {}) | (FOR_ANYONE if open_to_all else {}))
    if https:
        for at, (name, value) in enumerate(headers.raw):
            if name.lower() == b"set-cookie" and b"; secure" not in value.lower():
                headers.raw[at] = (name, value + b"; Secure")
    return headers


def _is_ours(scope: Scope) -> bool:
    """Whether a websocket comes from one of our own pages, or from no page at all. Streamlit would also take this
    machine's other names, and ask a host on the internet for its address to know them."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    kind = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "websocket.http.response.start", "status": 403, "headers": kind})
    await send({"type": "websocket.http.response.body", "body": b"Only our own pages may connect.\n"})


class _Handshake:
    """Sends a websocket's messages on, its answer to the handshake with our headers."""

    def __init__(self, send: Send, *, https: bool) -> None:
        self.send = send
        self.https = https

    async def __call__(self, message: Message) -> None:
        if message["type"] in ("websocket.accept", "websocket.http.response.start"):
            message = {**message, "headers": list(message.get("headers", ()))}
            secured(message, https=self.https)
        await self.send(message)


class _Answer:
    """Sends one answer on, a document rewritten."""

    def __init__(self, scope: Scope, send: Send, *, https: bool) -> None:
        self.send = send
        self.https = https
        self.language = language_of(HTTPConnection(scope))
        self.start: Message | None = None
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = secured(message, https=self.https)
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
    document = re.sub(
        r"<script>.*?</script>", "", document, flags=re.DOTALL
    )  # it marks the page for one crawler's sake
    silent = f"<noscript><p>{html.escape(t(NO_SCRIPT))}</p></noscript>"
    return re.sub(r"<noscript>.*?</noscript>", lambda _: silent, document, flags=re.DOTALL)
