"""Swaps of a real database, against the source's own rows: the prints, the events, and what pools say they hold."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stacks_dataverse.clarity import decode
from tests.support.databases import query
from tests.support.pipeline import Pipeline

DATABASE = "stacks_balance_reorg"
PLACE = "block_height, microblock_sequence, tx_index, event_index"

# By what a pool is known in the state that its contract prints.
POOLS = {
    "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9.fixed-weight-pool-v1-01": "pool-token",
    "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9.simple-weight-pool-alex": "pool-token",
    "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9.amm-swap-pool": "pool-id",
    "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9.amm-swap-pool-v1-1": "pool-id",
    "SP2C2YFP12AJZB4MABJBAJ55XECVS7E4PMMZ89YZR.arkadiko-swap-v2-1": "swap-token",
    "SP1Z92MPDQEWZXW36VX71Q25HKF5K2EPCJ304F275.stackswap-swap-v5k": "liquidity-token",
}
PRINTS = f"""
    SELECT log.block_height, log.microblock_sequence, log.tx_index, log.event_index, contract_identifier, log.value
    FROM contract_logs AS log JOIN blocks USING (index_block_hash)
    WHERE blocks.canonical AND log.canonical AND log.microblock_canonical
      AND contract_identifier IN ({", ".join(f"'{contract}'" for contract in POOLS)})
    ORDER BY 1, 2, 3, 4
"""
# One transfer of a transaction that brings or takes just so much of a token.
TRANSFERS = """
    SELECT event.block_height, event.microblock_sequence, event.tx_index, {asset} AS asset, amount::text, count(*)
    FROM {table} AS event JOIN blocks USING (index_block_hash)
    WHERE blocks.canonical AND event.canonical AND event.microblock_canonical AND asset_event_type_id = 1
    GROUP BY 1, 2, 3, 4, 5
"""
SWAPS = f"SELECT {PLACE}, contract, token_in, amount_in, token_out, amount_out, is_as_moved FROM swaps ORDER BY {PLACE}"

# A pool keeps a fee of less than a hundredth back from what it says that it holds; ALEX counts with eight places.
MOST_FEE, FIXED_POINT = 100, 100


@pytest.fixture(scope="module")
def chain(whole_chain: Callable[[str], Pipeline]) -> Pipeline:
    return whole_chain(DATABASE)


@pytest.fixture(scope="module")
def swaps(chain: Pipeline) -> list[dict[str, Any]]:
    return chain.read(SWAPS).to_pylist()


def states(chain: Pipeline) -> Iterator[tuple[tuple[Any, ...], tuple[str, str], str, tuple[int, int]]]:
    """Each print of a pool's state: its place, the pool, what was done, and what the pool then holds of its tokens."""
    for *place, contract, value in query(chain.stacks_dsn, PRINTS):
        printed = dict(decode(bytes(value)).fields)
        data = dict(printed["data"].fields)
        pool = str(data[POOLS[contract]])
        yield tuple(place), (contract, pool), printed["action"].text, (data["balance-x"].value, data["balance-y"].value)


def place_of(swap: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(swap[name] for name in PLACE.split(", "))


def test_every_print_of_a_swap_is_a_row_with_one_pair_of_amounts(chain: Pipeline, swaps: list[dict[str, Any]]) -> None:
    printed = [place for place, _, action, _ in states(chain) if action.startswith("swap-")]
    assert [place_of(swap) for swap in swaps] == printed
    assert len(printed) == 133
    assert all(swap["is_as_moved"] and swap["token_in"] != swap["token_out"] for swap in swaps)


def test_both_amounts_are_those_of_transfers_of_the_transaction(chain: Pipeline, swaps: list[dict[str, Any]]) -> None:
    moved = {
        (*place, asset, int(amount))
        for table, asset in (("stx_events", "'STX'"), ("ft_events", "asset_identifier"))
        for *place, asset, amount, _ in query(chain.stacks_dsn, TRANSFERS.format(table=table, asset=asset))
    }
    legs = {
        (*place_of(swap)[:3], swap[f"token_{leg}"], int(swap[f"amount_{leg}"]))
        for swap in swaps
        for leg in ("in", "out")
    }
    assert legs <= moved


def test_amounts_are_the_change_of_what_the_pool_says_it_holds(chain: Pipeline, swaps: list[dict[str, Any]]) -> None:
    amounts = {place_of(swap): (int(swap["amount_in"]), int(swap["amount_out"])) for swap in swaps}
    held: dict[tuple[str, str], tuple[int, int]] = {}
    compared = 0
    for place, pool, action, balances in states(chain):
        before, held[pool] = held.get(pool), balances
        if before is None or not action.startswith("swap-"):
            continue
        x, y = balances[0] - before[0], balances[1] - before[1]
        took, gave = (x, -y) if action == "swap-x-for-y" else (y, -x)
        amount_in, amount_out = amounts[place]
        assert gave in (amount_out, *range(amount_out * FIXED_POINT, (amount_out + 1) * FIXED_POINT))
        assert any(0 <= amount_in * scale - took <= amount_in * scale // MOST_FEE for scale in (1, FIXED_POINT))
        compared += 1
    assert compared > 100
