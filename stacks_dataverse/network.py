"""What differs between Stacks networks: reward cycles, the coinbase schedule, and where Stacks 4.0 begins."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Self

from stacks_dataverse.errors import Terminal

STX = 1_000_000

# µSTX of a tenure from a Bitcoin height on. SIP-029 as changed by SIP-045; stacks-core,
# stacks-common/src/types/mod.rs: COINBASE_INTERVALS_MAINNET (release 4.0.1).
MAINNET_COINBASE = {0: 1_000 * STX, 945_000: 500 * STX, 960_230: 1_000 * STX}

# The public testnet (mode krypton) counts blocks of a Bitcoin chain of its own, from 0. Its cycles and epochs are in
# stacks-core's sample/conf/testnet-follower-conf.toml, its schedule is COINBASE_INTERVALS_TESTNET of the file above.
TESTNET_COINBASE = {
    0: 1_000 * STX,
    77_777: 500 * STX,
    544_439: 250 * STX,
    1_088_878: 125 * STX,
    1_633_317: 62 * STX + 500_000,
    38_000_000: 1_000 * STX,
}


@dataclass(frozen=True)
class Network:
    """A network's heights, all of them Bitcoin's; by default mainnet's.

    The prepare phase is the last `prepare_length` blocks of a cycle. `pox_5_height` is the first block of Stacks 4.0:
    PoX-5 is deployed and no lock of PoX-4 holds. `coinbase_ustx` gives µSTX of a tenure by the height it begins at.
    Source of the cycles: `/v2/pox` of a mainnet node; of the rest: stacks-core, stackslib/src/core/mod.rs.
    """

    first_burn_height: int = 666_050
    cycle_length: int = 2_100
    prepare_length: int = 100
    pox_5_height: int = 960_230
    coinbase_ustx: Mapping[int, int] = field(default_factory=lambda: dict(MAINNET_COINBASE))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return a network by its name, or from a JSON object of every field.

        Raises:
            Terminal: the text is neither, or its heights cannot be.
        """
        if text in NETWORKS:
            return cls(**asdict(NETWORKS[text]))
        try:
            given = json.loads(text)
            given["coinbase_ustx"] = {int(height): int(ustx) for height, ustx in given["coinbase_ustx"].items()}
            network = cls(**{name.name: given.pop(name.name) for name in fields(cls)})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Terminal(f"The Airflow Variable network is {text!r} ({error}): {EXPECTED}") from None
        if given or not network._is_possible():
            raise Terminal(f"The Airflow Variable network is {text!r}: {EXPECTED}")
        return network

    @property
    def name(self) -> str:
        """Its name; `custom` of one that has none."""
        return next((name for name, network in NETWORKS.items() if network == self), "custom")

    @property
    def waterfall_height(self) -> int:
        """The first block of the first cycle after Stacks 4.0 began: from it on miners pay into one pool.

        Source: stacks-core, stackslib/src/burnchains/mod.rs, first_pox_waterfall_block.
        """
        return self.first_burn_height + (self.cycle_of(self.pox_5_height) + 1) * self.cycle_length

    def cycle_of(self, burn_height: int) -> int:
        """Return the reward cycle of a Bitcoin height."""
        return (burn_height - self.first_burn_height) // self.cycle_length

    def with_cycles(self, first_burn_height: int, cycle_length: int, prepare_length: int) -> Self:
        """Return this network with the cycles that its own node reports.

        Raises:
            Terminal: they are of a chain that begins at another Bitcoin height.
        """
        if first_burn_height != self.first_burn_height:
            raise Terminal(
                f"The chain of stacks_db begins at Bitcoin height {first_burn_height}, but the Airflow Variable "
                f"network is for a chain that begins at {self.first_burn_height}; set it to the chain's network."
            )
        return replace(self, cycle_length=cycle_length, prepare_length=prepare_length)

    def as_json(self) -> str:
        """The text that `parse` reads."""
        return json.dumps(asdict(self))

    @property
    def values(self) -> dict[str, int]:
        """The heights that a query may name: every field that is a number, and `waterfall_height`."""
        numbers = {name: value for name, value in asdict(self).items() if isinstance(value, int)}
        return numbers | {"waterfall_height": self.waterfall_height}

    @property
    def macros(self) -> tuple[str, ...]:
        """DuckDB statements that make its heights functions: `coinbase_ustx(burn_block_height)`, `cycle_start(cycle)`,
        the first Bitcoin height of a cycle, and `waterfall_height()`.
        """
        starts = sorted(self.coinbase_ustx, reverse=True)
        steps = " ".join(f"WHEN burn_block_height >= {start} THEN {self.coinbase_ustx[start]}" for start in starts)
        return (
            f"CREATE MACRO coinbase_ustx(burn_block_height) AS (CASE {steps} ELSE 0 END)::BIGINT",
            f"CREATE MACRO cycle_start(cycle) AS {self.first_burn_height} + cycle * {self.cycle_length}",
            f"CREATE MACRO waterfall_height() AS {self.waterfall_height}",
        )

    def _is_possible(self) -> bool:
        heights = [value for name, value in asdict(self).items() if name != "coinbase_ustx"]
        numbers = [*heights, *self.coinbase_ustx, *self.coinbase_ustx.values()]
        are_whole = all(type(number) is int and number >= 0 for number in numbers)
        return are_whole and bool(self.coinbase_ustx) and 0 < self.prepare_length < self.cycle_length


MAINNET = Network()
TESTNET = Network(0, 900, 100, 2_702, TESTNET_COINBASE)
NETWORKS = {"mainnet": MAINNET, "testnet": TESTNET}

EXPECTED = (
    f"set it to {' or '.join(NETWORKS)}, or to a JSON object with "
    f"{', '.join(name.name for name in fields(Network))}: whole numbers of Bitcoin blocks, and for the last an "
    "object of µSTX by height."
)
