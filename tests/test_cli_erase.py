"""`erase-feedback` as a terminal sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli_database import luotsi


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_erasing_by_age_and_by_number(database_url: str, tmp_path: Path) -> None:
    done = luotsi("erase-feedback", "--older-than", "5y", url=database_url, folder=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"erased": 0, "quotes": 0, "respondents": 0})
    for wrong in (("--id", "1"), ("--id", "1", "--older-than", "2021-01-01")):
        refused = luotsi("erase-feedback", *wrong, url=database_url, folder=tmp_path)
        assert (refused.returncode, refused.stdout) == (2, ""), wrong
