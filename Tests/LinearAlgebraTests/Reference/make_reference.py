"""Writes linear_algebra.json: products, Cholesky solutions and eigenvalues of seeded matrices, by NumPy and SciPy."""
import json
from pathlib import Path

import numpy as np
import scipy.linalg

rng = np.random.default_rng(7)
a = np.round(rng.normal(size=(7, 4)), 3)
b = np.round(rng.normal(size=(4, 3)), 3)
s = np.round(rng.normal(size=(30, 6)) * np.array([1, 10, 0.1, 3, 5, 0.5]), 3)
spd = s.T @ s
right = np.round(rng.normal(size=6), 3)
sym = np.round(rng.normal(size=(5, 5)), 3)
sym = np.round((sym + sym.T) / 2, 6)
out = dict(
    a=a.tolist(), b=b.tolist(), product=(a @ b).tolist(), gram=(a.T @ a).tolist(), x=b[:, 0].tolist(), ax=(a @ b[:, 0]).tolist(),
    y=a[:, 0].tolist(), aty=(a.T @ a[:, 0]).tolist(), s=s.tolist(), right=right.tolist(),
    solution=scipy.linalg.cho_solve(scipy.linalg.cho_factor(spd), right).tolist(), symmetric=sym.tolist(), eigenvalues=np.linalg.eigvalsh(sym).tolist())
(Path(__file__).parent / "linear_algebra.json").write_text(json.dumps(out) + "\n")
