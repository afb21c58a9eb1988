"""Writes reference.json: the numbers that StatisticsTests compare with. Needs numpy, scipy, statsmodels, mpmath."""
import json
import pathlib

import mpmath
import numpy as np
import scipy.stats as st
import statsmodels.api as sm

mpmath.mp.dps = 60
rng = np.random.default_rng(20)
x = rng.standard_t(5, 61) * 0.01 + 0.001
y = 0.4 * x + rng.normal(0, 0.01, 61)
ties = rng.integers(0, 9, 61).astype(float)
z = rng.normal(0.004, 0.013, 47)
big_x = rng.normal(0, 1, 900)
big_y = rng.normal(0.1, 1.1, 700)


def normal_cdf(v):
    return mpmath.erfc(-mpmath.mpf(v) / mpmath.sqrt(2)) / 2


def normal_quantile(p):
    p = mpmath.mpf(p)
    guess = mpmath.mpf(st.norm.ppf(float(p)))
    return mpmath.findroot(lambda v: mpmath.log(normal_cdf(v)) - mpmath.log(p), guess)


def pairs(function, points):
    return [[float(v), float(function(v))] for v in points]


def newey_west(values, lags):
    fit = sm.OLS(values, np.ones(len(values))).fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
    return [lags, float(fit.tvalues[0]), float(fit.pvalues[0])]


points = [-38, -30, -20.5, -20, -19.5, -12.3, -8, -5, -2.5, -1, -0.3, 0, 1e-9, 0.7, 1, 2.5, 5, 8.1, 9]
probabilities = [1e-300, 1e-100, 1e-20, 1e-12, 1e-5, 0.001, 0.025, 0.0749999, 0.075, 0.2, 0.4999, 0.5, 0.6, 0.925, 0.97, 0.9999999]
one, paired = st.ttest_1samp(x, 0.0005), st.ttest_rel(x, y)
small = st.ks_2samp(x, z, method="exact")
large = st.ks_2samp(big_x, big_y, method="exact")
reference = {
    "x": x.tolist(), "y": y.tolist(), "ties": ties.tolist(), "z": z.tolist(),
    "bigX": big_x.tolist(), "bigY": big_y.tolist(),
    "moments": [float(v) for v in (x.mean(), x.var(ddof=0), x.var(ddof=1), st.skew(x), st.kurtosis(x, fisher=False))],
    "quantiles": pairs(lambda p: np.quantile(x, p), [0, 0.01, 0.05, 0.25, 0.333, 0.5, 0.77, 0.95, 1]),
    "normalPDF": pairs(lambda v: mpmath.npdf(v), points),
    "normalCDF": pairs(normal_cdf, points),
    "normalLogCDF": pairs(lambda v: mpmath.log(normal_cdf(v)), points + [-100, -1e6, 30]),
    "normalQuantile": pairs(normal_quantile, probabilities),
    "studentT": [[t, d, float(st.t.cdf(t, d)), float(st.t.sf(t, d))] for d in (1, 2.5, 7, 30, 499, 20000)
                 for t in (-4.5, -0.2, 0, 0.001, 1.3, 3, 12)],
    "chiSquare": [[v, d, float(st.chi2.cdf(v, d)), float(st.chi2.sf(v, d))] for d in (1, 2, 9.5, 80, 1000)
                  for v in (0.01, 1, 5, 30, 90, 1010)],
    "logBeta": [[a, b, float(mpmath.log(mpmath.beta(a, b)))] for a, b in ((0.5, 0.5), (3, 0.5), (0.5, 2500), (40, 12), (9.5, 10.5))],
    "tOneSample": [float(one.statistic), float(one.pvalue)],
    "tPaired": [float(paired.statistic), float(paired.pvalue)],
    "neweyWest": [newey_west(x, lags) for lags in (0, 3, 10)],
    "pearson": float(st.pearsonr(x, y).statistic),
    "spearman": float(st.spearmanr(x, ties).statistic),
    "ranks": st.rankdata(ties).tolist(),
    "ksExact": [float(small.statistic), float(small.pvalue)],
    "ksLarge": [float(large.statistic), float(large.pvalue)],
    "kolmogorov": pairs(lambda v: mpmath.mpf(float(st.kstwobign.sf(v))), [0.2, 0.5, 0.9, 0.99, 1, 1.36, 2, 4]),
    "log": pairs(mpmath.log, [5e-324, 1e-310, 1e-9, 0.5, 0.7, 0.99999, 1.0000001, 1.5, 2, 10, 1e17, 1.7e308]),
    "exp": pairs(lambda v: mpmath.e ** mpmath.mpf(v), [-745, -710, -100.3, -1, -1e-10, 0, 1e-12, 0.3466, 1, 20.7, 700, 709.7]),
}
path = pathlib.Path(__file__).with_name("reference.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
