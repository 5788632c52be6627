"""What the documents promise is what the project does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pages.routes import all_routes
from services.version import VERSION
from tests.browser.routes import VISITS, pictures

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def first_cells(markdown: str) -> list[str]:
    """The first column of every table, without headings and rules."""
    rows = [line.split("|")[1].strip() for line in markdown.splitlines() if line.startswith("|")]
    return [cell for cell in rows if cell and not set(cell) <= set("-: ")]


def test_the_readme_lists_every_environment_variable_and_no_other() -> None:
    variable = r"DATABASE_URL|PORT|LUOTSI_[A-Z_]+"
    table = read("README.md").partition("## Configuration")[2].partition("\n## ")[0]
    listed = {cell.strip("`") for cell in first_cells(table)} - {"variable"}
    code = read("services/settings.py") + read("services/sign_in_settings.py")
    assert listed == set(re.findall(rf"[\"']({variable})[\"']", code))


@pytest.mark.parametrize("requirements", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_has_its_reason(requirements: str) -> None:
    text = read("docs/adr/0005-dependencies.md")
    section = text.partition(f"`{requirements}`:")[2].partition("`requirements-dev.txt`:")[0]
    pinned = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", read(requirements), flags=re.MULTILINE)
    assert [cell for cell in first_cells(section) if cell != "package"] == sorted(pinned, key=str.lower)


def test_every_make_target_is_explained_and_exists() -> None:
    targets = set(re.findall(r"^\.PHONY:(.*)$", read("Makefile"), flags=re.MULTILINE)[0].split()) - {"help"}
    named = set(re.findall(r"(?:^    |`)make ([a-z]+)", read("docs/contributing.md") + read("README.md"), re.MULTILINE))
    assert named == targets


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    here = [link for link in links if not link.startswith(("https://", "mailto:"))]
    missing = [link for link in here if not (path.parent / link).exists() and Path(link).name not in pictures()]
    assert missing == []


def test_every_decision_is_in_the_list() -> None:
    files = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    assert files == set(re.findall(r"\((0[\w-]+\.md)\)", read("docs/adr/README.md")))


def test_the_licence_is_named_by_its_identifier() -> None:
    assert PROJECT["license"] == "EUPL-1.2"
    assert read("LICENSE").startswith("SPDX-License-Identifier: EUPL-1.2\n")
    assert "EUPL-1.2" in read("README.md").partition("## Licence")[2]


def test_the_changelog_has_this_version() -> None:
    assert f"## {PROJECT['version']} " in read("CHANGELOG.md")


def test_continuous_integration_runs_the_tests() -> None:
    script = read(".ci/run")
    assert "set -euo pipefail" in script
    assert "make test" in script
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_page_is_visited_by_the_pictures() -> None:
    assert {visit.path for visit in VISITS} == {route.path for route in all_routes()}


def test_one_version() -> None:
    assert PROJECT["version"] == VERSION
