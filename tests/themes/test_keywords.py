from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themes.keywords import Assignment, ThemeKeywords, assign

THEMES = (
    ThemeKeywords("T01", ("takaisinsoit", "puhelin", "återuppring", "call back")),
    ThemeKeywords("T03", ("jono", "kö", "waiting list")),
    ThemeKeywords("T04", ("odot", "väntade", "wait")),
    ThemeKeywords("T10", ("eri hoitaja", "sama hoitaja")),
)


def found(text: str) -> dict[str | int, tuple[str, ...]]:
    return {assignment.theme: assignment.matched for assignment in assign(text, THEMES)}


def test_beginnings_of_words_in_any_case_of_letters() -> None:
    assert found("ODOTIN takaisinsoittoa") == {"T01": ("takaisinsoittoa",), "T04": ("odotin",)}


def test_several_words_in_a_row() -> None:
    assert found("Viikossa kävi yksitoista eri hoitajaa.") == {"T10": ("eri hoitajaa",)}
    assert found("eri päivä, hoitaja sama") == {}
    assert found("On the waiting-list for a year") == {"T03": ("waiting list",), "T04": ("waiting",)}


def test_a_very_short_keyword_is_a_whole_word() -> None:
    assert found("Lång kö till läkaren") == {"T03": ("kö",)}
    assert found("Jag kör bil till köket") == {}


def test_not_inside_a_word() -> None:
    assert found("matkapuhelin") == {}


def test_more_keywords_are_a_stronger_assignment_and_come_first() -> None:
    assignments = assign("Jonossa, jonotin puhelimessa; puhelin katkesi ja takaisinsoitto ei tullut", THEMES)
    assert assignments == [
        Assignment("T01", 0.75, ("puhelin", "takaisinsoitto")),
        Assignment("T03", 0.5, ("jonossa", "jonotin")),
    ]


def test_letters_written_with_a_combining_mark() -> None:
    assert found("va\u0308ntade länge") == {"T04": ("väntade",)}


def test_a_keyword_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match=r"keyword == '!!' of theme 'T9'"):
        assign("Mitä tahansa", [ThemeKeywords("T9", ("!!",))])


@given(st.text(max_size=80))
def test_matched_words_are_in_the_text_and_scores_are_shares(text: str) -> None:
    for assignment in assign(text, THEMES):
        assert 0.5 <= assignment.score < 1
        assert assignment.matched
