"""The records of a JSON file one after the other, whatever its size."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from services.intake.characters import read_whole

_BLOCK = 1 << 20
_LARGEST_RECORD = 4 << 20
_SPACE = " \t\r\n"


class BrokenJson(ValueError):
    """A text that is not JSON.

    Attributes:
        problem: What is wrong, in English.
        record: The number of the record it is in, from 1.
        line: The line it is in, from 1.
        several: Names of the lists, when the only trouble is that there is more than one.
    """

    def __init__(self, problem: str, *, record: int, line: int, several: tuple[str, ...] = ()) -> None:
        self.problem = problem
        self.record = record
        self.line = line
        self.several = several
        super().__init__(problem)


def records(path: Path, encoding: str) -> Iterator[Any]:
    """The elements of an array, of the array inside an object, or the objects of a file of lines.

    Args:
        path: The file.
        encoding: How its bytes are read.

    Raises:
        BrokenJson: It is none of these.
    """
    with path.open(encoding=encoding) as file:
        text = _Text(file)
        if text.peek() == "[":
            yield from text.elements()
        elif text.peek() == "{" and text.is_wrapper():
            yield from text.wrapped()
        else:
            yield from text.values()


class _Text:
    """A file being read from the front: what is behind is let go."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        self._buffer = ""
        self._at = 0
        self._line = 1
        self._record = 1

    def peek(self) -> str:
        """The next character that is no space; "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in _SPACE:
                    return self._buffer[self._at]
                self._at += 1
            if not self._more():
                return ""

    def is_wrapper(self) -> bool:
        """Whether the object at hand holds a list of objects and is alone: not the first of many lines."""
        line, _, rest = self._buffer.partition("\n")
        try:
            first = json.loads(line)
        except ValueError:
            return True  # it goes on over several lines, so that it is not a file of lines
        return not rest.strip() and _holds_a_list(first)

    def elements(self) -> Iterator[Any]:
        """The elements of the array at hand."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self.peek() == "]":
                self._take("]")
                return
            self._take(",")
            self._record += 1

    def wrapped(self) -> Iterator[Any]:
        """The elements of the one list of objects in the object at hand; an object without one is a record itself."""
        whole: dict[str, Any] = {}
        lists: list[str] = []
        self._take("{")
        while self.peek() != "}":
            name = self._value()
            self._take(":")
            if self.peek() == "[" and self._opens_records():
                lists.append(str(name))
                if len(lists) > 1:
                    raise self._broken("several lists", several=tuple(lists))
                yield from self.elements()
            else:
                whole[str(name)] = self._value()
            if self.peek() == ",":
                self._take(",")
            elif self.peek() != "}":
                raise self._broken("',' or '}' is missing")
        self._take("}")
        if self.peek():
            raise self._broken("something stands behind the end")
        if not lists:
            yield whole

    def values(self) -> Iterator[Any]:
        """One value after another, as in a file of lines."""
        while self.peek():
            yield self._value()
            self._record += 1

    def _opens_records(self) -> bool:
        self._fill(64)
        inside = self._buffer[self._at + 1 : self._at + 65].lstrip(_SPACE)
        return inside.startswith("{")

    def _value(self) -> Any:
        if not self.peek():
            raise self._broken("the file ends in the middle")
        while True:
            began = self._at
            try:
                value, end = self._decoder.raw_decode(self._buffer, began)
                value = read_whole(value, self._buffer[began:end])
            except json.JSONDecodeError as error:
                # Only what is cut off by the end of the buffer can be cured by reading on.
                if len(self._buffer) - began <= _LARGEST_RECORD and self._more():
                    continue
                place = self._at + max(error.pos - began, 0)
                raise self._broken(error.msg.replace("Expecting", "expecting"), at=place) from error
            except RecursionError as error:
                raise self._broken("it is nested too deeply") from error
            if end == len(self._buffer) and self._more():
                continue  # a number may go on
            self._at = end
            return value

    def _take(self, sign: str) -> None:
        if self.peek() != sign:
            raise self._broken(f"'{sign}' is missing" if self.peek() else "the file ends in the middle")
        self._at += 1

    def _fill(self, size: int) -> None:
        while len(self._buffer) - self._at < size and self._more():
            pass

    def _more(self) -> bool:
        block = self._file.read(_BLOCK)
        self._line += self._buffer.count("\n", 0, self._at)
        self._buffer, self._at = self._buffer[self._at :] + block, 0
        return bool(block)

    def _broken(self, problem: str, *, at: int | None = None, several: tuple[str, ...] = ()) -> BrokenJson:
        place = self._at if at is None else at
        line = self._line + self._buffer.count("\n", 0, place)
        return BrokenJson(problem, record=self._record, line=line, several=several)


def _holds_a_list(value: Any) -> bool:
    return isinstance(value, dict) and any(
        isinstance(item, list) and item and isinstance(item[0], dict) for item in value.values()
    )


def _no_constant(name: str) -> float:
    raise json.JSONDecodeError(f"{name} is no number of JSON", name, 0)
