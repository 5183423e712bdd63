"""SQL over the warehouse and a tip snapshot together; each query reads recent rows, by an index.

`{day}` is the last loaded day. The rows after it are in temporary tables of the session, `tip_<table>` for each fact
table. Rows of a later day in the warehouse are not read, because the snapshot has them too.
"""

from stacks_dataverse.event_order import LATEST_FIRST, TX_ORDER

LAST_DAY = """
    SELECT max(day) AS day FROM loaded_days WHERE settled OR last_block_height = {tip_height}
"""


def up_to_the_tip(table: str) -> str:
    """A table and the snapshot's rows of it, to select from."""
    return f"(SELECT * FROM {table} WHERE day <= {{day}} UNION ALL SELECT * FROM tip_{table}) AS {table}"


def newest(table: str, order: str, limit: int, where: str = "true") -> str:
    """A query of the newest rows of a table and the snapshot together, in an order that the table has an index for."""
    return f"""
        SELECT * FROM (
            (SELECT * FROM {table} WHERE day <= {{day}} AND {where} ORDER BY {order} LIMIT {limit})
            UNION ALL
            SELECT * FROM tip_{table} WHERE {where}
        ) AS {table} ORDER BY {order} LIMIT {limit}
    """


def price(symbol: str, moment: str, column: str = "close_usd") -> str:
    """SQL for the price in USD at a moment: of the hour that holds it, else the latest of the 48 hours before.

    Null where neither is stored.
    """
    return f"""(
        SELECT {column} FROM price_hourly
        WHERE symbol = '{symbol}' AND hour_at <= {moment} AND hour_at > {moment} - interval '48 hours'
        ORDER BY hour_at DESC LIMIT 1
    )"""


# Parts of one tenure joined, and matured coinbases in the place of provisional ones, as mining_tenures has them.
# A tenure that lasts over midnight has two parts: twice as many parts are enough.
RECENT_TENURES = f"""
    SELECT tenure.burn_block_height, tenure.day, tenure.first_block_height, tenure.mined_at,
           COALESCE(reward.miner_address, tenure.miner_address) AS miner_address,
           tenure.miner_commit_sats, tenure.total_commit_sats,
           (SELECT max(burn_sats) FROM {up_to_the_tip("burn_block_rewards")}
            WHERE burn_block_rewards.burn_block_height = tenure.burn_block_height) AS burn_sats,
           COALESCE(reward.coinbase_ustx, tenure.coinbase_ustx) AS coinbase_ustx, tenure.fees_ustx
    FROM (
        SELECT burn_block_height, min(day) AS day, min(first_block_height) AS first_block_height,
               min(mined_at) AS mined_at,
               (array_agg(first_index_block_hash ORDER BY first_block_height))[1] AS first_index_block_hash,
               max(miner_address) AS miner_address, max(miner_commit_sats) AS miner_commit_sats,
               max(total_commit_sats) AS total_commit_sats, sum(coinbase_ustx)::bigint AS coinbase_ustx,
               sum(fees_ustx)::bigint AS fees_ustx
        FROM ({newest("tenures", "burn_block_height DESC", 200)}) AS parts
        GROUP BY burn_block_height ORDER BY burn_block_height DESC LIMIT 100
    ) AS tenure
    CROSS JOIN LATERAL (
        SELECT max(miner_address) FILTER (WHERE coinbase_ustx > 0) AS miner_address,
               sum(coinbase_ustx)::bigint AS coinbase_ustx
        FROM {up_to_the_tip("matured_rewards")}
        WHERE matured_rewards.from_index_block_hash = tenure.first_index_block_hash
    ) AS reward
    ORDER BY burn_block_height
"""

# Where the last hundred tenures begin. As values, not as a part of other queries: of a part the planner expects a
# third of all rows.
TENURES_BEGIN = f"SELECT min(day) AS tenures_day, min(first_block_height) AS tenures_height FROM ({RECENT_TENURES})"

# Whether built days and the snapshot hold every block of the chain between them, and how many transactions the days do.
COVERED = """
    SELECT COALESCE(sum(block_count), 0) + {blocks_since} = {block_height} - {lowest_height} + 1 AS is_whole,
           COALESCE(sum(tx_count), 0)::bigint AS built_tx_count
    FROM built_days WHERE day <= {day}
"""


def pox(heights: str, cycles: str) -> str:
    """A query of the figures' input `pox`, from tables like daily_pox_heights and reward_cycles."""
    return f"""
        WITH heights AS (
            SELECT *, ((last_burn_block_height - {{first_burn_height}}) / {{cycle_length}})::integer AS cycle
            FROM {heights}
            WHERE last_burn_block_height IS NOT NULL
            ORDER BY day DESC LIMIT 1
        )
        SELECT heights.*,
               (SELECT min_threshold_ustx FROM {cycles}
                WHERE reward_cycles.cycle = heights.cycle ORDER BY block_height DESC LIMIT 1) AS min_threshold_ustx
        FROM heights
    """


SAME_TRANSACTION = " AND ".join(f"first.{column} = last.{column}" for column in TX_ORDER)
SAME_TOKEN = "asset_identifier = receipt.asset_identifier AND token_hash = sha256(receipt.token_value)"


def nft_receipts(receipts: str, before: str) -> str:
    """A query of the figures' input `nft_receipts`; where a row is undecided, earlier moves of the token decide.

    Args:
        before: SQL that is true for moves of before the rows' day.
    """
    return f"""
        SELECT receipt.block_height, receipt.tx_id, receipt.event_index, receipt.asset_identifier,
               receipt.token_value, receipt.seller, receipt.buyer, receipt.paid_ustx,
               COALESCE(receipt.depositor, past.depositor) AS depositor,
               receipt.is_decided OR past.seller IS NOT NULL AS is_decided, receipt.escrow_ustx, receipt.payees
        FROM {receipts} AS receipt
        LEFT JOIN LATERAL (
            SELECT last.recipient AS seller,
                   (SELECT COALESCE(sender, NULLIF(recipient, last.recipient)) FROM nft_moves AS first
                    WHERE {SAME_TOKEN} AND {SAME_TRANSACTION} ORDER BY event_index LIMIT 1) AS depositor
            FROM nft_moves AS last
            WHERE NOT receipt.is_decided AND {SAME_TOKEN} AND {before}
            ORDER BY {LATEST_FIRST} LIMIT 1
        ) AS past ON past.seller = receipt.seller
    """


NFT_RECEIPTS_AT_THE_TIP = nft_receipts("tip_nft_receipts", "day <= {day}")

POX_AT_THE_TIP = pox(up_to_the_tip("daily_pox_heights"), up_to_the_tip("reward_cycles"))
LOCKS_AT_THE_TIP = "SELECT * FROM tip_stx_locks"
STACKING_AT_THE_TIP = (LOCKS_AT_THE_TIP, POX_AT_THE_TIP)

# What a session reads of the snapshot's facts to prepare itself.
OF_THE_SESSION = (NFT_RECEIPTS_AT_THE_TIP, TENURES_BEGIN, *STACKING_AT_THE_TIP)
