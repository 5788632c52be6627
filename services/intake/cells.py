"""What one cell says: a day, a number, an answer on a scale, yes or no."""

from __future__ import annotations

import datetime as dt
import math
import re
from zoneinfo import ZoneInfo

from services.i18n import N_
from services.intake.refused import CellError

ZONE = ZoneInfo("Europe/Helsinki")
EARLIEST = dt.date(2000, 1, 1)
MOST_ANSWERS = 10_000
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet's clock has no zone)

_CLOCK = r"(?:[ T]+(?:klo\.?\s*|kl\.?\s*)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?)?"
_FINNISH = re.compile(rf"^(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_CLOCK}$")
_ISO = re.compile(rf"^(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_CLOCK}\s*(Z|[+-]\d{{2}}:?\d{{2}})?$")
_EPOCH = re.compile(r"^(\d{10})(\d{3})?$")
_SERIAL = re.compile(r"^\d{5}(?:[.,]\d+)?$")
_ISO_WEEK = re.compile(r"^(\d{4})[ -]*(?:W|vko|viikko|v\.?|vecka)\s*(\d{1,2})$", re.IGNORECASE)
_WEEK_YEAR = re.compile(r"^(?:W|vko|viikko|v\.?|vecka|week)?\s*(\d{1,2})\s*[/ ,]\s*(\d{4})$", re.IGNORECASE)
_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?$")
_THOUSANDS = re.compile(r"^[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?$")
_FORMULA = re.compile(
    r"""^\s*(?:
        =\s*[+\-]*\s*(?:
            [A-Za-zÅÄÖåäö_.]+\d*\(                              # =SUM(
          | \$?[A-Za-z]{1,3}\$?\d+\s*(?:$|[-+*/&:,;^<>=])       # =A1, =A1+B1
          | ['\w]+!\$?[A-Z]+\$?\d                              # =Taul1!A1
          | \d | \( | ["'{]                                    # =1+1, =(, ="
        )
      | [@+\-]\s*[A-Z][A-Z0-9.]+\(                             # @SUM(, -HYPERLINK(
      | [+\-]\s*\$?[A-Z]{1,3}\$?\d+\s*[-+*/:]                 # +A1+B1
      | =\s*\w+\s*\|.*!                                      # =cmd|' /C calc'!A0
      | [@+\-][^|]*\w\s*\|.*!\s*\$?[A-Za-z]{1,3}\$?\d          # -2+3+cmd|' /C calc'!A0
    )""",
    re.VERBOSE,
)
_LEADING_NUMBER = re.compile(r"^(\d{1,3}(?:[.,]\d+)?)\s*(?:[=:)–]|-\s|\s-)\s*\D")
_EMPTY = frozenset(
    {"", "-", "–", "na", "n/a", "nan", "null", "none", "#n/a", "#puuttuu!", "ei vastausta", "inget svar"}
)
_YES = frozenset({"kyllä", "kylla", "ja", "yes", "y", "k", "true", "tosi", "1", "x"})
_NO = frozenset({"ei", "nej", "no", "n", "e", "false", "epätosi", "0"})


def is_empty(text: str) -> bool:
    """Whether a cell says nothing: blank, a dash, NA, NULL."""
    return text.strip().casefold() in _EMPTY


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the cell. A comment may begin with a dash, a plus or a "=)".

    >>> is_formula('=HYPERLINK("x")'), is_formula("=1+1"), is_formula("-hidas palvelu"), is_formula("=) kiitos")
    (True, True, False, False)
    """
    return bool(_FORMULA.match(text))


def parse_moment(text: str, *, today: dt.date) -> dt.datetime:
    """A day, at midnight or with its time of day, in Finland's time.

    Takes 3.8.2026, 3.8.2026 14:05, 2026-08-03, 2026-08-03T14:05:00Z, a spreadsheet's day number, and seconds or
    milliseconds since 1970.

    Raises:
        CellError: It is no day, or not one from 2000 to today.
    """
    written = text.strip()
    try:
        moment = _moment(written)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise CellError(
            N_("{value} is not a date; write it as 31.8.2026 or 2026-08-31, with or without a time."), value=written
        )
    if moment.date() > today:
        raise CellError(N_("The date {value} is in the future; today is {today}."), value=written, today=today)
    if moment.date() < EARLIEST:
        raise CellError(
            N_("The date {value} is too far back; the earliest taken is {earliest}."), value=written, earliest=EARLIEST
        )
    return moment


def parse_day_or_week(text: str, *, today: dt.date) -> dt.date:
    """A day, or the Monday of a week written as 2026-W32, 2026 vko 32 or 32/2026.

    Raises:
        CellError: It is neither, or not from 2000 to today.
    """
    written = text.strip()
    if match := _ISO_WEEK.match(written):
        year, week = int(match[1]), int(match[2])
    elif match := _WEEK_YEAR.match(written):
        year, week = int(match[2]), int(match[1])
    else:
        return parse_moment(text, today=today).date()
    try:
        monday = dt.date.fromisocalendar(year, week, 1)
    except ValueError as error:
        raise CellError(N_("{value} is not a week; write it as 2026-W32 or 32/2026."), value=written) from error
    return parse_moment(monday.isoformat(), today=today).date()


def parse_number(text: str) -> float:
    """A number with a decimal comma or point; thousands may be parted by spaces.

    Raises:
        CellError: It is no number.

    >>> parse_number("1 234,5"), parse_number("−0.5")
    (1234.5, -0.5)
    """
    written = text.strip().replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS.match(written):
        written = re.sub(r"\s", "", written)
    number = float(written.replace(",", ".")) if _NUMBER.match(written) else math.nan
    if not math.isfinite(number):
        raise CellError(N_("{value} is not a number."), value=text.strip())
    return number


def parse_score(
    text: str,
    *,
    low: float,
    high: float,
    labels: dict[str, float],
    missing: frozenset[str | float],
    only_labels: bool = False,
) -> float | None:
    """An answer on a scale: a known label, "4 = jokseenkin samaa mieltä", or a number. None when it is missing.

    Args:
        text: The cell.
        low: The scale's least value.
        high: The scale's greatest value.
        labels: Values by case-folded label.
        missing: Case-folded labels and numbers that mean "does not concern me", never a value.
        only_labels: Whether the labels are all there is, so that no other number is an answer.

    Raises:
        CellError: It is no answer, or off the scale.
    """
    written = text.strip()
    folded = written.casefold()
    if is_empty(written) or folded in missing:
        return None
    if folded in labels:
        value = labels[folded]
    elif only_labels:
        raise CellError(
            N_("{value} is not an answer of this question; allowed are {allowed}."),
            value=written,
            allowed=", ".join(labels),
        )
    elif match := _LEADING_NUMBER.match(written):
        value = parse_number(match[1])
    else:
        try:
            value = parse_number(written)
        except CellError:
            raise CellError(
                N_("{value} is not an answer of this question; allowed are its labels and {low}–{high}."),
                value=written,
                low=low,
                high=high,
            ) from None
    if value in missing:
        return None
    if not low <= value <= high:
        raise CellError(N_("{value} is not on the scale {low}–{high}."), value=written, low=low, high=high)
    return value


def parse_count(text: str) -> int:
    """How many answers of a kind there were: a whole number from 0; a blank cell is 0.

    Raises:
        CellError: It is no such number, or so large that it is no count of answers.
    """
    number = parse_number(text)
    if number != round(number) or number < 0:
        raise CellError(N_("{value} is not a number of answers; it must be whole and at least 0."), value=text.strip())
    if number > MOST_ANSWERS:
        raise CellError(
            N_("{value} answers in one row are too many; at most {most} are taken."),
            value=text.strip(),
            most=MOST_ANSWERS,
        )
    return int(number)


def parse_flag(text: str) -> bool | None:
    """Yes or no in three languages; None when blank.

    Raises:
        CellError: It is neither.
    """
    folded = text.strip().casefold()
    if folded in _YES or folded in _NO:
        return folded in _YES
    if is_empty(text):
        return None
    raise CellError(N_("{value} is neither yes nor no."), value=text.strip())


def _moment(written: str) -> dt.datetime | None:
    if match := _FINNISH.match(written):
        day, month, year, *clock = match.groups()
        return _at(year, month, day, clock)
    if match := _ISO.match(written):
        year, month, day, *clock, offset = match.groups()
        moment = _at(year, month, day, clock)
        if offset is None:
            return moment
        zoned = dt.datetime.fromisoformat(moment.isoformat() + ("+00:00" if offset == "Z" else offset))
        return zoned.astimezone(ZONE).replace(tzinfo=None)
    if match := _EPOCH.match(written):
        return dt.datetime.fromtimestamp(int(match[1]), ZONE).replace(tzinfo=None)
    if _SERIAL.match(written):
        moment = _EXCEL_EPOCH + dt.timedelta(days=float(written.replace(",", ".")))
        return (moment + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return None


def _at(year: str, month: str, day: str, clock: list[str | None]) -> dt.datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    return dt.datetime(int(year), int(month), int(day), hour, minute, second)  # noqa: DTZ001
