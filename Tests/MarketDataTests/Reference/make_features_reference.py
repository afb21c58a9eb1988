"""Computes every feature from its definition, window by window, with NumPy and pandas, and writes features.json.

Run: python make_features_reference.py [spx-daily.csv]
With the S&P 500 file it also writes features-spx.json: some rows of its features. No value is computed as the Swift code does it: each
row looks at its own window, exponential averages are dot products with their weights.
"""
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent

NAMES = [
    "return_1", "return_5", "log_return_3", "gap", "sma_ratio_20", "ema_ratio_10", "rsi_14", "macd", "macd_histogram",
    "bollinger_20", "atr_14", "obv", "obv_7", "vwap_distance_20", "volatility_21", "zscore_20", "momentum_10", "volume_ratio_20",
    "range_10", "parkinson_12", "stochastic_14", "drawdown_30",
]


def weighted(values, decay, memory):
    """Weighted means of the last `memory` values, the newest weighing 1 and each older one `decay` times the next."""
    weights = decay ** np.arange(memory)
    out = np.full(len(values), np.nan)
    for t in range(memory - 1, len(values)):
        window = values[t - memory + 1 : t + 1][::-1]
        out[t] = weights @ window / weights.sum()
    return out


def ema(values, n):
    return weighted(values, 1 - 2 / (n + 1), 4 * n)


def wilder(values, n):
    return weighted(values, 1 - 1 / n, 8 * n)


def feature(name, bars):
    o, h, l, c, v = (bars[k].to_numpy() for k in ["open", "high", "low", "close", "volume"])
    C, V = pd.Series(c), pd.Series(v)
    r = C.pct_change(fill_method=None)
    stem, _, number = name.rpartition("_")
    family, n = (stem, int(number)) if number.isdigit() else (name, 20 if name == "obv" else 0)
    before = np.concatenate([[np.nan], c[:-1]])
    match family:
        case "return":
            return C.pct_change(n, fill_method=None).to_numpy()
        case "log_return":
            return (np.log(C) - np.log(C.shift(n))).to_numpy()
        case "gap":
            return o / before - 1
        case "sma_ratio":
            return (C / C.rolling(n).mean() - 1).to_numpy()
        case "ema_ratio":
            return c / ema(c, n) - 1
        case "rsi":
            change = np.diff(c)
            rise = wilder(np.where(change > 0, change, 0.0), n)
            fall = wilder(np.where(change < 0, -change, 0.0), n)
            return np.concatenate([[np.nan], 100 - 100 / (1 + rise / fall)])
        case "macd":
            return (ema(c, 12) - ema(c, 26)) / c
        case "macd_histogram":
            line = (ema(c, 12) - ema(c, 26)) / c
            signal = np.full(len(c), np.nan)
            signal[103:] = ema(line[103:], 9)
            return line - signal
        case "bollinger":
            middle, deviation = C.rolling(n).mean(), C.rolling(n).std(ddof=0)
            lower, upper = middle - 2 * deviation, middle + 2 * deviation
            return ((C - lower) / (upper - lower)).to_numpy()
        case "atr":
            true = np.maximum.reduce([h - l, np.abs(h - before), np.abs(l - before)])
            return np.concatenate([[np.nan], wilder(true[1:], n)]) / c
        case "obv":
            signed = pd.Series(np.sign(C.diff()) * V)
            return (signed.rolling(n).sum() / V.where(r.notna()).rolling(n).sum()).to_numpy()
        case "vwap_distance":
            out = np.full(len(c), np.nan)
            for t in range(n - 1, len(c)):
                w = slice(t - n + 1, t + 1)
                out[t] = c[t] / np.average((h[w] + l[w] + c[w]) / 3, weights=v[w]) - 1
            return out
        case "volatility":
            return np.array([np.std(r[t - n + 1 : t + 1], ddof=1) if t >= n else np.nan for t in range(len(c))])
        case "zscore":
            return np.array([(c[t] - np.mean(c[t - n + 1 : t + 1])) / np.std(c[t - n + 1 : t + 1]) if t >= n - 1 else np.nan for t in range(len(c))])
        case "momentum":
            out = np.full(len(c), np.nan)
            for t in range(n, len(c)):
                w = r[t - n + 1 : t + 1]
                out[t] = np.sqrt(n) * np.mean(w) / np.std(w, ddof=1)
            return out
        case "volume_ratio":
            return (V / V.rolling(n).mean() - 1).to_numpy()
        case "range":
            return pd.Series((h - l) / c).rolling(n).mean().to_numpy()
        case "parkinson":
            return np.sqrt(pd.Series(np.log(h / l) ** 2).rolling(n).mean() / (4 * np.log(2))).to_numpy()
        case "stochastic":
            low, high = pd.Series(l).rolling(n).min(), pd.Series(h).rolling(n).max()
            return ((C - low) / (high - low)).to_numpy()
        case "drawdown":
            return (C / C.rolling(n).max() - 1).to_numpy()
    raise ValueError(name)


def synthetic(rows):
    """Bars that round to two decimals, with an adjusted close that a dividend and a split move away from the close."""
    rng = np.random.default_rng(20240105)
    close = np.round(100 * np.exp(np.cumsum(0.0004 + 0.013 * rng.standard_t(4, rows))), 2)
    close[60:63] = close[60]
    opening = np.round(np.concatenate([[100.0], close[:-1]]) * np.exp(0.004 * rng.standard_normal(rows)), 2)
    high = np.round(np.maximum(opening, close) * (1 + 0.006 * rng.random(rows)), 2)
    low = np.round(np.minimum(opening, close) * (1 - 0.006 * rng.random(rows)), 2)
    volume = np.round(1e6 * np.exp(0.5 * rng.standard_normal(rows)))
    factor = np.where(np.arange(rows) < 90, 0.5 * 0.98, np.where(np.arange(rows) < 150, 0.98, 1.0))
    return pd.DataFrame(dict(open=opening, high=high, low=low, close=close, adjusted=np.round(close * factor, 6), volume=volume))


def adjusted(bars):
    factor = bars.adjusted / bars.close
    return pd.DataFrame(dict(open=bars.open * factor, high=bars.high * factor, low=bars.low * factor, close=bars.adjusted, volume=bars.volume))


def table(bars, rows):
    prices = adjusted(bars)
    columns = {name: feature(name, prices) for name in NAMES}
    first = {name: int(np.argmax(np.isfinite(values))) for name, values in columns.items()}
    for name, values in columns.items():
        assert np.isfinite(values[first[name] :]).all(), name
    return dict(names=NAMES, firstDefined=[first[n] for n in NAMES], rows=rows,
                values=[[None if np.isnan(columns[n][t]) else float(columns[n][t]) for n in NAMES] for t in rows])


def main():
    bars = synthetic(260)
    rows = sorted({0, 1, 5, 19, 20, 21, 62, 90, 103, 111, 112, 113, 138, *range(140, 260, 7), 258, 259})
    out = dict(bars={k: bars[k].tolist() for k in bars.columns}, **table(bars, rows))
    (HERE / "features.json").write_text(json.dumps(out) + "\n")
    if len(sys.argv) > 1:
        spx = pd.read_csv(sys.argv[1])
        spx.columns = ["date", "open", "high", "low", "close", "adjusted", "volume"]
        rows = [150, 700, 1311, 2458, 2459, 3000, 4123, 5029, 5030]
        (HERE / "features-spx.json").write_text(json.dumps(table(spx, rows)) + "\n")


main()
