"""Tests of over-dispersion against R, and Laney's sigma of z by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.over_dispersion import cameron_trivedi, pearson_dispersion, sigma_z
from tests.stats.test_dispersion import BEFORE, BEFORE_VISITS

COUNTS = np.array(BEFORE, dtype=float)
MEANS = COUNTS.sum() / sum(BEFORE_VISITS) * np.array(BEFORE_VISITS)


def test_pearson_as_in_r() -> None:
    """> y <- c(14,9,22,5,17,31,8,12,19,11,26,7); e <- c(210,180,240,150,220,260,170,190,230,200,250,160)
    > mu <- sum(y) / sum(e) * e; X2 <- sum((y - mu)^2 / mu); c(X2, X2 / 11, pchisq(X2, 11, lower.tail = FALSE))
    21.448994754458  1.949908614042  0.029006771731
    """
    found = pearson_dispersion(COUNTS, MEANS, parameters=1)
    assert (found.statistic, found.ratio, found.p_value) == pytest.approx(
        (21.448994754458, 1.949908614042, 0.029006771731)
    )


def test_cameron_and_trivedi_as_in_r() -> None:
    """> aux <- ((y - mu)^2 - y) / mu
    > summary(lm(aux ~ 1))$coef; pnorm(t, lower.tail = FALSE)      # AER::dispersiontest(m, trafo = NULL)
    0.84311875273 1.50223331573 0.06651843178
    > summary(lm(aux ~ 0 + mu))$coef; pnorm(t, lower.tail = FALSE) # AER::dispersiontest(m, trafo = 2)
    0.056614504517 1.551692245497 0.060367939519
    """
    linear = cameron_trivedi(COUNTS, MEANS)
    assert (linear.ratio - 1, linear.statistic, linear.p_value) == pytest.approx(
        (0.84311875273, 1.50223331573, 0.06651843178)
    )
    quadratic = cameron_trivedi(COUNTS, MEANS, form="quadratic")
    assert (quadratic.ratio, quadratic.statistic, quadratic.p_value) == pytest.approx(
        (0.056614504517, 1.551692245497, 0.060367939519)
    )


def test_chance_alone_is_rarely_called_more() -> None:
    """Both tests are one-sided at 5 %; Cameron and Trivedi's is conservative with few weeks."""
    random = np.random.default_rng(9)
    found = np.zeros(2)
    for _ in range(500):
        counts = random.poisson(12.0, 24).astype(float)
        means = np.full(24, counts.mean())
        found += [pearson_dispersion(counts, means, parameters=1).p_value < 0.05,
                  cameron_trivedi(counts, means).p_value < 0.05]  # fmt: skip
    assert 0.03 < found[0] / 500 < 0.08
    assert found[1] / 500 < 0.06


def test_sigma_z_in_two_segments_as_in_r() -> None:
    """> x <- c(40,52,38,55,61,70,58,73); n <- c(100,110,95,105,100,120,98,115)
    > z <- function(x, n) { p <- sum(x) / sum(n); (x / n - p) / sqrt(p * (1 - p) / n) }
    > za <- z(x[1:4], n[1:4]); zb <- z(x[5:8], n[5:8]); mean(c(abs(diff(za)), abs(diff(zb)))) / 1.128
    1.0585249503
    > mean(abs(diff(z(x, n)))) / 1.128
    1.0627173601
    """
    counts, totals = [40, 52, 38, 55, 61, 70, 58, 73], [100, 110, 95, 105, 100, 120, 98, 115]
    assert sigma_z(counts, totals, split_at=[4]) == pytest.approx(1.0585249503)
    assert sigma_z(counts, totals) == pytest.approx(1.0627173601)


def test_sigma_z_is_one_when_there_is_chance_alone() -> None:
    random = np.random.default_rng(3)
    found = [sigma_z(random.binomial(40, 0.3, 24), [40] * 24) for _ in range(200)]
    assert np.mean(found) == pytest.approx(1.0, abs=0.05)


@given(st.lists(st.integers(1, 39), min_size=6, max_size=20).filter(lambda x: len(set(x)) > 1))
def test_failures_are_as_dispersed_as_successes(counts: list[int]) -> None:
    totals = [40] * len(counts)
    assert sigma_z(counts, totals) == pytest.approx(sigma_z([40 - count for count in counts], totals))


def test_a_share_without_variation_has_no_sigma() -> None:
    assert np.isnan(sigma_z([0, 0, 0, 4, 5, 6], [10] * 6, split_at=[3]))


@pytest.mark.parametrize(
    ("counts", "totals", "split", "sentence"),
    [
        ([3, 11], [10, 10], (), r"counts\[1\] == 11.0, must be a whole number from 0 to 10"),
        ([3, 4], [10, 0], (), r"totals\[1\] == 0.0, must be a whole number >= 1"),
        ([3, 4, 5], [10, 10], (), r"counts has 3 values and totals 2, must have as many"),
        ([3], [10], (), r"counts has 1 values, must have at least 2"),
        ([3, np.nan], [10, 10], (), r"counts\[1\] == nan, must be a finite number"),
        ([3, 4, 5], [10] * 3, (3,), r"split_at == 3, must be a whole number from 1 to 2"),
        ([3, 4, 5], [10] * 3, (1,), r"counts has 1 weeks from index 0 to 1, must have at least 2"),
    ],
)
def test_bad_shares_get_one_sentence(
    counts: list[float], totals: list[int], split: tuple[int, ...], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        sigma_z(counts, totals, split_at=split)


def test_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match=r"form == 'cubic', must be one of linear, quadratic"):
        cameron_trivedi(COUNTS, MEANS, form="cubic")
    with pytest.raises(ValueError, match=r"parameters == 12, must be a whole number from 0 to 11"):
        pearson_dispersion(COUNTS, MEANS, parameters=12)
