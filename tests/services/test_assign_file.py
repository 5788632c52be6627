"""The commands assign-themes and discover-themes: the agreed JSON, both file forms, one sentence for what is wrong."""

# ruff: noqa: E501

from __future__ import annotations

import errno
import json
import os
import warnings
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli import app

THEMES: list[dict[str, Any]] = [
    {"id": "T1", "names": {"fi": "Odottaminen", "en": "Waiting"}, "keywords": ["odot", "queue"]},
    {"id": 2, "names": {"en": "Food"}, "examples": ["The soup was cold."], "weight": 3},
]
COMMENTS = [
    {"id": "a", "text": "Odotin aulassa kaksi tuntia."},
    {"id": 7, "text": "The lunch was cold and tasteless.", "language": "en"},
    {"id": "c", "text": " "},
]


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


@pytest.fixture
def themes(tmp_path: Path) -> Path:
    return written(tmp_path / "themes.json", json.dumps(THEMES))


def test_json_lines_and_csv_give_the_same(tmp_path: Path, themes: Path) -> None:
    lines = written(tmp_path / "in.jsonl", "\n".join(json.dumps(comment) for comment in COMMENTS) + "\n\n")
    table = tmp_path / "in.csv"
    table.write_bytes(
        "id;text;language\na;Odotin aulassa kaksi tuntia.;\n7;The lunch was cold and tasteless.;EN\nc;;\n".encode(
            "cp1252"
        )
    )
    out = tmp_path / "out.jsonl"
    code, printed, error = run("assign-themes", lines, "--themes", themes, "--out", out)
    assert (code, printed, error) == (0, "", "")
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", 7, "c"]
    assert [row["language"] for row in rows] == ["fi", "en", None]
    assert [row["themes"][0]["id"] for row in rows[:2]] == ["T1", 2]
    assert set(rows[0]) == {"id", "language", "themes", "sentiment"}
    assert (rows[1]["sentiment"], rows[2]) == ("neg", {"id": "c", "language": None, "themes": [], "sentiment": "neu"})
    assert all(row["themes"] == sorted(row["themes"], key=lambda theme: -theme["score"]) for row in rows)
    assert run("assign-themes", table, "--themes", themes, "--out", out)[0] == 0
    again = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [row["themes"] for row in again] == [row["themes"] for row in rows]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("in.jsonl", "", "in.jsonl: The file is empty."),
        ("in.csv", "id,text\n", "in.csv: The file has a header but no rows."),
        ("in.csv", "id,words\n1,a\n", "in.csv: The column 'text' is missing; needed are id, text."),
        ("in.csv", "id,text\n1,a\n,b\n", "in.csv: Row 3, column 'id': it is empty; each comment has its own id."),
        ("in.csv", "id,text\n1,a\n\n1,b\n", "in.csv: Row 4, column 'id': '1' was already on row 2; each comment has its own id."),
        ("in.csv", "id,text,language\n1,a,ru\n", "in.csv: Row 2, column 'language': ru is not allowed; allowed are fi, sv, en, or nothing."),
        ("in.jsonl", '{"id": 1, "text": "a"}\n{"id": 2,', "in.jsonl: Row 2 is not JSON: Expecting property name enclosed in double quotes."),
        ("in.jsonl", "[1]\n", "in.jsonl: Row 1 is [1]; allowed is one JSON object a row with id and text."),
        ("in.jsonl", '{"id": 1}\n', "in.jsonl: Row 1: the field 'text' is missing; needed are id, text."),
        ("in.jsonl", '{"id": 1.5, "text": "a"}\n', "in.jsonl: Row 1, column 'id': 1.5 is not allowed; allowed is a text or a whole number."),
        ("in.jsonl", '{"id": 1, "text": 5}\n', "in.jsonl: Row 1, column 'text': 5 is not allowed; allowed is a text."),
        ("in.jsonl", '{"id": 1, "text": "a"}\n{"id": "1", "text": "b"}\n', "in.jsonl: Row 2, column 'id': '1' was already on row 1; each comment has its own id."),
    ],
)  # fmt: skip
def test_a_wrong_comment_file_is_one_sentence(
    tmp_path: Path, themes: Path, name: str, content: str, sentence: str
) -> None:
    out = written(tmp_path / "out.jsonl", "before")
    file = written(tmp_path / name, content)
    assert run("assign-themes", file, "--themes", themes, "--out", out) == (2, "", sentence + "\n")
    assert out.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "themes.json is not JSON: line 1, column 2: Expecting property name enclosed in double quotes."),
        ("[]", "themes.json: The file holds no list of themes; allowed is a JSON list of at least one theme."),
        ("[3]", "themes.json: Theme 1 is 3; allowed is a JSON object with id and names."),
        ('[{"names": {"fi": "A"}}]', "themes.json: Theme 1, field 'id': null is not allowed; allowed is a text or a whole number."),
        ('[{"id": 1, "names": {"fi": ""}}]', "themes.json: Theme 1, field 'names': {\"fi\": \"\"} is not allowed; allowed is an object with a name in fi, sv or en."),
        ('[{"id": 1, "names": {"fi": "A"}}, {"id": "1", "names": {"fi": "B"}}]', "themes.json: Theme 2, field 'id': '1' comes twice; each theme has its own id."),
        ('[{"id": 1, "names": {"fi": "A"}, "keywords": ["!"]}]', "themes.json: Theme 1, field 'keywords': ! is not allowed; allowed is a list of texts with letters or digits."),
        ('[{"id": 1, "names": {"fi": "A"}, "examples": "x"}]', "themes.json: Theme 1, field 'examples': x is not allowed; allowed is a list of texts."),
    ],
)  # fmt: skip
def test_a_wrong_theme_file_is_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    file = written(tmp_path / "in.jsonl", json.dumps(COMMENTS[0]))
    themes = written(tmp_path / "themes.json", content)
    out = tmp_path / "out.jsonl"
    assert run("assign-themes", file, "--themes", themes, "--out", out) == (2, "", sentence + "\n")
    assert not out.exists()


def test_comments_without_words_and_halves_of_characters(tmp_path: Path, themes: Path) -> None:
    out = tmp_path / "out.jsonl"
    silent = written(tmp_path / "silent.jsonl", '{"id": 1, "text": null}\n{"id": 2, "text": ""}\n')
    assert run("assign-themes", silent, "--themes", themes, "--out", out) == (0, "", "")
    assert [json.loads(line)["themes"] for line in out.read_text(encoding="utf-8").splitlines()] == [[], []]
    half = written(tmp_path / "half.jsonl", '{"id": "a\\ud800", "text": "Odotin \\udfff kauan."}')
    other = written(tmp_path / "half.json", '[{"id": "b\\ud800", "names": {"fi": "Odotus \\ud800"}}]')
    assert run("assign-themes", half, "--themes", other, "--out", out) == (0, "", "")
    row = json.loads(out.read_text(encoding="utf-8"))
    assert (row["id"], row["themes"][0]["id"]) == ("a?", "b?")


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path, themes: Path) -> None:
    file = written(tmp_path / "in.jsonl", json.dumps(COMMENTS[0]))
    real = written(tmp_path / "real.jsonl", "before")
    link = tmp_path / "link.jsonl"
    link.symlink_to(real)
    assert run("assign-themes", file, "--themes", themes, "--out", link) == (0, "", "")
    assert link.is_symlink()
    assert json.loads(real.read_text(encoding="utf-8"))["id"] == "a"
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused = run("assign-themes", file, "--themes", themes, "--out", pipe)
    assert refused == (2, "", f"{pipe} cannot be written: it is not a file.\n")


def test_a_full_disk_is_one_sentence(tmp_path: Path, themes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    file = written(tmp_path / "in.jsonl", json.dumps(COMMENTS[0]))
    out = written(tmp_path / "out.jsonl", "before")
    failed = run("assign-themes", file, "--themes", themes, "--out", out)
    assert failed == (1, "", f"{out} cannot be written: No space left on device.\n")
    assert out.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl", "themes.json"]


def test_places_that_cannot_be_used(tmp_path: Path, themes: Path) -> None:
    file = written(tmp_path / "in.jsonl", json.dumps(COMMENTS[0]))
    assert run("assign-themes", file, "--themes", themes, "--out", themes)[0] == 2
    code, _, error = run("assign-themes", tmp_path / "none.jsonl", "--themes", themes, "--out", tmp_path / "o")
    assert (code, error.endswith("none.jsonl cannot be read: No such file or directory.\n")) == (2, True)
    code, _, error = run("discover-themes", file, "--out", tmp_path / "out.json")
    assert (code, error) == (2, "in.jsonl: The file has 1 comments with words; at least 12 are needed.\n")


def test_proposals(tmp_path: Path) -> None:
    said = [
        "Ruoka oli kylmää",
        "Lunchen var kall",
        "The soup was cold",
        "Jonotin tunnin",
        "Jag väntade länge",
        "I waited an hour",
    ]
    lines = [json.dumps({"id": number, "text": f"{said[number % 6]} {number}"}) for number in range(30)]
    out = tmp_path / "out.json"
    assert run("discover-themes", written(tmp_path / "in.jsonl", "\n".join(lines)), "--out", out) == (0, "", "")
    proposals = json.loads(out.read_text(encoding="utf-8"))
    assert [set(proposal) for proposal in proposals] == [{"label", "keywords", "size", "share", "examples"}] * len(
        proposals
    )
    assert sum(proposal["size"] for proposal in proposals) == 30


def test_one_comment_said_by_all_is_one_proposal_without_a_word_of_warning(tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "text": "Kiitos paljon"}) for number in range(30)]
    out = tmp_path / "out.json"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run("discover-themes", written(tmp_path / "in.jsonl", "\n".join(lines)), "--out", out) == (0, "", "")
    assert [proposal["size"] for proposal in json.loads(out.read_text(encoding="utf-8"))] == [30]
