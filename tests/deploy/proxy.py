"""The shipped nginx.conf, led to processes on this machine instead of containers."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "deploy" / "nginx.conf"
REPLICA_A, REPLICA_B = "172.30.85.11:8501", "172.30.85.12:8501"
NAME = "luotsi.example.fi"


@dataclass(frozen=True)
class Proxy:
    """A running nginx.

    Attributes:
        url: Where people reach it.
        plain_url: Where it answers without TLS.
        log: Its access log.
    """

    url: str
    plain_url: str
    log: Path

    def served(self, path: str) -> list[str]:
        """Which replica answered the requests for an address, in their order; "" where none did."""
        found = [line.split(" ") for line in self.log.read_text(encoding="utf-8").splitlines()]
        return [fields[-2] for fields in found if fields[3] == path]


def nginx() -> str:
    """The program; installed from Debian's packages first when it is missing and this is root. Skips when it cannot."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update -qq", "apt-get install -y -qq --no-install-recommends nginx-light"):
            subprocess.run(command.split(), timeout=300, check=False, env=environment, **quiet)
        found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("nginx is not installed, and apt-get could not install it")
    return found


def led_to(folder: Path, changes: Mapping[str, str]) -> Path:
    """A copy of the shipped file with other addresses and its files in a folder, and a certificate made for it.

    Args:
        folder: An empty folder.
        changes: What stands in the file, and what stands in the copy. Each must stand there.
    """
    text = SHIPPED.read_text(encoding="utf-8")
    (folder / "tmp").mkdir()
    (folder / "tls").mkdir()
    here = {
        " /tmp/": f" {folder / 'tmp'}/",
        "/etc/nginx/tls": str(folder / "tls"),
        "/etc/nginx;": f"{ROOT / 'deploy'};",
        "/dev/stderr": str(folder / "error.log"),
        "/dev/stdout": str(folder / "access.log"),
    }
    for old, new in (here | dict(changes)).items():
        assert old in text, f"deploy/nginx.conf no longer has {old!r}"
        text = text.replace(old, new)
    if os.geteuid() == 0:  # else its workers are www-data, who may not see into a test's folder
        text = f"user root;\n{text}"
    path = folder / "nginx.conf"
    path.write_text(text, encoding="utf-8")
    key, certificate = folder / "tls" / "privkey.pem", folder / "tls" / "fullchain.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    request += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True)
    return path


def read_by_nginx(path: Path) -> str:
    """What `nginx -t` says about a file."""
    said = subprocess.run([nginx(), "-t", "-c", str(path)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    return said.stderr


@contextmanager
def proxying(folder: Path, *, a: str, b: str, port: int, plain_port: int) -> Iterator[Proxy]:
    """nginx in front of two replicas until the block ends.

    Args:
        folder: An empty folder for its files.
        a: Host and port of the first replica.
        b: Host and port of the second.
        port: Where it listens for https.
        plain_port: Where it listens for http.
    """
    dotted = {REPLICA_A: a, REPLICA_B: b}
    changes = {
        **dotted,
        **{re.escape(old): re.escape(new) for old, new in dotted.items()},
        "listen 8443": f"listen 127.0.0.1:{port}",
        "listen 8080": f"listen 127.0.0.1:{plain_port}",
        f"server_name {NAME}": "server_name localhost",
    }
    path = led_to(folder, changes)
    read_by_nginx(path)
    process = subprocess.Popen([nginx(), "-c", str(path), "-g", "daemon off;"], stdin=subprocess.DEVNULL)
    proxy = Proxy(
        url=f"https://localhost:{port}", plain_url=f"http://127.0.0.1:{plain_port}", log=folder / "access.log"
    )
    try:
        deadline = time.monotonic() + 10
        while asked(f"{proxy.plain_url}/proxy-alive").status != 204:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"nginx does not answer: {(folder / 'error.log').read_text('utf-8')}")
            time.sleep(0.05)
        yield proxy
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Said:
    """What came back.

    Attributes:
        status: The answer's number; 0 when there was none.
        headers: Name in small letters and value, as many as were sent.
        body: The content.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The values of a header, joined by a comma."""
        return ", ".join(value for key, value in self.headers if key == name)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def asked(url: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None) -> Said:
    """One request, redirects not followed, whatever the certificate."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusting), _NoRedirect)
    request = urllib.request.Request(url, headers=dict(headers or {}), data=data)
    try:
        with opener.open(request, timeout=10) as answer:
            return Said(answer.status, [(k.lower(), v) for k, v in answer.headers.items()], answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Said(error.code, [(k.lower(), v) for k, v in error.headers.items()], error.read())
    except OSError:
        return Said(0, [], b"")
