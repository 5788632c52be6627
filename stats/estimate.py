"""The effect of one pilot by the method its design calls for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stats.controlled import RATE_SIGMA_SCALE, SIGMA_SCALE, fit_controlled
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.henderson import solve
from stats.messages import N_
from stats.metric import Kind
from stats.metric_scale import metric_scale
from stats.panel import Floats
from stats.pilot_data import PilotData
from stats.single_series import design, fit_single, solve_fixed
from stats.working_scale import Curve, WorkingData, shared_pulls, to_working

CONTROLLED, DIFFERENCE, SINGLE = "controlled_mixed_model", "single_series_reml_difference", "single_series_reml"
LEAST_COMPARISONS = 2
YEAR_WEEKS = 52
LINEARISATIONS, CLOSE_ENOUGH = 6, 0.02


@dataclass(frozen=True, kw_only=True)
class Components:
    """How a unit's weeks vary, on the working scale.

    Attributes:
        rho: Week-to-week correlation of the shocks.
        sigma: SD of the weekly shocks.
        tau: SD between units; NaN when there is no comparison.
        slope: Metric units per working unit, for the pilot.
        scale: Factor by which the sampling variances are multiplied.
    """

    rho: float
    sigma: float
    tau: float
    slope: float
    scale: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimate(EffectEstimate):
    """An estimate that keeps what the checks, the projections and the picture need.

    Attributes:
        z: Standard normal deviate of the averaged one-sided tail probability, turned so that positive means better.
        change: The effect on the working scale.
        components: Posterior means of the nuisance parameters.
        data: The data it was made from.
        working: The same on the working scale.
        harmonics: Pairs of seasonal terms in a single-series model.
        level, level_sd: (T,) what the pilot units would have had without the change, and its SD, in the metric's unit.
        shared_variance: Part of the effect's variance that weeks have in common, so that more weeks do not lessen it.
    """

    z: float
    change: float
    components: Components
    data: PilotData
    working: WorkingData
    harmonics: int
    level: Floats
    level_sd: Floats
    shared_variance: float = 0.0


def estimate(data: PilotData, *, confidence_level: float = 0.95) -> Estimate:
    """Estimate the effect: the mixed model with two comparison units or more, else one series.

    Raises:
        CannotEstimateError: The data do not identify the effect.
    """
    method = _controlled
    if data.comparisons < LEAST_COMPARISONS:
        method, data = _single, data.without(data.trigger)
    working = to_working(data.panel)
    found = method(data, working, confidence_level)
    if working.curve is not Curve.NONE:
        for _ in range(LINEARISATIONS):
            before = found.effect
            found = method(data, to_working(data.panel, found.change * data.treated), confidence_level)
            if abs(found.effect - before) < CLOSE_ENOUGH * found.standard_error:
                break
    return found


def _controlled(data: PilotData, working: WorkingData, confidence_level: float) -> Estimate:
    fit = fit_controlled(
        np.nan_to_num(working.values)[None], working.precision[None], data.treated[None],
        scale_known=working.scale_known,
        sigma_scale=RATE_SIGMA_SCALE if data.panel.kind is Kind.COUNT else SIGMA_SCALE,
    )  # fmt: skip
    parts = {"rho": float(fit.rho[0]), "sigma": float(fit.sigma[0]), "tau": float(fit.tau[0])}
    known = data.panel.shared is not None and np.isfinite([*parts.values(), float(fit.scale[0])]).all()
    pulls = shared_pulls(data.panel, working)[: None if known else 0]
    moved = [solve(pull, working.precision / fit.scale[0], data.treated[None], **parts) for pull in pulls]
    shared = _shared(data, working, pulls, [float(one.coefficients[0]) for one in moved])
    told = fit.posterior.widened(shared.net).summary(confidence_level)
    effect, error = float(told.effect[0]), float(told.standard_error[0])
    if not (np.isfinite(effect) and error > 0):
        raise CannotEstimateError(N_("The data do not identify the effect."))
    scale = metric_scale(data, working, change=effect, standard_error=error, shared=shared.after)
    slope = scale.slope()
    components = Components(**parts, slope=slope, scale=float(fit.scale[0]))
    solution = solve(working.values, working.precision / fit.scale[0], data.treated[None], **parts)
    paths = [solution.untreated(j) for j in range(data.pilots)]
    sds = [_with(data, sd, [one.untreated(j)[0] for one in moved]) for j, (_, sd) in enumerate(paths)]
    level, level_sd = _averaged_path(data, working, [path for path, _ in paths], sds)
    return Estimate(
        effect=scale.effect(effect),
        standard_error=error * slope,
        interval=Interval(low=scale.effect(float(told.low[0])), high=scale.effect(float(told.high[0]))),
        method=CONTROLLED,
        z=float(told.z[0]) * data.plan.direction.sign,
        change=effect,
        components=components,
        data=data,
        working=working,
        harmonics=0,
        level=level,
        level_sd=level_sd,
        shared_variance=shared.added * slope**2,
    )


def _single(data: PilotData, working: WorkingData, confidence_level: float) -> Estimate:
    values, precision, offset = single_series(data, working)
    treated = data.treated[: data.pilots].mean(axis=0)
    seen = precision > 0
    if (seen & (treated > 0)).sum() < 2 or (seen & (treated == 0)).sum() < 2:
        raise CannotEstimateError(
            N_("Without the weeks that triggered the pilot, fewer than 2 weeks remain before it.")
        )
    harmonics = 0
    if data.comparisons == 0 and (seen & (treated == 0)).sum() >= YEAR_WEEKS:
        harmonics = 2 if (seen & (treated == 0)).sum() >= 2 * YEAR_WEEKS else 1
    columns = design(len(values), treated, harmonics=harmonics)
    if seen.sum() <= columns.shape[1] + 1:
        raise CannotEstimateError(
            N_("Only {weeks} weeks of data are left; at least {least} are needed."),
            weeks=int(seen.sum()), least=columns.shape[1] + 2,
        )  # fmt: skip
    fit = fit_single(values, precision, columns, scale_known=working.scale_known)
    pulls = shared_pulls(data.panel, working)
    moved = [
        solve_fixed(
            single_series(data, replace(working, values=pull))[0], precision / fit.scale, columns,
            rho=fit.rho, sigma=fit.sigma,
        )[0]
        for pull in pulls
    ]  # fmt: skip
    shared = _shared(data, working, pulls, [float(one[0]) for one in moved])
    told = fit.posterior.widened(shared.net).summary(confidence_level)
    scale = metric_scale(
        data, working, change=float(told.effect), standard_error=float(told.standard_error), shared=shared.after
    )
    slope = scale.slope()
    untreated = columns.copy()
    untreated[:, 0] = 0.0
    path = untreated @ fit.coefficients
    sd = np.sqrt(np.einsum("tc,cd,td->t", untreated, fit.covariance, untreated))
    sd = _with(data, sd, [untreated @ one for one in moved])
    level, level_sd = _averaged_path(data, working, [path + offset] * data.pilots, [sd] * data.pilots)
    return Estimate(
        effect=scale.effect(float(told.effect)),
        standard_error=float(told.standard_error) * slope,
        interval=Interval(low=scale.effect(float(told.low)), high=scale.effect(float(told.high))),
        method=DIFFERENCE if data.comparisons else SINGLE,
        z=float(told.z) * data.plan.direction.sign,
        change=float(told.effect),
        components=Components(rho=fit.rho, sigma=fit.sigma, tau=float("nan"), slope=slope, scale=fit.scale),
        data=data,
        working=working,
        harmonics=harmonics,
        level=level,
        level_sd=level_sd,
        shared_variance=shared.added * slope**2,
    )


def single_series(data: PilotData, working: WorkingData) -> tuple[Floats, Floats, Floats]:
    """Return the pilot series (minus the comparison series, if any) with its precision, and what was subtracted.

    Several pilot units are averaged by precision after taking out each unit's own level, so that a missing week of one
    does not move the average.
    """
    pilots = slice(0, data.pilots)
    series, precision = _averaged(working.values[pilots], working.precision[pilots], data.treated[pilots])
    if data.comparisons == 0:
        return series, precision, np.zeros_like(series)
    j = data.pilots
    other = working.precision[j]
    both = (precision > 0) & (other > 0)
    reference = np.where(other > 0, np.nan_to_num(working.values[j]), np.nan)
    difference = np.where(both, series - reference, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(both, 1.0 / (1.0 / precision + 1.0 / other), 0.0)
    return difference, weight, reference


def _averaged(values: Floats, precision: Floats, treated: Floats) -> tuple[Floats, Floats]:
    if len(values) == 1:
        return np.where(precision[0] > 0, values[0], np.nan), precision[0]
    clean = np.where(precision > 0, np.nan_to_num(values), 0.0)
    base = precision * (treated == 0)
    own = (clean * base).sum(axis=1) / base.sum(axis=1)
    total = precision.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        centred = ((clean - own[:, None]) * precision).sum(axis=0) / total
    return np.where(total > 0, centred + own.mean(), np.nan), total


@dataclass(frozen=True)
class _Shared:
    """Variances of the effect, working scale.

    Attributes:
        added: What the shared errors add.
        net: The same less what cancels.
        after: The part of it that is an error of the weeks with the change.
    """

    added: float
    net: float
    after: float


def _shared(data: PilotData, working: WorkingData, pulls: Floats, moved: list[float]) -> _Shared:
    """From what one SD of each shared error does to the working values and to the effect."""
    if data.panel.shared is None or not moved:
        return _Shared(0.0, 0.0, 0.0)
    signs = data.panel.shared.signs
    weight = working.precision * (data.treated > 0)
    after = (np.nan_to_num(pulls) * weight).sum(axis=(1, 2)) / weight.sum()
    parts = signs * np.square(moved)
    return _Shared(float(parts[parts > 0].sum()), float(parts.sum()), float((signs * after**2).sum()))


def _with(data: PilotData, sd: Floats, errors: list[Floats]) -> Floats:
    """(T,) a path's SD with the shared errors added, of which one SD each is given."""
    if data.panel.shared is None or not errors:
        return sd
    added = (data.panel.shared.signs > 0)[:, None] * np.square(errors)
    return np.asarray(np.sqrt(sd**2 + added.sum(axis=0)))


def _averaged_path(
    data: PilotData, working: WorkingData, paths: list[Floats], sds: list[Floats]
) -> tuple[Floats, Floats]:
    """Average the pilot units' untreated paths, in the metric's unit, by their answers."""
    weight = np.array([np.nansum(data.panel.n[j]) for j in range(data.pilots)])
    weight = weight / weight.sum()
    level = sum(weight[j] * working.back(paths[j]) for j in range(data.pilots))
    sd = sum(weight[j] * working.derivative(paths[j]) * sds[j] for j in range(data.pilots))
    return np.asarray(level), np.asarray(sd)
