"""Indicators of segments of daily closes, computed with pandas and TA-Lib."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import talib

# The periods in the names of the columns, in days: rsi_7, rvi_7, ema_7 and nvt_28. The standard deviation of the RVI is
# over 10 days, as its author D. Dorsey has it.
PERIOD = 7
DEVIATION_PERIOD = 10
VOLUME_PERIOD = 28
# After so many days the first close weighs less than 1e-8 in an average that is smoothed over 7 days: (6 / 7) ** 120.
WARM_UP_DAYS = 120
USTX_PER_STX = 1_000_000

FIGURES = ["change_pct", "rsi_7", "rvi_7", "ema_7", "nvt", "nvt_28"]


def compute(prices: pa.Table) -> pd.DataFrame:
    """The rows with their market capitalization in USD and FIGURES, as `indicators.daily_indicators` describes them."""
    frame = prices.to_pandas(date_as_object=False)
    numbers = ["close_usd", "volume_usd", "vendors_cap_usd", "supply_ustx"]
    frame[numbers] = frame[numbers].astype("float64")
    frame["market_cap_usd"] = (frame.close_usd * frame.supply_ustx / USTX_PER_STX).fillna(frame.vendors_cap_usd)
    frame[FIGURES] = np.nan
    for days in _segments(frame):
        for name, values in _compute_segment(frame.loc[days]).items():
            frame.loc[days, name] = values
    return frame


def _segments(frame: pd.DataFrame) -> Iterator[pd.Index]:
    sound = frame[np.isfinite(frame.close_usd) & (frame.close_usd > 0)]
    begins = (sound.day.diff() != pd.Timedelta(days=1)) | (sound.source != sound.source.shift())
    return (days.index for _, days in sound.groupby(begins.cumsum()))


def _compute_segment(segment: pd.DataFrame) -> dict[str, np.ndarray]:
    close = segment.close_usd.to_numpy()
    volume = segment.volume_usd.where(segment.volume_usd > 0)
    return {
        "change_pct": 100 * (segment.close_usd / segment.close_usd.shift() - 1).to_numpy(),
        "nvt": (segment.market_cap_usd / volume).to_numpy(),
        "nvt_28": (segment.market_cap_usd / volume.rolling(VOLUME_PERIOD).mean()).to_numpy(),
    } | _compute_momentum(close)


def _compute_momentum(close: np.ndarray) -> dict[str, np.ndarray]:
    """Where no close has differed from the one before, RSI and RVI are undefined; TA-Lib says 0 and 50.

    The changes that the RVI weighs begin with the first deviation.
    """
    is_warm = np.arange(len(close)) >= WARM_UP_DAYS
    has_changed = np.diff(close, prepend=close[0]) != 0
    has_deviation = np.arange(len(close)) >= DEVIATION_PERIOD - 1
    rvi = talib.RVI(close, timeperiod=PERIOD, stddevperiod=DEVIATION_PERIOD)
    return {
        "rsi_7": np.where(is_warm & _so_far(has_changed), talib.RSI(close, PERIOD), np.nan),
        "rvi_7": np.where(is_warm & _so_far(has_changed & has_deviation), rvi, np.nan),
        "ema_7": np.where(is_warm, talib.EMA(close, PERIOD), np.nan),
    }


def _so_far(happened: np.ndarray) -> np.ndarray:
    """Whether something has happened up to each day."""
    return np.logical_or.accumulate(happened)
