"""A mail server and a web server of a few lines, for tests of what is sent."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast


@dataclass
class Mailbox:
    """What a mail server took.

    Attributes:
        url: Its address.
        letters: The messages.
        refuses: Whether it takes none.
    """

    url: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    refuses: bool = False


@dataclass
class Posted:
    """What a web server was posted: its address, the bodies, and the status it answers with."""

    url: str = ""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    status: int = 204


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that knows no encryption and takes letters into a list."""
    box = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline().decode().strip():
                word = line.upper()
                if word.startswith("EHLO"):
                    self.say("250 here")
                elif word.startswith("RCPT") and box.refuses:
                    self.say("550 no such person: maija.virtanen@example.fi")
                elif word.startswith("DATA"):
                    self.say("354 go on")
                    self.take()
                    self.say("250 taken")
                elif word.startswith("QUIT"):
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def take(self) -> None:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            box.letters.append(cast(EmailMessage, message))

        def say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)) as port:
        box.url = f"smtp+plain://127.0.0.1:{port}"
        yield box


@contextmanager
def web_server() -> Iterator[Posted]:
    """A server that keeps the JSON it is posted."""
    posted = Posted()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(posted.status)
            if posted.status == 302:
                self.send_header("Location", posted.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with _serving(HTTPServer(("127.0.0.1", 0), Answer)) as port:
        posted.url = f"http://127.0.0.1:{port}/reminders"
        yield posted


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
