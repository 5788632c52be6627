"""Rows to a weekly panel: one row a unit and week, or one row an answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from stats.errors import DataError
from stats.messages import N_, Message
from stats.metric import Kind
from stats.panel import MAX_WEEKS, ONE_WEEK, Floats, Panel, Weeks

LARGEST = 1e12
LATEST = np.datetime64("2199-12-31")

_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

Refuse = Callable[[npt.NDArray[np.bool_], str, npt.NDArray[np.generic], str], None]


def from_weeks(
    *,
    kind: Kind,
    unit: Sequence[str],
    week: Sequence[object] | npt.NDArray[np.datetime64],
    n: Sequence[float] | Floats,
    mean: Sequence[float] | Floats | None = None,
    sd: Sequence[float] | Floats | None = None,
    count: Sequence[float] | Floats | None = None,
    rows: Sequence[int] | None = None,
) -> Panel:
    """Build a panel from one row per unit and week.

    Args:
        kind: The metric's kind.
        unit: Unit of each row.
        week: Monday of each row (date, datetime64 or YYYY-MM-DD).
        n: Answers, or exposure for a count. 0 with no value means a missing week.
        mean: Mean of the answers, for kinds that are not counted.
        sd: SD of single answers; NaN where unknown.
        count: Successes (proportion) or events (count).
        rows: Row numbers to name in errors; 1, 2, ... when left out.

    Raises:
        DataError: A value is out of its bounds, a week is not a Monday, or a unit and week come twice.

    Example:
        >>> p = from_weeks(kind=Kind.SCORE, unit=["A", "A"], week=["2026-03-02", "2026-03-16"],
        ...                           n=[5, 4], mean=[3.5, 4.0], sd=[1.0, 0.8])
        >>> p.mean.tolist()
        [[3.5, nan, 4.0]]
    """
    refuse = _refuser(rows)
    names = np.asarray([str(name) for name in unit], dtype=object)
    if len(names) == 0:
        raise DataError(N_("The data have no rows."))
    refuse(np.asarray([not name.strip() for name in names]), "unit", names, N_("a unit's name"))
    mondays = _dates(week, "week", refuse)
    refuse((mondays.astype("int64") + 3) % 7 != 0, "week", mondays, N_("a Monday, YYYY-MM-DD"))
    size = _floats(n, "n", len(names), refuse)
    refuse(~np.isfinite(size) | (size < 0), "n", size, N_("a number, 0 or more"))
    if kind is not Kind.COUNT:
        refuse(size != np.round(size), "n", size, N_("a whole number of answers"))
    nan = np.full(len(names), np.nan)
    spread = nan if sd is None else _floats(sd, "sd", len(names), refuse)
    refuse(np.isinf(spread) | (spread < 0), "sd", spread, N_("a number, 0 or more, or blank"))
    if kind.counted:
        if count is None:
            raise DataError(N_("The column 'count' is missing; a metric of kind {kind} needs it."), kind=kind.value)
        events = _floats(count, "count", len(names), refuse)
        events = np.where((size == 0) & np.isnan(events), 0.0, events)
        refuse(~np.isfinite(events) | (events < 0), "count", events, N_("a number, 0 or more"))
        refuse(events != np.round(events), "count", events, N_("a whole number"))
        most = N_("at most n") if kind is Kind.PROPORTION else N_("0 when the exposure n is 0")
        refuse(events > size if kind is Kind.PROPORTION else (events > 0) & (size == 0), "count", events, most)
        with np.errstate(invalid="ignore", divide="ignore"):
            centre = np.where(size > 0, events / size, np.nan)
        spread = nan
    else:
        if mean is None:
            raise DataError(N_("The column 'mean' is missing; a metric of kind {kind} needs it."), kind=kind.value)
        events = nan
        centre = _floats(mean, "mean", len(names), refuse)
        refuse((size > 0) & ~np.isfinite(centre), "mean", centre, N_("a number when n is above 0"))
        refuse((size == 0) & ~np.isnan(centre), "n", size, N_("above 0 when the week has a mean"))
        if kind is Kind.NPS:
            refuse(np.abs(np.nan_to_num(centre)) > 100, "mean", centre, N_("from -100 to 100"))
    return _placed(kind, names, mondays, (size, centre, spread, events), refuse)


def from_answers(
    *,
    kind: Kind,
    unit: Sequence[str],
    date: Sequence[object] | npt.NDArray[np.datetime64],
    value: Sequence[float] | Floats,
    rows: Sequence[int] | None = None,
) -> Panel:
    """Build a panel from single answers or events, one row each; a date belongs to the week of its Monday.

    A proportion's values are 0 or 1; a count's are events with exposure 1 a row; NPS answers are 0..10, or
    -100, 0, 100 already.

    Raises:
        DataError: A value is out of its bounds or a date cannot be read.

    Example:
        >>> p = from_answers(kind=Kind.SCORE, unit=["A"] * 3, date=["2026-03-02", "2026-03-04", "2026-03-08"],
        ...                    value=[1, 2, 3])
        >>> p.n.tolist(), p.mean.tolist(), p.sd.tolist()
        ([[3.0]], [[2.0]], [[1.0]])
    """
    refuse = _refuser(rows)
    names = np.asarray([str(name) for name in unit], dtype=object)
    if len(names) == 0:
        raise DataError(N_("The data have no rows."))
    refuse(np.asarray([not name.strip() for name in names]), "unit", names, N_("a unit's name"))
    days = _dates(date, "date", refuse)
    values = _floats(value, "value", len(names), refuse)
    refuse(~np.isfinite(values), "value", values, N_("a number"))
    if kind is Kind.PROPORTION:
        refuse((values != 0) & (values != 1), "value", values, N_("0 or 1"))
    elif kind is Kind.COUNT:
        refuse((values < 0) | (values != np.round(values)), "value", values, N_("a whole number, 0 or more"))
    elif kind is Kind.NPS:
        values = _nps_points(values, refuse)
    mondays = days - ((days.astype("int64") + 3) % 7).astype("timedelta64[D]")
    cells, first, cell = np.unique(
        np.rec.fromarrays([names.astype(str), mondays.astype("int64")]), return_index=True, return_inverse=True
    )
    n = np.bincount(cell, minlength=len(cells)).astype(np.float64)
    offset = float(values.mean())
    mean: Floats = np.bincount(cell, values - offset, minlength=len(cells)) / n + offset
    squares = np.bincount(cell, (values - mean[cell]) ** 2, minlength=len(cells))
    with np.errstate(invalid="ignore", divide="ignore"):
        sd: Floats = np.where(n > 1, np.sqrt(squares / (n - 1)), np.nan)
    total: Floats = np.full(len(cells), np.nan)
    if kind.counted:
        total = np.bincount(cell, values, minlength=len(cells)).astype(np.float64)
    if kind.counted:
        sd = np.full(len(cells), np.nan)
    return _placed(kind, names[first], mondays[first], (n, mean, sd, total), refuse)


def _placed(
    kind: Kind,
    names: npt.NDArray[np.object_],
    mondays: Weeks,
    columns: tuple[Floats, Floats, Floats, Floats],
    refuse: Refuse,
) -> Panel:
    units = tuple(dict.fromkeys(names.tolist()))
    place = {name: position for position, name in enumerate(units)}
    row = np.asarray([place[name] for name in names])
    first, last = mondays.min(), mondays.max()
    length = int((last - first) / ONE_WEEK) + 1
    if length > MAX_WEEKS:
        raise DataError(
            N_("The weeks run from {first} to {last}, {length} weeks; at most {most} are allowed."),
            first=first, last=last, length=length, most=MAX_WEEKS,
        )  # fmt: skip
    column = ((mondays - first) / ONE_WEEK).astype(int)
    _, index, times = np.unique(row * length + column, return_inverse=True, return_counts=True)
    refuse((times[index] > 1) & _repeated(row * length + column), "week", mondays, N_("each unit and week once"))
    grids = []
    for values in columns:
        grid = np.full((len(units), length), np.nan)
        grid[row, column] = values
        grids.append(grid)
    n, mean, sd, count = grids
    empty = np.nan_to_num(n) == 0
    for grid in grids:
        grid[empty] = np.nan
    weeks = first + np.arange(length) * ONE_WEEK
    return Panel(kind=kind, units=units, weeks=weeks, n=n, mean=mean, sd=sd, count=count)


def _refuser(rows: Sequence[int] | None) -> Refuse:
    def refuse(bad: npt.NDArray[np.bool_], column: str, values: npt.NDArray[np.generic], allowed: str) -> None:
        if not np.any(bad):
            return
        index = int(np.argmax(bad))
        raise DataError(
            N_("Row {row}, column '{column}': {value} is not allowed; allowed is {allowed}."),
            row=index + 1 if rows is None else rows[index],
            column=column,
            value=_shown(values[index]),
            allowed=Message(allowed),
        )

    return refuse


def _shown(value: object) -> str:
    if isinstance(value, (float, np.floating)):
        return "a blank" if np.isnan(value) else f"{float(value):g}"
    return f"'{value}'" if isinstance(value, str) else str(value)


def _floats(values: Sequence[float] | Floats, column: str, length: int, refuse: Refuse) -> Floats:
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(N_("The column '{column}' holds something that is not a number."), column=column) from error
    if array.shape != (length,):
        raise DataError(
            N_("The column '{column}' has {found} values; the data have {length} rows."),
            column=column, found=array.size, length=length,
        )  # fmt: skip
    refuse(np.isfinite(array) & (np.abs(array) > LARGEST), column, array, N_("a number of at most 1e12 in size"))
    return array


def _dates(values: Sequence[object] | npt.NDArray[np.datetime64], column: str, refuse: Refuse) -> Weeks:
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
    else:
        texts = np.asarray([str(value) for value in values], dtype=object)
        parsed = [_parsed_date(text) for text in texts]
        refuse(np.asarray([day is None for day in parsed]), column, texts, N_("a date, YYYY-MM-DD"))
        days = np.asarray(parsed, dtype="datetime64[D]")
    refuse(np.isnat(days), column, days, N_("a date, YYYY-MM-DD"))
    refuse(days > LATEST, column, days, N_("a day before 2200"))
    return days


def _parsed_date(text: str) -> np.datetime64 | None:
    written = _MOMENT.fullmatch(text.strip())
    try:
        return np.datetime64(written[1], "D") if written else None
    except ValueError:
        return None


def _nps_points(values: Floats, refuse: Refuse) -> Floats:
    """Return -100, 0, 100 for answers on 0..10; values already -100, 0, 100 stay."""
    if np.all(np.isin(values, (-100.0, 0.0, 100.0))):
        return values
    answers = (values >= 0) & (values <= 10) & (values == np.round(values))
    refuse(~answers, "value", values, N_("0 to 10 for every answer, or -100, 0, 100 for every answer"))
    return np.where(values >= 9, 100.0, np.where(values <= 6, -100.0, 0.0))


def _repeated(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """True at the second and later rows of the same key."""
    first = np.zeros(len(keys), dtype=bool)
    first[np.unique(keys, return_index=True)[1]] = True
    return ~first
