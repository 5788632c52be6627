"""A pilot that is only planned, as the evaluation's model would see it: its variance and what is known of that."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stats.controlled import MAX_RHO, RHO_POWERS, SIGMA_SCALE, TAU_SCALE
from stats.estimate import LEAST_COMPARISONS
from stats.history import TYPICAL_SIGMA, History
from stats.metric import Kind
from stats.panel import Floats
from stats.past import harmonics
from stats.pilot_data import HISTORY_WEEKS, SINGLE_HISTORY_WEEKS
from stats.single_series import design
from stats.working_scale import LARGEST_CHANGE

LEAST_SIDE = 2
LEAST_SIGMA = 0.05
"""No evaluation ever knows that there are no shocks at all."""
FEWEST_DF = 3.0
_A, _B = RHO_POWERS[0] + 1.0, RHO_POWERS[1] + 1.0
BETA_RHO = (_A + _B) ** 2 * (_A + _B + 1.0) / (_A * _B) / MAX_RHO**2
UNIFORM_RHO = 12.0 / MAX_RHO**2
RAYLEIGH_SIGMA = 1.0 / ((2.0 - math.pi / 2.0) * SIGMA_SCALE**2)
"""One over the variance of each prior."""


@dataclass(frozen=True, kw_only=True)
class PlannedPilot:
    """One pilot unit and some comparison units, alike among themselves, over the weeks of a plan.

    With free week effects, only the difference between the pilot unit and the mean of the m comparison units tells
    anything of the effect: a series whose shocks and level have 1 + 1/m times the variance of one unit's. So all is
    that of one series, on the working scale.

    Attributes:
        history: The pilot unit's past.
        weeks_before: Weeks before the start.
        weeks_after: Weeks after it.
        comparison_units: Units that go on as before.
        trigger_weeks: Last weeks before the start, left out with fewer than two comparison units.

    Raises:
        ValueError: The history does not suit the plan.
    """

    history: History
    weeks_before: int
    weeks_after: int
    comparison_units: int
    trigger_weeks: int

    def __post_init__(self) -> None:
        taken = self.history.comparisons
        if taken is not None and (taken > 0) != (self.comparison_units > 0):
            raise ValueError(
                f"comparison_units == {self.comparison_units}, but the history was taken with {taken}: "
                "what units share is in its shocks only when it was taken alone."
            )
        if self.controlled and math.isnan(self.history.between_sd):
            raise ValueError("history.between_sd == nan, must be known for two comparison units or more.")

    @property
    def controlled(self) -> bool:
        """Whether the controlled mixed model would be used."""
        return self.comparison_units >= LEAST_COMPARISONS

    @cached_property
    def weeks(self) -> Floats:
        """(T,) numbers of the weeks that have data; the pilot starts at 0."""
        used = min(self.weeks_before, HISTORY_WEEKS if self.controlled else SINGLE_HISTORY_WEEKS)
        every = np.arange(-used, self.weeks_after, dtype=np.float64)
        coverage = self.history.coverage
        before, after = every[every < 0], every[every >= 0]
        if not self.controlled and self.trigger_weeks:
            before = before[before < -self.trigger_weeks]
        return np.concatenate([_thinned(before, coverage), _thinned(after, coverage)])

    def variance(self, change: float) -> float:
        """Variance of the effect, working scale, when the effect is `change`."""
        columns = self._columns
        return float(np.linalg.inv(columns.T @ np.linalg.inv(self._covariance(change)) @ columns)[0, 0])

    def in_metric(self, change: float) -> float:
        """The size of a change on the working scale in the metric's unit, from the unit's level."""
        history = self.history
        if not history.kind.counted:
            return abs(change) * history.sd
        return abs(self._level(change) - history.level)

    def degrees_of_freedom(self) -> float:
        """Satterthwaite's degrees of freedom of the variance, from the restricted likelihood's expected information.

        What the evaluation's priors tell is added: in the controlled model a Beta prior of rho, a Rayleigh prior of
        sigma and a half-Cauchy prior of tau, taken as one that knows tau within its scale; in the single series a
        uniform prior of rho and, of sigma, no more than its size.
        """
        c, tau, sigma = self._share, self._tau, max(self._sigma, LEAST_SIGMA)
        ar, gap = self._ar, self._gap
        rho = self.history.autocorrelation
        slopes = [sigma**2 * gap * rho ** np.maximum(gap - 1.0, 0.0), 2.0 * sigma * ar]
        priors = [UNIFORM_RHO, 1.0 / max(sigma, TYPICAL_SIGMA) ** 2]
        if self.controlled:
            slopes.append(np.full_like(ar, 2.0 * tau))
            priors = [BETA_RHO, RAYLEIGH_SIGMA, 1.0 / TAU_SCALE**2]
        columns = self._columns
        weight: Floats = np.asarray(np.linalg.inv(self._covariance(0.0)))
        solved = weight @ columns
        inverse = np.linalg.inv(columns.T @ solved)
        free = weight - solved @ inverse @ solved.T
        effect = solved @ inverse[:, 0]  # the estimate is effect @ y
        gradient = np.array([c * effect @ slope @ effect for slope in slopes]) / inverse[0, 0]
        information = np.diag(np.asarray(priors)) + c**2 * _information(free, slopes)
        if self.controlled:  # the other contrasts between units have no effect in them
            other: Floats = np.asarray(np.linalg.inv(sigma**2 * ar + tau**2 + np.eye(len(ar)) * self._comparison_noise))
            information += (self.comparison_units - 1) * _information(other, slopes)
        return max(2.0 / float(gradient @ np.linalg.inv(information) @ gradient), FEWEST_DF)

    @property
    def _share(self) -> float:
        return 1.0 + (1.0 / self.comparison_units if self.comparison_units else 0.0)

    @property
    def _sigma(self) -> float:
        return self.history.shock_sd / self.history.slope

    @property
    def _tau(self) -> float:
        return self.history.between_sd / self.history.slope if self.controlled else 0.0

    @cached_property
    def _gap(self) -> Floats:
        return np.abs(np.subtract.outer(self.weeks, self.weeks))

    @cached_property
    def _ar(self) -> Floats:
        return np.asarray(self.history.autocorrelation**self._gap)

    @cached_property
    def _columns(self) -> Floats:
        after = (self.weeks >= 0).astype(np.float64)
        if self.controlled:
            return after[:, None]
        pairs = harmonics(self.comparison_units, int((self.weeks < 0).sum()))
        first = int(self.weeks[0])
        calendar = design(int(self.weeks[-1]) - first + 1, np.zeros(int(self.weeks[-1]) - first + 1), harmonics=pairs)
        return np.column_stack([after, calendar[self.weeks.astype(int) - first, 1:]])

    def _covariance(self, change: float) -> Floats:
        """(T, T) of the pilot less the mean of the comparison units."""
        noise = np.where(self.weeks < 0, self._noise(0.0), self._noise(change))
        if self.comparison_units:
            noise = noise + self._comparison_noise / self.comparison_units
        shared = self._share * (self._sigma**2 * self._ar + self._tau**2)
        return np.asarray(shared + np.diag(noise))

    def _noise(self, change: float) -> float:
        """Sampling variance of one week of the pilot unit, working scale, at its level moved by `change`."""
        history = self.history
        if not history.kind.counted:
            return 1.0 / history.steady_answers
        level = self._level(change)
        tells = level * (1.0 - level) if history.kind is Kind.PROPORTION else level
        return 1.0 / (history.steady_answers * tells)

    @cached_property
    def _comparison_noise(self) -> float:
        answers = self.history.comparison_answers
        if math.isnan(answers):
            return self._noise(0.0)
        return 1.0 / (answers * (self.history.slope if self.history.kind.counted else 1.0))

    def _level(self, change: float) -> float:
        """The unit's level after a change on its log scale."""
        level, moved = self.history.level, math.exp(max(min(change, LARGEST_CHANGE), -LARGEST_CHANGE))
        if self.history.kind is Kind.COUNT:
            return level * moved
        return level * moved / (1.0 - level + level * moved)


def _information(weight: Floats, slopes: list[Floats]) -> Floats:
    products = [weight @ slope for slope in slopes]
    return np.array([[0.5 * np.sum(one * two.T) for two in products] for one in products])


def _thinned(weeks: Floats, coverage: float) -> Floats:
    """Evenly spread weeks, as many as have data; at least two."""
    count = max(round(coverage * len(weeks)), LEAST_SIDE)
    return weeks if count >= len(weeks) else weeks[np.round(np.linspace(0, len(weeks) - 1, count)).astype(int)]
