"""Adjusted p-values against R and the paper's own example."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.multiplicity import benjamini_hochberg, discoveries

# The fifteen p-values of Benjamini and Hochberg (1995), section 3.2.
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_papers_example_against_r() -> None:
    # R 4.2.2
    # > p <- c(0.0001,0.0004,0.0019,0.0095,0.0201,0.0278,0.0298,0.0344,0.0459,0.3240,0.4262,0.5719,0.6528,0.7590,1)
    # > options(digits=12); p.adjust(p, "BH")
    # [1] 0.0015000000000 0.0030000000000 0.0095000000000 0.0356250000000
    # [5] 0.0603000000000 0.0638571428571 0.0638571428571 0.0645000000000
    # [9] 0.0765000000000 0.4860000000000 0.5811818181818 0.7148750000000
    # [13] 0.7532307692308 0.8132142857143 1.0000000000000
    expected = [
        0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571, 0.0638571428571, 0.0645, 0.0765, 0.486,
        0.5811818181818, 0.714875, 0.7532307692308, 0.8132142857143, 1.0,
    ]  # fmt: skip
    assert benjamini_hochberg(PAPER) == pytest.approx(expected, abs=1e-12)
    # The paper rejects the four smallest at 0.05.
    assert discoveries(PAPER, rate=0.05).sum() == 4


def test_ties_against_r() -> None:
    # > p.adjust(c(0.02,0.5,0.02,0,0.9,0.5,1,0.02), "BH")
    # [1] 0.040000000000 0.666666666667 0.040000000000 0.000000000000 1.000000000000
    # [6] 0.666666666667 1.000000000000 0.040000000000
    found = benjamini_hochberg([0.02, 0.5, 0.02, 0.0, 0.9, 0.5, 1.0, 0.02])
    assert found == pytest.approx([0.04, 2 / 3, 0.04, 0.0, 1.0, 2 / 3, 1.0, 0.04])


def test_one_question_needs_no_adjustment() -> None:
    assert benjamini_hochberg([0.03]) == pytest.approx([0.03])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_the_step_up_rule_itself(p_values: list[float], rate: float) -> None:
    """The same finds as the definition: the largest k with p_(k) <= k rate / J, and all at or below that p-value."""
    p = np.array(p_values)
    ranked = np.sort(p)
    line = rate * np.arange(1, len(p) + 1) / len(p)
    if np.any(np.isclose(ranked, line, rtol=1e-9)):
        return  # on the line, rounding decides
    below = np.flatnonzero(ranked < line)
    expected = p <= ranked[below[-1]] if len(below) else np.zeros(len(p), bool)
    assert list(discoveries(p, rate=rate)) == list(expected)
    assert (benjamini_hochberg(p) >= p).all()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.integers(0, 1000))
def test_order_does_not_matter(p_values: list[float], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(p_values))
    p = np.array(p_values)
    assert list(benjamini_hochberg(p[order])) == list(benjamini_hochberg(p)[order])


@pytest.mark.parametrize(
    ("p_values", "said"),
    [
        ([0.1, np.nan], r"p_values\[1\] == nan"),
        ([0.1, -0.1], r"p_values\[1\] == -0.1, must be from 0 to 1"),
        ([1.5], r"p_values\[0\] == 1.5, must be from 0 to 1"),
        ([], "p_values has 0 values, must have at least 1"),
    ],
)
def test_what_is_no_p_value_is_refused(p_values: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        benjamini_hochberg(p_values)


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, np.nan])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        discoveries([0.1], rate=rate)
