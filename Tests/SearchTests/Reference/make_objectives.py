"""Writes objectives.json: hypervolumes, fronts and crowding distances as Optuna 5.0.0 and plain sums have them, for the tests of
Sources/Search/Objectives.

Needs optuna and numpy. The hypervolume is Optuna's and is checked here against inclusion and exclusion over all subsets, whose
terms are boxes; fronts and crowding are NSGA-II's.
"""
import itertools
import json
import pathlib

import numpy as np
from optuna._hypervolume import compute_hypervolume
from optuna.samplers.nsgaii._elite_population_selection_strategy import _calc_crowding_distance
from optuna.study._multi_objective import _fast_non_domination_rank
from optuna.trial import create_trial


def by_boxes(points, reference):
    total = 0.0
    for size in range(1, len(points) + 1):
        for subset in itertools.combinations(points, size):
            corner = np.max(subset, axis=0)
            total += (-1) ** (size + 1) * np.prod(reference - corner)
    return total


def crowding(points):
    trials = [create_trial(values=list(map(float, p))) for p in points]
    for number, trial in enumerate(trials):
        trial.number = number
    return [d for _, d in sorted(_calc_crowding_distance(trials).items())]


def case(seed, objectives, count, grid):
    rng = np.random.default_rng(seed)
    points = rng.random((count, objectives))
    if grid:
        points = np.round(points * 6) / 6
    reference = np.full(objectives, 1.0625)
    volume = float(compute_hypervolume(points, reference))
    if count <= 12:
        assert abs(volume - by_boxes(points, reference)) < 1e-9
    ranks = _fast_non_domination_rank(points)
    front = points[ranks == 0]
    distinct = len(np.unique(front[:, 0])) == len(front) and all(len(np.unique(front[:, k])) == len(front) for k in range(objectives))
    return {
        "points": points.tolist(), "reference": reference.tolist(), "hypervolume": volume, "fronts": ranks.tolist(),
        "crowding": [None if np.isinf(d) else d for d in crowding(front)] if distinct else None,
    }


cases = [case(10 * m + k, m, n, grid) for m in (2, 3, 4) for k, (n, grid) in enumerate([(9, False), (12, True), (40, False)])]
pathlib.Path(__file__).with_name("objectives.json").write_text(json.dumps(cases) + "\n")
