"""Who mined: the tenures that miners won, what they and all others sent for them, and how few miners win most."""

import duckdb
import pyarrow as pa

# Sums of parts of tenures. Commits are of tenures that begin on the day: only their first part has them. Where commits
# are known, what was mined is summed apart, so that a price of it has both sides of the same tenures.
SUMS = """
    count(*) FILTER (is_first) AS tenures,
    sum(miners) FILTER (is_first)::BIGINT AS commits,
    sum(miner_commit_sats) FILTER (is_first)::BIGINT AS miner_commit_sats,
    sum(coinbase_ustx + fees_ustx) FILTER (knows_miner_commit)::BIGINT AS miner_commit_ustx,
    sum(total_commit_sats) FILTER (is_first)::BIGINT AS total_commit_sats,
    sum(coinbase_ustx + fees_ustx) FILTER (knows_total_commit)::BIGINT AS total_commit_ustx,
    COALESCE(sum(coinbase_ustx), 0)::BIGINT AS coinbase_ustx,
    COALESCE(sum(fees_ustx), 0)::BIGINT AS fees_ustx
"""


def daily_miners(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's parts of tenures by reward cycle and miner; amounts in satoshis and µSTX.

    Reads: mined.
    Columns: cycle, miner_address, tenures, commits, miner_commit_sats, miner_commit_ustx, total_commit_sats,
        total_commit_ustx, coinbase_ustx, fees_ustx.
    """
    return state.sql(f"""
        SELECT cycle, miner_address, {SUMS} FROM mined WHERE miner_address IS NOT NULL
        GROUP BY cycle, miner_address ORDER BY cycle, miner_address
    """).to_arrow_table()


def daily_mining(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """The day's parts of tenures in all, and the concentration of the tenures that began; both null without any.

    The Herfindahl-Hirschman index is the sum of squared shares; the Nakamoto coefficient is how few miners won more
    than half.

    Reads: mined.
    Columns: miners, hhi, nakamoto_coefficient, tenures, commits, miner_commit_sats, miner_commit_ustx,
        total_commit_sats, total_commit_ustx, coinbase_ustx, fees_ustx.
    """
    return state.sql(f"""
        WITH winners AS (
            SELECT miner_address, count(*) AS won FROM mined WHERE is_first GROUP BY miner_address
        ), ranked AS (
            SELECT won, sum(won) OVER (ORDER BY won DESC, miner_address ROWS UNBOUNDED PRECEDING) AS won_so_far,
                   sum(won) OVER () AS won_by_all
            FROM winners
        ), concentration AS (
            SELECT count(*) AS miners, (sum(won * won) / max(won_by_all * won_by_all))::DOUBLE AS hhi,
                   NULLIF(count(*) FILTER (2 * (won_so_far - won) <= won_by_all), 0) AS nakamoto_coefficient
            FROM ranked
        )
        SELECT * FROM concentration, (SELECT {SUMS} FROM mined)
    """).to_arrow_table()
