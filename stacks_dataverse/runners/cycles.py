"""Reward cycles as the chain's own node reports them, which replace those of the Variable `network`."""

from typing import Any

from stacks_dataverse.network import Network
from stacks_dataverse.queries import tip
from stacks_dataverse.raw_tables import CYCLES
from stacks_dataverse.stores.warehouse import Warehouse

CYCLES_SQL = f"""
    SELECT {", ".join(f"{column} AS {name}" for column, name in CYCLES.items())}
    FROM {{heights}} WHERE pox_reward_cycle_length IS NOT NULL ORDER BY day DESC LIMIT 1
"""


def read_cycles(warehouse: Warehouse, network: Network) -> Network:
    """Return the network with the cycles of the latest built day that has them; unchanged where none has.

    Raises:
        Terminal: they are of a chain that begins at another Bitcoin height.
    """
    return _read(warehouse, network, "daily_pox_heights")


def read_cycles_at_tip(warehouse: Warehouse, network: Network, **values: Any) -> Network:
    """The same, including a tip snapshot, whose temporary tables must exist; `values` has the last `day`."""
    return _read(warehouse, network, tip.up_to_the_tip("daily_pox_heights"), **values)


def _read(warehouse: Warehouse, network: Network, heights: str, **values: Any) -> Network:
    rows = warehouse.read(CYCLES_SQL.format(heights=heights), **values).to_pylist()
    return network.with_cycles(**rows[0]) if rows else network
