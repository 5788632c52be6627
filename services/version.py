"""Which version of the product, and of its statistics, made a result."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

VERSION = "0.1.0"


@lru_cache(maxsize=1)
def code_version() -> str:
    """The version with a digest of the statistics' source: any change in a method shows in the evaluations it made."""
    folder = Path(__file__).resolve().parent.parent / "stats"
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()[:12]}"
