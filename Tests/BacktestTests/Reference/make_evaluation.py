"""Writes evaluation.json: the numbers that EvaluationTests compare with.

Needs numpy, pandas, scipy, statsmodels, arch, empyrical-reloaded and quantstats. The overfitting probability is found by trying
every split with plain loops; Qlib's numbers are those of its risk_analysis, mode "sum", written out.
"""
import itertools
import json
import math
import pathlib
import warnings

import empyrical
import numpy as np
import pandas as pd
import quantstats.stats as qs
import scipy.stats as st
from statsmodels.regression.linear_model import OLS

warnings.filterwarnings("ignore")
rng = np.random.default_rng(77)


def number(value):
    value = float(value)
    return value if math.isfinite(value) else str(value)


def ours_of(r):
    """What empyrical has no name for, or another definition of."""
    n, k, s = len(r), 0.05 * len(r), np.sort(r.to_numpy())
    q = math.ceil(k) - 1
    return {
        "valueAtRisk95": -np.percentile(r, 5), "conditionalValueAtRisk95": -(s[:q].sum() + (k - q) * s[q]) / k,
        "skew": st.skew(r), "kurtosis": st.kurtosis(r, fisher=False), "sharpePerPeriod": r.mean() / r.std(),
    }


def of_empyrical(r):
    return ours_of(r) | {
        "totalReturn": empyrical.cum_returns_final(r), "annualReturn": empyrical.annual_return(r),
        "volatility": empyrical.annual_volatility(r), "sharpe": empyrical.sharpe_ratio(r),
        "sortino": empyrical.sortino_ratio(r), "calmar": empyrical.calmar_ratio(r),
        "maxDrawdown": empyrical.max_drawdown(r), "downsideDeviation": empyrical.downside_risk(r),
        "stability": empyrical.stability_of_timeseries(r),
    }


def calmar_of_quantstats(r):
    """It divides by zero where nothing was lost."""
    return qs.calmar(r) if qs.max_drawdown(r) < 0 else math.nan


def of_quantstats(r):
    return {
        "totalReturn": qs.comp(r), "annualReturn": qs.cagr(r), "volatility": qs.volatility(r), "sharpe": qs.sharpe(r),
        "sortino": qs.sortino(r), "maxDrawdown": qs.max_drawdown(r), "calmar": calmar_of_quantstats(r), "winRate": qs.win_rate(r),
        "profitFactor": qs.profit_factor(r), "kelly": qs.kelly_criterion(r), "valueAtRisk95": -qs.value_at_risk(r),
        "conditionalValueAtRisk95": -qs.conditional_value_at_risk(r), "skew": qs.skew(r), "kurtosis": qs.kurtosis(r) + 3,
    }


def of_qlib(r):
    mean, std, n = r.mean(), r.std(ddof=1), 238
    return {
        "totalReturn": r.sum(), "annualReturn": mean * n, "sharpe": mean / std * math.sqrt(n), "volatility": std * math.sqrt(n),
        "maxDrawdown": (r.cumsum() - r.cumsum().cummax()).min(),
    }


def series(values):
    return pd.Series(values, index=pd.bdate_range("2001-01-01", periods=len(values)))


cases = {
    "normal": rng.normal(0.0004, 0.011, 300).round(7), "tails": (rng.standard_t(3, 500) * 0.009).round(7),
    "losing": rng.normal(-0.004, 0.02, 90).round(7), "sparse": (rng.normal(0, 0.01, 120) * (rng.random(120) < 0.3)).round(7),
    "allLosses": -np.abs(rng.normal(0, 0.01, 40)).round(7), "allGains": np.abs(rng.normal(0, 0.01, 40)).round(7) + 1e-4,
    "two": np.array([0.02, -0.01]), "firstLoss": np.concatenate([[-0.2], rng.normal(0.002, 0.01, 60)]).round(7),
    "flat": np.zeros(30), "one": np.array([0.013]), "oneLoss": np.array([-0.013]),
}
metrics = []
for name, values in cases.items():
    r = series(values)
    for profile, measure in (("empyrical", of_empyrical), ("quantstats", of_quantstats), ("qlib", of_qlib)):
        metrics.append({
            "case": name, "profile": profile, "returns": values.tolist(),
            "values": {k: number(v) for k, v in measure(r).items()},
        })

rf = series(cases["normal"])
riskFree = {"annual": 0.03, "sharpe": qs.sharpe(rf, rf=0.03), "sortino": qs.sortino(rf, rf=0.03),
            "probabilistic": qs.probabilistic_sharpe_ratio(rf)}

# Sharpe ratios of two series, by a regression of the influence function on a constant.
x = rng.standard_t(5, 260) * 0.01 + 0.0009
y = 0.6 * x + rng.normal(0.0002, 0.008, 260)


def ratio(v):
    return v.mean() / v.std()


def numerical_influence(x, y):
    """The gradient by central differences in (mean, second moment) of both."""
    v = np.array([x.mean(), y.mean(), (x**2).mean(), (y**2).mean()])

    def delta(v):
        return v[0] / math.sqrt(v[2] - v[0] ** 2) - v[1] / math.sqrt(v[3] - v[1] ** 2)

    gradient = []
    for i in range(4):
        h = np.zeros(4)
        h[i] = 1e-6 * (1 if i < 2 else 1e-2)
        gradient.append((8 * (delta(v + h) - delta(v - h)) - (delta(v + 2 * h) - delta(v - 2 * h))) / (12 * h[i]))
    return np.column_stack([x, y, x**2, y**2]) @ np.array(gradient)


influence = numerical_influence(x, y)
n = len(x)
lags = 5
fit = OLS(influence - influence.mean() + 1, np.ones(n)).fit(
    cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": False})
rho = np.corrcoef(x, y)[0, 1]
s1, s2 = ratio(x), ratio(y)
difference = {
    "x": x.tolist(), "y": y.tolist(), "lags": lags, "difference": s1 - s2,
    "memmel": math.sqrt((2 - 2 * rho + 0.5 * (s1**2 + s2**2 - 2 * s1 * s2 * rho**2)) / n),
    "ledoitWolf": float(fit.bse[0]) * math.sqrt(n / (n - 4)),
}

# Overfitting, the slow way.
trials = rng.normal(0, 1, (9, 131)) + rng.normal(0, 0.08, (9, 1))
trials[4] = trials[2]
blocks, (count, periods) = 8, trials.shape
used = trials[:, periods % blocks:]
parts = np.split(used, blocks, axis=1)
logits, inside, outside = [], [], []
for half in itertools.combinations(range(blocks), blocks // 2):
    a = np.concatenate([parts[i] for i in half], axis=1)
    b = np.concatenate([parts[i] for i in range(blocks) if i not in half], axis=1)
    sa, sb = a.mean(1) / a.std(1, ddof=1), b.mean(1) / b.std(1, ddof=1)
    best = int(np.argmax(np.round(sa, 12)))
    omega = st.rankdata(np.round(sb, 12))[best] / (count + 1)
    logits.append(math.log(omega / (1 - omega)))
    inside.append(sa[best])
    outside.append(sb[best])
overfitting = {
    "trials": trials.tolist(), "blocks": blocks, "probability": float(np.mean(np.array(logits) <= 1e-12)),
    "loss": float(np.mean(np.array(outside) < 0)), "slope": float(st.linregress(inside, outside).slope),
    "logits": sorted(logits),
}

pair = (series(x), series(y))
active = (x - y)
benchmark = {
    "beta": empyrical.beta(*pair), "alpha": empyrical.alpha(*pair),
    "informationRatio": empyrical.excess_sharpe(*pair) * math.sqrt(252), "trackingError": active.std(ddof=1) * math.sqrt(252),
    "correlation": np.corrcoef(x, y)[0, 1],
}

reference = {"benchmark": {k: float(v) for k, v in benchmark.items()}, "metrics": metrics, "riskFree": {k: float(v) for k, v in riskFree.items()}, "difference": difference,
             "overfitting": overfitting}
path = pathlib.Path(__file__).with_name("evaluation.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
