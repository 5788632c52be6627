"""docs/permissions.md says what the code does: roles, pages, services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from models.people import Role
from pages.routes import all_routes
from services.permissions import MATRIX, May
from tests.services.permission_cases import ASK_NOTHING, CASES

TEXT = (Path(__file__).parents[1] / "docs" / "permissions.md").read_text(encoding="utf-8")


def rows(heading: str, first: str) -> Iterator[list[str]]:
    """The cells of a table under a heading, without its head."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = section.partition(f"| {first} |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        yield [cell.strip().strip("`") for cell in line.strip("| ").split("|")]


def test_the_table_of_rights_is_the_matrix() -> None:
    head = [cell.strip() for cell in re.findall(r"^\| right \|(.*)\|$", TEXT, flags=re.MULTILINE)[0].split("|")]
    roles = [Role(name) for name in head[:-1]]
    assert set(roles) == set(Role)
    told = {May(cells[0]): {r for r, mark in zip(roles, cells[1:], strict=False) if mark == "x"} for cells in _rights()}
    assert told == {may: {role for role in Role if may in MATRIX[role]} for may in May}


def _rights() -> Iterator[list[str]]:
    section = TEXT.partition("\n## Roles and rights\n")[2].partition("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip().strip("`") for cell in line.removeprefix("|").removesuffix("|").split("|")]


def test_the_table_of_pages_is_the_routes() -> None:
    told = {cells[0]: cells[1] for cells in rows("Pages", "page")}
    for route in all_routes():
        need = "everyone" if route.public else route.required.value if route.required else "signed in"
        assert told.pop(f"/{route.path}") == need
    assert told == {}


def test_the_table_of_services_is_the_tested_one() -> None:
    told = [tuple(cells) for cells in rows("Services", "service")]
    ways = {case.name: " or ".join(f"`{way.value}`" for way in case.ways).strip("`") for case in CASES}
    assert told == [(case.name, ways[case.name], case.where) for case in CASES]
    asking_nothing = TEXT.partition("ask nothing:")[2].partition("\n## ")[0]
    listed = dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", asking_nothing, flags=re.MULTILINE))
    assert listed == ASK_NOTHING
