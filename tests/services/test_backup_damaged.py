"""Backups that are damaged, cut short or of something else: none of them touches the record."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path

import pytest

from services import backup, restore
from services.errors import BadInput
from tests.databases import sqlite_url
from tests.services.test_backup import put


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_damage_anywhere_is_found_or_harmless(database_url: str, tmp_path: Path) -> None:
    put(database_url, which="whole")
    whole = backup.make(database_url, tmp_path / "kept.backup").file.read_bytes()
    target, damaged = tmp_path / "target.db", tmp_path / "damaged.backup"
    with zipfile.ZipFile(tmp_path / "kept.backup") as archive:
        expected = archive.read("luotsi.db")
    chance = random.Random(7)
    places = [*range(60), *range(len(whole) - 120, len(whole)), *(chance.randrange(len(whole)) for _ in range(300))]
    refused = 0
    for place in places:
        damaged.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        try:
            restore.unpack(damaged, engine="sqlite", into=target)
        except BadInput:
            refused += 1
        else:
            assert target.read_bytes() == expected, f"byte {place}"
        target.unlink(missing_ok=True)
    assert refused > len(places) // 2
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        damaged.write_bytes(whole[:length])
        with pytest.raises(BadInput, match="not a whole backup"):
            restore.restore(sqlite_url(target), damaged)
        assert not target.exists()
        assert list(tmp_path.glob(".*")) == [], "nothing is left behind"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"revision": "9999"}, "does not know"),
        ({"engine": "postgresql"}, "is a backup of postgresql"),
        ({"luotsi_backup": 2}, "format 2"),
        ({"rows": {"person": 1}}, "something else than its manifest says"),
        ({"audit": {"entries": 3, "hash": "f" * 64}}, "the end of the audit trail"),
    ],
)
def test_a_label_that_does_not_fit_is_refused(
    database_url: str, tmp_path: Path, change: dict[str, object], message: str
) -> None:
    put(database_url, which="whole")
    made = backup.make(database_url, tmp_path / "kept.backup")
    other = tmp_path / "other.backup"
    with zipfile.ZipFile(made.file) as archive, zipfile.ZipFile(other, "w") as written:
        label = json.loads(archive.read(backup.MANIFEST)) | change
        written.writestr(made.manifest.data, archive.read(made.manifest.data))
        written.writestr(backup.MANIFEST, json.dumps(label))
    with pytest.raises(BadInput, match=message):
        restore.restore(sqlite_url(tmp_path / "target.db"), other)
    assert not (tmp_path / "target.db").exists()
