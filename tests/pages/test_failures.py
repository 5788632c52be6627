"""What a person reads when something could not be done: what it means for them, what to do, and a reference."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from pages.failures import SENTENCES, TITLES
from services.failures import Failure
from services.i18n import translator
from tests.pages.test_frame import errors

HAPPENED = {
    Failure.GONE: "sqlite3.OperationalError('unable to open database file')",
    Failure.FULL: "OSError(28, 'No space left on device')",
    Failure.BUSY: "sqlite3.OperationalError('database is locked')",
    Failure.OTHER: "KeyError('something Maija Virtanen wrote')",
}


def page(failure: Failure, *, language: str, began: bool) -> AppTest:
    script = f"""
import sqlite3
import streamlit as st
from pages import failures, frame
st.query_params["lang"] = {language!r}
failures.nothing_drawn()
if {began}:
    failures.page_began()
    st.title("The page")
assert frame.on_error({HAPPENED[failure]})
"""
    return AppTest.from_string(script).run()


@pytest.mark.parametrize("failure", list(Failure))
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_is_said_in_the_readers_language(failure: Failure, language: str) -> None:
    t, shown = translator(language), page(failure, language=language, began=False)
    assert [title.value for title in shown.title] == [t(TITLES[failure])]
    [said] = errors(shown)
    found = re.fullmatch(re.escape(t(SENTENCES[failure])).replace(r"\{code\}", "([0-9a-f]{8})"), said)
    assert found, said
    assert "Maija" not in said
    assert [button.key for button in shown.button] == ([] if failure is Failure.OTHER else ["try_again"])
    if language != "en":
        assert t(SENTENCES[failure]) != SENTENCES[failure]
        assert t(TITLES[failure]) != TITLES[failure]


def test_a_page_that_has_a_title_keeps_it_as_the_only_one() -> None:
    shown = page(Failure.FULL, language="fi", began=True)
    assert [title.value for title in shown.title] == ["The page"]
