"""What happens to files on their way: cut, mixed up, sent through the wrong program."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence

ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>'


def damaged(rng: random.Random, content: bytes, form: str) -> bytes:
    """The same bytes after an accident."""
    if form == "xlsx" and rng.random() < 0.6:
        return _repacked(rng, content)
    accidents: Sequence[Callable[[bytes], bytes]] = (
        lambda data: data[: rng.randrange(len(data) + 1)],
        lambda data: data[rng.randrange(len(data)) :],
        lambda data: _with(rng, data, bytes(rng.randrange(256) for _ in range(rng.randrange(1, 9)))),
        lambda data: _with(
            rng, data, rng.choice((b"\0", b'"', b"\x1a", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"'", b"{", b"]"))
        ),
        lambda data: data.replace(
            rng.choice((b'"', b";", b"\n", b",", b"}", b"\xc3")), rng.choice((b"", b'"', b"\0")), 3
        ),
        lambda data: data + data[: rng.randrange(len(data))],
        lambda data: bytes(byte ^ (rng.random() < 0.01) << rng.randrange(8) for byte in data[:20_000]),
        lambda data: data.replace(b"\n", b"\n" + rng.choice((b"\n", b"x" * 150_000, b'"')), 1),
    )
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = rng.choice(accidents)(content) if content else content
    return content


def _with(rng: random.Random, data: bytes, piece: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + piece + data[at + rng.randrange(3) :]


def _repacked(rng: random.Random, content: bytes) -> bytes:
    """A workbook with a part missing, emptied, cut, changed or swapped."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = rng.choice(sorted(parts))
    what = rng.choice(("gone", "empty", "cut", "swapped", "changed", "entity", "type"))
    if what == "gone":
        del parts[name]
    elif what == "swapped":
        other = rng.choice(sorted(parts))
        parts[name], parts[other] = parts[other], parts[name]
    else:
        data = parts[name]
        parts[name] = {
            "empty": b"",
            "cut": data[: rng.randrange(len(data) + 1)],
            "changed": _with(rng, data, rng.choice((b"<", b"&", b"\0", b'"', b"</c>", b"9999999"))),
            "entity": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
            + data.split(b"?>", 1)[-1],
            "type": data.replace(b't="n"', rng.choice((b't="s"', b't="e"', b't="b"', b't="d"')), 3).replace(
                b"<v>", b"<v>-", 1
            ),
        }[what]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)
    return packed.getvalue()
