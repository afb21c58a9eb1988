"""Writes portfolio.json: runs of portfolios that BacktestTests compare with. Needs numpy.

An independent and slow engine: every position is found by bisection on the money that is left, every trade is a list of fills,
prices are dictionaries by day, and a series without a bar on a day has none.
"""
import json
import pathlib

import numpy as np

rng = np.random.default_rng(29)
DAYS = 70


def market(n, volatility):
    close = 100 * np.exp(np.cumsum(rng.normal(0, volatility, n)))
    opens = np.concatenate([[100], close[:-1]]) * np.exp(rng.normal(0, volatility / 2, n))
    high = np.maximum(opens, close) * np.exp(np.abs(rng.normal(0, volatility / 2, n)))
    low = np.minimum(opens, close) * np.exp(-np.abs(rng.normal(0, volatility / 2, n)))
    return np.stack([opens, high, low, close], 1).round(4).tolist()


def size(sizing, name, signal, day, active, count, bars):
    if signal == 0:
        return 0.0
    kind = sizing["kind"]
    if kind == "fixed":
        return sizing.get("size", 1 / count)
    if kind == "equal":
        return 1 / active
    closes = np.array([bars[name][d][3] for d in sorted(bars[name]) if d <= day])
    if len(closes) <= sizing["window"]:
        return 0.0
    r = (closes[1:] / closes[:-1] - 1)[-sizing["window"]:]
    if kind == "volatility":
        return sizing["target"] / (count * r.std(ddof=1) * 252 ** 0.5)
    return min(max(sizing["fraction"] * np.sign(signal) * r.mean() / r.var(ddof=1), 0), sizing["cap"])


def weights(bars, signals, sizing, cap, gross_cap):
    """By day: the weight of each series and whether its signal is new."""
    names = sorted(bars)
    out, sizes, before = [], dict.fromkeys(names, 0.0), dict.fromkeys(names, 0.0)
    for day in range(DAYS):
        now = {}
        for name in names:
            known = [d for d in signals[name] if d <= day]
            gone = day >= max(bars[name]) and max(bars[name]) < DAYS - 1
            now[name] = 0.0 if gone or not known else signals[name][max(known)]
        due = "rebalance" in sizing and day % sizing["rebalance"] == 0
        active = sum(s != 0 for s in now.values())
        row = {}
        for name in names:
            if now[name] != before[name] or due or sizing["kind"] == "equal":
                sizes[name] = size(sizing, name, now[name], day, active, len(names), bars)
            row[name] = max(-cap, min(cap, now[name] * sizes[name]))
        gross = sum(abs(w) for w in row.values())
        scale = min(1, gross_cap / gross) if gross else 1
        out.append({n: (row[n] * scale, now[n] != before[n], due) for n in names})
        before = now
    return out


def run(bars, signals, sizing, costs, cap, gross_cap, stop, max_drawdown, capital=100_000.0):
    names = sorted(bars)
    plan = weights(bars, signals, sizing, cap, gross_cap)
    commission, slippage = costs.get("commission", 0), costs.get("slippage", 0)
    cash, shares, fills = capital, dict.fromkeys(names, 0.0), {n: [] for n in names}
    fees = dict.fromkeys(names, 0.0)
    price, last, pending = {}, dict.fromkeys(names, 0.0), {}
    trades, paid, financed, peak, halted = [], 0.0, 0.0, capital, None
    equity_of, out = capital, []

    def equity():
        return cash + sum(shares[n] * price[n] for n in names if shares[n])

    def fill_price(change, p):
        return p * (1 + slippage) if change > 0 else p * (1 - slippage)

    def order(n, wanted, p, day, reason):
        nonlocal cash, paid
        if wanted == shares[n]:
            return
        at = fill_price(wanted - shares[n], p)
        parts = [-shares[n], wanted] if shares[n] * wanted < 0 else [wanted - shares[n]]
        for part in parts:
            fee = abs(part) * at * commission
            cash -= part * at + fee
            paid += fee
            closing = shares[n] + part == 0
            shares[n] = 0.0 if closing else shares[n] + part
            fills[n].append((day, part, at, fee))
            if closing:
                book(n, reason)

    def book(n, reason):
        side = np.sign(fills[n][0][1])
        pnl = -sum(q * p + f for _, q, p, f in fills[n]) - fees[n]
        trades.append([fills[n][-1][0], n, fills[n][0][0], int(side), pnl, reason])
        fills[n], fees[n] = [], 0.0

    def left(n, q, p):
        """The equity after going to q shares."""
        change = q - shares[n]
        at = fill_price(change, p)
        others = sum(shares[m] * price[m] for m in names if m != n and shares[m])
        return cash - change * at - abs(change) * at * commission + others + q * p

    def bisect(good, low, high):
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if good(middle) else (low, middle)
        return low

    def goal(n, weight, p):
        if weight == 0 or equity() <= 0:
            return 0.0
        side = np.sign(weight)
        q = side * bisect(lambda q: q * p < abs(weight) * left(n, side * q, p), 0, 1e7)
        if q * shares[n] < 0 or abs(q) > abs(shares[n]):
            others = sum(abs(shares[m] * price[m]) for m in names if m != n and shares[m])
            room = bisect(lambda q: q * p + others < gross_cap * left(n, side * q, p), 0, 1e7) if others else 1e18
            held = abs(shares[n]) if q * shares[n] > 0 else 0
            q = side * min(abs(q), max(room, held))
        return q

    for day in range(DAYS):
        here = [n for n in names if day in bars[n]]
        if day:
            owed = -cash * costs.get("funding", 0) / 365 if cash < 0 else 0
            longs = sum(max(0, shares[n] * price[n]) for n in names if shares[n])
            for n in names:
                if shares[n]:
                    value = shares[n] * price[n]
                    cost = owed * value / longs if value > 0 else -value * costs.get("borrow", 0) / 365
                    cash -= cost
                    financed += cost
                    fees[n] += cost
        for n in here:
            price[n] = bars[n][day][0]
        if day and halted is not None:
            for n in here:
                order(n, 0.0, price[n], day, "drawdownHalt")
        elif day:
            total = equity()
            ready = [n for n in here if n in pending]
            small = [n for n in ready if shares[n] and (pending[n] * shares[n] <= 0 or abs(pending[n] * total) < abs(shares[n] * price[n]))]
            for n in small + [n for n in ready if n not in small]:
                order(n, goal(n, pending.pop(n), price[n]), price[n], day, "target")
        for n in here:
            o, h, l, c = bars[n][day]
            if stop and shares[n]:
                side = np.sign(shares[n])
                entries = [(q, p) for _, q, p, _ in fills[n] if q * side > 0]
                level = sum(q * p for q, p in entries) / sum(q for q, _ in entries) * (1 - side * stop)
                if side > 0 and l <= level:
                    order(n, 0.0, min(o, level), day, "stopLoss")
                elif side < 0 and h >= level:
                    order(n, 0.0, max(o, level), day, "stopLoss")
            price[n] = c
        for n in here:
            if day == max(bars[n]) and day < DAYS - 1:
                order(n, 0.0, price[n], day, "delisting")
        equity_of = equity()
        peak = max(peak, equity_of)
        if halted is None and max_drawdown and equity_of / peak - 1 <= -max_drawdown:
            halted = day
        out.append(equity_of)
        if halted is None:
            for n in names:
                weight, is_new, due = plan[day][n]
                if weight == last[n] and not (due and weight):
                    continue
                if last[n] and not shares[n] and n not in pending and not is_new and weight:
                    continue
                last[n] = pending[n] = weight
    for n in names:
        if shares[n]:
            fills[n].append((DAYS - 1, -shares[n], price[n], 0.0))
            book(n, "endOfData")
    trades.sort(key=lambda t: (t[0], t[1]))
    return {"equity": out, "trades": trades, "commissionPaid": paid, "financingPaid": financed, "halted": halted}


scenarios = []
for sizing, costs, cap, gross_cap, stop, max_drawdown in [
    ({"kind": "fixed"}, {}, 1, 1, None, None),
    ({"kind": "fixed", "size": 0.6, "rebalance": 7}, {"commission": 0.001, "slippage": 0.0005}, 1, 1.2, None, None),
    ({"kind": "equal"}, {"commission": 0.002, "slippage": 0.001, "borrow": 0.1, "funding": 0.2}, 0.8, 1.5, 0.05, None),
    ({"kind": "volatility", "target": 0.3, "window": 8, "rebalance": 5}, {"commission": 0.0005, "borrow": 0.05}, 1, 2, 0.04, None),
    ({"kind": "kelly", "fraction": 0.5, "window": 10, "cap": 0.7}, {"slippage": 0.001, "funding": 0.1}, 1, 1.4, None, 0.1),
]:
    bars, signals = {}, {}
    for number, name in enumerate("ABCD"):
        rows = market(DAYS, 0.015 + 0.005 * number)
        first, end = (20 if name == "B" else 0), (50 if name == "C" else DAYS)
        kept = [d for d in range(first, end) if name != "D" or rng.random() > 0.15 or d == DAYS - 1]
        bars[name] = {d: rows[d] for d in kept}
        value, signals[name] = 0.0, {}
        for d in kept:
            if rng.random() < 0.2:
                value = float(rng.choice([-1, -0.5, 0, 0.5, 1, 1]))
            signals[name][d] = value
    result = run(bars, signals, sizing, costs, cap, gross_cap, stop, max_drawdown)
    scenarios.append({
        "series": [{"symbol": n, "days": list(bars[n]), "bars": list(bars[n].values()), "signals": list(signals[n].values())} for n in bars],
        "sizing": sizing, "costs": {"commission": 0, "slippage": 0} | costs, "maxPosition": cap, "maxGross": gross_cap,
        "stopLoss": stop, "maxDrawdown": max_drawdown, "result": result,
    })
    print(sizing["kind"], round(result["equity"][-1], 2), len(result["trades"]), {t[5] for t in result["trades"]}, result["halted"])

path = pathlib.Path(__file__).parent / "portfolio.json"
path.write_text(json.dumps({"scenarios": scenarios}, separators=(",", ":")) + "\n")
