"""Writes factors.json: a regression of monthly returns on factors, by statsmodels. Needs numpy, pandas, statsmodels.

The daily returns and the factors are formulas, so that the test can make them too.
"""
import json
import pathlib

import numpy as np
import pandas as pd
import statsmodels.api as sm

days = pd.date_range("2000-01-03", periods=900, freq="D")
t = np.arange(900)
daily = pd.Series(0.004 * np.sin(0.7 * t) + 0.006 * np.cos(0.013 * t * t) + 0.0004, index=days)
months = [f"{y}{m:02d}" for y in (2000, 2001, 2002) for m in range(1, 13)]
table = pd.DataFrame({
    "Mkt-RF": [round(4 * np.sin(1.1 * i), 2) for i in range(36)], "SMB": [round(3 * np.cos(0.4 * i * i), 2) for i in range(36)],
    "HML": [round(2 * np.sin(0.3 * i * i + 1), 2) for i in range(36)], "RF": [round(0.2 + 0.1 * np.cos(i), 2) for i in range(36)],
}, index=months)
csv = "Date," + ",".join(table) + "\n" + "".join(
    f"{month}," + ",".join(f"{value:.2f}" for value in row) + "\n" for month, row in zip(months, table.to_numpy()))
growth = (1 + daily).groupby(daily.index.strftime("%Y%m")).prod() - 1
growth = growth.iloc[1:-1]
used = table.loc[growth.index] / 100
fit = sm.OLS(growth.to_numpy() - used["RF"].to_numpy(), sm.add_constant(used[["Mkt-RF", "SMB", "HML"]].to_numpy())).fit()
path = pathlib.Path(__file__).parent / "factors.json"
path.write_text(json.dumps({
    "csv": csv, "alpha": 12 * fit.params[0], "betas": fit.params[1:].tolist(), "statistics": fit.tvalues.tolist(),
    "pValues": fit.pvalues.tolist(), "rSquared": fit.rsquared, "months": len(growth),
}) + "\n")
print(fit.summary())
