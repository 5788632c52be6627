"""Words of people on a page."""

from __future__ import annotations

from pages.plain import plain


def test_words_of_people_are_never_read_as_markdown() -> None:
    assert plain("a *b* :red[c] $d$") == r"a \*b\* \:red\[c\] \$d\$"
    assert plain("yksi\nkaksi") == "yksi  \nkaksi"
