"""A file of themes for the terminal: a JSON list with names, keywords and examples."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import cast

from services.batch_files import refusal
from services.intake.characters import read_whole
from stats.errors import DataError
from stats.messages import N_
from themes.definition import ThemeDefinition

LANGUAGES = ("fi", "sv", "en")
LONGEST_SHOWN = 60
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def read_themes(path: Path) -> list[ThemeDefinition]:
    """Read the themes; fields that are not known are passed over.

    Raises:
        DataError: The file is missing or no JSON list of themes, or a value is not allowed.
    """
    try:
        written = path.read_bytes().decode("utf-8-sig")
        content = read_whole(json.loads(written), written)
    except OSError as error:
        raise DataError(
            N_("{file} cannot be read: {why}."), file=str(path), why=error.strerror or "unknown error"
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(N_("{file} is not UTF-8 text."), file=path.name) from error
    except json.JSONDecodeError as error:
        raise DataError(
            N_("{file} is not JSON: line {line}, column {column}: {why}."),
            file=path.name, line=error.lineno, column=error.colno, why=error.msg,
        ) from error  # fmt: skip
    except (RecursionError, ValueError) as error:
        raise refusal(path, N_("The file is nested too deep or holds too long a number.")) from error
    if not isinstance(content, list) or not content:
        raise refusal(path, N_("The file holds no list of themes; allowed is a JSON list of at least one theme."))
    found: list[ThemeDefinition] = []
    for number, item in enumerate(content, start=1):
        theme = _theme(path, number, item)
        if str(theme.id) in {str(other.id) for other in found}:
            raise refusal(
                path, N_("Theme {number}, field 'id': '{value}' comes twice; each theme has its own id."),
                number=number, value=_shown(theme.id),
            )  # fmt: skip
        found.append(theme)
    return found


def _theme(path: Path, number: int, item: object) -> ThemeDefinition:
    if not isinstance(item, dict):
        raise refusal(
            path, N_("Theme {number} is {value}; allowed is a JSON object with id and names."),
            number=number, value=_shown(item),
        )  # fmt: skip
    theme = item.get("id")
    if isinstance(theme, bool) or not isinstance(theme, str | int) or not str(theme).strip():
        raise _not_allowed(path, number, "id", theme, "a text or a whole number")
    names = item.get("names")
    given = names if isinstance(names, dict) else {}
    known = {key: name.strip() for key, name in given.items() if isinstance(name, str) and name.strip()}
    if not any(language in known for language in LANGUAGES):
        raise _not_allowed(path, number, "names", names, "an object with a name in fi, sv or en")
    return ThemeDefinition(
        id=theme, names={key: known[key] for key in LANGUAGES if key in known},
        keywords=_texts(path, number, "keywords", item.get("keywords")),
        examples=_texts(path, number, "examples", item.get("examples")),
    )  # fmt: skip


def _texts(path: Path, number: int, field: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise _not_allowed(path, number, field, value, "a list of texts")
    wrong = next((text for text in value if not isinstance(text, str) or not _LETTER_OR_DIGIT.search(text)), None)
    if wrong is not None or None in value:
        raise _not_allowed(path, number, field, wrong, "a list of texts with letters or digits")
    return tuple(text.strip() for text in cast("list[str]", value))


def _not_allowed(path: Path, number: int, field: str, value: object, allowed: str) -> DataError:
    return refusal(
        path, N_("Theme {number}, field '{field}': {value} is not allowed; allowed is {allowed}."),
        number=number, field=field, value=_shown(value), allowed=allowed,
    )  # fmt: skip


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
