"""Writes spending.json: boundaries of alpha spending, for SpendingBoundaryTests. Needs scipy.

Each boundary solves P(Z_1 < c_1, ..., Z_k < c_k) = 1 - spent for the multivariate normal of the standardised sums, look by look.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm


def boundary(counts, level, exponent):
    n = np.array(counts, float)
    correlation = np.sqrt(np.minimum.outer(n, n) / np.maximum.outer(n, n))
    limits = []
    for k in range(len(counts)):
        spent = level * (n[k] / n[-1]) ** exponent
        if k == 0:
            limits.append(float(norm.isf(spent)))
            continue
        normal = multivariate_normal(np.zeros(k + 1), correlation[: k + 1, : k + 1], maxpts=4_000_000, abseps=1e-9, releps=1e-9, seed=1)
        limits.append(float(brentq(lambda c: 1 - normal.cdf(np.array(limits + [c])) - spent, 0, 6, xtol=1e-7)))
    return {"counts": counts, "level": level, "exponent": exponent, "values": limits}


cases = [boundary([4, 8, 12, 16, 20], 0.1, 2.5), boundary([1, 2, 3, 4], 0.05, 1.0), boundary([10, 15, 20, 22], 0.2, 3.0)]
pathlib.Path(__file__).with_name("spending.json").write_text(json.dumps({"cases": cases}, indent=1) + "\n")
