"""Bids accepted on a real database: each call of the market that holds bids is a sale out of escrow, no other call."""

from collections.abc import Callable

from tests.support.databases import query
from tests.support.pipeline import Pipeline

DATABASE = "stacks_balance_reorg"

# Whoever accepts a bid calls the contract, gives the token to the bidder, and is paid, as others are, what was bid.
ACCEPTED = """
    SELECT '0x' || encode(tx.tx_id, 'hex'), asset_identifier, tx.sender_address, nft.recipient,
           (SELECT sum(amount)::bigint FROM stx_events AS stx
            WHERE stx.tx_id = tx.tx_id AND stx.index_block_hash = tx.index_block_hash AND stx.microblock_canonical
              AND stx.sender = tx.contract_call_contract_id)
    FROM txs AS tx JOIN blocks USING (index_block_hash) JOIN nft_events AS nft USING (tx_id, index_block_hash)
    WHERE blocks.canonical AND tx.canonical AND tx.microblock_canonical AND nft.microblock_canonical
      AND tx.status = 1 AND contract_call_function_name = 'accept-bid'
    ORDER BY 1
"""
# A seller that is an account is known on the day.
RECEIPTS = """
    SELECT tx_id, asset_identifier, seller, buyer, escrow_ustx + paid_ustx FROM nft_receipts
    WHERE ' ' || payees || ' ' LIKE '% ' || seller || ' %' ORDER BY tx_id
"""
SALES = "SELECT sum(sales)::bigint, sum(sales_ustx)::bigint FROM daily_nft_activity"
PURCHASES = """
    SELECT count(*), sum(paid_ustx)::bigint FROM nft_receipts
    WHERE payees IS NULL AND is_decided AND depositor IS DISTINCT FROM buyer
"""


def test_every_accepted_bid_is_a_sale_out_of_escrow(whole_chain: Callable[[str], Pipeline]) -> None:
    chain = whole_chain(DATABASE)
    accepted = query(chain.stacks_dsn, ACCEPTED)
    assert query(chain.warehouse_dsn, RECEIPTS) == accepted
    assert len(accepted) == 9
    ((purchases, purchased_ustx),) = query(chain.warehouse_dsn, PURCHASES)
    assert query(chain.warehouse_dsn, SALES) == [(purchases + 9, purchased_ustx + sum(row[-1] for row in accepted))]
