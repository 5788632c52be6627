"""Proportional odds, against R's polr and against logistic regression in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from stats.ordered_model import fit_ordered

HOUSING = [
    *(21, 21, 28, 34, 22, 36, 10, 11, 36, 61, 23, 17, 43, 35, 40, 26, 18, 54, 13, 9, 10, 8, 8, 12, 6, 7, 9, 18, 6, 7),
    *(15, 13, 13, 7, 5, 11, 14, 19, 37, 17, 23, 40, 3, 5, 23, 78, 46, 43, 48, 45, 86, 15, 25, 62, 20, 23, 20, 10, 22),
    *(24, 7, 10, 21, 57, 23, 13, 31, 21, 13, 5, 6, 13),
]
"""Frequencies of R's MASS::housing: satisfaction within influence within type of housing within contact."""


def test_the_copenhagen_housing_survey() -> None:
    """
    > library(MASS); summary(polr(Sat ~ Infl + Type + Cont, weights = Freq, data = housing, Hess = TRUE))
                        Value  Std. Error    t value
    InflMedium     0.56639374 0.104652786  5.4121229
    InflHigh       1.28881906 0.127156149 10.1357195
    TypeApartment -0.57235015 0.119238014 -4.8000644
    TypeAtrium    -0.36618657 0.155173339 -2.3598549
    TypeTerrace   -1.09101491 0.151486026 -7.2020829
    ContHigh       0.36028415 0.095535799  3.7711952
    Low|Medium  -0.4961353  0.1248473
    Medium|High  0.6907083  0.1254719
    Residual Deviance: 3479.149
    """
    counts = np.array(HOUSING, dtype=float).reshape(24, 3)
    influence = np.tile([0, 1, 2], 8)
    kind = np.tile(np.repeat([0, 1, 2, 3], 3), 2)
    contact = np.repeat([0, 1], 12)
    columns = np.column_stack(
        [*(influence == i for i in (1, 2)), *(kind == i for i in (1, 2, 3)), contact == 1]
    ).astype(float)
    fit = fit_ordered(counts, columns)
    values = [0.56639374, 1.28881906, -0.57235015, -0.36618657, -1.09101491, 0.36028415]
    errors = [0.104652786, 0.127156149, 0.119238014, 0.155173339, 0.151486026, 0.095535799]
    np.testing.assert_allclose(fit.coefficients, values, atol=2e-5)
    np.testing.assert_allclose(np.sqrt(np.diag(fit.covariance)), errors, rtol=2e-4)
    np.testing.assert_allclose(fit.thresholds, [-0.4961353, 0.6907083], atol=2e-5)
    assert -2 * fit.log_likelihood == pytest.approx(3479.149, abs=5e-4)


def test_two_levels_are_logistic_regression() -> None:
    """A two-by-two table: the log odds ratio, with Woolf's standard error."""
    fit = fit_ordered(np.array([[30.0, 10.0], [15.0, 25.0]]), np.array([[0.0], [1.0]]))
    assert fit.coefficients[0] == pytest.approx(np.log(25 * 30 / (15 * 10)))
    assert fit.covariance[0, 0] == pytest.approx(1 / 30 + 1 / 10 + 1 / 15 + 1 / 25)


def test_turning_the_scale_round_turns_the_signs() -> None:
    rng = np.random.default_rng(5)
    counts, columns = rng.poisson(3, (30, 5)).astype(float), rng.normal(size=(30, 2))
    one, other = fit_ordered(counts, columns), fit_ordered(counts[:, ::-1], columns)
    np.testing.assert_allclose(other.coefficients, -one.coefficients, atol=1e-7)
    np.testing.assert_allclose(other.thresholds, -one.thresholds[::-1], atol=1e-7)


def test_rows_may_be_split_and_shuffled() -> None:
    rng = np.random.default_rng(6)
    counts, columns = rng.poisson(3, (30, 4)).astype(float), rng.normal(size=(30, 2))
    part = np.floor(counts / 2)
    order = rng.permutation(60)
    split = fit_ordered(np.concatenate([part, counts - part])[order], np.tile(columns, (2, 1))[order])
    np.testing.assert_allclose(split.coefficients, fit_ordered(counts, columns).coefficients, atol=1e-7)


def test_a_level_that_nobody_has_and_a_column_that_foretells_all_are_refused() -> None:
    with pytest.raises(ValueError, match="each seen"):
        fit_ordered(np.array([[3.0, 0.0, 4.0], [2.0, 0.0, 1.0]]), np.array([[0.0], [1.0]]))
    with pytest.raises(ValueError, match="foretells the level perfectly"):
        fit_ordered(np.array([[30.0, 0.0], [0.0, 30.0]]), np.array([[0.0], [1.0]]))
