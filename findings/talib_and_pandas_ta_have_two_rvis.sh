#!/usr/bin/env bash
# TA-Lib 0.8.2 and pandas-ta-classic 0.8.32: the relative volatility index of one series of closes has two values, and
# no argument of either library gives the other's. TA-Lib smooths as Wilder does, over a deviation of its own period;
# pandas-ta smooths exponentially, over a deviation of the same period. A day with the close of the day before is
# neither a rise nor a fall to TA-Lib, which adds nothing then: its index rises where a reader of the formula "else a
# fall" sees it fall. Of a price that has never changed TA-Lib says 50, in the middle, and not NaN.
# Worked around: the dictionary says which RVI ours is, and it is null until a close has changed.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check TA-Lib==0.8.2 pandas-ta-classic==0.8.32

"$folder/venv/bin/python" - <<'PYTHON'
import math

import numpy as np
import pandas as pd
import pandas_ta_classic as pandas_ta
import talib

DAYS, PERIOD, DEVIATION = 300, 14, 10
closes = np.array([2 + math.sin(day / 5) + 0.3 * math.sin(day / 1.7) for day in range(DAYS)])
for day in range(150, DAYS, 10):
    closes[day] = closes[day - 1]


def by_wilder(flat_is_a_fall):
    """The index as its author has it, with what is said of a day with an unchanged close."""
    deviation = pd.Series(closes).rolling(DEVIATION).std(ddof=0).to_numpy()
    change = np.diff(closes, prepend=np.nan)
    falls = change <= 0 if flat_is_a_fall else change < 0
    up, down = (
        pd.Series(np.where(days, deviation, 0)[DEVIATION - 1 :]).ewm(alpha=1 / PERIOD, adjust=False).mean()
        for days in (change > 0, falls)
    )
    return float((100 * up / (up + down)).iloc[-1])


ours = talib.RVI(closes, timeperiod=PERIOD, stddevperiod=DEVIATION)[-1]
theirs = {mode: float(pandas_ta.rvi(pd.Series(closes), length=PERIOD, mamode=mode).iloc[-1]) for mode in ("ema", "rma")}
neither, a_fall = by_wilder(False), by_wilder(True)
flat = talib.RVI(np.full(DAYS, 1.5), timeperiod=PERIOD, stddevperiod=DEVIATION)[-1]
print(f"TA-Lib {ours:.3f}; pandas-ta {theirs['ema']:.3f}, by Wilder's smoothing {theirs['rma']:.3f}")
print(f"by the formula, an unchanged close is neither: {neither:.3f}, is a fall: {a_fall:.3f}; of a flat price {flat}")
assert abs(ours - neither) < 1e-3 < abs(ours - a_fall)
assert all(abs(ours - value) > 1 for value in theirs.values())
assert flat == 50
PYTHON
