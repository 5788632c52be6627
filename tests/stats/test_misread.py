"""A theme's share in the evaluation: corrected where the estimate is made, and not believed unless people checked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stats.checked_comments import CheckedComments, Crossed
from stats.checks_reading import check_of
from stats.effect import EffectEstimate
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.evaluation import SubgroupData, evaluate
from stats.metric import Kind
from stats.misread import LEAST_CHECKED, Misclassification, corrected, lacking, more_to_check
from stats.panel import Panel
from stats.pilot_data import prepare
from stats.plan import Plan
from stats.projection import project
from stats.rules import Verdict
from tests.stats.checked_pilots import START, pilot


def perfect(panel: Panel, plan: Plan) -> Misclassification:
    """Everything was read by people, and the model was always right."""
    after = panel.weeks >= np.datetime64(START)
    cells = []
    for pilot_units in (True, False):
        rows = [(unit in plan.pilot_units) == pilot_units for unit in panel.units]
        for side in (~after, after):
            picked = int(np.nansum(panel.count[rows][:, side]))
            left = int(np.nansum(panel.n[rows][:, side])) - picked
            cells.append(CheckedComments(picked=picked, left=left, drawn=Crossed(both=picked, neither=left)))
    return Misclassification(before=cells[0], after=cells[1], comparison_before=cells[2], comparison_after=cells[3])


def estimated(panel: Panel, plan: Plan) -> Estimate:
    return estimate(prepare(panel, plan, plan.end))


def test_a_model_that_is_always_right_changes_nothing() -> None:
    panel, plan, _ = pilot(np.random.default_rng(1))
    plain = estimated(panel, plan)
    found = estimated(corrected(panel, plan, perfect(panel, plan)), plan)
    assert found.effect == pytest.approx(plain.effect, rel=1e-9)
    assert found.standard_error == pytest.approx(plain.standard_error, rel=1e-9)
    assert found.shared_variance == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("comparisons", "seed"), [(0, 3), (1, 6), (3, 5)])
def test_the_error_is_that_of_the_effect_at_moved_rates(comparisons: int, seed: int) -> None:
    """The part of the variance that checking leaves, against the estimate made anew with each rate one SD away.

    They agree where the effect is small; a large one bends the way back from log-odds, in both, but not alike.
    """
    panel, plan, found = pilot(np.random.default_rng(seed), comparisons=comparisons, shocks=0.05)
    right = corrected(panel, plan, found)
    assert right.shared is not None
    squares = 0.0
    for direction in right.shared.directions[right.shared.signs > 0]:
        moved = [right.mean + sign * direction for sign in (1.0, -1.0)]
        ends = [estimated(replace(right, mean=mean, count=mean * right.n), plan).effect for mean in moved]
        squares += ((ends[0] - ends[1]) / 2.0) ** 2
    assert estimated(right, plan).shared_variance == pytest.approx(squares, rel=0.2)


def test_more_weeks_do_not_lessen_what_checking_leaves() -> None:
    panel, plan, found = pilot(np.random.default_rng(5), checked=30)
    one = estimated(corrected(panel, plan, found), plan)
    assert one.shared_variance > 0
    assert project(one).standard_error(0) == pytest.approx(one.standard_error)
    assert one.shared_variance**0.5 < project(one).standard_error(104) < one.standard_error
    more = estimated(corrected(panel, plan, pilot(np.random.default_rng(5), checked=150)[2]), plan)
    assert more.shared_variance < one.shared_variance / 2


def test_a_part_of_the_panel_keeps_its_part_of_the_error() -> None:
    panel, plan, found = pilot(np.random.default_rng(6))
    right = corrected(panel, plan, found)
    part = right.restricted(units=["U2", "U0"], since=right.weeks[4])
    assert part.shared is not None
    assert right.shared is not None
    assert np.array_equal(part.shared.directions, right.shared.directions[:, [2, 0]][:, :, 4:])
    wide = part.extended(first=right.weeks[0], last=right.weeks[-1])
    assert wide.shared is not None
    assert (wide.shared.directions[:, :, :4] == 0).all()
    assert (wide.shared.weight[:, :4] == 1).all()
    with pytest.raises(ValueError, match="cannot be merged"):
        right.merged(panel)


def test_every_figure_of_the_evaluation_is_corrected() -> None:
    panel, plan, found = pilot(np.random.default_rng(8), sensitivity=(0.95, 0.4), checked=120, comments=30)
    plain = evaluate(panel, plan)
    result = evaluate(panel, plan, misclassification=found, subgroups=[SubgroupData(name="all", panel=panel)])
    assert plain.effect is not None
    assert result.effect is not None
    assert result.interval is not None
    assert plain.effect < -0.05  # the model finds less, so less seems to be said
    assert result.interval.low < 0.0 < result.interval.high
    assert [look.on for look in result.looks] == [look.on for look in plain.looks]
    assert result.looks[-1].effect == result.effect
    assert max(look.z for look in result.looks) < max(look.z for look in plain.looks)
    assert result.subgroups[0].estimate is not None
    assert result.subgroups[0].estimate.effect == pytest.approx(result.effect)
    lines = {line.method: line for line in result.sensitivity}
    assert lines["uncorrected"].effect == pytest.approx(plain.effect)
    assert isinstance(lines["plain_checked_shares"], EffectEstimate)
    assert not {"plain_newcombe", "unit_ancova"} & set(lines)
    (check,) = [check for check in result.checks if check.name == "misclassification"]
    assert check.passed
    assert check.blocks_scale
    assert "% of those that are" in check.detail.english()


def test_too_few_checked_comments_give_no_effect_and_say_how_many_are_missing() -> None:
    panel, plan, found = pilot(np.random.default_rng(9), change=-0.15, share=0.3)
    few = replace(found, after=replace(found.after, drawn=Crossed(both=2, neither=8)), comparison_before=replace(
        found.before, picked=40, left=60, drawn=Crossed(both=5, neither=24)))  # fmt: skip
    result = evaluate(panel, plan, misclassification=few)
    assert (result.verdict, result.effect, result.sensitivity) == (Verdict.NOT_ENOUGH_DATA, None, ())
    (check,) = result.checks
    assert check.passed is False
    assert check.blocks_scale
    assert check.detail.english() == (
        "The theme's share is counted by a model, and how often it is wrong has not been measured enough. "
        "Check comments drawn at random: 20 more from the pilot unit after the start, "
        "1 more from the comparison units before the start."
    )
    assert check.detail in result.reasons
    with pytest.raises(CannotEstimateError):
        corrected(panel, plan, few)


def test_what_else_keeps_the_share_from_being_trusted() -> None:
    cell = CheckedComments(picked=20, left=80, drawn=Crossed(both=1, neither=29))
    assert "Only 2 of the checked comments" in str(lacking(Misclassification(before=cell, after=cell)))
    guessing = CheckedComments(picked=50, left=50, drawn=Crossed(both=8, model_only=12, person_only=8, neither=12))
    assert "hardly tells" in str(lacking(Misclassification(before=guessing, after=guessing)))
    good = CheckedComments(picked=20, left=80, drawn=Crossed(both=6, model_only=1, person_only=1, neither=22))
    assert lacking(Misclassification(before=good, after=good)) is None
    assert check_of(Misclassification(before=good, after=good)).passed


def test_a_small_period_needs_no_more_than_it_has() -> None:
    assert more_to_check(CheckedComments(picked=0, left=0)) == 0
    assert more_to_check(CheckedComments(picked=2, left=10)) == 12
    assert more_to_check(CheckedComments(picked=2, left=10, known=Crossed(both=2), drawn=Crossed(neither=10))) == 0
    assert more_to_check(CheckedComments(picked=50, left=500, known=Crossed(both=40))) == LEAST_CHECKED


def test_only_uncorrected_shares_of_known_units_are_corrected() -> None:
    panel, plan, found = pilot(np.random.default_rng(10))
    with pytest.raises(ValueError, match="uncorrected shares"):
        corrected(corrected(panel, plan, found), plan, found)
    with pytest.raises(ValueError, match="comparison_before is None"):
        corrected(panel, plan, replace(found, comparison_before=None, comparison_after=None))
    with pytest.raises(ValueError, match="of kind count"):
        corrected(replace(panel, kind=Kind.COUNT), plan, found)


@pytest.mark.slow
def test_in_the_engine_a_falling_sensitivity_shows_no_gain() -> None:
    rng = np.random.default_rng(11)
    held: list[tuple[bool, bool, bool]] = []
    for _ in range(120):
        panel, plan, found = pilot(rng, sensitivity=(0.9, 0.55), checked=60)
        plain, right = estimated(panel, plan), estimated(corrected(panel, plan, found), plan)
        held.append((plain.interval.high < 0, right.interval.high < 0, right.interval.low <= 0 <= right.interval.high))
    naive, shown, covered = np.mean(held, axis=0)
    # 2.5 % is due to the corrected one; three standard errors of 120 runs are 4.3 % (and 6 % of the coverage).
    assert naive > 0.15
    assert shown <= 0.068
    assert covered >= 0.89
