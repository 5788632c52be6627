"""Words of people on a page."""

from __future__ import annotations

import pytest
from sqlmodel import select

from models.pilots import Pilot
from pages.plain import plain, told_plainly
from services.errors import NotFound
from services.i18n import translator
from tests.pages.pilot_pages import changing, errors, opened_page


def test_words_of_people_are_never_read_as_markdown() -> None:
    assert plain("a *b* :red[c] $d$") == r"a \*b\* \:red\[c\] \$d\$"
    assert plain("yksi\nkaksi") == "yksi  \nkaksi"


def test_what_an_address_names_is_not_read_as_markdown() -> None:
    error = NotFound("There is no pilot with the code {code}.", code="[Sign in](https://elsewhere.example)")
    said = "There is no pilot with the code \\[Sign in\\]\\(https\\://elsewhere\\.example\\)."
    assert told_plainly(translator("en"), error) == said


@pytest.mark.usefixtures("demo_installation")
@pytest.mark.parametrize(
    ("module", "name"), [("pilot", "code"), ("theme", "code"), ("walks", "path"), ("log", "pilot"), ("ideas", "idea")]
)
@pytest.mark.parametrize("asked", ["![](https://elsewhere.example/x.png)", "9" * 40])
def test_a_page_tells_in_a_sentence_that_it_cannot_find_what_the_address_names(
    module: str, name: str, asked: str
) -> None:
    page = opened_page(module, "u4", **{name: asked})
    assert errors(page)
    assert not any("![](" in error for error in errors(page))


@pytest.mark.usefixtures("demo_installation")
def test_a_registration_from_an_idea_that_cannot_be_begins_without_it() -> None:
    page = opened_page("register", "u1", idea="9" * 40)
    assert any("idea" in element.value.casefold() for element in page.info)


@pytest.mark.usefixtures("demo_installation")
@pytest.mark.parametrize(("module", "who"), [("home", "u1"), ("home", "u4"), ("home", "u7"), ("log", "u4")])
def test_a_pilots_name_is_never_read_as_markdown(module: str, who: str) -> None:
    with changing() as session:
        for pilot in session.exec(select(Pilot)).all():
            pilot.title = {"fi": "Soitto ![](https://elsewhere.example/x.png)"}
            session.add(pilot)
        session.commit()
    page = opened_page(module, who)
    told = [element.value for kind in ("title", "markdown", "caption") for element in page.get(kind)]
    assert any("Soitto" in text for text in told)
    assert not any("![](" in text for text in told)
