"""The methods page: for every role, in every language, generated from the rules and checks themselves, searchable."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from models.metrics import MetricKind
from models.people import Person, Role
from pages import methods, methods_around, methods_checks, methods_example, methods_figures, methods_judging
from services.check_names import SURROUNDINGS
from services.i18n import translator
from services.pilot_words import CHECKS
from services.wording import sentence
from stats.evidence import FEW, HISTORY, MANY, ONE, RANDOMISED, SHORT
from stats.rules import FACTS, RULES
from tests.pages.pilot_pages import changing, opened_page, words

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fi", "sv", "en")


def headers(page: object) -> list[str]:
    return [element.value for element in page.get("header")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_card_is_there_and_nothing_raw_is_shown(demo_installation: str, language: str) -> None:
    page = opened_page("methods", "u4", language=language)
    t = translator(language)
    assert headers(page) == [t(card.title) for card in methods.cards()]
    said = words(page)
    raw = {*CHECKS, *SURROUNDINGS, *FACTS, *(rule.name for rule in RULES), *(kind.value for kind in MetricKind)}
    assert [key for key in raw if "_" in key and key in said] == []
    assert "{" not in said
    tables = "".join(table.value.to_csv() for table in page.table)
    if language != "en":  # decimal commas, and a space that does not break before the per cent
        assert not re.search(r"\d\.\d\d?\s?%", tables)
        assert not re.search(r"[\d}] ?%", tables)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_may_read_it(demo_installation: str, role: Role) -> None:
    with changing() as session:
        person = session.exec(select(Person).where(Person.code == "u4")).one()
        person.role = role
        session.add(person)
        session.commit()
    assert len(headers(opened_page("methods", "u4"))) == len(methods.cards())


def test_formulas_have_the_decimal_mark_of_the_language() -> None:
    [planning] = [card for card in methods.cards() if card.name == "planning"]
    assert planning.formula_in(translator("fi")) == r"(1{,}96 + 0{,}84) \cdot s"
    assert planning.formula_in(translator("en")) == planning.formula


def test_strangers_see_nothing(demo_installation: str) -> None:
    assert headers(opened_page("methods", "nobody")) == []


def test_a_word_finds_its_card(demo_installation: str) -> None:
    t = translator("fi")
    titles = {card.name: t(card.title) for card in methods.cards()}
    for word, name in (("p-arvo", "planned-reviews"), ("Holm", "guardrails"), ("voittajan kirous", "many-pilots")):
        assert headers(opened_page("methods", "u4", q=word)) == [titles[name]]
    assert titles["checks"] in headers(opened_page("methods", "u4", q="pyöristettiinkö"))
    page = opened_page("methods", "u4", q="xyzzy")
    assert headers(page) == []
    assert "Mikään menetelmä ei vastaa hakua" in page.info[0].value


def test_the_rules_are_those_that_decide() -> None:
    t = translator("en")
    table = methods_judging._rules_in_words(t)
    assert [row["Rule"] for row in table] == [f"{n}\\. {rule.plain.english()}" for n, rule in enumerate(RULES, 1)]
    assert set(methods_judging.FACTS) == set(FACTS)
    conditions = [row["It fits when"] for row in methods_judging._conditions(t)]
    assert conditions[0] == "not: an effect can be estimated"
    assert conditions[-1] == "no other rule did"


def test_a_design_is_no_stronger_on_the_page_than_in_the_rules() -> None:
    table = methods_judging._designs(translator("en"))
    for row, design in zip(table, (RANDOMISED, MANY, FEW, ONE, HISTORY, SHORT), strict=True):
        assert row["How the pilot is set up"] == design.plain.english()
        assert row["Strongest recommendation"].startswith("scale up") == design.may_scale
        assert ("unless" in row["Strongest recommendation"]) == (design.may_scale and design.drift_blocks)


def test_every_check_is_explained_and_those_that_block_are_named() -> None:
    assert set(methods_checks.ABOUT) == {*CHECKS, *SURROUNDINGS}
    assert set(blocking_checks()) == methods_checks.CAN_BLOCK


def blocking_checks() -> Iterator[str]:
    """Names of the checks that some line of stats/ lets keep from scaling."""
    for path in sorted((ROOT / "stats").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id != "Check":
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            name, blocks = given.get("name"), given.get("blocks_scale")
            if isinstance(name, ast.Constant) and blocks is not None and ast.unparse(blocks) != "False":
                yield str(name.value)


def test_every_kind_of_metric_is_explained() -> None:
    assert set(methods_around.KINDS) == set(MetricKind)


def test_the_example_is_regression_to_the_mean_and_nothing_else() -> None:
    weeks = methods_example.weeks()
    assert weeks.pilot[: len(methods_example.USUAL)].mean() == pytest.approx(weeks.pilot[weeks.after].mean())
    assert weeks.trigger.sum() == len(methods_example.BAD)
    assert not (weeks.trigger & weeks.after).any()
    assert "3,8" in sentence(translator("fi"), methods_example.story())
    assert "0,4" in sentence(translator("sv"), methods_example.story())


def table_of(name: str) -> list[list[float]]:
    """A delimited table of docs/methods.md, numbers only."""
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    begin, end = f"<!-- table: {name} -->", "<!-- end of table -->"
    rows = [line for line in text.partition(begin)[2].partition(end)[0].splitlines() if line.startswith("|")][2:]
    assert rows, begin
    return [[float(cell) if cell.strip() not in ("", "-") else float("nan") for cell in row.split("|")[1:-1]]
            for row in rows]  # fmt: skip


def test_the_figures_are_those_of_the_documentation() -> None:
    page = [
        [row.comparison_units, row.effect, row.crossed, row.scaled, row.welch, row.segmented, row.covered]
        for row in methods_figures.tested()
    ]
    assert page == table_of("false scale")


def test_the_alarms_are_those_of_the_documentation() -> None:
    page = [
        [one.points, one.before, 0.6 if one.alike else 0.0, one.nhs, float("nan") if one.anhoej is None else one.anhoej]
        for one in methods_figures.alarms()
    ]
    for row, documented in zip(page, table_of("control charts"), strict=True):
        assert row == pytest.approx(documented, nan_ok=True)


def test_a_pilot_and_the_portfolio_lead_here(demo_installation: str) -> None:
    assert "](/methods)" in words(opened_page("pilot", "u7", code="P01"))
    assert "](/methods)" in words(opened_page("portfolio", "u7"))


def test_the_documentation_names_files_that_exist_and_every_method_has_its_place() -> None:
    text = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[a-z_]+/)*[a-z_0-9]+\.py)`", text))
    places = [ROOT, ROOT / "stats", ROOT / "stats" / "compiled"]
    assert [name for name in sorted(named) if not any((place / name).is_file() for place in places)] == []
    without_a_method = {
        *("__init__", "arguments", "check", "curves", "errors", "evaluation", "messages", "metric", "open_estimate"),
        *("panel", "panel_rows", "plan", "report", "results"),
    }
    methods_files = {path.name for path in (ROOT / "stats").glob("*.py") if path.stem not in without_a_method}
    assert sorted(methods_files - {name.rpartition("/")[2] for name in named}) == []
