"""The log: a line an event, and nobody's words in it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from services import logs
from services.settings import LogSettings, SettingsError
from services.settings import logs as log_settings

ROOT = Path(__file__).parents[2]
SECRETS = ("Maija Virtanen", "131052-308T", "040 123 4567", "maija@example.fi", "virtanen")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What this process logs, as JSON lines at the most talkative level; everything is put back afterwards."""
    root, manager = logging.getLogger(), logging.root.manager
    before = (root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions, logging.getLoggerClass())
    loggers = {
        name: (logger.handlers[:], logger.propagate, type(logger))
        for name, logger in manager.loggerDict.items()
        if isinstance(logger, logging.Logger)
    }
    stream = io.StringIO()
    logs.set_up(LogSettings(as_json=True, level="DEBUG"), stream)
    yield stream
    root.handlers, level, sys.excepthook, logging.raiseExceptions, kind = before
    root.setLevel(level)
    logging.setLoggerClass(kind)
    logging.captureWarnings(False)
    for name, (handlers, propagate, was) in loggers.items():
        logger = logging.getLogger(name)
        logger.__class__ = was
        logger.handlers, logger.propagate = handlers, propagate


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_own_messages_keep_values_that_cannot_be_personal(written: io.StringIO) -> None:
    logging.getLogger("luotsi.jobs").info("The job %s ended after %d rows", "audit-head", 12)
    logging.getLogger("luotsi").warning("Seen %s", SECRETS[0], extra={logs.FIELDS: {"status": 200, "who": SECRETS[3]}})
    first, second = lines(written)
    assert first["message"] == "The job audit-head ended after 12 rows"
    assert (first["level"], first["logger"]) == ("INFO", "luotsi.jobs")
    assert second["message"] == f"Seen {logs.HIDDEN}"
    assert (second["status"], second["who"]) == (200, logs.HIDDEN)
    assert str(second["place"]).startswith("tests/services/test_logs.py:")


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_gets_through_any_way(written: io.StringIO, secret: str) -> None:
    for name in ("luotsi", "luotsi.api", "somebody.else"):
        logger = logging.getLogger(name)
        logger.error("Refused: %s", secret.title())
        logger.error(f"Refused: {secret}")
        logger.error("Refused: %(what)s", {"what": secret})
        logger.error(secret + "!")
        logger.error("Too few values: %s %s", secret.title())
        logger.warning(ValueError(secret))
        try:
            try:
                raise KeyError(secret)
            except KeyError as error:
                raise ValueError(f"{secret} is wrong") from error
        except ValueError:
            logger.exception("It failed")
    warnings.warn(secret, stacklevel=1)
    text = written.getvalue()
    assert secret.casefold() not in text.casefold()
    assert len(lines(written)) == 22
    errors = [line["error"] for line in lines(written) if "error" in line]
    assert len(errors) == 3
    assert all(one["type"] == "ValueError" and one["because"][0].startswith("KeyError at") for one in errors)  # type: ignore[index]


def test_a_librarys_own_handlers_do_not_write_past_this(written: io.StringIO, capsys: pytest.CaptureFixture) -> None:
    late = logging.getLogger("a.library.that.comes.late")
    late.addHandler(logging.StreamHandler())
    late.propagate = False
    late.error("Values: %s", SECRETS[0])
    assert capsys.readouterr().err == ""
    assert lines(written)[-1]["message"] == f"Values: {logs.HIDDEN}"


def test_the_request_is_named(written: io.StringIO) -> None:
    mark = logs.REQUEST.set("abc123")
    logging.getLogger("luotsi").info("Inside")
    logs.REQUEST.reset(mark)
    logging.getLogger("luotsi").info("Outside")
    assert [line.get("request") for line in lines(written)] == ["abc123", None]


def test_what_nobody_caught_leaves_its_kind_and_its_place_only() -> None:
    program = (
        "from services import logs, settings; logs.set_up(settings.logs())\n"
        "def find(name): raise LookupError(f'no {name}')\n"
        "import threading; t = threading.Thread(target=find, args=('Matti Meikäläinen',)); t.start(); t.join()\n"
        "find('Maija Virtanen')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr.count("LookupError") == 2
    assert "Virtanen" not in done.stderr + done.stdout
    assert "Meikäläinen" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_text_lines_are_for_people(capsys: pytest.CaptureFixture) -> None:
    record = logging.LogRecord("luotsi", logging.ERROR, __file__, 1, "It failed", (), None)
    try:
        raise ValueError(SECRETS[0])
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = logs.Clean(as_json=False).format(record)
    assert "ERROR   luotsi: It failed place=tests/services/test_logs.py:1 error=ValueError at " in line
    assert "Virtanen" not in line
    assert "\n" not in line


def test_settings_of_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    assert log_settings() == LogSettings(as_json=False, level="INFO")
    monkeypatch.setenv("LUOTSI_LOG_FORMAT", "json")
    monkeypatch.setenv("LUOTSI_LOG_LEVEL", "WARNING")
    assert log_settings() == LogSettings(as_json=True, level="WARNING")
    monkeypatch.setenv("LUOTSI_LOG_LEVEL", "loud")
    with pytest.raises(SettingsError, match="LUOTSI_LOG_LEVEL == 'loud', must be one of"):
        log_settings()
