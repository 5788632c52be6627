"""Words of the statistics have their sentence beside them wherever they stand."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.terms import MEANINGS, Term
from services.i18n import translator
from tests.pages.pilot_pages import opened_page

fi = translator("fi")


def captions(page: AppTest) -> str:
    return "\n".join(element.value for element in page.caption)


@pytest.mark.parametrize(
    ("module", "query", "terms"),
    [
        ("pilot", {"code": "P01"}, set(Term) - {Term.MULTIPLES, Term.PILES, Term.GROUPS}),
        ("brief", {"code": "P01"}, {Term.INTERVAL, Term.SMALLEST, Term.GUARDRAIL, Term.LEVEL}),
        ("overview", {"view": "quadrant"}, {Term.MULTIPLES}),
        ("home", {}, {Term.PILES}),
    ],
)
def test_the_terms_of_a_page_are_explained(
    demo_installation: str, module: str, query: dict[str, str], terms: set[Term]
) -> None:
    said = captions(opened_page(module, "u7", **query))
    assert {term for term in terms if fi(MEANINGS[term]) not in said} == set()
