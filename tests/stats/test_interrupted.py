"""Segmented regression against R: counts with an offset, least squares, AR(1) errors; what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from stats.errors import CannotEstimateError
from stats.interrupted import segmented
from tests.stats.known_series import DRIVERS, LAKE_HURON, NILE, SICILY_EVENTS, SICILY_PEOPLE

BAN, LAW, DAM = 36, 169, 28

# R 4.2, for every Poisson case below:
#   time <- seq_along(aces); after <- as.numeric(time > 36); tt <- time - 37
#   m <- glm(aces ~ after + tt + offset(log(pop)), family = quasipoisson)


def test_quasi_poisson_with_an_offset_as_in_r() -> None:
    """> summary(m)$coefficients["after", ]; summary(m)$dispersion
    -0.108772297631  0.033362708841 -3.260295743653  0.001986040958; 3.74850874
    > exp(coef(m)[2] + c(-1, 1) * qt(.975, 51) * 0.033362708841)
    0.8388270513 0.9590674577
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE)
    assert np.log(found.effect) == pytest.approx(-0.108772297631, rel=1e-7)
    assert found.standard_error / found.effect == pytest.approx(0.033362708841, rel=1e-5)
    assert found.statistic == pytest.approx(-3.260295743653, rel=1e-5)
    assert found.df == 51
    assert found.p_value == pytest.approx(0.001986040958, rel=1e-5)
    assert found.dispersion == pytest.approx(3.74850874, rel=1e-5)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.8388270513, 0.9590674577), rel=1e-6)


def test_the_paths_of_counts_as_in_r() -> None:
    """> fitted(m)[c(36, 37, 54)]
    899.2324358 810.7265154 895.2468627
    > pr <- predict(m, data.frame(after = 0, tt = tt, pop = pop), se.fit = TRUE); exp(pr$fit[c(37, 54)])
    903.8858461 998.1182957
    > exp(pr$fit[54] + c(-1, 1) * qt(.975, 51) * pr$se.fit[54])
    925.6869256 1076.2171114
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE)
    assert found.fitted.mean[[35, 36, 53]] == pytest.approx([899.2324358, 810.7265154, 895.2468627], rel=1e-7)
    assert found.counterfactual.mean[[36, 53]] == pytest.approx([903.8858461, 998.1182957], rel=1e-7)
    assert found.counterfactual.low[53] == pytest.approx(925.6869256, rel=1e-6)
    assert found.counterfactual.high[53] == pytest.approx(1076.2171114, rel=1e-6)
    np.testing.assert_allclose(found.fitted.mean[:BAN], found.counterfactual.mean[:BAN])


def test_what_hangs_together_in_the_counts_as_in_r() -> None:
    """> Box.test(residuals(m, "pearson"), lag = 3, type = "Ljung")
    X-squared = 11.722597, df = 3, p-value = 0.008396434
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE).autocorrelation
    assert found.statistic == pytest.approx(11.722597, abs=1e-5)
    assert found.p_value == pytest.approx(0.008396434, rel=1e-5)


def test_a_change_of_slope_of_counts_as_in_r() -> None:
    """> m <- glm(aces ~ after + I(after * tt) + tt + offset(log(pop)), quasipoisson)
    after          -0.132095719915  0.037793234867 -3.495221310881  0.001002381751
    I(after * tt)   0.004147481918  0.003180882495  1.303877752505  0.198246496456
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE, slope_change=True)
    slope = found.slope_change
    assert slope is not None
    assert np.log(found.level_change.effect) == pytest.approx(-0.132095719915, rel=1e-7)
    assert np.log(slope.effect) == pytest.approx(0.004147481918, rel=1e-6)
    assert slope.standard_error / slope.effect == pytest.approx(0.003180882495, rel=1e-5)
    assert slope.p_value == pytest.approx(0.198246496456, rel=1e-4)


def test_two_harmonics_as_in_r() -> None:
    """> w <- 2 * pi * (time - 1) / 12
    > m <- glm(aces ~ after + tt + sin(w) + cos(w) + sin(2*w) + cos(2*w) + offset(log(pop)), quasipoisson)
    after -1.207176478e-01  2.781842558e-02 -4.339485261e+00  7.526812745e-05; dispersion 2.399244429
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE, harmonics=2, period=12)
    assert np.log(found.effect) == pytest.approx(-1.207176478e-01, rel=1e-7)
    assert found.standard_error / found.effect == pytest.approx(2.781842558e-02, rel=1e-5)
    assert found.dispersion == pytest.approx(2.399244429, rel=1e-5)


def test_newey_west_errors_of_counts_as_in_r() -> None:
    """> sqrt(sandwich::NeweyWest(m, lag = 3, prewhite = FALSE, adjust = TRUE)["after", "after"])
    0.03608336618
    """
    found = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE, errors="newey-west", lags=3)
    assert found.standard_error / found.effect == pytest.approx(0.03608336618, rel=1e-7)


def test_newey_west_errors_of_least_squares_as_in_r() -> None:
    """> r <- aces / pop * 1e5; m <- lm(r ~ after + I(after * tt) + tt); coef(m)
    245.122283975 -30.121976625   1.032771650   1.212456045
    > sqrt(diag(sandwich::NeweyWest(m, lag = 3, prewhite = FALSE, adjust = TRUE)))
    5.0251515359  9.2362384660  0.6938242114  0.1980490547
    """
    found = segmented(SICILY_EVENTS / SICILY_PEOPLE * 1e5, start=BAN, slope_change=True, errors="newey-west", lags=3)
    assert found.terms == ("level", "slope", "constant", "trend")
    assert found.coefficients == pytest.approx([-30.121976625, 1.032771650, 245.122283975, 1.212456045], rel=1e-8)
    assert np.sqrt(np.diag(found.covariance)) == pytest.approx(
        [9.2362384660, 0.6938242114, 5.0251515359, 0.1980490547], rel=1e-8
    )


def test_a_level_without_a_trend_as_in_r() -> None:
    """> y <- as.numeric(Nile); lev <- as.numeric(1871:1970 >= 1899); m <- lm(y ~ lev); coef(m)
    1097.7500000 -247.7777778
    > sqrt(diag(NeweyWest(m, lag = 3, prewhite = FALSE, adjust = TRUE))); sqrt(diag(vcovHC(m, "HC1")))
    26.39437308 31.09783943; 25.30651461 29.29174557
    > Box.test(residuals(m), 3, "Ljung")
    X-squared = 3.1786502, df = 3, p-value = 0.3648925
    """
    found = segmented(NILE, start=DAM, trend=False, errors="newey-west", lags=3)
    assert found.effect == pytest.approx(-247.7777778)
    assert found.standard_error == pytest.approx(31.09783943)
    assert found.autocorrelation.p_value == pytest.approx(0.3648925, rel=1e-6)
    white = segmented(NILE, start=DAM, trend=False, errors="newey-west", lags=0)
    assert white.standard_error == pytest.approx(29.29174557)


def test_the_nile_with_ar1_errors_is_near_gls() -> None:
    """> gls(y ~ lev, correlation = corARMA(p = 1, q = 1), method = "REML")
    (Intercept) 1098.631092 28.66099024; lev -249.253250 33.74014714

    AR(1) plus noise is an ARMA(1, 1). R plugs the parameters in; integrating them widens the standard error a little.
    """
    found = segmented(NILE, start=DAM, trend=False)
    assert found.effect == pytest.approx(-249.253250, abs=0.1 * 33.74)
    assert 33.74 < found.standard_error < 1.1 * 33.74
    assert found.autocorrelation.p_value > 0.5


def test_lake_huron_with_ar1_errors_is_near_gls() -> None:
    """> gls(LakeHuron ~ lev + time, correlation = corAR1(), method = "REML"), lev from the 46th year on
    lev -0.49394732568 0.7036629527; time -0.01267205267 0.0157650586; Phi 0.8175140582
    """
    found = segmented(LAKE_HURON, start=45)
    assert found.effect == pytest.approx(-0.494, abs=0.15 * 0.7037)
    assert found.standard_error == pytest.approx(0.7037, rel=0.1)
    assert found.rho == pytest.approx(0.8175, abs=0.05)
    assert found.coefficients[2] == pytest.approx(-0.01267, abs=0.2 * 0.01577)


def test_the_seat_belt_law_is_near_gls() -> None:
    """> gls(log10(drivers) ~ law + tm + H, correlation = corARMA(p = 1, q = 1), method = "REML"), H six harmonics
    law -0.095806164258 0.0234202362905
    > arima(log10(drivers), c(1, 0, 0), seasonal = list(order = c(1, 0, 0)), xreg = cbind(kms, PetrolPrice, law))
    law -0.0963033 0.0165776
    """
    found = segmented(np.log10(DRIVERS), start=LAW, harmonics=6, period=12)
    assert found.effect == pytest.approx(-0.0958, abs=0.35 * 0.0234)
    assert found.standard_error == pytest.approx(0.0234, rel=0.1)
    assert found.interval.low < -0.0963033 < found.interval.high < 0
    assert "sin6" not in found.terms  # it is 0 in every month


def test_a_change_that_grows_is_read_off_both_changes() -> None:
    """Without noise worth mentioning, the parts of the line are the parts of the answer."""
    time = np.arange(40.0)
    line = 5.0 + 0.1 * time + np.where(time >= 20, 2.0 - 0.3 * (time - 20), 0.0)
    series = line + 1e-3 * np.random.default_rng(3).normal(size=40)
    for errors in ("reml", "newey-west"):
        found = segmented(series, start=20, slope_change=True, errors=errors)
        assert found.slope_change is not None
        assert found.effect == pytest.approx(2.0, abs=5e-3)
        assert found.slope_change.effect == pytest.approx(-0.3, abs=5e-4)
        np.testing.assert_allclose(found.fitted.mean, line, atol=5e-3)
        np.testing.assert_allclose(found.counterfactual.mean, 5.0 + 0.1 * time, atol=0.02)


def test_missing_points_are_left_out_not_filled() -> None:
    """A missing point at the end is as if the series had ended before it; in the middle it keeps its place in time."""
    short = segmented(SICILY_EVENTS[:50], start=BAN, family="poisson", exposure=SICILY_PEOPLE[:50])
    series = SICILY_EVENTS.astype(float)
    series[50:] = np.nan
    same = segmented(series, start=BAN, family="poisson", exposure=SICILY_PEOPLE)
    assert same.effect == pytest.approx(short.effect)
    assert same.interval.high == pytest.approx(short.interval.high)
    gaps = NILE.astype(float)
    gaps[[3, 40, 41]] = np.nan
    for errors in ("reml", "newey-west"):
        found = segmented(gaps, start=DAM, errors=errors)
        assert np.isfinite(found.fitted.mean).all()
        assert found.standard_error > 0


@pytest.mark.parametrize("errors", ["reml", "newey-west"])
def test_shift_and_scale_pass_through(errors: str) -> None:
    plain = segmented(LAKE_HURON, start=45, slope_change=True, errors=errors)
    moved = segmented(-10.0 * LAKE_HURON + 1e8, start=45, slope_change=True, errors=errors)
    assert plain.slope_change is not None
    assert moved.slope_change is not None
    assert moved.effect == pytest.approx(-10.0 * plain.effect, rel=1e-6)
    assert moved.interval.low == pytest.approx(-10.0 * plain.interval.high, rel=1e-6)
    assert moved.slope_change.standard_error == pytest.approx(10.0 * plain.slope_change.standard_error, rel=1e-6)
    assert moved.p_value == pytest.approx(plain.p_value, rel=1e-5)


def test_the_unit_of_the_exposure_does_not_matter() -> None:
    one = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE)
    other = segmented(SICILY_EVENTS, start=BAN, family="poisson", exposure=SICILY_PEOPLE / 1e5)
    assert other.effect == pytest.approx(one.effect)
    np.testing.assert_allclose(other.fitted.mean, one.fitted.mean)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"start": 1}, "start == 1, must be a whole number from 2 to 10"),
        ({"start": 11}, "start == 11, must be a whole number from 2 to 10"),
        ({"family": "binomial"}, "family == 'binomial', must be one of gaussian, poisson"),
        ({"errors": "quasi"}, "errors == 'quasi', must be one of reml, newey-west"),
        ({"exposure": [1.0] * 12}, "exposure belongs to family == 'poisson'"),
        ({"harmonics": 7, "period": 12}, "harmonics == 7, must be a whole number from 0 to 6"),
        ({"harmonics": 6, "period": 12}, "series has 12 values, must have at least 17 for 14 terms"),
        ({"slope_change": True, "trend": False}, "a slope that is not there cannot change"),
        ({"confidence_level": 95}, "confidence_level == 95, must be between 0 and 1"),
        ({"lags": -1}, "lags == -1, must be a whole number >= 0"),
        ({"period": 1}, "period == 1, must be > 1"),
        ({"family": "poisson", "exposure": [1.0] * 11}, "exposure has 11 values, must have 12"),
        ({"family": "poisson", "exposure": [1.0] * 11 + [0.0]}, "exposure[11] == 0.0, must be > 0"),
    ],
)
def test_bad_arguments_get_one_sentence(change: dict[str, object], sentence: str) -> None:
    arguments: dict[str, object] = {"start": 6, **change}
    with pytest.raises(ValueError, match=r".") as refused:
        segmented([3, 5, 4, 6, 2, 4, 8, 6, 7, 9, 8, 7], **arguments)  # type: ignore[arg-type]
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("series", "family", "sentence"),
    [
        ([1.0, 2.0, np.nan, np.nan, 4.0, 5.0], "gaussian", "series has 4 values, must have at least 5 for 2 terms"),
        ([np.nan, 2.0, np.nan, np.nan, 4.0, 5.0, 3.0], "gaussian", "series has 1 values before start == 4"),
        ([1.0, np.inf, 2.0, 3.0, 4.0, 5.0, 6.0], "gaussian", "series[1] is infinite"),
        ([1.0, -1.0, 2.0, 3.0, 4.0, 5.0, 6.0], "poisson", "series[1] == -1.0, must be a count >= 0"),
        ([1, 0, 2, 3, 0, 0, 0], "poisson", "series has no events after start == 4"),
        ([0, 0, 0, 0, 3, 2, 1], "poisson", "series has no events before start == 4"),
        ([[1.0, 2.0]], "gaussian", "series has 2 dimensions, must have 1"),
        (["a", "b", "c"], "gaussian", "series holds something that is not a number"),
    ],
)
def test_bad_series_get_one_sentence(series: list[float], family: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        segmented(series, start=4, family=family, trend=False)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("errors", ["reml", "newey-west"])
def test_a_series_without_scatter_is_not_given_an_error(errors: str) -> None:
    with pytest.raises(CannotEstimateError, match="no error can be told"):
        segmented([0.1] * 8 + [0.4] * 8, start=8, errors=errors)
    with pytest.raises(CannotEstimateError, match="no error can be told"):
        segmented([4] * 8 + [9] * 8, start=8, family="poisson")
