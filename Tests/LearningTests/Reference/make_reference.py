"""Writes learning.json: fits, predictions, scalers and scores by scikit-learn and SciPy on seeded data.

Also writes python.safetensors, for Swift to read. The other way round, read_model.py reads what Swift wrote.
"""
import json
import warnings
from pathlib import Path

import numpy as np
import scipy.stats
from safetensors.numpy import save_file
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import log_loss, mean_squared_error
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent


def fits():
    rng = np.random.default_rng(11)
    n, p = 60, 4
    x = np.round(rng.normal(size=(n, p)) * [1, 0.01, 30, 1] + [0, 5, -100, 0.5], 6)
    x[:, 3] = np.round(0.98 * x[:, 0] + 0.02 * x[:, 3], 6)
    y = np.round(x @ [0.3, 20, -0.01, 0.2] + 2 * rng.normal(size=n), 6)
    classes = (y > np.median(y)).astype(float)
    z = StandardScaler().fit(x)
    ridge, logistic = [], []
    for l2 in [0.0, 1e-4, 0.5, 10.0, 1e3]:
        model = (LinearRegression() if l2 == 0 else Ridge(alpha=l2, solver="cholesky")).fit(x, y)
        ridge.append(dict(l2=l2, weights=model.coef_.tolist(), intercept=float(model.intercept_), predictions=model.predict(x[:5]).tolist()))
    scaled = z.transform(x)
    for l2 in [0.0, 1e-3, 0.5, 10.0, 1e3]:
        c = np.inf if l2 == 0 else 1 / l2
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(C=c, solver="newton-cholesky", tol=1e-13, max_iter=10_000).fit(scaled, classes)
        logistic.append(dict(l2=l2, weights=model.coef_[0].tolist(), intercept=float(model.intercept_[0]),
                             predictions=model.predict_proba(scaled[:5])[:, 1].tolist()))
    return dict(x=x.tolist(), y=y.tolist(), classes=classes.tolist(), means=z.mean_.tolist(), scales=z.scale_.tolist(),
                scaled=scaled[:5].tolist(), ridge=ridge, logistic=logistic)


def scores():
    rng = np.random.default_rng(12)
    predictions = np.round(rng.normal(size=80), 2)
    outcomes = np.round(0.3 * predictions + rng.normal(size=80), 2)
    probabilities = np.round(1 / (1 + np.exp(-predictions)), 4)
    classes = (outcomes > 0).astype(float)
    moved = (predictions != 0) & (outcomes != 0)
    return dict(predictions=predictions.tolist(), outcomes=outcomes.tolist(), probabilities=probabilities.tolist(), classes=classes.tolist(),
                pearson=float(scipy.stats.pearsonr(predictions, outcomes)[0]), spearman=float(scipy.stats.spearmanr(predictions, outcomes)[0]),
                hits=float(np.mean(np.sign(predictions[moved]) == np.sign(outcomes[moved]))), mse=float(mean_squared_error(outcomes, predictions)),
                logLoss=float(log_loss(classes, probabilities)))


def profile():
    rng = np.random.default_rng(13)
    trained = np.round(rng.normal(size=500), 3)
    live = np.round(rng.normal(loc=0.4, scale=1.2, size=230), 3)
    edges = np.quantile(trained, np.arange(1, 10) / 10)
    share = lambda v: np.bincount(np.searchsorted(edges, v, side="left"), minlength=10)
    e, a = (share(trained) + 0.5) / (len(trained) + 5), (share(live) + 0.5) / (len(live) + 5)
    steps = [np.mean(live <= edge) - np.mean(trained <= edge) for edge in edges]
    return dict(trained=trained.tolist(), live=live.tolist(), edges=edges.tolist(), shares=(share(trained) / len(trained)).tolist(),
                mean=float(trained.mean()), deviation=float(trained.std()),
                quantiles=np.quantile(trained, [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]).tolist(),
                index=float(np.sum((a - e) * np.log(a / e))), distance=float(np.max(np.abs(steps))))


(HERE / "learning.json").write_text(json.dumps(dict(fits=fits(), scores=scores(), profile=profile())) + "\n")
save_file({"weights": np.array([0.1, 1e-300, -3]), "intercept": np.array([-0.25])}, HERE / "python.safetensors", {"writer": "python"})
