from __future__ import annotations

import datetime as dt

import pytest

from services.intake import vocabulary
from services.intake.cells import is_formula, parse_day_or_week, parse_flag, parse_moment, parse_number, parse_score
from services.intake.refused import CellError, safe_cell
from services.intake.thl import recommendation, statement

TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("3.8.2026", "2026-08-03T00:00:00"),
        ("03.08.2026 9:05", "2026-08-03T09:05:00"),
        ("3.8.2026 klo 14.05", "2026-08-03T14:05:00"),
        ("2026-08-03", "2026-08-03T00:00:00"),
        ("2026-08-03 14:05:06", "2026-08-03T14:05:06"),
        ("2026-08-03T14:05:06.123", "2026-08-03T14:05:06"),
        ("2026-08-03T22:30:00Z", "2026-08-04T01:30:00"),  # summer time, UTC+3
        ("2026-10-25T12:00:00+0200", "2026-10-25T12:00:00"),
        ("46237", "2026-08-03T00:00:00"),  # Excel: =DATE(2026,8,3) is 46237
        ("46237,520833333", "2026-08-03T12:30:00"),
    ],
)
def test_moments(cell: str, moment: str) -> None:
    assert parse_moment(cell, today=TODAY).isoformat() == moment


@pytest.mark.parametrize(
    "cell", ["31.2.2026", "3.8.", "3.8.26", "8/3/2026", "huomenna", "2026-13-01", "25:00", "99999999"]
)
def test_no_moments(cell: str) -> None:
    with pytest.raises(CellError, match=r"is not a date; write it as 31\.8\.2026"):
        parse_moment(cell, today=TODAY)


def test_days_to_come_and_long_gone() -> None:
    assert parse_moment("23.11.2026 23:59", today=TODAY).day == 23
    with pytest.raises(CellError, match=r"24\.11\.2026 is in the future; today is 2026-11-23"):
        parse_moment("24.11.2026", today=TODAY)
    with pytest.raises(CellError, match=r"1\.1\.1926 is too far back"):
        parse_moment("1.1.1926", today=TODAY)


@pytest.mark.parametrize("cell", ["2026-W32", "2026 vko 32", "32/2026", "vko 32/2026", "v. 32 2026", "3.8.2026"])
def test_weeks(cell: str) -> None:
    assert parse_day_or_week(cell, today=TODAY) == dt.date(2026, 8, 3)  # the Monday of ISO week 32


def test_a_week_that_does_not_exist() -> None:
    with pytest.raises(CellError, match="is not a week"):
        parse_day_or_week("2025-W53", today=TODAY)


@pytest.mark.parametrize(
    ("cell", "number"),
    [("4", 4), ("4,5", 4.5), ("-0.25", -0.25), ("−3", -3), ("1 234,5", 1234.5), ("1\u00a0000", 1000), ("1E+05", 1e5)],
)
def test_numbers(cell: str, number: float) -> None:
    assert parse_number(cell) == number


@pytest.mark.parametrize("cell", ["", "neljä", "1.234,5", "1,2,3", "nan", "inf", "1e999", "5 %", "12 34", "0x10"])
def test_no_numbers(cell: str) -> None:
    with pytest.raises(CellError, match="is not a number"):
        parse_number(cell)


def _score(cell: str, column: object) -> float | None:
    labels = {label.casefold(): value for label, value in column.labels.items()}  # type: ignore[attr-defined]
    missing = frozenset(m.casefold() if isinstance(m, str) else m for m in column.missing)  # type: ignore[attr-defined]
    return parse_score(cell, low=column.low, high=column.high, labels=labels, missing=missing)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Täysin samaa mieltä", 5),
        ("täysin eri mieltä ", 1),
        ("Helt av samma åsikt", 5),
        ("4 = Jokseenkin samaa mieltä", 4),
        ("3", 3),
        ("3.0", 3),
        ("0", None),
        ("0,0", None),
        ("0 = Ei koske minua", None),
        ("Ei koske minua", None),
        ("Gäller inte mig", None),
        ("", None),
        ("-", None),
    ],
)
def test_the_national_statements_never_hold_a_zero(cell: str, value: float | None) -> None:
    assert _score(cell, statement("x", "thl1")) == value


def test_recommending_zero_is_an_answer() -> None:
    assert _score("0", recommendation("x")) == 0
    assert _score("10", recommendation("x")) == 10


@pytest.mark.parametrize(
    ("cell", "reason"), [("6", "not on the scale 1–5"), ("-1", "not on the scale"), ("kyllä", "not an answer")]
)
def test_answers_off_the_scale(cell: str, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        _score(cell, statement("x", "thl1"))


@pytest.mark.parametrize(
    "cell",
    ['=HYPERLINK("http://example.com","x")', "=1+1", "=A1", "=SUM(A1:A9)", " =cmd|' /C calc'!A0", "@SUM(1+1)", "+A1+B1",
     "-HYPERLINK(A1)", '="x"', "=-1", "=(1)", "=Taulukko1!A1"],
)  # fmt: skip
def test_formulas(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    "cell",
    ["-hidas palvelu", "- Lääkäri (uusi) oli hyvä", "+ hyvä palvelu", "-1", "+358 40 123", "=) kiitos", "=D",
     "@maija kiitos", "1+1=2", "= sama kuin ennen", "-", "+++", "--- ei hyvä", "=> jono kasvaa",
     "=D :)", "=hyvä & nopea"],
)  # fmt: skip
def test_comments_that_are_no_formulas(cell: str) -> None:
    assert not is_formula(cell)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "  =1", "'=1"])
def test_no_cell_we_write_can_start_a_formula(cell: str) -> None:
    assert safe_cell(cell).startswith("'")


@pytest.mark.parametrize(
    ("cell", "group"),
    [("42", "35-49"), ("35–49", "35-49"), ("35 - 49 v", "35-49"), ("75+", "75+"), ("yli 75", "75+"), ("80-89", "75+"),
     ("75 v tai yli", "75+"), ("7", "7-12"), ("115", "75+")],
)  # fmt: skip
def test_age_groups(cell: str, group: str) -> None:
    assert vocabulary.age_group(cell) == group


@pytest.mark.parametrize("cell", ["3", "116", "30-40", "aikuinen", "yli 65"])
def test_ages_that_fit_no_group(cell: str) -> None:
    with pytest.raises(CellError, match="is not an age or an age group"):
        vocabulary.age_group(cell)


@pytest.mark.parametrize(
    ("cell", "group"),
    [("", ""), ("kaikki", ""), ("75+", "age:75+"), ("ruotsi", "language:sv"), ("language:sv", "language:sv"),
     ("eläkeikäinen", "life:retired"), ("age:65–74", "age:65-74")],
)  # fmt: skip
def test_populations(cell: str, group: str) -> None:
    assert vocabulary.population(cell) == group


def test_flags() -> None:
    assert [parse_flag(cell) for cell in ("Kyllä", "nej", "1", "0", "", "x")] == [True, False, True, False, None, True]
    with pytest.raises(CellError, match="ehkä is neither yes nor no"):
        parse_flag("ehkä")


def test_a_command_behind_a_sum_is_a_formula_and_a_bar_in_a_comment_is_not() -> None:
    assert is_formula("-2+3+cmd|' /C calc'!A0")
    assert not is_formula("-huono | hyvä! kiitos")
    assert not is_formula("- hidas|jono, 'odotus' oli pitkä!")
