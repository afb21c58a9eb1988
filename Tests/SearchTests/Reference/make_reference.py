"""Writes tpe.json: Parzen estimators as Optuna 5.0.0 builds them, for TPESamplerTests and ParzenMixtureTests.

Needs optuna and numpy. Each case has a space, observations (oldest first, internal representation), the estimator's weights,
centers and bandwidths, and the log density at some points; `split` holds which trials count as good.
"""
import json
import math
import pathlib

import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_gamma, default_weights

PARAMETERS = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)


def describe(distribution):
    if isinstance(distribution, CategoricalDistribution):
        return {"kind": "choice", "count": len(distribution.choices)}
    kind = "float" if isinstance(distribution, FloatDistribution) else "int"
    return {"kind": kind, "low": distribution.low, "high": distribution.high, "log": distribution.log, "step": distribution.step}


def draw(rng, distribution, size):
    if isinstance(distribution, CategoricalDistribution):
        return rng.integers(0, len(distribution.choices), size).astype(float)
    low, high = distribution.low, distribution.high
    x = np.exp(rng.uniform(math.log(low), math.log(high), size)) if distribution.log else rng.uniform(low, high, size)
    if distribution.step is not None:
        x = np.clip(low + np.round((x - low) / distribution.step) * distribution.step, low, high)
    return x


def observe(rng, distribution, size):
    """Distinct values of a numeric parameter: of equals, numpy's sort decides which one gets which bandwidth."""
    if isinstance(distribution, CategoricalDistribution):
        return draw(rng, distribution, size)
    values = []
    while len(values) < size:
        value = draw(rng, distribution, 1)[0]
        if value not in values:
            values.append(value)
    return np.array(values)


def case(name, space, observations, seed):
    rng = np.random.default_rng(seed)
    values = {k: observe(rng, d, observations) for k, d in space.items()}
    estimator = _ParzenEstimator(values, space, PARAMETERS)
    mixture = estimator._mixture_distribution
    points = {k: draw(rng, d, 12) for k, d in space.items()}
    return {
        "name": name,
        "space": {k: describe(d) for k, d in space.items()},
        "observations": {k: v.tolist() for k, v in values.items()},
        "weights": mixture.weights.tolist(),
        "centers": {k: d.mu.tolist() for k, d in zip(space, mixture.distributions) if hasattr(d, "mu")},
        "bandwidths": {k: d.sigma.tolist() for k, d in zip(space, mixture.distributions) if hasattr(d, "sigma")},
        "points": {k: v.tolist() for k, v in points.items()},
        "logDensities": estimator.log_pdf(points).tolist(),
    }


F, I, C = FloatDistribution, IntDistribution, CategoricalDistribution
cases = [
    case("one point", {"a": F(-1, 3), "b": F(1e-3, 10, log=True), "c": I(1, 9)}, 1, 1),
    case("two points", {"a": F(-1, 3), "b": F(1e-3, 10, log=True)}, 2, 2),
    case("continuous", {"a": F(-5, 10), "b": F(0, 15), "c": F(1e-4, 1e3, log=True)}, 25, 3),
    case("old points weigh less", {k: F(-5.12, 5.12) for k in "abcde"}, 60, 4),
    case("steps", {"a": I(5, 100, step=5), "b": F(0.0, 0.5, step=0.025), "c": F(0, 1)}, 15, 5),
    case("logarithmic whole numbers", {"a": I(1, 1000, log=True), "b": I(-20, 20)}, 14, 6),
    case("choices", {"a": C(list("xyz")), "b": F(0, 1), "c": C(list("uv"))}, 40, 7),
    case("wide whole numbers", {"a": I(0, 1_000_000), "b": I(1, 1_000_000, log=True)}, 30, 8),
]
split = [default_gamma(n) for n in range(1, 400)]
out = pathlib.Path(__file__).with_name("tpe.json")
out.write_text(json.dumps({"cases": cases, "good": split}, indent=None))
