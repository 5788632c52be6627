"""The analyst's page: every table with its file, what its columns mean, programs that run."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys

import pytest

from pages import data
from pages.data_examples import COMMANDS, Example, examples
from services import exports
from services.errors import NotAllowed
from services.exports import Format
from services.settings import ROOT
from tests.pages.pilot_pages import REFUSED, errors, opened_page, person, words


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_an_analyst_finds_every_table_and_what_its_columns_mean(demo_installation: str, language: str) -> None:
    page = opened_page("data", "u14", language=language)
    said = words(page)
    for table in exports.tables():
        assert all(f",{column.name}," in said for column in table.columns)
    assert next(button.key for button in page.get("download_button")) == "data_download_dictionary"
    assert len(page.get("download_button")) == len(exports.tables()) + 1
    assert [title.value for title in page.title] == [{"fi": "Aineistot", "sv": "Data", "en": "Data"}[language]]


@pytest.mark.parametrize("code", ["u1", "u4", "u9", "u11"])
def test_others_take_nothing_away(demo_installation: str, code: str) -> None:
    page = opened_page("data", code)
    assert errors(page) == [REFUSED]
    assert not page.get("download_button")


def test_a_director_is_told_that_the_files_hold_the_own_units(demo_installation: str) -> None:
    assert "Tiedostoissa ovat omat yksikkösi." in words(opened_page("data", "u8"))
    assert "Tiedostoissa ovat omat yksikkösi." not in words(opened_page("data", "u14"))


def test_a_file_is_made_when_it_is_asked_for_and_asks_who_does(demo_installation: str) -> None:
    plans = exports.table("plans")
    made = data._made(person("u14").id, plans, Format.CSV)()
    assert made.startswith(b"pilot,version,")
    for code in ("u4", "u9"):
        with pytest.raises(NotAllowed):
            data._made(person(code).id, plans, Format.CSV)()
    with pytest.raises(NotAllowed):
        data._made(None, plans, Format.CSV)()


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)
def test_the_programs_run_and_print_what_is_said(example: Example) -> None:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(example.code, example.name, "exec"), {})
    assert out.getvalue().strip() == example.prints


def test_the_commands_exist() -> None:
    told = subprocess.run([sys.executable, "cli.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    known = {line.split()[0] for line in told.stdout.splitlines() if line.startswith("  ") and line.split()}
    assert {command.split()[2] for _, command in COMMANDS} <= known
