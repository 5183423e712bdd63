"""A sample chain in the tables of another version of the API."""

import tempfile
from collections.abc import Mapping
from contextlib import closing

import psycopg2
from psycopg2.extensions import cursor as Cursor


def copy_chain(source_dsn: str, target_dsn: str) -> list[str]:
    """Fill an API's empty tables from a sample chain's, as far as both have them; return the tables filled.

    Versions before 9 keep who took part in a transaction in `principal_stx_txs`.
    """
    with closing(psycopg2.connect(source_dsn)) as source, closing(psycopg2.connect(target_dsn)) as target:
        with target, source.cursor() as reader, target.cursor() as writer:
            here, there = _columns(reader), _columns(writer)
            tables = [table for table in there if table in here]
            for table in tables:
                names = ", ".join(name for name in here[table] if name in there[table])
                _copy(reader, writer, f"SELECT {names} FROM {table}", f"{table} ({names})")
            if "principal_stx_txs" in there:
                _copy(reader, writer, PARTICIPANTS_SQL, "principal_stx_txs (principal, " + PARTICIPATION + ")")
                tables.append("principal_stx_txs")
        target.autocommit = True
        target.cursor().execute("ANALYZE")
    return tables


def _columns(cursor: Cursor) -> Mapping[str, list[str]]:
    cursor.execute(COLUMNS_SQL)
    return dict(cursor.fetchall())


def _copy(reader: Cursor, writer: Cursor, query: str, target: str) -> None:
    with tempfile.TemporaryFile() as rows:
        reader.copy_expert(f"COPY ({query}) TO STDOUT", rows)
        rows.seek(0)
        writer.copy_expert(f"COPY {target} FROM STDIN", rows)


COLUMNS_SQL = """
    SELECT table_name::text, array_agg(column_name::text ORDER BY ordinal_position)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
    GROUP BY table_name ORDER BY table_name
"""

PARTICIPATION = (
    "tx_id, block_height, index_block_hash, microblock_hash, microblock_sequence, tx_index, canonical,"
    " microblock_canonical"
)

PARTICIPANTS_SQL = f"""
    SELECT DISTINCT principal, {PARTICIPATION} FROM (
        SELECT unnest(ARRAY[sender_address, sponsor_address, token_transfer_recipient_address,
                            contract_call_contract_id, smart_contract_contract_id]) AS principal, {PARTICIPATION}
        FROM txs
        UNION ALL
        SELECT unnest(ARRAY[sender, recipient]), {PARTICIPATION} FROM stx_events
    ) AS parties WHERE principal IS NOT NULL
"""
