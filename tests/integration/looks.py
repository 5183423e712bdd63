"""What the tests of looks share: prices, spot figures by how they come about, and what a look publishes."""

import csv
import gzip
import io
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import psycopg2

from stacks_dataverse import catalog
from stacks_dataverse.catalog import PublicObject, Schedule
from tests.support.pipeline import Pipeline

TAKEN_AT = datetime(2024, 10, 31, 0, 5, tzinfo=UTC)
SPOT = "spot_stats/latest.json.gz"
OBJECTS = catalog.objects(Schedule.HALF_HOURLY)

# Null without prices; null while a block of the chain is in no built day and not in the look; of the last evening.
PRICED = {"current_cycle_open_price", "total_stacked_usd", "stacking_apy", "ath", "perc_from_ath", "usd_fee"}
OF_THE_WHOLE_PAST = {
    *("total_txs_alltime", "current_cycle_open_price", "total_stackers", "total_stacked", "total_stacked_usd"),
    *("stacking_apy", "circulating_supply"),
}
OF_THE_EVENING = {"gini_coefficient", "median_balance", "nonzero_bal_addx", "whale_percent"}

# Hourly candles of the sample's days and before, unlike from hour to hour.
PRICES = """
    INSERT INTO price_hourly (symbol, hour_at, open_usd, high_usd, low_usd, close_usd, source)
    SELECT symbol, hour_at, close - 0.125, close + 0.25, close - 0.25, close, 'test'
    FROM (VALUES ('STX', 1.5), ('BTC', 60000)) AS coin (symbol, base),
         generate_series('2024-10-27'::timestamptz, '2024-10-30 23:00+00', '1 hour') AS hour_at,
         LATERAL (SELECT base + date_part('epoch', hour_at)::bigint / 3600 % 97 * base / 1000) AS candle (close)
"""

# The tip's block, and all that is in it, lose to nobody: the chain is one block shorter.
LOSE_THE_TIP = """
    UPDATE blocks SET canonical = false
    WHERE block_height = (SELECT max(block_height) FROM blocks WHERE canonical)
"""


def published(run: Pipeline, declared: PublicObject) -> Any:
    """The object's value; a CSV as records."""
    if not declared.path.endswith(".csv.gz"):
        return run.public.get_json(declared.path)
    return list(csv.DictReader(io.StringIO(gzip.decompress(run.public.get(declared.path)).decode())))


def execute(dsn: str, sql: str) -> None:
    """Run statements in one transaction of their own."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.execute(sql)


def rows(dsn: str, sql: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        cursor.execute(sql)
        return cursor.fetchall()


def spot(pipeline: Pipeline) -> dict[str, Any]:
    """The published figures of the moment."""
    return pipeline.public.get_json(SPOT)


def half_hourly(pipeline: Pipeline, *left_out: str) -> dict[str, Any]:
    """What a look publishes, without spot figures of the last evening and those left out."""
    published = pipeline.published()
    keys = [key for key in published if key.startswith(("spot_stats", "mempool", "tx_per_block", "whales", "mining"))]
    keys += [key for key in published if key.startswith(("stacking_data/recent", "nft/stx_tradingvol_per_block"))]
    keys += [key for key in published if key.startswith(("nft/top_by_tradevol", "nft/top_by_mints"))]
    found = {key: published[key] for key in keys if key not in ("spot_stats/historical.json.gz", *left_out)}
    found[SPOT] = {name: value for name, value in found[SPOT].items() if name not in OF_THE_EVENING}
    return found
