"""Texts of the code that people see, and the catalogues that translate them.

`python -m tests.catalogues` lists what the catalogues lack, as .po entries to fill in.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("fi", "sv")
ROOMS = ("app.py", "cli.py", "commands", "pages", "services", "stats", "themes", "charts", "documents", "api")
MARKERS: dict[str, int] = dict.fromkeys(
    (
        *("N_", "t", "_", "say", "Message"),
        *("ServiceError", "BadInput", "NotFound", "Conflict", "NotAllowed"),
        *("DataError", "PlanError", "CannotEstimateError"),
    ),
    1,
) | {"plural": 2}
"""Functions whose first text, or first two texts, is shown to people."""


@dataclass(frozen=True)
class Text:
    """A text of the code.

    Attributes:
        singular: The English text, key of its translation.
        plural: Its plural, where it has one.
        place: File and line.
    """

    singular: str
    plural: str | None
    place: str


class NotATextError(ValueError):
    """A marker was given something that no catalogue can hold."""


def texts(root: Path = ROOT) -> Iterator[Text]:
    """Every text of the code that people see.

    Raises:
        NotATextError: A text is put together before it is translated.
    """
    for room in ROOMS:
        path = root / room
        files = [path] if path.is_file() else sorted(path.rglob("*.py"))
        for file in files:
            yield from of_source(file.read_text(encoding="utf-8"), file.relative_to(root).as_posix())


def of_source(source: str, name: str) -> Iterator[Text]:
    """The texts of one file."""
    for node in ast.walk(ast.parse(source, filename=name)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        marker = _called(node.func)
        if marker not in MARKERS:
            continue
        place = f"{name}:{node.lineno}"
        singulars = list(_literals(node.args[0], place))
        if MARKERS[marker] == 2 and singulars:
            plurals = list(_literals(node.args[1], place))
            yield Text(singulars[0], plurals[0], place)
        else:
            yield from (Text(text, None, place) for text in singulars)


def _called(function: ast.expr) -> str:
    """The name that is called: t, ctx.t and self.t are all t."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _literals(node: ast.expr, place: str) -> Iterator[str]:
    """The texts an argument can be; a variable is marked where it is made."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        if re.sub(r"{\w*}", "", node.value).strip():
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body, place)
        yield from _literals(node.orelse, place)
    elif isinstance(node, ast.JoinedStr):
        raise NotATextError(f"{place} translates an f-string; use {{name}} fields and say().")


def fields(text: str) -> set[str]:
    """Names of the {fields} in a text.

    Example:
        >>> sorted(fields("{weeks} weeks from {start}"))
        ['start', 'weeks']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def entries(language: str, root: Path = ROOT) -> Iterator[tuple[str, Message]]:
    """Every translation of a language with the fragment it is in."""
    for path in sorted((root / "locales" / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language, abort_invalid=True)
        yield from ((path.stem, message) for message in catalogue if message.id)


def key(message: Message) -> str:
    """The English text of an entry, its singular."""
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def translations(message: Message) -> tuple[str, ...]:
    """The translated forms of an entry; empty texts where one is missing."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def missing(language: str, root: Path = ROOT) -> list[Text]:
    """Texts of the code without a translation, each once."""
    done = {key(message) for _, message in entries(language, root) if all(translations(message))}
    found: dict[str, Text] = {}
    for text in texts(root):
        if text.singular not in done:
            found.setdefault(text.singular, text)
    return list(found.values())


def obsolete(language: str, root: Path = ROOT) -> list[str]:
    """Fragments with translations of texts that the code no longer has."""
    used = {text.singular for text in texts(root)}
    return [
        f"{fragment}.po: {key(message)}" for fragment, message in entries(language, root) if key(message) not in used
    ]


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _template(text: Text) -> str:
    lines = [f"#: {text.place}", f"msgid {_quoted(text.singular)}"]
    if text.plural is None:
        return "\n".join([*lines, 'msgstr ""'])
    return "\n".join([*lines, f"msgid_plural {_quoted(text.plural)}", 'msgstr[0] ""', 'msgstr[1] ""'])


if __name__ == "__main__":
    for tongue in LANGUAGES:
        lacking = missing(tongue)
        print(f"# {tongue}: {len(lacking)} texts without a translation, {len(obsolete(tongue))} obsolete")  # noqa: T201
        for lack in lacking:
            print(_template(lack), end="\n\n")  # noqa: T201
