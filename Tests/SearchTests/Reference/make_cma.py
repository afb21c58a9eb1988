"""Writes cma.json: CMA-ES and CMA-ES with margin as cmaes 0.13 runs them on given solutions. Needs cmaes and numpy.

Each case has the dimension, for each axis how many values it has (0: continuous) in the unit cube, the solutions of some
generations with their losses, and mean, step size, covariance and spread after each generation.
"""
import json
import pathlib

import numpy as np
from cmaes import CMA, CMAwM


def solutions(rng, mean, spread, count):
    points = mean + spread * rng.standard_normal((count, len(mean)))
    return [(p, float(np.sum((p - 0.3) ** 2 * np.arange(1, len(p) + 1)))) for p in points]


def record(state, told, spread=None):
    return {
        "points": [p.tolist() for p, _ in told], "losses": [v for _, v in told], "mean": state._mean.tolist(),
        "sigma": float(state._sigma), "covariance": state._C.ravel().tolist(),
        "spread": None if spread is None else spread.tolist(),
    }


def plain(dimensions, generations, seed, population=None):
    rng = np.random.default_rng(seed)
    cma = CMA(mean=np.full(dimensions, 0.5), sigma=1 / 6, population_size=population)
    steps = []
    for _ in range(generations):
        told = solutions(rng, cma._mean, cma._sigma, cma.population_size)
        cma.tell(list(told))
        cma._eigen_decomposition()
        steps.append(record(cma, told))
    return {"counts": [0] * dimensions, "population": cma.population_size, "generations": steps}


def margin(counts, generations, seed, shrink):
    rng = np.random.default_rng(seed)
    bounds = np.array([[0, 1] if c == 0 else [0.5 / c, 1 - 0.5 / c] for c in counts])
    steps_of = np.array([0 if c == 0 else 1 / c for c in counts])
    cma = CMAwM(mean=np.full(len(counts), 0.45), sigma=1 / 6, bounds=bounds, steps=steps_of)
    steps = []
    for _ in range(generations):
        told = solutions(rng, cma._cma._mean, cma._cma._sigma * shrink, cma.population_size)
        cma.tell(list(told))
        cma._cma._eigen_decomposition()
        steps.append(record(cma._cma, told, cma._A))
    return {"counts": counts, "population": cma.population_size, "generations": steps}


cases = [
    plain(2, 6, 1), plain(5, 8, 2), plain(7, 5, 3, population=20), plain(1, 4, 4),
    margin([0, 5, 0], 10, 5, 0.4), margin([2, 0, 30], 14, 6, 0.3), margin([10, 10], 12, 7, 0.5),
]
pathlib.Path(__file__).with_name("cma.json").write_text(json.dumps({"cases": cases}))
