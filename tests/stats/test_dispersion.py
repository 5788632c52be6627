"""Rates before and after: quasi-Poisson and negative binomial against R, the checks, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.dispersion import rate_change
from stats.errors import CannotEstimateError
from stats.negative_binomial import fit_negative_binomial

BEFORE = [14, 9, 22, 5, 17, 31, 8, 12, 19, 11, 26, 7]
BEFORE_VISITS = [210, 180, 240, 150, 220, 260, 170, 190, 230, 200, 250, 160]
AFTER = [6, 11, 4, 15, 9, 3, 18, 7, 5, 10, 2, 8]
AFTER_VISITS = [200, 210, 170, 230, 190, 160, 250, 180, 185, 205, 150, 195]

# R 4.2: y <- c(before, after); e <- c(visits before, visits after); g <- rep(0:1, each = 12)


def test_quasi_poisson_as_in_r() -> None:
    """> m <- glm(y ~ g + offset(log(e)), family = quasipoisson); summary(m)
    g -0.55708824166 0.166301968506 -3.3498595757 2.8976598207e-03; dispersion 1.7583182576
    > exp(coef(m)[2] + c(-1, 1) * qt(.975, 22) * 0.166301968506)
    0.40576649703 0.80880367458
    > mu <- fitted(m); X2 <- sum((y - mu)^2 / mu); c(X2, pchisq(X2, 22, lower.tail = FALSE))
    38.682846684761 0.015339173131
    """
    found = rate_change(BEFORE, BEFORE_VISITS, AFTER, AFTER_VISITS)
    assert np.log(found.effect) == pytest.approx(-0.55708824166)
    assert found.standard_error / found.effect == pytest.approx(0.166301968506, rel=1e-6)
    assert found.statistic == pytest.approx(-3.3498595757, rel=1e-6)
    assert found.p_value == pytest.approx(2.8976598207e-03, rel=1e-5)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.40576649703, 0.80880367458), rel=1e-6)
    assert found.dispersion.ratio == pytest.approx(1.7583182576, rel=1e-5)  # R stops a step earlier
    assert found.dispersion.statistic == pytest.approx(38.682846684761)
    assert found.dispersion.p_value == pytest.approx(0.015339173131, rel=1e-6)
    assert found.rates[0] == pytest.approx(0.073577235772)


def test_residuals_that_hang_together_as_in_r() -> None:
    """> Box.test(residuals(m, "pearson"), 3, "Ljung")
    X-squared = 12.093711, df = 3, p-value = 0.0070689441
    """
    found = rate_change(BEFORE, BEFORE_VISITS, AFTER, AFTER_VISITS)
    assert found.autocorrelation is not None
    assert found.autocorrelation.statistic == pytest.approx(12.093711, rel=1e-6)
    assert found.autocorrelation.p_value == pytest.approx(0.0070689441, rel=1e-6)
    assert {check.name: check.passed for check in found.checks} == {
        "over_dispersion": None, "autocorrelation": False, "exposure_change": True, "sparse_counts": True,
    }  # fmt: skip


def test_negative_binomial_as_in_r() -> None:
    """> n <- MASS::glm.nb(y ~ g + offset(log(e)), control = glm.control(epsilon = 1e-12)); summary(n)
    g -0.54906457294 0.15997639484; theta 17.720021139; logLik -67.172897199
    """
    found = rate_change(BEFORE, BEFORE_VISITS, AFTER, AFTER_VISITS, family="negative-binomial")
    assert np.log(found.effect) == pytest.approx(-0.54906457294, rel=1e-6)
    assert found.standard_error / found.effect == pytest.approx(0.15997639484, rel=1e-6)
    assert 1 / found.alpha == pytest.approx(17.720021139, rel=1e-5)
    fit = fit_negative_binomial(
        [
            (np.array(BEFORE, float), np.array(BEFORE_VISITS, float)),
            (np.array(AFTER, float), np.array(AFTER_VISITS, float)),
        ]
    )
    assert fit.log_likelihood == pytest.approx(-67.172897199)


def test_an_overdispersed_classic_as_in_r() -> None:
    """> n <- with(MASS::quine, glm.nb(Days ~ Sex)); summary(n)$coef; n$theta
    SexM 0.16490449795 0.16555481445; theta 1.0741165238
    """
    girls = [3, 5, 11, 24, 45, 5, 6, 6, 9, 13, 23, 25, 32, 53, 54, 5, 5, 11, 17, 19, 8, 13, 14, 20, 47, 48, 60, 81, 2,
             0, 2, 3, 5, 10, 14, 21, 36, 40, 25, 10, 11, 20, 33, 5, 7, 0, 1, 5, 5, 5, 5, 7, 11, 15, 5, 14, 6, 6, 7, 28,
             0, 5, 14, 2, 2, 3, 8, 10, 12, 1, 1, 9, 22, 3, 3, 5, 15, 18, 22, 37]  # fmt: skip
    boys = [2, 11, 14, 5, 5, 13, 20, 22, 6, 6, 15, 7, 14, 6, 32, 53, 57, 14, 16, 16, 17, 40, 43, 46, 8, 23, 23, 28, 34,
            36, 38, 6, 17, 67, 0, 0, 2, 7, 11, 12, 0, 0, 5, 5, 5, 11, 17, 3, 4, 22, 30, 36, 8, 0, 1, 5, 7, 16, 27, 0,
            30, 10, 14, 27, 41, 69]  # fmt: skip
    found = rate_change(girls, 1, boys, 1, family="negative-binomial")
    assert np.log(found.effect) == pytest.approx(0.16490449795, rel=1e-6)
    assert found.standard_error / found.effect == pytest.approx(0.16555481445, rel=1e-5)
    assert 1 / found.alpha == pytest.approx(1.0741165238, rel=1e-5)


def test_no_extra_variation_is_the_poisson_model() -> None:
    """Counts more even than chance: alpha is 0, the log's variance 1 / events before + 1 / events after."""
    found = rate_change([10, 11, 9, 10], 1, [5, 6, 4, 5], 1, family="negative-binomial")
    assert found.alpha == 0
    assert found.effect == pytest.approx(0.5)
    assert (found.standard_error / found.effect) ** 2 == pytest.approx(1 / 40 + 1 / 20)


def test_sparse_counts_are_told_what_suits_them() -> None:
    found = rate_change([1, 0, 2, 1, 0, 0, 1, 3], 1, [0, 1, 0, 0, 0, 0, 1, 0], 1)
    check = next(check for check in found.checks if check.name == "sparse_counts")
    assert check.passed is False
    assert check.detail.english() == (
        "There were 1 events a week before the start and 0.25 after it. With so few, trust a chart of the time between "
        "events (G or T) and the exact rate ratio more than this interval."
    )


def test_a_jump_in_exposure_is_told() -> None:
    found = rate_change([20, 18, 25, 22], [100, 110, 95, 105], [40, 44, 38, 50], [200, 210, 190, 205])
    check = next(check for check in found.checks if check.name == "exposure_change")
    assert check.passed is False
    assert check.detail.english().startswith("A week's exposure is 2 times what it was")


def test_very_few_weeks_have_no_test_of_neighbours() -> None:
    found = rate_change([9, 14], 1, [4, 7], 1)
    assert found.autocorrelation is None
    assert [check.name for check in found.checks] == ["over_dispersion", "exposure_change", "sparse_counts"]


@given(
    st.lists(st.integers(1, 60), min_size=3, max_size=10),
    st.lists(st.integers(1, 60), min_size=3, max_size=10),
    st.sampled_from(["quasipoisson", "negative-binomial"]),
)
def test_before_and_after_change_places(before: list[int], after: list[int], family: str) -> None:
    if len(set(before)) == 1 and len(set(after)) == 1:
        return
    one = rate_change(before, 10, after, 20, family=family)
    other = rate_change(after[::-1], 20, before[::-1], 10, family=family)
    assert other.effect == pytest.approx(1 / one.effect, rel=1e-6)
    assert other.interval.low == pytest.approx(1 / one.interval.high, rel=1e-6)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-5, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["quasipoisson", "negative-binomial"])
def test_intervals_of_clustered_counts_hold_the_truth(family: str) -> None:
    """Gamma-mixed counts, variance 2.3 times the mean, 12 weeks on each side, no change."""
    random = np.random.default_rng(8)
    inside = 0
    for _ in range(500):
        counts = random.poisson(10.0 * random.gamma(8.0, 1 / 8.0, (2, 12)))
        interval = rate_change(counts[0], 1, counts[1], 1, family=family).interval
        inside += int(interval.low <= 1 <= interval.high)
    assert 0.92 < inside / 500 < 0.98


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([1, -2], 1, [3, 4], 1), r"before_counts\[1\] == -2.0, must be a whole number >= 0"),
        (([1, 2.5], 1, [3, 4], 1), r"before_counts\[1\] == 2.5, must be a whole number >= 0"),
        (([1, 2], 1, [3], 1), r"after_counts has 1 values, must have at least 2"),
        (([1, 2], 1, [3, np.nan], 1), r"after_counts\[1\] == nan, must be a finite number"),
        (([1, 2], [1, 0], [3, 4], 1), r"before_exposure\[1\] == 0.0, must be > 0"),
        (([1, 2], [1, 1, 1], [3, 4], 1), r"before_exposure has 3 values, must have 2 as before_counts has"),
        (([1, 2], -1, [3, 4], 1), r"before_exposure\[0\] == -1.0, must be > 0"),
    ],
)
def test_bad_counts_get_one_sentence(arguments: tuple[list[float], object, list[float], object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        rate_change(*arguments)  # type: ignore[arg-type]


def test_what_cannot_be_estimated_is_refused() -> None:
    with pytest.raises(CannotEstimateError, match=r"only the exact rate ratio can be told"):
        rate_change([3, 4, 2], 1, [0, 0, 0], 1)
    with pytest.raises(CannotEstimateError, match=r"no error can be told"):
        rate_change([3, 3, 3], 1, [5, 5, 5], 1)
    with pytest.raises(ValueError, match=r"family == 'poisson', must be one of quasipoisson, negative-binomial"):
        rate_change([3, 4], 1, [5, 6], 1, family="poisson")
    with pytest.raises(ValueError, match=r"confidence_level == 1, must be between 0 and 1"):
        rate_change([3, 4], 1, [5, 6], 1, confidence_level=1)
