"""What a portfolio scales is real, and about as large as it is said to be."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.portfolio import WAYS, Reviews, at_reviews, at_the_end, drawn, followed


@pytest.mark.slow
def test_scaled_pilots_are_as_good_as_they_are_shown() -> None:
    """60 portfolios of 20 pilots, about 160 scaled: false discoveries at most 10 %, shown effects within 15 %."""
    results = [followed(drawn(seed)) for seed in np.random.SeedSequence(20260103).spawn(60)]
    for place, name in enumerate(WAYS):
        scaled = [result.scaled[place] for result in results]
        false = np.mean([np.mean(each[2] == 0) if each.shape[1] else 0.0 for each in scaled])
        shown, raw, true = np.concatenate(scaled, axis=1).sum(axis=1)
        assert raw / true > 1.25, "the winner's curse"
        if name != "raw":
            assert false <= 0.1
            assert shown / true == pytest.approx(1.0, abs=0.15)
    assert np.mean([result.held for result in results]) == pytest.approx(0.95, abs=0.03)


def test_a_pilot_is_scaled_once_and_keeps_its_estimate() -> None:
    found = drawn(np.random.SeedSequence(7))
    crossed = found.crossed.copy()
    crossed[:] = False
    crossed[:3, 4:] = True
    effects = found.effects.copy()
    effects[:3, 4:] = [[1.0], [0.9], [0.05]]
    made = Reviews(truth=found.truth, effects=effects, errors=found.errors, z=effects / found.errors, crossed=crossed)
    shown, raw, truth = at_reviews(made, shrunken=True)
    assert list(raw) == [1.0, 0.9]
    assert list(truth) == list(found.truth[:2])
    assert (shown < raw).all()
    assert (shown >= 0.3).all()
    assert list(at_the_end(made)[1]) == [1.0, 0.9]
    nothing = Reviews(
        truth=found.truth, effects=effects, errors=found.errors, z=made.z, crossed=np.zeros_like(crossed)
    )  # fmt: skip
    assert at_reviews(nothing, shrunken=True).shape == (3, 0)
