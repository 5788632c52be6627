"""Result objects of the statistics as JSON and back, nothing lost: the snapshot an evaluation keeps."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import importlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stats.messages import Amount, Level

PACKAGE = "stats."


class SnapshotError(ValueError):
    """A snapshot was written by another version of the code and cannot be read as it stands."""


def encode(value: object) -> Any:
    """A result object as values that JSON holds.

    Args:
        value: Dataclasses and enumerations of stats, messages, arrays, dates, numbers, texts, and lists of them.

    Raises:
        TypeError: The value is of another kind.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return {"$enum": _name(type(value)), "value": value.value}
    if isinstance(value, str):
        return value
    if isinstance(value, Level):
        return {"$level": encode(float(value))}
    if isinstance(value, Amount):
        return {"$amount": encode(float(value))}
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, np.datetime64):
        return {"$day": str(value.astype("datetime64[D]"))}
    if isinstance(value, np.generic):
        return encode(value.item())
    if isinstance(value, np.ndarray):
        kind = "datetime64[D]" if value.dtype.kind == "M" else value.dtype.str
        flat = value.astype(kind).astype(str).ravel().tolist() if value.dtype.kind == "M" else value.ravel().tolist()
        return {"$array": [encode(part) for part in flat], "kind": kind, "shape": list(value.shape)}
    if isinstance(value, dt.date):
        return {"$date": value.isoformat()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"$type": _name(type(value)), "fields": fields}
    if isinstance(value, tuple):
        return {"$tuple": [encode(part) for part in value]}
    if isinstance(value, list):
        return [encode(part) for part in value]
    if isinstance(value, Mapping):
        return {"$map": [[encode(key), encode(part)] for key, part in value.items()]}
    raise TypeError(f"{type(value).__name__} cannot be kept in a snapshot.")


def decode(value: Any) -> Any:
    """The result object that `encode` wrote.

    Raises:
        SnapshotError: It names a class or a field that this version of the code does not have.
    """
    if isinstance(value, list):
        return [decode(part) for part in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"$enum": name, "value": member}:
            return _class(name)(member)
        case {"$amount": number}:
            return Amount(decode(number))
        case {"$level": number}:
            return Level(decode(number))
        case {"$float": text}:
            return float(text)
        case {"$day": text}:
            return np.datetime64(text, "D")
        case {"$array": flat, "kind": kind, "shape": shape}:
            return np.array([decode(part) for part in flat], dtype=kind).reshape(shape)
        case {"$date": text}:
            return dt.date.fromisoformat(text)
        case {"$tuple": parts}:
            return tuple(decode(part) for part in parts)
        case {"$map": pairs}:
            return {decode(key): decode(part) for key, part in pairs}
        case {"$type": name, "fields": fields}:
            return _rebuilt(_class(name), {field: decode(part) for field, part in fields.items()})
    raise SnapshotError(f"A snapshot holds {sorted(value)}, which this version does not know.")


def _rebuilt(cls: Any, fields: dict[str, Any]) -> Any:
    """A dataclass with exactly these fields, its own checks skipped: they ran when it was made."""
    if {field.name for field in dataclasses.fields(cls)} != set(fields):
        raise SnapshotError(f"{cls.__name__} has other fields in this version.")
    made = object.__new__(cls)
    for name, part in fields.items():
        object.__setattr__(made, name, part)
    return made


def _name(cls: type) -> str:
    if not cls.__module__.startswith(PACKAGE):
        raise TypeError(f"{cls.__name__} cannot be kept in a snapshot: it is not of the statistics.")
    return f"{cls.__module__}:{cls.__qualname__}"


def _class(name: str) -> Any:
    module, _, attribute = name.partition(":")
    if not module.startswith(PACKAGE):
        raise SnapshotError(f"{name} is not of the statistics.")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise SnapshotError(f"{name} does not exist in this version.") from error
