"""Last digits of whole numbers: rounding is found, smooth numbers are not called rounded, whatever their shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.digits import last_digits
from stats.panel import Floats


def test_expected_digits_of_counts_against_r() -> None:
    # R 4.2.2: 15 and 25 have mean 20 and variance 50
    # > k <- 0:400; p <- dnbinom(k, size=20^2/(50-20), mu=20); sapply(0:9, function(d) sum(p[k%%10==d]))
    expected = [
        0.099916240, 0.100243314, 0.100476604, 0.100527035, 0.100376458, 0.100083137, 0.099758438, 0.099525088,
        0.099472264, 0.099621421,
    ]  # fmt: skip
    assert last_digits([[15, 25]]).expected / 2 == pytest.approx(expected, abs=2e-7)


def test_expected_digits_of_narrow_numbers_against_r() -> None:
    # R 4.2.2: 18 and 22 have mean 20 and variance 8, below the mean
    # > k <- 0:200; q <- pnorm(k+.5,20,sqrt(8)) - pnorm(k-.5,20,sqrt(8)); sapply(0:9, function(d) sum(q[k%%10==d]))
    expected = [
        0.140893767, 0.132914658, 0.112258922, 0.087194295, 0.067294194, 0.059782094, 0.067294194, 0.087194295,
        0.112258922, 0.132914658,
    ]  # fmt: skip
    assert last_digits([[18, 22]]).expected / 2 == pytest.approx(expected, abs=2e-7)


def test_heaping_and_chi_square_by_hand() -> None:
    """With the expected numbers as they come, the p-values are R's pbinom and pchisq of them."""
    values = np.repeat(np.arange(30, 50), [12, 1, 1, 1, 1, 9, 1, 1, 1, 1] * 2)
    test = last_digits([values])
    assert test.observed.tolist() == [24, 2, 2, 2, 2, 18, 2, 2, 2, 2]
    assert test.rounded == pytest.approx(42 / 58)
    # > share <- 0.2; pbinom(41, 58, share, lower=FALSE)  # the expected share is within 1e-3 of a fifth here
    # [1] 7.9e-18
    assert test.rounded_expected == pytest.approx(0.2, abs=5e-3)
    assert test.heaping_p_value < 1e-16
    rough = ((test.observed - 5.8) ** 2 / 5.8).sum()
    assert rough > 100  # chi-square with 9 df: p < 1e-17
    assert test.p_value < 1e-12


SMOOTH = {
    "counts of about 3": lambda r: [r.poisson(3, 12) for _ in range(6)],
    "counts of about 22 in uneven weeks": lambda r: [r.poisson(22 * np.exp(0.2 * r.normal(size=12))) for _ in range(6)],
    "mostly nought": lambda r: [r.geometric(1 / 6, 24) - 1 for _ in range(4)],
    "skewed minutes": lambda r: [np.round(r.gamma(4, 3, 30)) for _ in range(4)],
    "narrow minutes": lambda r: [np.round(r.normal(20, 2, 30)) for _ in range(4)],
    "two levels": lambda r: [np.round(np.r_[r.normal(20, 2, 15), r.normal(35, 2, 15)]) for _ in range(4)],
}


@pytest.mark.parametrize("shape", SMOOTH)
def test_smooth_numbers_are_rarely_called_rounded(shape: str) -> None:
    """At a level of 0.1 %: of 300, more than 3 has probability 0.03 %. Measured with 1,000: at most 0.3 %."""
    random = np.random.default_rng(3)
    tests = [last_digits(SMOOTH[shape](random)) for _ in range(300)]
    assert sum(test.heaping_p_value < 0.001 for test in tests) <= 3
    assert sum(test.size >= 50 and test.p_value < 0.001 for test in tests) <= 3


def test_numbers_rounded_to_fives_are_found() -> None:
    random = np.random.default_rng(4)
    for _ in range(50):
        minutes = random.gamma(9, 4, 40)
        rounded: Floats = np.where(random.uniform(size=40) < 0.6, 5 * np.round(minutes / 5), np.round(minutes))
        assert last_digits([rounded]).heaping_p_value < 0.001


@given(st.lists(st.integers(0, 300), min_size=2, max_size=60), st.randoms())
def test_the_order_of_values_does_not_matter(values: list[int], random: object) -> None:
    mixed = list(values)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = last_digits([values]), last_digits([mixed])
    assert one.observed.tolist() == other.observed.tolist()
    assert other.heaping_p_value == pytest.approx(one.heaping_p_value, rel=1e-6, abs=1e-12)
    assert one.observed.sum() == one.size == len(values)
    assert one.expected.sum() == pytest.approx(len(values))


def test_bad_input_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"values holds 1\.5, must be whole numbers >= 0"):
        last_digits([[1.5, 2.0]])
    with pytest.raises(ValueError, match=r"values holds -1\.0, must be whole numbers >= 0"):
        last_digits([[-1, 2]])
    with pytest.raises(ValueError, match=r"values\[1\] == nan, must be a finite number"):
        last_digits([[1, float("nan")]])
    with pytest.raises(ValueError, match="groups holds no group of two values or more"):
        last_digits([[5], []])
