"""Writes gp.json: Gaussian processes and log expected improvement worked out with numpy, scipy and mpmath from their definitions.

Each case has points of the unit cube (the last dimension is a choice), values, hyperparameters, the covariance matrix, the
negative logarithm of evidence and prior, and mean and variance at some points. Matrices are inverted, not factored.
"""
import json
import math
import pathlib

import numpy as np
from scipy.special import ndtr


def matern(q):
    r = np.sqrt(5 * q)
    return (1 + r + 5 * q / 3) * np.exp(-r)


def gaussian(q):
    return np.exp(-q / 2)


SHAPES = {"matern": matern, "gaussian": gaussian}


def squares(a, b, choice):
    d = (a[:, None, :] - b[None, :, :]) ** 2
    d[..., choice] = d[..., choice] > 0
    return d


def covariance(form, shape, a, b, choice, weights, scales):
    d = squares(a, b, choice)
    m = SHAPES[shape]
    return scales[0] * m(d @ weights) if form == "joint" else (m(d * weights) * scales).sum(-1)


def prior(form, weights, scales, noise):
    if form == "joint":
        total = -np.sum(0.1 / weights + 0.1 * weights)
    else:
        total = -0.5 * np.sum((np.log(weights / 10) / 2) ** 2)
    return total + np.sum(np.log(scales) / len(scales) - scales) + 0.1 * np.log(noise) - 30 * noise


def case(form, shape, seed, n=14, d=3):
    rng = np.random.default_rng(seed)
    x = rng.random((n, d))
    x[:, -1] = rng.integers(0, 3, n)
    y = np.sin(3 * x[:, 0]) + x[:, 1] ** 2 - 0.3 * (x[:, -1] == 1)
    y = (y - y.mean()) / y.std()
    weights, noise = rng.uniform(0.5, 20, d), 0.013
    scales = np.array([1.7]) if form == "joint" else rng.uniform(0.2, 1, d)
    choice = [d - 1]
    k = covariance(form, shape, x, x, choice, weights, scales) + noise * np.eye(n)
    inverse = np.linalg.inv(k)
    evidence = -0.5 * np.linalg.slogdet(k)[1] - 0.5 * y @ inverse @ y
    probes = rng.random((6, d))
    probes[:, -1] = rng.integers(0, 3, 6)
    cross = covariance(form, shape, probes, x, choice, weights, scales)
    return {
        "form": form, "shape": shape, "points": x.tolist(), "values": y.tolist(), "weights": weights.tolist(), "scales": scales.tolist(),
        "noise": noise, "covariance": k.tolist(), "loss": -evidence - prior(form, weights, scales, noise),
        "probes": probes.tolist(), "means": (cross @ inverse @ y).tolist(),
        "variances": (scales.sum() - np.einsum("ij,jk,ik->i", cross, inverse, cross)).tolist(),
    }


def improvement(z):
    if z > -5:
        return math.log(math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) + z * ndtr(z))
    # Far out the terms cancel: 60 digits leave enough.
    import mpmath

    mpmath.mp.dps = 60
    z = mpmath.mpf(z)
    return float(mpmath.log(mpmath.npdf(z) + z * mpmath.ncdf(z)))


zs = [6.0, 2.5, 1.0, 0.0, -0.7, -2.0, -4.9, -8.0, -20.0, -24.9, -25.1, -30.0, -60.0, -150.0]
pathlib.Path(__file__).with_name("gp.json").write_text(json.dumps({
    "cases": [case(form, shape, seed) for shape in SHAPES for form, seed in (("joint", 1), ("additive", 2))],
    "improvements": [[z, improvement(z)] for z in zs],
}))
