"""Writes inference.json: the numbers that InferenceTests compare with. Needs numpy, scipy, statsmodels, arch."""
import json
import pathlib

import numpy as np
import scipy.cluster.hierarchy as hierarchy
import scipy.stats as st
import statsmodels.api as sm
from arch.bootstrap import SPA, StationaryBootstrap, optimal_block_length
from scipy.spatial.distance import squareform
from statsmodels.stats.multitest import multipletests

rng = np.random.default_rng(44)


def pair(result):
    return [float(result.statistic), float(result.pvalue)]


small = rng.normal(0.3, 1, 17)
tied = rng.integers(-3, 5, 12).astype(float)
large = rng.normal(0.1, 1, 140)
large_tied = rng.integers(-6, 8, 90).astype(float)
wilcoxon = [{"x": x.tolist(), "result": pair(st.wilcoxon(x, correction=False))} for x in (small, tied, large, large_tied)]


def autoregressive(n, phi, scale=1.0):
    e = rng.normal(0, scale, n)
    for i in range(1, n):
        e[i] += phi * e[i - 1]
    return e


def diebold_mariano(one, other, h):
    d, n = one - other, len(one)
    fit = sm.OLS(d, np.ones(n)).fit(
        cov_type="HAC", cov_kwds={"maxlags": h - 1, "use_correction": False, "kernel": "uniform"})
    t = float(fit.tvalues[0]) * np.sqrt((n + 1 - 2 * h + h * (h - 1) / n) / n)
    return [float(t), float(2 * st.t.sf(abs(t), n - 1))]


one, other = autoregressive(80, 0.4) ** 2, autoregressive(80, 0.4, 1.1) ** 2
p = np.concatenate([rng.uniform(0, 0.02, 6), rng.uniform(0, 1, 14), [0.011, 0.011]])
series = [autoregressive(n, phi) for n, phi in ((300, 0.0), (500, 0.6), (1200, 0.9), (40, 0.3))]

gains = rng.normal(0.05, 1, (60, 5)) * np.array([1, 2, 0.5, 1, 3]) + np.array([0.2, 0, -0.4, 0.05, 0.3])
spa = SPA(np.zeros(60), -gains, block_size=7, reps=200, seed=5)
spa.compute()
bootstrap = StationaryBootstrap(7, np.arange(60), seed=5)
positions = [args[0].tolist() for args, _ in bootstrap.bootstrap(200)]


def studentised(gains, positions):
    n = len(gains)
    d, w = gains.mean(0), np.sqrt(spa._loss_diff_var)
    observed = max(0, (np.sqrt(n) * d / w).max())
    keep = [np.maximum(d, 0), np.where(np.sqrt(n) * d / w >= -np.sqrt(2 * np.log(np.log(n))), d, 0), d]
    beyond = [0, 0, 0]
    for position in positions:
        for j, centre in enumerate(keep):
            beyond[j] += max(0, (np.sqrt(n) * (gains[position].mean(0) - centre) / w).max()) > observed
    return [float(observed)] + [b / len(positions) for b in beyond]


common = rng.normal(0, 1, (3, 120))
trials = np.array([common[i % 3] * (1 if i < 9 else 0) + rng.normal(0, 0.5 + 0.1 * i, 120) for i in range(12)])
rho = np.corrcoef(trials)
distances = np.sqrt(np.maximum(0, 0.5 * (1 - rho)))
np.fill_diagonal(distances, 0)
tree = hierarchy.linkage(squareform(distances, checks=False), "average")


def in_order(labels):
    order = {}
    return [order.setdefault(int(label), len(order)) for label in labels]


factors = rng.normal(0.0003, 0.01, (2, 90))
explained = 0.0004 + factors.T @ np.array([1.1, -0.4]) + rng.standard_t(4, 90) * 0.004
ols = sm.OLS(explained, sm.add_constant(factors.T)).fit()

reference = {
    "factors": factors.tolist(), "explained": explained.tolist(),
    "leastSquares": [ols.params.tolist(), ols.bse.tolist(), ols.pvalues.tolist(), [float(ols.rsquared), float(np.sqrt(ols.scale))]],
    "wilcoxon": wilcoxon,
    "losses": one.tolist(), "others": other.tolist(),
    "dieboldMariano": [[h, *diebold_mariano(one, other, h)] for h in (1, 2, 4)],
    "pValues": p.tolist(),
    "holm": multipletests(p, method="holm")[1].tolist(), "benjaminiHochberg": multipletests(p, method="fdr_bh")[1].tolist(),
    "blockLength": [{"x": s.tolist(), "stationary": float(b["stationary"].iloc[0]), "circular": float(b["circular"].iloc[0])}
                    for s in series for b in [optimal_block_length(s)]],
    "gains": gains.T.tolist(), "positions": positions,
    "spaRaw": [float(gains.mean(0).max()), *(float(v) for v in spa.pvalues)],
    "spaStudentised": studentised(gains, positions),
    "trials": trials.tolist(), "correlations": rho.tolist(),
    "groups": [[cut, in_order(hierarchy.fcluster(tree, cut, "distance"))] for cut in (0.1, 0.3, 0.45, 0.5, 0.6, 0.7, 0.9)],
}
path = pathlib.Path(__file__).with_name("inference.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
