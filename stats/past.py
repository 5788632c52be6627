"""A unit's own weeks before anything is tried, beside its comparison units: on the working scale, and how they vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stats.controlled import fit_controlled
from stats.errors import CannotEstimateError
from stats.estimate import LEAST_COMPARISONS, YEAR_WEEKS, Components
from stats.henderson import solve
from stats.messages import N_
from stats.panel import ONE_WEEK, Floats, Panel
from stats.pilot_data import HISTORY_WEEKS, SINGLE_HISTORY_WEEKS, Mask
from stats.posterior import EffectPosterior
from stats.single_series import design, fit_single, solve_fixed
from stats.working_scale import WorkingData, to_working

LEAST_WEEKS = 4
"""Weeks with data that a unit needs for its variation to be fitted at all: two on each side of a pretended split."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Past:
    """The weeks before a plan. The unit comes first, then the comparison units with enough weeks.

    Attributes:
        panel: J units by T weeks.
        working: The same on its working scale.
    """

    panel: Panel
    working: WorkingData

    @property
    def comparisons(self) -> int:
        """How many comparison units have data enough."""
        return len(self.panel.units) - 1

    @property
    def seen(self) -> Mask:
        """(T,) True in the unit's weeks with data."""
        return np.asarray(self.panel.observed[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class PastFit:
    """The evaluation's own model, fitted to weeks in which nothing was tried.

    Attributes:
        components: How the weeks vary; sigma is of one unit, also when it was read off a difference of two.
        posterior: The pretended change, working scale, batch shape (1,) or ().
        plain_variance: Variance of the pretended change if the components were known to be these.
    """

    components: Components
    posterior: EffectPosterior
    plain_variance: float


def past_of(panel: Panel, unit: str, comparison_units: Sequence[str], *, before: np.datetime64) -> Past:
    """Return a unit's weeks before a Monday, as far back as an evaluation would use them.

    Args:
        panel: The metric in at least these units.
        unit: The unit.
        comparison_units: Units to compare with; those with fewer than four weeks in the unit's time are left out.
        before: The first week that is not past.

    Raises:
        DataError: A unit is not in the panel.
        CannotEstimateError: The unit has no data before that week, or every value is the same.
    """
    history = HISTORY_WEEKS if len(comparison_units) >= LEAST_COMPARISONS else SINGLE_HISTORY_WEEKS
    used = panel.restricted(
        units=(unit, *comparison_units), since=before - history * ONE_WEEK, until=before - np.timedelta64(1, "D")
    )
    weeks = np.flatnonzero(used.observed[0])
    if len(weeks) == 0:
        raise CannotEstimateError(N_("The unit {unit} has no data in these weeks."), unit=unit)
    span = used.restricted(since=used.weeks[weeks[0]])
    enough = span.observed.sum(axis=1) >= LEAST_WEEKS
    enough[0] = True
    kept = span.restricted(units=[name for name, keep in zip(span.units, enough, strict=True) if keep])
    return Past(panel=kept, working=to_working(kept))


def fit_past(past: Past, treated: Floats) -> PastFit:
    """Fit the evaluation's model with a pretended change in some of the unit's weeks.

    The change takes up what the weeks say of it, so that it does not pass for variation.

    Args:
        past: The weeks.
        treated: (T,) 1 in the weeks of the pretended change.

    Raises:
        CannotEstimateError: The weeks do not identify the change.
    """
    working, slope = past.working, float(past.working.slope[0])
    if past.comparisons >= LEAST_COMPARISONS:
        rows = np.zeros_like(working.precision)
        rows[0] = treated
        fit = fit_controlled(
            np.nan_to_num(working.values)[None], working.precision[None], rows[None], scale_known=working.scale_known
        )
        found = Components(
            rho=float(fit.rho[0]), sigma=float(fit.sigma[0]), tau=float(fit.tau[0]), slope=slope,
            scale=float(fit.scale[0]),
        )  # fmt: skip
        posterior = fit.posterior
        plain = solve(
            np.zeros_like(rows), working.precision / found.scale, rows[None], rho=found.rho, sigma=found.sigma,
            tau=found.tau,
        ).coefficient_covariance  # fmt: skip
    else:
        values, precision = difference(past)
        columns = design(len(values), treated, harmonics=harmonics(past.comparisons, int((precision > 0).sum())))
        single = fit_single(values, precision, columns, scale_known=working.scale_known)
        share = np.sqrt(1 + past.comparisons)  # two units' shocks are in a difference
        found = Components(
            rho=single.rho, sigma=single.sigma / share, tau=float("nan"), slope=slope, scale=single.scale
        )
        posterior = single.posterior
        plain = solve_fixed(values, precision / single.scale, columns, rho=single.rho, sigma=single.sigma)[1]
    if not (np.isfinite(posterior.effect).all() and np.isfinite(found.sigma)):
        raise CannotEstimateError(N_("The data do not identify the effect."))
    return PastFit(components=found, posterior=posterior, plain_variance=float(plain[0, 0]))


def difference(past: Past) -> tuple[Floats, Floats]:
    """Return (T,) the unit's values less its only comparison unit's, if it has one, and (T,) their precision."""
    values, precision = past.working.values[0], past.working.precision[0]
    if past.comparisons == 0:
        return np.where(precision > 0, values, np.nan), precision
    other = past.working.precision[1]
    both = (precision > 0) & (other > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(both, 1.0 / (1.0 / precision + 1.0 / other), 0.0)
    return np.where(both, values - past.working.values[1], np.nan), weight


def harmonics(comparisons: int, weeks_before: int) -> int:
    """Pairs of seasonal terms that the evaluation of a unit without comparison puts in its model."""
    if comparisons > 0 or weeks_before < YEAR_WEEKS:
        return 0
    return 2 if weeks_before >= 2 * YEAR_WEEKS else 1
