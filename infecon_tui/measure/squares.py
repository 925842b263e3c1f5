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
_ROUNDS = 20
_SETTLED = 1e-3
_OUTLIER = 1.5


@dataclass(frozen=True, slots=True)
class Minimum:
    """Where the sum of squares is least: parameters (P,), their covariance (P, P), residuals (N,)."""

    at: Array
    covariance: Array
    residuals: Array


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


def jacobian(problem: Problem, at: Array, base: Array) -> Array:
    """Derivatives (N, P) of the residuals by differences, taken inwards where a bound is near."""
    steps = np.where(at + _STEP <= problem.high, _STEP, -_STEP)
    if not len(at):
        return np.zeros((len(base), 0))
    slopes: Array = (problem.residuals(at + np.diag(steps)) - base) / steps[:, None]
    return slopes.T


def minimise(problem: Problem) -> Minimum:
    """The parameters with the least sum of squares; outliers count by distance, not by its square."""
    at, damping = np.clip(problem.start, problem.low, problem.high), 1e-2
    base = problem.residuals(at[None])[0]
    for _ in range(_ROUNDS):
        weights = _huber(problem, base)
        slopes = jacobian(problem, at, base)
        normal, pull = _normal(problem, at, base, slopes, weights)
        moved = False
        while damping < 1e6:
            step = np.linalg.solve(normal + damping * np.diag(np.diag(normal)), pull)
            tried = np.clip(at - step, problem.low, problem.high)
            found = problem.residuals(tried[None])[0]
            if _cost(problem, tried, found, weights) < _cost(problem, at, base, weights):
                moved = bool(np.max(np.abs(tried - at), initial=0.0) > _SETTLED)
                at, base, damping = tried, found, max(damping / 5, 1e-6)
                break
            damping *= 5
        if not moved:
            break
    slopes = jacobian(problem, at, base)
    normal, _ = _normal(problem, at, base, slopes, _huber(problem, base))
    return Minimum(at, _covariance(problem, at, normal), base)


def _huber(problem: Problem, residuals: Array) -> Array:
    """Weights (N,) of residuals: one within 1.5 times the noise, falling with the distance beyond it."""
    edge = _OUTLIER * problem.noise
    return edge / np.maximum(np.abs(residuals), edge)


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
