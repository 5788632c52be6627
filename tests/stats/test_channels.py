"""Channels: a changed mix is found, usual swings are not, and the effect with the earlier mix is the right one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stats.channels import ChannelData, mix_shift, standardised
from stats.check import Check
from stats.checks_people import channel_mix
from stats.estimate import estimate
from stats.metric import Direction, Kind
from stats.panel import Floats
from stats.pilot_data import PilotData
from tests.stats.small_pilots import AFTER, MONDAYS, ar1, noisy, panel, pilot_data

NAMES = ("kiosk", "paper", "QR code")
USUAL = np.array([0.6, 0.3, 0.1])


def plain(n: float = 30.0, **changes: float) -> PilotData:
    size = np.full((3, 24), n)
    return pilot_data(size, mean=noisy(np.random.default_rng(1), size), sd=np.ones(size.shape), **changes)


def channels(counts: Floats, names: tuple[str, ...] = NAMES) -> ChannelData:
    return ChannelData(channels=names, weeks=MONDAYS, counts=np.asarray(counts, dtype=np.float64))


def drawn(random: np.random.Generator, shares: Floats, n: float, *, swing: float = 0.0) -> Floats:
    """(24, C) answers a week, the log-shares swinging from week to week as AR(1)."""
    swung = np.broadcast_to(shares, (24, 3)) * np.exp(ar1(random, (3, 24), sd=swing).T)
    return np.array([random.multinomial(random.poisson(n), week / week.sum()) for week in swung])


def blocks(before: list[list[int]], after: list[list[int]]) -> Floats:
    """(24, 3) counts that add up to these blocks of four weeks."""
    counts = np.zeros((24, 3))
    counts[0:24:4] = [*before, *after]
    return counts


# R 4.2.2
# > after <- rbind(c(50,35,15),c(44,40,16),c(56,30,14))
# > f <- function(before) { tot <- rbind(colSums(before),colSums(after)); x <- chisq.test(tot,correct=FALSE)$statistic
# +   pool <- colSums(tot)/sum(tot); w <- 0
# +   for (s in list(before,after)) { p <- colSums(s)/sum(s)
# +     for (i in 1:nrow(s)) { n <- sum(s[i,]); w <- w + sum((s[i,]-n*p)^2/(n*pool)) } }
# +   df <- (6-2)*2; phi <- 1+1.9*max(w/df-1,0); c(w/df, pf(x/2/phi,2,df,lower=FALSE)) }
# > f(rbind(c(30,50,20),c(36,44,20),c(24,56,20)))
# 0.8231092 0.003418897923
# > f(rbind(c(10,70,20),c(50,30,20),c(30,50,20)))
# 5.239286 0.3044034154
@pytest.mark.parametrize(
    ("before", "p_value"),
    [
        ([[30, 50, 20], [36, 44, 20], [24, 56, 20]], 0.003418897923),
        ([[10, 70, 20], [50, 30, 20], [30, 50, 20]], 0.3044034154),
    ],
)
def test_the_over_dispersed_chi_square_against_r(before: list[list[int]], p_value: float) -> None:
    shift = mix_shift(plain(), channels(blocks(before, [[50, 35, 15], [44, 40, 16], [56, 30, 14]])))
    assert shift is not None
    assert shift.p_value == pytest.approx(p_value, rel=1e-8)
    assert shift.before == pytest.approx([0.3, 0.5, 0.2])
    assert shift.after == pytest.approx([0.5, 0.35, 0.15])
    assert shift.distance == pytest.approx(0.2)
    assert shift.channels[shift.most_changed] == "kiosk"


def told(counts: Floats, data: PilotData | None = None) -> Check:
    check = channel_mix(estimate(data or plain()), channels(counts))
    assert check is not None
    return check


def test_a_new_channel_at_the_start_blocks_and_is_named() -> None:
    random = np.random.default_rng(5)
    counts = np.where(AFTER[:, None], drawn(random, np.array([0.1, 0.1, 0.8]), 30), drawn(random, USUAL, 30))
    check = told(counts)
    assert (check.passed, check.blocks_scale) == (False, True)
    assert "QR code went from 9 % to 82 %" in check.detail.english()
    waits = plain(kind=Kind.DURATION, direction=Direction.DECREASE)  # type: ignore[arg-type]
    assert not told(counts, waits).blocks_scale  # nobody is asked how long they waited


def test_the_same_mix_a_single_channel_and_too_few_answers() -> None:
    random = np.random.default_rng(6)
    assert told(drawn(random, USUAL, 30)).passed is True
    alone = channel_mix(estimate(plain()), channels(np.full((24, 1), 9.0), ("kiosk",)))
    assert alone is not None
    assert alone.passed is True
    assert "same channel" in alone.detail.english()
    few = np.where(AFTER[:, None], 0.0, drawn(random, USUAL, 30))
    assert told(few).passed is None
    assert channel_mix(estimate(plain()), None) is None


@pytest.mark.parametrize(("n", "swing"), [(5, 0.2), (20, 0.2), (20, 0.4), (90, 0.2)])
def test_usual_swings_of_the_mix_rarely_block(n: int, swing: float) -> None:
    """400 pilots a world; with a true rate of 2 %, more than 16 has probability 0.3 %.

    Measured with 500 pilots of seven channels: a change told in 0.0, 0.4, 1.2 and 1.0 % of them (3.2 % where 90 answers
    a week swing by 40 %), one large enough to block in at most 0.4 %.
    """
    random = np.random.default_rng([3, n, round(10 * swing)])
    data = plain()
    changed = 0
    for _ in range(400):
        shift = mix_shift(data, channels(drawn(random, USUAL, n, swing=swing)))
        changed += shift is not None and shift.p_value < 0.005 and shift.distance >= 0.1
    assert changed <= 16


@given(st.permutations(range(3)), st.integers(1, 40))
def test_the_order_of_channels_does_not_matter(order: list[int], seed: int) -> None:
    counts = drawn(np.random.default_rng(seed), USUAL, 20)
    data = plain()
    one = mix_shift(data, channels(counts))
    other = mix_shift(data, channels(counts[:, order], tuple(NAMES[k] for k in order)))
    assert one is not None
    assert other is not None
    assert other.p_value == pytest.approx(one.p_value, rel=1e-9)
    assert other.distance == pytest.approx(one.distance)


def two_channels(mean: dict[str, float], n: dict[str, tuple[float, float]], change: float = 0.0) -> ChannelData:
    """Two units; in the pilot each channel has (before, after) answers a week, and its own level, moved by `change`."""
    panels = {}
    for k, name in enumerate(mean):
        before, after = n[name]
        size = np.stack([np.where(AFTER, after, before), np.full(24, 10.0)])
        level = np.full((2, 24), mean[name]) + 0.05 * np.cos(np.arange(24) + k)
        level[0] += change * AFTER
        panels[name] = panel(size, mean=level, sd=np.full((2, 24), 0.5))
    counts = np.array([[n[name][side] for name in mean] for side in AFTER.astype(int)])
    return ChannelData(channels=tuple(mean), weeks=MONDAYS, counts=counts, panels=panels)


def pooled(data: ChannelData) -> PilotData:
    """The pilot's data as they come when channels are not told apart."""
    one, *others = data.panels.values()
    both = one
    for other in others:
        both = both.merged(other)
    return pilot_data(np.nan_to_num(both.n), mean=both.mean, sd=both.sd)


def test_direct_standardisation_against_r() -> None:
    # > library(epitools)  # rates 8/20 and 30/40 after the start, 60 and 20 answers before it
    # > ageadjust.direct(count=c(8,30), pop=c(20,40), stdpop=c(60,20))
    # crude.rate  adj.rate
    #  0.6333333 0.4875000
    n = {"kiosk": (60.0, 20.0), "paper": (20.0, 40.0)}
    panels = {}
    for name, share in {"kiosk": 0.4, "paper": 0.75}.items():
        size = np.stack([np.where(AFTER, n[name][1], n[name][0]), np.full(24, 20.0)])
        panels[name] = panel(size, count=np.round(size * np.where(AFTER, share, 0.5)), kind=Kind.PROPORTION)
    counts = np.array([[n[name][side] for name in n] for side in AFTER.astype(int)])
    asked = ChannelData(channels=tuple(n), weeks=MONDAYS, counts=counts, panels=panels)
    whole = panels["kiosk"].merged(panels["paper"])
    again = standardised(pilot_data(whole.n, count=whole.count, kind=Kind.PROPORTION), asked)
    assert again is not None
    assert again.covered == 1.0
    assert whole.mean[0, 12:] == pytest.approx(np.full(12, 0.6333333), abs=1e-7)
    assert again.data.panel.mean[0, 12:] == pytest.approx(np.full(12, 0.4875), abs=1e-12)
    assert again.data.panel.mean[0, :12] == pytest.approx(np.full(12, 0.5))
    # Kish: weights (60/80)/(20/60) and (20/80)/(40/60), so (20 w1 + 40 w2)^2 / (20 w1^2 + 40 w2^2).
    assert again.data.panel.n[0, 12:] == pytest.approx(np.full(12, 60.0**2 / (20 * 2.25**2 + 40 * 0.375**2)))


def test_an_effect_of_the_mix_alone_is_taken_out_and_a_true_one_stays() -> None:
    mean, moved = {"kiosk": 3.0, "paper": 4.5}, {"kiosk": (40.0, 20.0), "paper": (10.0, 30.0)}
    for change in (0.0, 0.5):
        asked = two_channels(mean, moved, change)
        data = pooled(asked)
        again = standardised(data, asked)
        assert again is not None
        # Without channels the shares 20 % -> 60 % of paper add 0.4 * 1.5 = 0.6 to any effect.
        assert estimate(data).effect == pytest.approx(change + 0.6, abs=0.05)
        assert estimate(again.data).effect == pytest.approx(change, abs=0.05)


def test_the_check_says_both_numbers_and_blocks_when_the_gain_was_the_mix() -> None:
    asked = two_channels({"kiosk": 3.0, "paper": 4.5}, {"kiosk": (40.0, 30.0), "paper": (10.0, 20.0)}, change=0.1)
    found = estimate(pooled(asked))
    check = channel_mix(found, asked)
    assert check is not None
    assert float(check.detail.values["effect"]) == pytest.approx(0.4, abs=0.05)  # type: ignore[arg-type]
    assert float(check.detail.values["earlier"]) == pytest.approx(0.1, abs=0.05)  # type: ignore[arg-type]
    assert (check.passed, check.blocks_scale) == (False, True)
    # Twenty per cent of the answers moved: with a gain that does not hang on it, the change is told and does not block.
    robust = two_channels({"kiosk": 3.0, "paper": 3.1}, {"kiosk": (40.0, 30.0), "paper": (10.0, 20.0)}, change=0.6)
    check = channel_mix(estimate(pooled(robust)), robust)
    assert check is not None
    assert (check.passed, check.blocks_scale) == (False, False)


def test_an_unchanged_mix_standardises_to_the_same_data() -> None:
    asked = two_channels({"kiosk": 3.0, "paper": 4.5}, {"kiosk": (40.0, 40.0), "paper": (10.0, 10.0)}, change=0.3)
    data = pooled(asked)
    again = standardised(data, asked)
    assert again is not None
    for grid in ("n", "mean", "sd"):
        assert getattr(again.data.panel, grid) == pytest.approx(getattr(data.panel, grid), rel=1e-9), grid


def test_a_channel_that_ended_has_nothing_to_be_weighed_to() -> None:
    ended = two_channels({"kiosk": 3.0, "paper": 4.5}, {"kiosk": (40.0, 40.0), "paper": (10.0, 0.0)})
    again = standardised(pooled(ended), ended)
    assert again is not None
    assert again.covered == pytest.approx(0.8)
    assert estimate(again.data).effect == pytest.approx(0.0, abs=0.05)
    replaced = two_channels({"kiosk": 3.0, "QR code": 4.5}, {"kiosk": (40.0, 0.0), "QR code": (0.0, 40.0)})
    assert standardised(pooled(replaced), replaced) is None
    check = channel_mix(estimate(pooled(replaced)), replaced)
    assert check is not None
    assert (check.passed, check.blocks_scale, "earlier" in check.detail.values) == (False, True, False)


def test_channel_counts_are_checked_at_the_door() -> None:
    with pytest.raises(ValueError, match=r"counts has the shape \(24, 2\), must be \(24, 3\) \(weeks, channels\)"):
        channels(np.ones((24, 2)))
    wrong = np.ones((24, 3))
    wrong[2, 1] = -4
    with pytest.raises(ValueError, match=r"counts of paper in 2025-12-22 == -4\.0, must be a number >= 0"):
        channels(wrong)
