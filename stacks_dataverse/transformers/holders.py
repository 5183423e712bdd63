"""Who holds STX at the end of a day: accounts and contracts by size, and the largest of them."""

import duckdb
import pyarrow as pa

# A contract's principal has a dot.
HOLDERS = """
    SELECT CASE WHEN contains(address, '.') THEN 'contract' ELSE 'account' END AS holder_kind, address, balance_ustx
    FROM balances WHERE balance_ustx > 0
"""
TOP = 100


def stx_holder_bands(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Holders and what they hold, in µSTX, by powers of ten of STX; the lowest band is below one STX.

    Reads: balances.
    Columns: holder_kind, from_stx, holders, balance_ustx.
    """
    return state.sql(f"""
        SELECT holder_kind,
               CASE WHEN balance_ustx < 1000000 THEN 0
                    ELSE (10::HUGEINT ** (length((balance_ustx // 1000000)::VARCHAR) - 1)) END::BIGINT AS from_stx,
               count(*) AS holders,
               sum(balance_ustx)::BIGINT AS balance_ustx
        FROM ({HOLDERS})
        GROUP BY ALL
        ORDER BY holder_kind, from_stx
    """).to_arrow_table()


def stx_holder_deciles(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Holders in ten groups of equal number, from the smallest balances to the largest, in µSTX.

    Equal balances are equal in whichever group they are, so that their order does not matter.

    Reads: balances.
    Columns: holder_kind, decile, holders, from_ustx, to_ustx, balance_ustx.
    """
    return state.sql(f"""
        SELECT holder_kind, decile::SMALLINT AS decile, count(*) AS holders,
               min(balance_ustx) AS from_ustx, max(balance_ustx) AS to_ustx,
               sum(balance_ustx)::BIGINT AS balance_ustx
        FROM (SELECT holder_kind, balance_ustx,
                     ntile(10) OVER (PARTITION BY holder_kind ORDER BY balance_ustx) AS decile
              FROM ({HOLDERS}))
        GROUP BY ALL
        ORDER BY holder_kind, decile
    """).to_arrow_table()


def top_stx_holders(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """The hundred largest balances, in µSTX, of accounts and contracts; of equal ones by address.

    Reads: balances.
    Columns: rank, address, balance_ustx.
    """
    return state.sql(f"""
        SELECT (row_number() OVER (ORDER BY balance_ustx DESC, address))::SMALLINT AS rank, address, balance_ustx
        FROM (SELECT * FROM balances WHERE balance_ustx > 0 ORDER BY balance_ustx DESC, address LIMIT {TOP})
        ORDER BY rank
    """).to_arrow_table()
