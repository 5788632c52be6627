"""What every table shares: naming of constraints, column types, weeks, texts in several languages."""

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from pydantic import AwareDatetime
from sqlmodel import SQLModel

LANGUAGES = ("fi", "sv", "en")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Timestamp = AwareDatetime
"""A moment with its offset; naive datetimes are refused at the door."""

LocalText = dict[str, str]
"""One text in up to three languages: {"fi": ..., "sv": ..., "en": ...}."""


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """A moment, stored in UTC on every engine and read back with its offset (SQLite keeps none)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; give the moment with its offset.")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def choice(kind: type[enum.StrEnum]) -> sa.Enum:
    """A text column limited to the values of an enumeration by a CHECK constraint, on every engine."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in kind.__name__).lstrip("_")
    return sa.Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def now() -> dt.datetime:
    """This moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def week_of(day: dt.date) -> int:
    """The week's running number, Monday-based and equal on every engine: (days since 1970-01-01 + 3) // 7.

    >>> week_of(dt.date(2026, 11, 23)) - week_of(dt.date(2026, 11, 22))
    1
    """
    return ((day - dt.date(1970, 1, 1)).days + 3) // 7


def monday_of(week: int) -> dt.date:
    """The Monday a week number begins with.

    >>> monday_of(week_of(dt.date(2026, 11, 25)))
    datetime.date(2026, 11, 23)
    """
    return dt.date(1970, 1, 1) + dt.timedelta(days=week * 7 - 3)


def localised(text: Mapping[str, str] | None, language: str) -> str:
    """The text in a language, else in the first language it exists in (Finnish, Swedish, English); "" when empty.

    >>> localised({"fi": "Kiitos", "sv": "Tack"}, "sv"), localised({"fi": "Kiitos"}, "en")
    ('Tack', 'Kiitos')
    """
    if not text:
        return ""
    for key in (language, *LANGUAGES):
        if text.get(key):
            return text[key]
    return ""


Row = TypeVar("Row", bound=SQLModel)


def validated(model: type[Row], **fields: Any) -> Row:
    """A row checked at the door: table classes skip validation in their constructor, `model_validate` does not.

    Raises:
        pydantic.ValidationError: A field is missing or has a value that is not allowed.
    """
    return model.model_validate(fields)
