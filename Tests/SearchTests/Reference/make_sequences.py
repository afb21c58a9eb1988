"""Writes sequences.json: points of the Sobol and Halton sequences as scipy 1.17 has them, not scrambled. Needs scipy."""
import json
import pathlib

from scipy.stats import qmc

sobol = qmc.Sobol(100, scramble=False, bits=32).random(64)
halton = qmc.Halton(12, scramble=False).random(50)
out = pathlib.Path(__file__).with_name("sequences.json")
# Sobol coordinates are whole multiples of 1/64 here.
out.write_text(json.dumps({"sobol64": [[int(x * 64) for x in p] for p in sobol], "halton": halton.tolist()}))
