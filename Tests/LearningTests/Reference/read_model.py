"""Reads model.safetensors, which Swift wrote, with Python's safetensors and compares its numbers.

The tests compare their artifact with the file byte by byte, so what holds for the file holds for what Swift writes today.
scripts/check runs this; it says nothing when all is well.
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

WANTED = {"weights": [0.0025, -1 / 3, 1e-17], "intercept": [0.0004], "scaler.mean": [0.001, 51.5, -0.125], "scaler.scale": [0.01, 12, 0.3]}

found = load_file(Path(__file__).parent / "model.safetensors")
assert found.keys() == WANTED.keys(), sorted(found)
for name, tensor in found.items():
    assert tensor.dtype == np.float64 and tensor.tolist() == WANTED[name], (name, tensor)
