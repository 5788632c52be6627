"""What the audit trail is made of: an entry's hash, and what changed as canonical text with people's words hidden."""

import datetime as dt
import enum
import hashlib
import json
from collections.abc import Mapping
from typing import Any

FIRST = "0" * 64
"""What stands before the first entry."""
HASHED = ("id", "at", "actor", "role", "allowed_by", "action", "subject", "key", "before", "after", "previous")
"""What an entry's hash is made of, in this order."""
WORDS: dict[str, frozenset[str]] = {
    "feedback": frozenset({"text"}),
    "idea": frozenset({"words"}),
    "log_entry": frozenset({"note"}),
    "person": frozenset({"name", "email"}),
    "pilot": frozenset({"customers_say"}),
    "story": frozenset({"you_said", "we_tried", "what_happened", "what_next"}),
    "thanks": frozenset({"words"}),
    "walk": frozenset({"as_whom"}),
    "walk_step": frozenset({"note"}),
}
"""People's own words and names, and texts that quote them: the trail holds their salted digests only."""
SILENT: dict[str, frozenset[str]] = {
    "api_key": frozenset({"digest"}),
    "feedback": frozenset({"respondent", "row_digest", "text_digest"}),
    "theme_assignment": frozenset({"matched"}),
}
"""What the trail does not hold at all: marks of a person or a key, words so few that a digest gives them away."""


def hashed(values: Mapping[str, Any]) -> str:
    """The hash of an entry: SHA-256 over its values as canonical JSON, the previous hash among them."""
    text = json.dumps([values[name] for name in HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def digest(salt: str, detail: str) -> str:
    """The salted digest of a detail; "" for none."""
    return hashlib.sha256((salt + detail).encode("utf-8", errors="surrogatepass")).hexdigest() if detail else ""


def written(values: Mapping[str, Any], *, subject: str, salt: str) -> str:
    """A detail as text: canonical JSON, people's words as salted digests; "" for nothing."""
    if not values:
        return ""
    hidden = WORDS.get(subject, frozenset())
    silent = SILENT.get(subject, frozenset())
    shown = {
        name: {"digest": digest(salt, _json(value))[:32]} if name in hidden and value else _plain(value)
        for name, value in values.items()
        if name not in silent
    }
    return _json(shown)


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """A column's value as JSON has it."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return {"bytes": len(value), "digest": hashlib.sha256(value).hexdigest()[:32]}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
