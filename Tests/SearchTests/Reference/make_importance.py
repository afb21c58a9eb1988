"""Writes importance.json: parameter importances of fixed trials as Optuna's evaluators have them (optuna 5.0.0, scikit-learn 1.9).

    python make_importance.py > importance.json

PED-ANOVA is deterministic. fANOVA depends on the forest's seed: the mean and the spread over 20 of them are written, on a space
without logarithms, which Optuna's evaluator leaves out.
"""
import json, math, random, statistics, warnings

import optuna
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)

MIXED = {
    "a": FloatDistribution(0.0, 1.0),
    "b": FloatDistribution(1e-3, 1e2, log=True),
    "c": FloatDistribution(-1.0, 1.0, step=0.25),
    "d": IntDistribution(1, 9),
    "e": IntDistribution(1, 300, log=True),
    "f": CategoricalDistribution(["x", "y", "z"]),
    "g": IntDistribution(0, 200),
}
PLAIN = {
    "a": FloatDistribution(0.0, 1.0),
    "b": FloatDistribution(-5.0, 5.0),
    "c": IntDistribution(1, 9),
    "d": CategoricalDistribution(["x", "y"]),
    "e": FloatDistribution(0.0, 1.0),
}


def draw(name, distribution, rng):
    if isinstance(distribution, CategoricalDistribution):
        return rng.choice(distribution.choices)
    if isinstance(distribution, IntDistribution):
        if distribution.log:
            return int(round(math.exp(rng.uniform(math.log(distribution.low), math.log(distribution.high)))))
        return rng.randint(distribution.low, distribution.high)
    if distribution.log:
        return math.exp(rng.uniform(math.log(distribution.low), math.log(distribution.high)))
    if distribution.step:
        return distribution.low + distribution.step * rng.randint(0, round((distribution.high - distribution.low) / distribution.step))
    return rng.uniform(distribution.low, distribution.high)


def mixed(p):
    return (3 * (p["a"] - 0.3) ** 2 + 0.1 * (math.log10(p["b"]) - 1) ** 2 + 0.3 * abs(p["c"]) + 0.01 * p["d"]
            + 0.05 * math.log(p["e"]) + {"x": 0.0, "y": 0.4, "z": 0.1}[p["f"]])


def plain(p):
    return 3 * (p["a"] - 0.3) ** 2 + 0.02 * p["b"] ** 2 + 0.1 * abs(p["c"] - 4) + (0.4 if p["d"] == "y" else 0.0) * p["a"]


def study(space, objective, count, seed):
    rng = random.Random(seed)
    study = optuna.create_study()
    points = []
    for _ in range(count):
        params = {name: draw(name, d, rng) for name, d in space.items()}
        value = objective(params)
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=value))
        points.append({"parameters": params, "value": value})
    return study, points


pedanova, points = study(MIXED, mixed, 150, 1)
evaluator = optuna.importance.PedAnovaImportanceEvaluator()
answer = {
    "pedanova": {
        "trials": points,
        "importance": optuna.importance.get_param_importances(pedanova, evaluator=evaluator),
        "raw": evaluator.evaluate(pedanova),
    }
}
fanova, points = study(PLAIN, plain, 200, 2)
runs = [optuna.importance.FanovaImportanceEvaluator(seed=seed).evaluate(fanova) for seed in range(20)]
answer["fanova"] = {
    "trials": points,
    "mean": {name: statistics.mean(run[name] for run in runs) for name in PLAIN},
    "deviation": {name: statistics.stdev(run[name] for run in runs) for name in PLAIN},
}
print(json.dumps(answer, separators=(",", ":")))
