"""Damped least squares (Levenberg and Marquardt) within bounds, with a prior, in plain numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[np.float64]

_STEP = 0.02
_ROUNDS = 30
_FIRST_DAMPING = 1e-2
_DAMPINGS = np.array([0.1, 1.0, 10.0, 1e3])
_DAMPING_RANGE = (1e-6, 1e6)
_OUTLIER = 3.0


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the sum of squares is least: parameters (P,), their covariance (P, P), residuals (N,) and the
    residuals' derivatives (N, P).
    """

    at: Array
    covariance: Array
    residuals: Array
    slopes: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Residuals (N,) of parameters (P,) that stay within `low` and `high`.

    `residuals` takes several sets of parameters (M, P) at once and gives (M, N). Parameters are believed
    to lie within `spread` (P,) of `start`; `noise` is the residual that measurements have.
    """

    residuals: Callable[[Array], Array]
    start: Array
    low: Array
    high: Array
    spread: Array
    noise: float


def jacobian(problem: Problem, at: Array) -> tuple[Array, Array]:
    """Residuals (N,) and their derivatives (N, P) by differences, taken inwards where a bound is near."""
    steps = np.where(at + _STEP <= problem.high, _STEP, -_STEP)
    found = problem.residuals(np.vstack([at[None], at + np.diag(steps)]))
    slopes: Array = (found[1:] - found[0]) / steps[:, None]
    return found[0], slopes.T


def minimise(problem: Problem, settled: float = 1e-3) -> Minimum:
    """The parameters with the least sum of squares; rows far off hardly count. It ends where no step makes the
    cost less by a share `settled`.

    Every round tries steps of several dampings at once. Derivatives follow the residuals by Broyden's update
    and are taken anew where no step gains much by them.
    """
    at, damping = np.clip(problem.start, problem.low, problem.high), _FIRST_DAMPING
    base, slopes = jacobian(problem, at)
    fresh = True
    for _ in range(_ROUNDS):
        weights = _weights(problem, base)
        before = _cost(problem, at, base, weights)
        dampings = np.clip(damping * _DAMPINGS, *_DAMPING_RANGE)
        tried = np.array([_step(problem, at, base, slopes, weights, one) for one in dampings])
        found = problem.residuals(tried)
        costs = [_cost(problem, *one, weights) for one in zip(tried, found, strict=True)]
        best = int(np.argmin(costs))
        step = tried[best] - at
        gained = before - costs[best]
        if gained > 0:
            slopes = slopes + np.outer(found[best] - base - slopes @ step, step) / (step @ step)
            at, base, damping = tried[best], found[best], dampings[best]
        if gained > settled * before:
            fresh = False
        elif fresh:
            break
        else:
            base, slopes = jacobian(problem, at)
            fresh, damping = True, _FIRST_DAMPING
    if not fresh:
        base, slopes = jacobian(problem, at)
    normal, _ = _normal(problem, at, base, slopes, _weights(problem, base))
    return Minimum(at, _covariance(problem, at, normal), base, slopes)


def _step(
    problem: Problem, at: Array, base: Array, slopes: Array, weights: Array, damping: float
) -> Array:
    normal, pull = _normal(problem, at, base, slopes, weights)
    step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
    return np.clip(at - step, problem.low, problem.high)


def _weights(problem: Problem, residuals: Array) -> Array:
    """Of residuals (N,), after Cauchy: half at three times the noise, falling with the distance squared."""
    return 1 / (1 + (residuals / (_OUTLIER * problem.noise)) ** 2)


def _normal(
    problem: Problem, at: Array, base: Array, slopes: Array, weights: Array
) -> tuple[Array, Array]:
    """The normal matrix and the gradient, the prior included."""
    scaled = slopes * (weights / problem.noise**2)[:, None]
    prior = np.diag(problem.spread**-2.0)
    return slopes.T @ scaled + prior, scaled.T @ base + prior @ (at - problem.start)


def _cost(problem: Problem, at: Array, base: Array, weights: Array) -> float:
    away = (at - problem.start) / problem.spread
    return float(np.sum(weights * (base / problem.noise) ** 2) + away @ away)


def _covariance(problem: Problem, at: Array, normal: Array) -> Array:
    """Of the parameters; what stands at a bound is not known from this file in that direction."""
    free = (at > problem.low + 1e-9) & (at < problem.high - 1e-9)
    covariance = np.zeros_like(normal)
    if free.any():
        covariance[np.ix_(free, free)] = np.linalg.inv(normal[np.ix_(free, free)])
    return covariance
