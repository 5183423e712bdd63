"""sBTC: deposits from Bitcoin, withdrawals to it, and how much there is. Amounts are satoshis."""

import duckdb
import pyarrow as pa

from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.prints import Prints, prints, prints_of_kinds

# The contracts on mainnet; others have the same code. What a withdrawal locks is a token of its own.
DEPLOYER = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4"
REGISTRY = f"{DEPLOYER}.sbtc-registry"
LIQUID = f"{DEPLOYER}.sbtc-token::sbtc-token"
LOCKED = f"{DEPLOYER}.sbtc-token::sbtc-token-locked"
POX_5 = "SP000000000000000000002Q6VF78.pox-5"

DEPOSIT = Prints(REGISTRY, "completed-deposit", {"amount_sats": ("amount", "bigint")})

# `block-height` of a request is a Bitcoin height (sbtc-withdrawal.clar takes burn-block-height); an acceptance has no
# amount.
REQUEST = {"request_id": ("request-id", "bigint")}
CREATED = Prints(
    REGISTRY,
    "withdrawal-create",
    REQUEST
    | {
        "amount_sats": ("amount", "bigint"),
        "max_fee_sats": ("max-fee", "bigint"),
        "burn_block_height": ("block-height", "bigint"),
    },
)
ACCEPTED = Prints(
    REGISTRY,
    "withdrawal-accept",
    REQUEST | {"fee_sats": ("fee", "bigint"), "burn_block_height": ("burn-height", "bigint")},
)
REJECTED = Prints(REGISTRY, "withdrawal-reject", REQUEST)
KINDS = {"created": CREATED, "accepted": ACCEPTED, "rejected": REJECTED}

EVENT_COLUMNS = (
    *(*EVENT_ORDER, "tx_id", "request_id", "kind"),
    *("amount_sats", "max_fee_sats", "fee_sats", "burn_block_height"),
)


def sbtc_withdrawal_events(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Withdrawals that were created, accepted and rejected, in the order in which it happened, in satoshis.

    `burn_block_height` is that of a request when it was made, and that of the Bitcoin block that paid it.

    Reads: blocks, contract_logs.
    Columns: block_height, microblock_sequence, tx_index, event_index, tx_id, request_id, kind, amount_sats,
        max_fee_sats, fee_sats, burn_block_height.
    """
    kinds = zip(KINDS, prints_of_kinds(day, list(KINDS.values())), strict=True)
    printed = [_with_kind(rows, name) for name, rows in kinds]
    rows = pa.concat_tables(printed, promote_options="default")
    return rows.select(EVENT_COLUMNS).sort_by([(column, "ascending") for column in EVENT_ORDER])


def sbtc_supply_changes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Deposits of the day, mints and burns of both tokens, and what PoX-5 received less what it gave, in satoshis.

    Reads: blocks, contract_logs, ft_events.
    Columns: deposits, deposited_sats, minted_sats, burned_sats, locked_sats, unlocked_sats, staked_change_sats.
    """
    day.register("sbtc_deposits", prints(day, DEPOSIT))
    moved = {
        "minted_sats": (LIQUID, "asset_event_type_id = 2"),
        "burned_sats": (LIQUID, "asset_event_type_id = 3"),
        "locked_sats": (LOCKED, "asset_event_type_id = 2"),
        "unlocked_sats": (LOCKED, "asset_event_type_id = 3"),
    }
    sums = ", ".join(
        f"COALESCE(sum(amount::HUGEINT) FILTER (asset_identifier = '{token}' AND {kind}), 0)::BIGINT AS {name}"
        for name, (token, kind) in moved.items()
    )
    return day.sql(f"""
        SELECT (SELECT count(*) FROM sbtc_deposits) AS deposits,
               (SELECT COALESCE(sum(amount_sats), 0) FROM sbtc_deposits)::BIGINT AS deposited_sats,
               {sums},
               (COALESCE(sum(amount::HUGEINT) FILTER (asset_identifier = '{LIQUID}' AND recipient = '{POX_5}'), 0)
                - COALESCE(sum(amount::HUGEINT) FILTER (asset_identifier = '{LIQUID}' AND sender = '{POX_5}'), 0)
               )::BIGINT AS staked_change_sats
        FROM ft_events WHERE asset_identifier IN ('{LIQUID}', '{LOCKED}')
    """).to_arrow_table()


def daily_sbtc(state: duckdb.DuckDBPyConnection) -> pa.Table:
    """Deposits, withdrawals and supply of sBTC, in satoshis; times in Bitcoin blocks.

    A mint is explained by a deposit, by what an accepted withdrawal did not need of its highest fee, or by a rejected
    withdrawal, which gives all back.

    Reads: sbtc_changes, sbtc_withdrawals, sbtc_before.
    Columns: deposits, deposited_sats, created_withdrawals, created_sats, accepted_withdrawals, accepted_sats,
        fees_sats, rejected_withdrawals, rejected_sats, median_blocks, max_blocks, liquid_sats, locked_sats,
        staked_sats, unexplained_mint_sats.
    """
    return state.sql("""
        WITH withdrawals AS (
            SELECT count(*) FILTER (kind = 'created') AS created_withdrawals,
                   COALESCE(sum(amount_sats) FILTER (kind = 'created'), 0)::BIGINT AS created_sats,
                   count(*) FILTER (kind = 'accepted') AS accepted_withdrawals,
                   COALESCE(sum(amount_sats) FILTER (kind = 'accepted'), 0)::BIGINT AS accepted_sats,
                   COALESCE(sum(fee_sats) FILTER (kind = 'accepted'), 0)::BIGINT AS fees_sats,
                   count(*) FILTER (kind = 'rejected') AS rejected_withdrawals,
                   COALESCE(sum(amount_sats) FILTER (kind = 'rejected'), 0)::BIGINT AS rejected_sats,
                   median(blocks) FILTER (kind = 'accepted') AS median_blocks,
                   max(blocks) FILTER (kind = 'accepted')::INTEGER AS max_blocks,
                   COALESCE(sum(max_fee_sats - fee_sats) FILTER (kind = 'accepted'), 0)
                       + COALESCE(sum(amount_sats + max_fee_sats) FILTER (kind = 'rejected'), 0) AS given_back_sats
            FROM sbtc_withdrawals
        ), before AS (
            SELECT COALESCE(max(liquid_sats), 0) AS liquid_sats, COALESCE(max(locked_sats), 0) AS locked_sats,
                   COALESCE(max(staked_sats), 0) AS staked_sats
            FROM sbtc_before
        )
        SELECT deposits, deposited_sats, withdrawals.* EXCLUDE (given_back_sats),
               before.liquid_sats + minted_sats - burned_sats AS liquid_sats,
               before.locked_sats + changes.locked_sats - unlocked_sats AS locked_sats,
               before.staked_sats + staked_change_sats AS staked_sats,
               (minted_sats - deposited_sats - given_back_sats)::BIGINT AS unexplained_mint_sats
        FROM sbtc_changes AS changes, withdrawals, before
    """).to_arrow_table()


def _with_kind(printed: pa.Table, kind: str) -> pa.Table:
    return printed.append_column("kind", pa.array([kind] * printed.num_rows, pa.string()))
