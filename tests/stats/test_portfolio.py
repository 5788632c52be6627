"""Pilots estimated together: against metafor, against plain integration, and how often the intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.integrate
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from stats.errors import CannotEstimateError
from stats.portfolio import ShrunkenEffects, shrink

EFFECTS = np.array([0.42, 0.10, 0.55, -0.12, 0.05, 0.31, 0.02, 0.24])
ERRORS = np.array([0.12, 0.15, 0.20, 0.11, 0.09, 0.16, 0.14, 0.10])

SCHOOLS = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
SCHOOL_ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def test_eight_pilots_against_metafor() -> None:
    # R 4.2.2, metafor 3.8.1
    # > y <- c(0.42, 0.10, 0.55, -0.12, 0.05, 0.31, 0.02, 0.24); s <- c(0.12, 0.15, 0.20, 0.11, 0.09, 0.16, 0.14, 0.10)
    # > f <- rma(y, sei=s, method="REML", control=list(threshold=1e-14)); b <- blup(f)
    # > print(b$pred, digits=10)
    # [1]  0.33548915144  0.13360538166  0.32725666814 -0.02981542554  0.07840408030
    # [6]  0.24460611700  0.08442629589  0.22251265151
    # > print(b$se, digits=10)
    # [1] 0.10051749790 0.11616078957 0.13503350666 0.09443952592 0.08089061643
    # [6] 0.12058765229 0.11135650034 0.08790034203
    # > print(confint(f, control=list(tol=1e-14))$random[2,], digits=10)
    #      estimate         ci.lb         ci.ub
    # 0.16559283657 0.05448536425 0.43039782613
    # > g <- rma(y, sei=s, method="REML", test="adhoc", control=list(threshold=1e-14)); c(g$b, g$se, g$ci.lb, g$ci.ub)
    # [1]  0.174560615050  0.076013360639 -0.005182420963  0.354303651063
    found = shrink(EFFECTS, ERRORS, method="reml")
    assert found.effects == pytest.approx(
        [0.33548915144, 0.13360538166, 0.32725666814, -0.02981542554,
         0.07840408030, 0.24460611700, 0.08442629589, 0.22251265151], abs=1e-7,
    )  # fmt: skip
    assert found.standard_errors == pytest.approx(
        [0.10051749790, 0.11616078957, 0.13503350666, 0.09443952592,
         0.08089061643, 0.12058765229, 0.11135650034, 0.08790034203], abs=1e-7,
    )  # fmt: skip
    assert found.between_sd == pytest.approx(0.16559283657, abs=1e-7)
    assert found.between_sd_interval is not None
    assert found.between_sd_interval.low == pytest.approx(0.05448536425, abs=1e-9)
    assert found.between_sd_interval.high == pytest.approx(0.43039782613, abs=1e-9)
    assert found.mean.effect == pytest.approx(0.174560615050, abs=1e-7)
    assert found.mean.standard_error == pytest.approx(0.076013360639, abs=1e-7)
    assert found.mean.interval.low == pytest.approx(-0.005182420963, abs=1e-6)
    assert found.mean.interval.high == pytest.approx(0.354303651063, abs=1e-6)


def test_the_vaccine_trials_against_metafor() -> None:
    # R 4.2.2, metafor 3.8.1: the log relative risks of dat.bcg
    # > d <- escalc(measure="RR", ai=tpos, bi=tneg, ci=cpos, di=cneg, data=dat.bcg)
    # > print(as.numeric(d$yi), digits=12); print(as.numeric(d$vi), digits=12)  # below
    # > f <- rma(yi, vi, data=d, control=list(threshold=1e-14)); blup(f)$pred
    # [1] -0.800233561970 -1.251705980302 -0.986903093358 -1.397897696495
    # [5] -0.287379806476 -0.784571533646 -1.243963465173  0.002879247897
    # [9] -0.506836359293 -1.247173015998 -0.353658400521 -0.284733712861
    # [13] -0.146743069859
    # > confint(f, control=list(tol=1e-14))$random[1:2,]
    #          estimate        ci.lb       ci.ub
    # tau   0.5596813898 0.3460034120 1.054267084
    effects = [
        -0.88931133392, -1.58538865720, -1.34807314830, -1.44155119002, -0.21754732221, -0.78611558582, -1.62089822360,
        0.01195233352, -0.46941764874, -1.37134480347, -0.33935882834, 0.44591340057, -0.01731394822,
    ]  # fmt: skip
    variances = [
        0.325584765004, 0.194581121398, 0.415367965368, 0.020010031902, 0.051210172170, 0.006905618456, 0.223017247572,
        0.003961579298, 0.056434210463, 0.073024793613, 0.012412213972, 0.532505845200, 0.071404659684,
    ]  # fmt: skip
    found = shrink(effects, np.sqrt(variances), method="reml")
    assert found.effects == pytest.approx(
        [-0.800233561970, -1.251705980302, -0.986903093358, -1.397897696495, -0.287379806476, -0.784571533646,
         -1.243963465173, 0.002879247897, -0.506836359293, -1.247173015998, -0.353658400521, -0.284733712861,
         -0.146743069859], abs=1e-6,
    )  # fmt: skip
    assert found.between_sd == pytest.approx(0.5596813898, abs=1e-6)
    assert found.between_sd_interval is not None
    assert found.between_sd_interval.low == pytest.approx(0.3460034120, abs=1e-8)
    assert found.between_sd_interval.high == pytest.approx(1.054267084, abs=1e-8)


def test_eight_schools_whose_likeliest_spread_is_none() -> None:
    # R 4.2.2, metafor 3.8.1
    # > y <- c(28, 8, -3, 7, -1, 1, 18, 12); s <- c(15, 10, 16, 11, 9, 11, 10, 18); f <- rma(y, sei=s, method="REML")
    # > confint(f, control=list(tau2.max=1e4, tol=1e-12))$random[1:2,]
    #       estimate ci.lb        ci.ub
    # tau          0     0  16.44284532
    found = shrink(SCHOOLS, SCHOOL_ERRORS)
    assert found.between_sd == 0
    assert found.between_sd_interval is not None
    assert found.between_sd_interval.low == 0
    assert found.between_sd_interval.high == pytest.approx(16.44284532, abs=1e-7)
    # The plug-in answer makes all schools equal; averaged over the spread they are not.
    assert np.ptp(shrink(SCHOOLS, SCHOOL_ERRORS, method="reml").effects) == pytest.approx(0)
    assert list(np.argsort(found.effects)[[0, -1]]) == [4, 0]


def test_the_average_over_the_spread_against_plain_integration() -> None:
    """The first school's mean and limits, written out anew and integrated by an adaptive rule."""

    def given_spread(tau: float) -> tuple[float, float, float]:
        precision = 1 / (SCHOOL_ERRORS**2 + tau**2)
        mean = (precision * SCHOOLS).sum() / precision.sum()
        log_density = scipy.stats.norm.logpdf(SCHOOLS, mean, precision**-0.5).sum() - 0.5 * np.log(precision.sum())
        own = tau**2 * precision[0]
        variance = own * SCHOOL_ERRORS[0] ** 2 + (1 - own) ** 2 / precision.sum()
        return np.exp(log_density + 30), mean + own * (SCHOOLS[0] - mean), variance**0.5

    def averaged(of: object) -> float:
        assert callable(of)
        value: float = scipy.integrate.quad(of, 0, np.inf, epsabs=0, epsrel=1e-10, limit=500)[0]
        return value

    total = averaged(lambda tau: given_spread(tau)[0])
    found = shrink(SCHOOLS, SCHOOL_ERRORS)
    assert found.effects[0] == pytest.approx(
        averaged(lambda tau: given_spread(tau)[0] * given_spread(tau)[1]) / total, rel=1e-8
    )
    for limit, probability in ((found.intervals[0].low, 0.025), (found.intervals[0].high, 0.975)):

        def below(tau: float, limit: float = limit) -> float:
            density, mean, sd = given_spread(tau)
            return float(density * scipy.stats.norm.cdf((limit - mean) / sd))

        assert averaged(below) / total == pytest.approx(probability, rel=1e-7)


def test_chances_and_intervals_say_the_same() -> None:
    found = shrink(EFFECTS, ERRORS)
    for j, interval in enumerate(found.intervals):
        assert found.chances_above(interval.low)[j] == pytest.approx(0.975)
        assert found.chances_above(interval.high)[j] == pytest.approx(0.025)


def test_a_sum_counts_the_common_mean_once() -> None:
    """Against draws from the same posterior: spread, then mean, then true effects."""
    found = shrink(EFFECTS, ERRORS)
    shares = np.array([3.0, 1.0, 0.0, 2.0, 5.0, 1.0, 1.0, 4.0])
    random = np.random.default_rng(5)
    posterior = found.posterior
    point = random.choice(len(posterior.weights), size=200_000, p=posterior.weights)
    tau = posterior.pooled.sds[point][:, None]
    mean = random.normal(posterior.pooled.means[point], posterior.pooled.mean_variances[point] ** 0.5)[:, None]
    own = tau**2 / (tau**2 + ERRORS**2)
    drawn = random.normal(mean + own * (EFFECTS - found.centre - mean), own**0.5 * ERRORS) + found.centre
    total = found.combined(shares)
    sums = drawn @ shares
    assert total.effect == pytest.approx(found.effects @ shares)
    assert total.effect == pytest.approx(sums.mean(), abs=0.02)
    assert total.standard_error == pytest.approx(sums.std(), rel=0.01)
    assert [total.interval.low, total.interval.high] == pytest.approx(np.quantile(sums, [0.025, 0.975]), abs=0.04)
    apart = np.sqrt((shares**2 * found.standard_errors**2).sum())
    assert total.standard_error > 1.02 * apart


@pytest.mark.parametrize("method", ["integrated", "reml"])
@given(
    seed=st.integers(0, 10_000),
    pilots=st.integers(3, 12),
    factor=st.sampled_from([-1.0, 1e-6, 3.0, 1e5]),
    shift=st.sampled_from([0.0, 1.0, -250.0, 1e6]),
)
@settings(max_examples=15, deadline=None)
def test_units_order_and_sign_do_not_matter(method: str, seed: int, pilots: int, factor: float, shift: float) -> None:
    random = np.random.default_rng(seed)
    errors = np.exp(0.4 * random.normal(size=pilots))
    effects = random.normal(size=pilots) + errors * random.normal(size=pilots)
    order = random.permutation(pilots)
    plain = _shrunk(effects, errors, method)
    moved = _shrunk((factor * (effects + shift))[order], (abs(factor) * errors)[order], method)
    assert moved.effects / factor - shift == pytest.approx(plain.effects[order], abs=2e-6)
    assert moved.standard_errors / abs(factor) == pytest.approx(plain.standard_errors[order], rel=1e-5)
    assert moved.between_sd / abs(factor) == pytest.approx(plain.between_sd, abs=1e-5)
    ends = np.array([[one.low, one.high] for one in plain.intervals])[order]
    others = np.array([[one.low, one.high] for one in moved.intervals]) / factor - shift
    assert np.sort(others, axis=1) == pytest.approx(ends, abs=1e-5)


def _shrunk(effects: np.ndarray, errors: np.ndarray, method: str) -> ShrunkenEffects:
    return shrink(effects, errors, method="reml" if method == "reml" else "integrated")


def test_shrunken_effects_lie_between_the_estimates_and_the_middle() -> None:
    found = shrink(EFFECTS, ERRORS)
    assert np.ptp(found.effects) < np.ptp(EFFECTS)
    assert ((found.weights > 0) & (found.weights < 1)).all()
    assert list(np.argsort(found.weights)) == list(np.argsort(-ERRORS))
    assert (found.standard_errors < ERRORS).all()


def test_large_offsets_keep_their_digits() -> None:
    plain, far = shrink(EFFECTS, ERRORS), shrink(EFFECTS + 1e8, ERRORS)
    assert far.effects - 1e8 == pytest.approx(plain.effects, abs=1e-7)
    assert far.between_sd == pytest.approx(plain.between_sd, abs=1e-6)


def test_equal_estimates_are_no_certainty() -> None:
    """metafor calls the Q-profile interval of such estimates the empty set; nothing else here may be of no width."""
    found = shrink([0.2, 0.2, 0.2, 0.2], [0.1, 0.1, 0.1, 0.1])
    assert found.between_sd == 0
    assert found.between_sd_interval is None
    assert found.effects == pytest.approx([0.2] * 4)
    assert all(one.high - one.low > 0.1 for one in found.intervals)
    # Fixed-effect standard error 0.05, times the t quantile with 3 degrees of freedom, 3.1824463 (any table).
    assert found.mean.interval.high - 0.2 == pytest.approx(0.05 * 3.1824463, abs=1e-7)


def test_exact_estimates_among_unsure_ones() -> None:
    found = shrink([1.0, 2.0, 3.0, 9.0], [1e-6, 1e-6, 1e-6, 50.0])
    assert found.effects[:3] == pytest.approx([1.0, 2.0, 3.0], abs=1e-6)
    assert found.between_sd == pytest.approx(1.0, rel=0.001)
    assert found.effects[3] == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    ("effects", "errors", "said"),
    [
        ([0.1, np.nan, 0.3], [1, 1, 1], r"effects\[1\] == nan, must be a finite number"),
        ([0.1, np.inf, 0.3], [1, 1, 1], r"effects\[1\] == inf, must be a finite number"),
        ([0.1, 0.2, 0.3], [1, np.nan, 1], r"standard_errors\[1\] == nan, must be a finite number"),
        ([0.1, 0.2, 0.3], [1, 0, 1], r"standard_errors\[1\] == 0.0, must be > 0"),
        ([0.1, 0.2, 0.3], [1, 1], "effects has 3 values and standard_errors 2, must be equally many"),
        ([], [], "effects has 0 values, must have at least 1"),
        ([[0.1], [0.2]], [1, 1], "effects has 2 dimensions, must have 1"),
    ],
)
def test_unusable_estimates_are_refused(effects: list[float], errors: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        shrink(effects, errors)


@pytest.mark.parametrize("pilots", [1, 2])
def test_two_pilots_are_too_few(pilots: int) -> None:
    with pytest.raises(CannotEstimateError, match=f"takes at least 3 of them with an effect; there are {pilots}"):
        shrink([0.1] * pilots, [0.1] * pilots)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0, np.nan])
def test_a_level_is_a_share(level: float) -> None:
    with pytest.raises(ValueError, match="confidence_level"):
        shrink(EFFECTS, ERRORS, confidence_level=level)


def test_shares_are_one_a_pilot() -> None:
    with pytest.raises(ValueError, match="shares has 2 values, must have one for each of 8 pilots"):
        shrink(EFFECTS, ERRORS).combined([1.0, 2.0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pilots", "between", "least", "most"),
    [
        # Between-pilot SD in units of a typical standard error; standard errors differ (log-SD 0.4).
        # The bounds leave three standard errors of the simulation on both sides of 93-97 %.
        (3, 1.0, 0.93, 0.98),
        (3, 5.0, 0.93, 0.97),
        (5, 1.0, 0.93, 0.98),
        (10, 0.5, 0.93, 0.985),
        (10, 1.0, 0.92, 0.97),
        (20, 1.0, 0.92, 0.97),
        (20, 2.0, 0.93, 0.97),
        # When all true effects are equal the intervals are cautious: the spread is never known to be 0.
        (10, 0.0, 0.97, 1.0),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(pilots: int, between: float, least: float, most: float) -> None:
    random = np.random.default_rng([20260101, pilots, int(10 * between)])
    held = total = 0
    for _ in range(2400 // pilots):
        errors = np.exp(0.4 * random.normal(size=pilots))
        truth = 1.0 + between * random.normal(size=pilots)
        found = shrink(truth + errors * random.normal(size=pilots), errors)
        held += sum(one.low <= true <= one.high for one, true in zip(found.intervals, truth, strict=True))
        total += pilots
    assert least <= held / total <= most
