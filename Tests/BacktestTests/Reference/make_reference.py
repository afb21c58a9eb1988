"""Writes reference.json: the numbers that BacktestTests compare with. Needs numpy, scipy, statsmodels, pandas, empyrical.

The engine below is an independent one: it finds each position by bisection on the money that is left after costs, and
keeps its trades as lists of fills.
"""
import json
import math
import pathlib

import empyrical
import numpy as np
import pandas as pd
import scipy.stats as st

rng = np.random.default_rng(11)


def metrics(r):
    r = pd.Series(r)
    n, k = len(r), 0.05 * len(r)
    s = np.sort(r.to_numpy())
    q = math.ceil(k) - 1
    wealth = np.concatenate([[1], np.cumprod(1 + r)])
    peak, longest = 0, 0
    for i in range(1, n + 1):
        if wealth[i] >= wealth[peak]:
            longest = max(longest, i - peak if i - peak > 1 else 0)
            peak = i
    if peak < n:
        longest = max(longest, n - peak)
    return {
        "totalReturn": empyrical.cum_returns_final(r), "annualReturn": empyrical.annual_return(r),
        "volatility": empyrical.annual_volatility(r), "sharpe": empyrical.sharpe_ratio(r),
        "sortino": empyrical.sortino_ratio(r), "calmar": empyrical.calmar_ratio(r),
        "maxDrawdown": empyrical.max_drawdown(r), "drawdownBars": longest,
        "valueAtRisk95": -np.percentile(r, 5),
        "conditionalValueAtRisk95": -(s[:q].sum() + (k - q) * s[q]) / k,
        "skew": st.skew(r), "kurtosis": st.kurtosis(r, fisher=False), "periods": n,
        "downsideDeviation": empyrical.downside_risk(r),
    }


def run(bars, targets, commission, slippage, cap, max_drawdown, stop, capital):
    cash, shares, target, peak, halted, before = capital, 0.0, 0.0, capital, None, capital
    fills, trades, paid, out = [], [], 0.0, {"equity": [], "returns": [], "positions": []}

    def cost_price(change, price):
        return price * (1 + slippage) if change > 0 else price * (1 - slippage)

    def order(wanted, price, i, reason):
        nonlocal cash, shares, paid, fills
        change = wanted - shares
        if change == 0:
            return
        p = cost_price(change, price)
        parts = [-shares, wanted] if shares * wanted < 0 else [change]
        for part in parts:
            fee = abs(part) * p * commission
            cash -= part * p + fee
            paid += fee
            closing = shares + part == 0
            fills.append((i, part, p, fee))
            shares = 0.0 if closing else shares + part
            if closing:
                book(reason)

    def book(reason):
        nonlocal fills
        side = np.sign(fills[0][1])
        pnl = -sum(q * p + fee for _, q, p, fee in fills)
        entries = [(q, p) for _, q, p, _ in fills if q * side > 0]
        trades.append([fills[0][0], fills[-1][0], int(side), sum(q * p for q, p in entries) / sum(q for q, _ in entries), pnl, reason])
        fills = []

    def sized(wanted, price):
        if wanted == 0 or cash + shares * price <= 0:
            return 0.0

        def excess(q):
            p = cost_price(q - shares, price)
            left = cash - (q - shares) * p - abs(q - shares) * p * commission + q * price
            return q * price - wanted * left

        low, high = -1e7, 1e7
        for _ in range(300):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(middle) < 0 else (low, middle)
        return low

    for i, (o, h, l, c) in enumerate(bars):
        if i and halted is not None:
            order(0.0, o, i, "drawdownHalt")
        elif i:
            wanted = max(-cap, min(cap, targets[i - 1]))
            if wanted != target:
                order(sized(wanted, o), o, i, "target")
                target = wanted
        if stop and shares:
            side = np.sign(fills[0][1])
            entries = [(q, p) for _, q, p, _ in fills if q * side > 0]
            entry = sum(q * p for q, p in entries) / sum(q for q, _ in entries)
            level = entry * (1 - side * stop)
            if side > 0 and l <= level:
                order(0.0, min(o, level), i, "stopLoss")
            if side < 0 and h >= level:
                order(0.0, max(o, level), i, "stopLoss")
        equity = cash + shares * c
        peak = max(peak, equity)
        if halted is None and max_drawdown and equity / peak - 1 <= -max_drawdown:
            halted = i
        out["equity"].append(equity)
        out["returns"].append(equity / before - 1)
        out["positions"].append(shares * c / equity)
        before = equity
    if shares:
        fills.append((len(bars) - 1, -shares, bars[-1][3], 0.0))
        book("endOfData")
    return out | {"trades": trades, "commissionPaid": paid, "halted": halted}


def market(n, volatility):
    close = 100 * np.exp(np.cumsum(rng.normal(0, volatility, n)))
    opens = np.concatenate([[100], close[:-1]]) * np.exp(rng.normal(0, volatility / 2, n))
    high = np.maximum(opens, close) * np.exp(np.abs(rng.normal(0, volatility / 2, n)))
    low = np.minimum(opens, close) * np.exp(-np.abs(rng.normal(0, volatility / 2, n)))
    return np.stack([opens, high, low, close], 1).round(4).tolist()


scenarios = []
for commission, slippage, cap, max_drawdown, stop, choices in [
    (0, 0, 1, None, None, [0, 1]),
    (0.001, 0.0005, 1, None, None, [-1, 0, 1]),
    (0.002, 0.001, 0.6, None, 0.03, [-1, -0.5, 0, 0.5, 1]),
    (0.001, 0.0005, 2, 0.12, None, [-2, 0, 2.5]),
    (0.0005, 0.002, 1, 0.2, 0.02, [-1, -0.25, 0.25, 0.5, 1]),
]:
    bars = market(90, 0.02)
    targets = []
    for _ in bars:
        targets.append(targets[-1] if targets and rng.random() < 0.75 else float(rng.choice(choices)))
    scenarios.append({
        "bars": bars, "targets": targets, "commission": commission, "slippage": slippage, "maxPosition": cap,
        "maxDrawdown": max_drawdown, "stopLoss": stop,
        "result": run(bars, targets, commission, slippage, cap, max_drawdown, stop, 100_000.0),
    })

returns = (rng.standard_t(4, 400) * 0.008 + 0.0002).round(6)
reference = {
    "returns": returns.tolist(), "metrics": {k: float(v) for k, v in metrics(returns).items()}, "scenarios": scenarios,
}
path = pathlib.Path(__file__).with_name("reference.json")
path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
