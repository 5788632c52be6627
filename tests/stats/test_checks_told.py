"""What the checks say holds numbers, not printed text: the reader's language chooses the decimal mark."""

from __future__ import annotations

import numpy as np

from stats.check import Check
from stats.evaluation import evaluate
from stats.messages import Amount, Level
from tests.stats.test_evaluation import panel, plan


def test_numbers_stay_numbers() -> None:
    checks: dict[str, Check] = {check.name: check for check in evaluate(panel(1.0, n=60, seed=2), plan()).checks}
    assert isinstance(checks["volume_change"].detail.values["ratio"], float)
    assert isinstance(checks["over_dispersion"].detail.values["ratio"], float)
    assert isinstance(checks["enough_data"].detail.values["n_before"], float)
    ceiling = checks["ceiling"].detail.values
    assert isinstance(ceiling["mean"], Level)
    assert isinstance(ceiling["room"], Amount)
    assert not isinstance(ceiling["room"], Level)
    assert np.isfinite(float(ceiling["mean"]))
