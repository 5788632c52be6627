"""Expectations against what came: figures by hand and by R, coverage by simulation, few decisions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stats.calibration import Calibration, calibration

EXPECTED, MEASURED = [0.4, 0.5, 0.35, 0.6], [0.42, 0.30, 0.28, 0.05]
ERRORS, LATER_ERRORS = [0.1, 0.12, 0.08, 0.15], [0.1, 0.1, 0.1, 0.1]


def found(**changed: object) -> Calibration:
    arguments: dict[str, object] = {
        "expected": EXPECTED, "expected_errors": ERRORS, "measured": MEASURED, "measured_errors": LATER_ERRORS,
        "smallest_change": 0.3,
    }  # fmt: skip
    return calibration(**(arguments | changed))  # type: ignore[arg-type]


def test_figures_against_r() -> None:
    # R 4.2.2
    # > p <- c(.4,.5,.35,.6); m <- c(.42,.30,.28,.05); sp <- c(.1,.12,.08,.15); sm <- rep(.1,4); s <- sqrt(sp^2+sm^2)
    # > options(digits=10); z <- (m-p)/s; z
    # [1]  0.1414213562 -1.2803687993 -0.5466081666 -3.0508510792
    # > pchisq(sum(z^2), 4, lower=FALSE)
    # [1] 0.02373356166
    # > r <- sum(m)/sum(p); known <- qnorm(.975)*sqrt(sum(s^2)); seen <- qt(.975,3)*sqrt(4/3*sum((m-r*p)^2))
    # > h <- max(known, seen)/sum(p)
    # > c(r, r-h, r+h)
    # [1] 0.5675675676 -0.1445745840  1.2797097191
    # > binom.test(3, 4)$conf.int
    # [1] 0.1941204497 0.9936905368
    result = found()
    assert result.z == pytest.approx([0.1414213562, -1.2803687993, -0.5466081666, -3.0508510792], abs=1e-9)
    assert result.disagreement == pytest.approx(0.02373356166, abs=1e-9)
    assert result.ratio.value == pytest.approx(0.5675675676)
    assert result.ratio.interval is not None
    assert [result.ratio.interval.low, result.ratio.interval.high] == pytest.approx(
        [-0.1445745840, 1.2797097191], abs=1e-8
    )
    # The last follow-up reaches 0.05 + 1.96 * 0.1 = 0.246, below 0.3.
    assert list(result.held) == [True, True, True, False]
    assert result.share_held == 0.75
    assert [result.share_interval.low, result.share_interval.high] == pytest.approx(
        [0.1941204497, 0.9936905368], abs=1e-8
    )
    assert result.overstatement.value == pytest.approx(1 / 0.5675675676 - 1)
    assert result.overstatement.interval is not None
    assert result.overstatement.interval.high == math.inf
    assert result.overstatement.reason is not None


def test_the_winners_curse_shows_in_the_raw_estimates() -> None:
    """400 scaled pilots of a known prior: shrunken expectations are right, raw ones overstate."""
    random = np.random.default_rng(8)
    true = random.normal(0.2, 0.2, 2000)
    raw = true + random.normal(0.0, 0.15, 2000)
    scaled = raw > 0.3
    own = 0.2**2 / (0.2**2 + 0.15**2)
    expected = 0.2 + own * (raw - 0.2)
    size = scaled.sum()
    result = calibration(
        expected[scaled], [own**0.5 * 0.15] * size, true[scaled] + random.normal(0, 0.1, size), [0.1] * size,
        smallest_change=0.3, raw=raw[scaled],
    )  # fmt: skip
    assert result.overstatement.value == pytest.approx(0.0, abs=0.04)
    assert result.disagreement > 0.001
    assert result.raw_overstatement is not None
    assert result.raw_overstatement.interval is not None
    assert result.raw_overstatement.interval.low > 0.05


@pytest.mark.parametrize(("decisions", "scatter"), [(3, 0.0), (5, 0.4), (20, 0.4)])
def test_the_ratio_is_covered_with_few_decisions(decisions: int, scatter: float) -> None:
    """The truth is 1 on average; with scatter, each scaled pilot keeps its own share of its effect."""
    random = np.random.default_rng([9, decisions])
    held = 0
    for _ in range(500):
        errors = 0.1 * np.exp(0.4 * random.normal(size=decisions))
        true = random.normal(0.4, 0.15, decisions)
        own = 0.15**2 / (0.15**2 + errors**2)
        expected = 0.4 + own * (true + errors * random.normal(size=decisions) - 0.4)
        kept = true * (1 + scatter * random.normal(size=decisions))
        measured = kept + 0.1 * random.normal(size=decisions)
        interval = calibration(
            expected, own**0.5 * errors, measured, [0.1] * decisions, smallest_change=0.3
        ).ratio.interval  # fmt: skip
        assert interval is not None
        held += interval.low <= 1 <= interval.high
    assert held / 500 >= 0.92  # three standard errors of the simulation below 95 %


def test_one_decision_says_little() -> None:
    result = calibration([0.4], [0.1], [0.38], [0.1], smallest_change=0.3)
    assert result.ratio.value == pytest.approx(0.95)
    assert result.ratio.interval is None
    assert result.ratio.reason is not None
    assert "One decision" in result.ratio.reason.english()
    assert result.share_held == 1.0
    # R: binom.test(1, 1)$conf.int is 0.025 1.000
    assert [result.share_interval.low, result.share_interval.high] == pytest.approx([0.025, 1.0])


def test_no_gain_expected_or_come() -> None:
    nothing = found(expected=[-0.4, 0.1, 0.1, 0.1])
    assert math.isnan(nothing.ratio.value)
    assert nothing.ratio.interval is None
    assert math.isnan(nothing.overstatement.value)
    gone = found(measured=[-2.0, -2.0, -2.0, -2.0])
    assert gone.ratio.value < 0
    assert math.isnan(gone.overstatement.value)
    assert gone.overstatement.interval is None
    assert gone.overstatement.reason is not None


def test_own_smallest_changes_and_units() -> None:
    plain = found(smallest_change=[0.3, 0.3, 0.3, 0.2])
    assert list(plain.held) == [True] * 4
    tenfold = {
        "expected": np.array(EXPECTED) * 10, "expected_errors": np.array(ERRORS) * 10,
        "measured": np.array(MEASURED) * 10, "measured_errors": np.array(LATER_ERRORS) * 10, "smallest_change": 3.0,
    }  # fmt: skip
    assert found(**tenfold).ratio.value == pytest.approx(found().ratio.value)
    assert found(**tenfold).z == pytest.approx(found().z)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"measured": [0.1]}, "measured has 1 values, must have one for each of 4 decisions"),
        ({"expected": [0.4, np.nan, 0.3, 0.2]}, r"expected\[1\] == nan"),
        ({"measured_errors": [0.1, 0.1, 0.0, 0.1]}, r"measured_errors\[2\] == 0.0, must be > 0"),
        ({"smallest_change": 0.0}, r"smallest_change\[0\] == 0.0, must be > 0"),
        ({"raw": [0.1]}, "raw has 1 values"),
        ({"expected": []}, "expected has 0 values"),
    ],
)
def test_unusable_numbers_are_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        found(**changed)
