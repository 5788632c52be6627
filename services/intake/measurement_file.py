"""Files of measurements: a metric's value in a unit on a day or in a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from models.metrics import MetricKind
from services.i18n import N_
from services.intake import vocabulary
from services.intake.cells import parse_day_or_week, parse_number
from services.intake.columns import KnownUnit, Reading, chooser, unit_reader
from services.intake.mapping import MeasurementMapping, MetricColumns, check_columns
from services.intake.parsed import MEASUREMENTS, SCORES, Parsed
from services.intake.refused import CellError
from services.intake.shape import DEFAULT_LIMIT, Chunk, read_chunks, sniff

COUNTED = (MetricKind.PROPORTION, MetricKind.COUNT)
LARGEST = 1e12


@dataclass(frozen=True)
class KnownMetric:
    """A metric as files may name it, and what its values may be.

    Attributes:
        code: Its code, which rows refer to.
        kind: Proportions and counts come as counts, others as means.
        names: Its names in any language.
        low: The least mean, if the scale has one.
        high: The greatest mean, if the scale has one.
    """

    code: str
    kind: MetricKind
    names: Sequence[str] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of a row, as they are written."""

    n: float | None
    mean: float | None
    sd: float | None
    count: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class _Stored:
    """The numbers of a row, as they are stored."""

    n: float
    mean: float | None
    sd: float | None
    count: float | None


class _Unfit(CellError):
    """A number that does not fit its metric or the row's other numbers.

    Attributes:
        part: Which number: n, mean, sd or count.
    """

    def __init__(self, part: str, text: str, **values: object) -> None:
        self.part = part
        super().__init__(text, **values)


def read_measurements(
    path: Path,
    mapping: MeasurementMapping,
    *,
    units: Iterable[KnownUnit],
    metrics: Iterable[KnownMetric],
    today: dt.date,
    limit: int = DEFAULT_LIMIT,
    progress: Callable[[int], None] | None = None,
) -> Parsed:
    """Read a file of measurements; a row is taken whole or rejected whole.

    Args:
        path: A CSV or XLSX file.
        mapping: Which column is what.
        units: The units rows may name by code, OID or name.
        metrics: The metrics rows may name by code or name.
        today: Later days are rejected.
        limit: The most bytes taken.
        progress: Called with the number of rows read since the last call.

    Raises:
        RefusedFile: The file is no table, lacks a column of the mapping, or the mapping names an unknown metric.
    """
    shape = sniff(path, limit=limit)
    check_columns(mapping, shape.names, path.name)
    reader = _MeasurementReader(mapping, unit_reader(units), {metric.code: metric for metric in metrics}, today)
    parts = []
    for chunk in read_chunks(shape):
        try:
            parts.append(reader.read(chunk))
        except CellError as error:  # a constant of the mapping
            raise error.refusing_the_file() from error
        if progress:
            progress(parts[-1].rows)
    return Parsed(
        rows=sum(part.rows for part in parts),
        accepted=sum(part.accepted for part in parts),
        values=pl.concat([pl.DataFrame(schema=MEASUREMENTS), *(part.values for part in parts)]),
        scores=pl.DataFrame(schema=SCORES),
        rejects=[reject for part in parts for reject in part.rejects],
    )


class _MeasurementReader:
    def __init__(
        self,
        mapping: MeasurementMapping,
        unit: Callable[[str], str],
        metrics: Mapping[str, KnownMetric],
        today: dt.date,
    ) -> None:
        self._mapping = mapping
        self._unit = unit
        self._metrics = metrics
        self._today = today
        names = {name.casefold(): metric.code for metric in metrics.values() for name in metric.names}
        names |= {code.casefold(): code for code in metrics}
        self._metric = chooser(names, N_("{value} is not a metric's code or name."))
        try:
            self._wide = [(part, self._metric(part.metric)) for part in mapping.wide]
        except CellError as error:
            raise error.refusing_the_file() from error

    def read(self, chunk: Chunk) -> Parsed:
        """Read a chunk."""
        mapping = self._mapping
        reading = Reading(chunk)
        days = reading.source(mapping.date, lambda cell: parse_day_or_week(cell, today=self._today))
        units = reading.source(mapping.unit, self._unit)
        groups = reading.source(mapping.group, vocabulary.population)
        reading.required(mapping.date, days)
        reading.required(mapping.unit, units)
        taken: list[tuple[int, str, _Stored]] = []
        if mapping.metric:
            metrics = reading.source(mapping.metric, self._metric)
            reading.required(mapping.metric, metrics)
            taken += self._taken(reading, mapping, metrics)
        else:
            for part, metric in self._wide:
                taken += self._taken(reading, part, [metric] * reading.rows, blank_is_absent=True)
            said = {index for index, _, _ in taken}
            for index in reading.kept():
                if index not in said:
                    reading.reject(index, "", "", N_("The row has no value in any of the metrics' columns."))
        kept = set(reading.kept())
        numbers = chunk.numbers
        values = [
            (numbers[index], days[index], units[index], metric, groups[index] or "", row.n, row.mean, row.sd, row.count)
            for index, metric, row in taken
            if index in kept
        ]
        return Parsed(
            rows=reading.rows + len(chunk.broken),
            accepted=len(kept),
            values=pl.DataFrame(values, schema=MEASUREMENTS, orient="row"),
            scores=pl.DataFrame(schema=SCORES),
            rejects=sorted(reading.rejects, key=lambda reject: reject.row),
        )

    def _taken(
        self,
        reading: Reading,
        source: MeasurementMapping | MetricColumns,
        metrics: Sequence[str | None],
        *,
        blank_is_absent: bool = False,
    ) -> Iterator[tuple[int, str, _Stored]]:
        """Rows' numbers as they are stored, by row and metric; what does not fit is noted."""
        sources = {part: getattr(source, part) for part in _Numbers.__slots__}
        columns = [reading.source(part, parse_number) for part in sources.values()]
        kept = set(reading.kept())
        for index, (metric, row) in enumerate(zip(metrics, zip(*columns, strict=True), strict=True)):
            numbers = _Numbers(*row)
            if metric is None or index not in kept:
                continue
            if blank_is_absent and numbers.mean is numbers.count is numbers.value is None:
                continue
            try:
                yield index, metric, _stored(self._metrics[metric], numbers)
            except _Unfit as error:
                column = sources[error.part] or sources["value"]
                name = column.column if column and column.column else ""
                cell = reading.cells(name)[index] if name else ""
                reading.reject(index, name, cell, error.text, **error.values)


def _stored(metric: KnownMetric, numbers: _Numbers) -> _Stored:
    """Numbers of a row as they are stored.

    Raises:
        _Unfit: They do not fit together or the metric.
    """
    n, mean, sd, count, value = numbers.n, numbers.mean, numbers.sd, numbers.count, numbers.value
    if metric.kind in COUNTED:
        count, mean = (value if count is None else count), None
    else:
        mean, count = (value if mean is None else mean), None
    if metric.kind in COUNTED and count is None:
        raise _Unfit("count", N_("The metric {metric} needs a count, but the row has none."), metric=metric.code)
    if metric.kind not in COUNTED and mean is None:
        raise _Unfit("mean", N_("The metric {metric} needs a mean, but the row has none."), metric=metric.code)
    if n is None and metric.kind is MetricKind.PROPORTION:
        raise _Unfit(
            "n", N_("The metric {metric} is a share: the row needs n, the number of cases."), metric=metric.code
        )
    n = 1.0 if n is None else n
    if n <= 0:
        raise _Unfit("n", N_("n is {n}, must be more than 0."), n=n)
    for part, number in (("n", n), ("mean", mean), ("sd", sd), ("count", count)):
        if number is not None and abs(number) > LARGEST:
            raise _Unfit(part, N_("{value} is too large a number; at most 1e12 is taken."), value=f"{number:g}")
    if metric.kind is not MetricKind.COUNT and n != round(n):
        raise _Unfit("n", N_("n is {n}, must be a whole number of answers or cases."), n=n)
    if count is not None and count != round(count):
        raise _Unfit("count", N_("count is {count}, must be a whole number."), count=count)
    if sd is not None and (sd < 0 or mean is None):
        raise _Unfit("sd", N_("sd is {sd}, must be at least 0 and beside a mean."), sd=sd)
    if count is not None and count < 0:
        raise _Unfit("count", N_("count is {count}, must be at least 0."), count=count)
    if count is not None and metric.kind is MetricKind.PROPORTION and count > n:
        raise _Unfit("count", N_("count is {count}, must be at most n, {n}."), count=count, n=n)
    if mean is not None and metric.low is not None and mean < metric.low:
        raise _Unfit("mean", N_("{value} is less than the scale's lowest, {low}."), value=mean, low=metric.low)
    if mean is not None and metric.high is not None and mean > metric.high:
        raise _Unfit("mean", N_("{value} is more than the scale's highest, {high}."), value=mean, high=metric.high)
    return _Stored(n, mean, sd, count)
