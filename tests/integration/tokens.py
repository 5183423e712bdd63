"""Calls that move tokens and STX, added to a copy of the sample chain."""

import hashlib
from contextlib import closing
from dataclasses import dataclass, field

import psycopg2

COLLECTION = "SP2C2YFP12AJZB4MABJBAJ55XECVS7E4PMMZ89YZR.collection::token"

# The call stands last in the first block of its day that has a call.
CALL = """
    WITH call AS (
        SELECT txs.* FROM txs JOIN blocks USING (index_block_hash)
        WHERE blocks.canonical AND txs.canonical AND microblock_canonical AND type_id = 2 AND status = 1
          AND blocks.block_time >= extract(epoch FROM %(day)s::date)
        ORDER BY blocks.block_height LIMIT 1
    ), counted AS (
        UPDATE blocks SET tx_count = tx_count + 1 WHERE index_block_hash = (SELECT index_block_hash FROM call)
    )
    INSERT INTO txs
    SELECT added.* FROM call, jsonb_populate_record(call::txs, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('txs', 'id')), 'tx_id', %(tx_id)s, 'event_count', %(events)s,
        'nonce', 1000000, 'fee_rate', 0, 'microblock_sequence', 2147483647, 'microblock_hash', '\\x',
        'tx_index', (SELECT max(tx_index) + 1 FROM txs WHERE index_block_hash = call.index_block_hash))) AS added
"""
PLACE = "tx_id, tx_index, block_height, index_block_hash, parent_index_block_hash, microblock_hash, microblock_sequence"
EVENT = f"""
    INSERT INTO {{table}} (event_index, {PLACE}, microblock_canonical, canonical, asset_event_type_id, sender,
                           recipient, {{columns}})
    SELECT %s, {PLACE}, true, true, %s, %s, %s, {{values}} FROM txs WHERE tx_id = %s::bytea
"""
NFT = EVENT.format(table="nft_events", columns="asset_identifier, value", values="%s, %s")
STX = EVENT.format(table="stx_events", columns="amount", values="%s")


def token_id(number: int) -> bytes:
    """An id as Clarity serialises a number of it."""
    return b"\x01" + number.to_bytes(16, "big")


@dataclass
class Call:
    """A successful contract call on a day; events in their order: moves of tokens, transfers of µSTX."""

    day: str
    nfts: list[tuple[bytes, str | None, str | None]] = field(default_factory=list)
    stx: list[tuple[str, str, int]] = field(default_factory=list)


def add(dsn: str, *calls: Call) -> None:
    """Write calls to a chain, each into a block of its day."""
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("SET TimeZone = 'UTC'")
        for number, call in enumerate(calls):
            tx_id = "\\x" + hashlib.sha256(f"{number} {call}".encode()).hexdigest()
            events = len(call.nfts) + len(call.stx)
            cursor.execute(CALL, {"day": call.day, "tx_id": tx_id, "events": events})
            for index, (token, sender, recipient) in enumerate(call.nfts):
                action = 2 if sender is None else 3 if recipient is None else 1
                cursor.execute(NFT, (index, action, sender, recipient, COLLECTION, token, tx_id))
            for index, (sender, recipient, amount) in enumerate(call.stx, len(call.nfts)):
                cursor.execute(STX, (index, 1, sender, recipient, amount, tx_id))
