"""The log of a process: a line an event, as JSON or for people to read, and never anybody's words, name or address.

What libraries put into their messages cannot be trusted, nor can the message of an exception: a database's holds the
values it refused. So a message is written only if it stands in the source code as it is; its values are left out, or,
from this product's own code, let through when they cannot be personal. Exceptions leave their kind and their place.
"""

from __future__ import annotations

import ast
import datetime as dt
import enum
import json
import linecache
import logging
import re
import sys
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

from services.settings import ROOT, LogSettings

OWN = "luotsi"
_ROOMS = frozenset({OWN, "api", "app", "commands", "documents", "models", "pages", "services"})
FIELDS = "luotsi_fields"
"""Name of a record's attribute with further values: `LOG.info("...", extra={FIELDS: {...}})`."""
REQUEST: ContextVar[str] = ContextVar("luotsi_request", default="")
"""The request that is being answered, so that its lines can be found together."""
HIDDEN = "…"
NOT_SHOWN = "A message that is not shown, since it may hold personal data"
LIBRARIES = "site-packages/"
_FRAMES = 12
_SAFE = re.compile(r"[a-z0-9_./{}:+*-]{1,120}", flags=re.ASCII)
_NAMED = re.compile(r"[A-Z][A-Za-z]{2,60}(?:Error|Exception|Warning)|[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f-]{36}")
"""Kinds of errors, and references that support looks for: they may look like a name or a number."""
_PLACE = re.compile(r"%(?:\([^)]*\))?[#0\- +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")


def set_up(settings: LogSettings, stream: TextIO | None = None) -> None:
    """Have everything that this process logs written this way, also what was set up otherwise before.

    Args:
        settings: Format and level.
        stream: Where to; None for standard error.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Clean(as_json=settings.as_json))
    if settings.level != "DEBUG":  # what libraries do all day long is nobody's business
        handler.addFilter(lambda record: _is_own(record) or record.levelno >= logging.WARNING)
    root = logging.getLogger()
    root.handlers = [kept for kept in root.handlers if type(kept) is not logging.StreamHandler] + [handler]
    root.setLevel(settings.level)
    logging.setLoggerClass(_OneDoor)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers = [kept for kept in logger.handlers if not isinstance(kept, logging.StreamHandler)]
        logger.propagate = True
        if isinstance(logger, logging.Logger) and type(logger) is logging.Logger:
            logger.__class__ = _OneDoor
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a message that cannot be put together would be printed with its values
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)
    sys.unraisablehook = lambda given: _uncaught(given.exc_type, given.exc_value, given.exc_traceback)


def fault(error: BaseException) -> str:
    """What failed and where, without any value: for a log, or a row that says why a job failed.

    >>> fault(ValueError("Maija Virtanen"))
    'ValueError'
    """
    places = _places(error.__traceback__)
    own = [place for place in places if not place.startswith(LIBRARIES)]
    return f"{type(error).__name__} at {(own or places)[-1]}" if places else type(error).__name__


class Clean(logging.Formatter):
    """Writes a record as one line."""

    def __init__(self, *, as_json: bool) -> None:
        super().__init__()
        self.as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts = _facts(record)
        if self.as_json:
            return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
        head = f"{facts.pop('at')} {facts.pop('level'):7} {facts.pop('logger')}: {facts.pop('message')}"
        more = [f"{name}={_as_text(value)}" for name, value in facts.items()]
        return " ".join([head, *more])


class _OneDoor(logging.Logger):
    """A logger whose lines all leave by the root: libraries give theirs handlers that write what they like."""

    def addHandler(self, hdlr: logging.Handler) -> None:
        """Handlers that write to a stream are not taken."""
        if not isinstance(hdlr, logging.StreamHandler) or isinstance(hdlr, logging.FileHandler):
            super().addHandler(hdlr)

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, True if name == "propagate" else value)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    at = dt.datetime.fromtimestamp(record.created, tz=dt.UTC)
    facts: dict[str, Any] = {
        "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "message": _message(record),
    }
    if request := REQUEST.get():
        facts["request"] = request
    given = getattr(record, FIELDS, None)
    if isinstance(given, Mapping) and _is_own(record):
        facts.update({str(name): _value(value) for name, value in given.items()})
    if record.levelno >= logging.WARNING:
        facts["place"] = f"{_short(record.pathname)}:{record.lineno}"
    error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
    if error is not None:
        facts["error"] = _error(error)
    return facts


def _message(record: logging.LogRecord) -> str:
    template = record.msg
    if not isinstance(template, str) or template not in _constants(record.pathname):
        return NOT_SHOWN
    if not record.args:
        return template
    if not _is_own(record) or isinstance(record.args, Mapping):
        return _PLACE.sub(HIDDEN, template)
    values = iter(record.args)
    return _PLACE.sub(lambda _: str(_value(next(values, HIDDEN))), template)


def _is_own(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in _ROOMS


def _value(value: object) -> object:
    """A value that own code logs, if it cannot be personal: numbers, and words of the code's own kind."""
    if value is None or isinstance(value, bool | int | float):
        return value
    from themes.redaction import redact  # its lists of names take a while, and most commands log nothing

    text = str(value.value if isinstance(value, enum.Enum) else value)
    if _NAMED.fullmatch(text):
        return text
    return text if _SAFE.fullmatch(text) and not redact(text).spans else HIDDEN


def _error(error: BaseException) -> dict[str, Any]:
    places = _places(error.__traceback__)
    own = [place for place in places[:-1] if not place.startswith(LIBRARIES)]  # the way; the last is where it ended
    found: dict[str, Any] = {"type": _kind(error), "at": [*own, *places[-1:]][-_FRAMES:]}
    causes: list[str] = []
    cause = error.__cause__ or error.__context__
    while cause is not None and len(causes) < _FRAMES:
        causes.append(fault(cause))
        cause = cause.__cause__ or cause.__context__
    return found | ({"because": causes} if causes else {})


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def _places(traceback: TracebackType | None) -> list[str]:
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{_short(code.co_filename)}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return found


def _short(path: str) -> str:
    """A file from the product's folder or the libraries' on: the machine's own folders say who runs it."""
    given = Path(path)
    if given.is_relative_to(ROOT) and "site-packages" not in given.parts:
        return given.relative_to(ROOT).as_posix()
    if "site-packages" in given.parts:
        return LIBRARIES + "/".join(given.parts[given.parts.index("site-packages") + 1 :])
    return "/".join(given.parts[-3:])


@lru_cache(maxsize=256)
def _constants(path: str) -> frozenset[str]:
    """Every text that a source file holds; none when it cannot be read."""
    try:
        tree = ast.parse("".join(linecache.getlines(path)))
    except (SyntaxError, ValueError, OSError):
        return frozenset()
    return frozenset(
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _as_text(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{value['type']} at {' < '.join(reversed(value['at']))}" + (
            f" because of {', '.join(value['because'])}" if "because" in value else ""
        )
    return str(value)


def _uncaught(kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt):
        logging.getLogger(OWN).critical("Something failed that nobody caught", exc_info=(kind, error, traceback))
