"""Writes pruning.json: which trials Optuna 5.0.0 stops, for PrunerRuleTests. Needs optuna and numpy.

Each case has completed curves (one value a step), one more curve, and for each of its steps whether the pruner stops it there.
"""
import json
import pathlib

import numpy as np
import optuna
from optuna.distributions import FloatDistribution
from optuna.pruners import MedianPruner, PatientPruner, PercentilePruner, ThresholdPruner
from optuna.trial import TrialState, create_trial

optuna.logging.set_verbosity(optuna.logging.ERROR)
rng = np.random.default_rng(8)
PRUNERS = {
    "median": MedianPruner(n_startup_trials=5),
    "quarter": PercentilePruner(25.0, n_startup_trials=3),
    "most": PercentilePruner(70.0, n_startup_trials=3),
    "patience": PatientPruner(None, patience=2, min_delta=0.1),
    "impatience": PatientPruner(None, patience=0),
    "threshold": ThresholdPruner(lower=-1.0, upper=1.5),
}


def verdicts(pruner, completed, curve):
    study = optuna.create_study(direction="minimize", pruner=pruner)
    for values in completed:
        study.add_trial(create_trial(
            params={"x": 0.0}, distributions={"x": FloatDistribution(0, 1)}, value=values[-1],
            intermediate_values=dict(enumerate(values)), state=TrialState.COMPLETE))
    trial = study.ask()
    result = []
    for step, value in enumerate(curve):
        trial.report(value, step)
        result.append(bool(trial.should_prune()))
    return result


cases = []
for size in (2, 3, 5, 6, 11):
    for _ in range(4):
        completed = np.round(rng.normal(0.5, 1, (size, 6)), 2).tolist()
        curve = np.round(rng.normal(0.6, 1, 6), 2).tolist()
        cases.append({
            "completed": completed, "curve": curve,
            "stops": {name: verdicts(pruner, completed, curve) for name, pruner in PRUNERS.items()}})
pathlib.Path(__file__).with_name("pruning.json").write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")
