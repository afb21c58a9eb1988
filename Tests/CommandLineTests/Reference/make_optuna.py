"""Writes what Optuna keeps of a small study, and reads back what `bellwether study export --format optuna` makes of one.

    python make_optuna.py                # writes optuna.log and optuna.csv (optuna 5.0.0, pandas for the CSV)
    python make_optuna.py check FILE     # prints what Optuna finds in an exported journal, one JSON object a trial
"""
import json, os, sys, warnings

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    rate = trial.suggest_float("rate", 1e-3, 1.0, log=True)
    width = trial.suggest_float("width", -1.0, 1.0, step=0.25)
    layers = trial.suggest_int("layers", 1, 9, step=2)
    kind = trial.suggest_categorical("kind", ["plain", "deep, wide", 3])
    trial.report(rate, 0)
    if trial.number == 2:
        raise optuna.TrialPruned()
    if trial.number == 4:
        raise ValueError("no")
    return rate + width * width + layers / 10 + (0.5 if kind == "plain" else 0.0)


def make():
    if os.path.exists("optuna.log"):
        os.remove("optuna.log")
    storage = JournalStorage(JournalFileBackend("optuna.log"))
    study = optuna.create_study(
        storage=storage, study_name="tune", direction="minimize", sampler=optuna.samplers.RandomSampler(seed=3))
    study.optimize(objective, n_trials=8, catch=(ValueError,))
    distributions = study.trials[0].distributions
    study.add_trial(optuna.trial.create_trial(params=study.trials[0].params, distributions=distributions, value=0.125))
    study.enqueue_trial({"rate": 0.5})
    study.trials_dataframe().to_csv("optuna.csv", index=False)


def check(path):
    storage = JournalStorage(JournalFileBackend(path))
    study = optuna.load_study(study_name=None, storage=storage)
    print(study.study_name, study.direction.name, "best", study.best_trial.number, study.best_value)
    for trial in study.trials:
        print(json.dumps(
            {"number": trial.number, "state": trial.state.name, "value": trial.value, "params": trial.params,
             "distributions": {n: repr(d) for n, d in trial.distributions.items()}}, sort_keys=True))


if len(sys.argv) > 1:
    check(sys.argv[2])
else:
    make()
