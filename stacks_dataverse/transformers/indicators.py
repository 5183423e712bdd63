"""Financial indicators of STX, by TA-Lib, from daily closes that were checked for gaps, zeros and NaN before."""

import pyarrow as pa

COLUMNS = (
    *("day", "close_usd", "volume_usd", "market_cap_usd", "change_pct"),
    *("rsi_7", "rvi_7", "ema_7", "nvt", "nvt_28"),
)
SCHEMA = pa.schema([(name, pa.date32() if name == "day" else pa.float64()) for name in COLUMNS])


def daily_indicators(prices: pa.Table) -> pa.Table:
    """Return every day's indicators; a pure function of all stored days, so the order of loads does not matter.

    A segment is a run of consecutive days of one source with a close: nothing is computed across its edges, for
    an indicator over a gap would be another one, and sources count volume differently. Undefined is null.

    Args:
        prices: by day, `day`, `close_usd`, `volume_usd`, `vendors_cap_usd`, `source`, and `supply_ustx`, which is
            ours and null while not known.

    Columns: day, close_usd, volume_usd, market_cap_usd, change_pct, rsi_7, rvi_7, ema_7, nvt, nvt_28.
    """
    # Pandas and TA-Lib, which imports polars, take as long to import as all else that a task needs.
    from stacks_dataverse.transformers import segments

    return pa.Table.from_pandas(segments.compute(prices)[list(COLUMNS)], SCHEMA, preserve_index=False)
