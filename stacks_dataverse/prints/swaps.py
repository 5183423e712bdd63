"""Which contracts print swaps, and how: each by its whole id, for another version prints other keys.

Routers and helpers are not among them: what they print, or call, is printed once more by the pool's contract. Sources:
the deployed contracts, by the pages of the seed `protocols`; the keys were seen in prints.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stacks_dataverse.prints import PREFIX, Prints

ALEX = "SP102V8P0F7JX67ARQ77WEA3D3CFB5XW39REDT0AM"
ALEX_V1 = "SP3K8BC0PPEVCV7NZ6QSRWPQ2JE9E5B6N3PA0KBR9"
ARKADIKO = "SP2C2YFP12AJZB4MABJBAJ55XECVS7E4PMMZ89YZR"
BITFLOW = "SM1793C4R5PZ4NS4VQ4WMP7SKKYVH8JZEWSZ9HCCR"
BITFLOW_DLMM = "SP1PFR4V08H1RAZXREBGFFQ59WB739XM8VVGTFSEA"
STACKSWAP = "SP1Z92MPDQEWZXW36VX71Q25HKF5K2EPCJ304F275"
VELAR = "SP1Y5YSTAHZ88XYK1VPDH24GY0HPX5J4JECTMY4A1"
VELAR_POOLS = "SP20X3DC5R091J8B6YPQT638J8NR1W83KN6TN5BJY"

# Columns of a swap. All but the pool are missing where a contract does not print them.
POOL, AMOUNT_IN, AMOUNT_OUT, FEE = "pool", "amount_in", "amount_out", "fee"

X_FOR_Y, Y_FOR_X = "swap-x-for-y", "swap-y-for-x"
OTHER_WAY = str.maketrans("xy", "yx")


@dataclass(frozen=True)
class Swaps:
    """A kind of print that tells of a swap, and where the events of the swap are.

    `vault` is the contract that holds the pool's tokens; without one the pool does, and where no pool is printed, the
    contract itself. Columns whose names begin with `fee` are parts of the fee. The events of a swap come before its
    print; `is_printed_first` says that they come after. Amounts that are `is_fixed_point` are printed with eight
    decimal places, however many the token has.
    """

    prints: Prints
    vault: str = ""
    is_printed_first: bool = False
    is_fixed_point: bool = False


def _both_ways(contract: str, columns: Mapping[str, tuple[str, str]], **more: str | bool) -> Iterator[Swaps]:
    """The swaps of x for y, and of y for x: the same keys, with the letters exchanged."""
    mirrored = {name: (_mirror(path), kind) for name, (path, kind) in columns.items()}
    for topic, keys in ((X_FOR_Y, columns), (Y_FOR_X, mirrored)):
        yield Swaps(Prints(contract, topic, keys, key="action"), **more)


def _mirror(path: str) -> str:
    """The key of the other way round: `data.y-amount` for `data.x-amount`, `dy` for `dx`."""
    return re.sub(r"\bd?[xy]\b", lambda word: word[0].translate(OTHER_WAY), path)


def _alex() -> Iterator[Swaps]:
    columns = {POOL: ("data.pool-id", "uint"), AMOUNT_IN: ("dx", "uint"), AMOUNT_OUT: ("dy", "uint"),
               FEE: ("fee", "uint")}  # fmt: skip
    yield from _both_ways(f"{ALEX}.amm-pool-v2-01", columns, vault=f"{ALEX}.amm-vault-v2-01", is_fixed_point=True)
    for name, pool, vault in (
        ("fixed-weight-pool-v1-01", ("data.pool-token", "principal"), "alex-vault"),
        ("simple-weight-pool-alex", ("data.pool-token", "principal"), "alex-vault"),
        ("amm-swap-pool", ("data.pool-id", "uint"), "alex-vault"),
        ("amm-swap-pool-v1-1", ("data.pool-id", "uint"), "alex-vault-v1-1"),
    ):
        yield from _both_ways(f"{ALEX_V1}.{name}", {POOL: pool}, vault=f"{ALEX_V1}.{vault}")


def _bitflow() -> Iterator[Swaps]:
    pool = {POOL: ("data.pool-contract", "principal")}
    fees = {f"fee_of_{whom}": (f"data.x-amount-fees-{whom}", "uint") for whom in ("protocol", "provider")}
    columns = pool | {AMOUNT_IN: ("data.x-amount", "uint"), AMOUNT_OUT: ("data.dy", "uint")} | fees
    for name in (
        *(f"xyk-core-v-1-{version}" for version in (1, 2)),
        *(f"stableswap-core-v-1-{version}" for version in (1, 2, 3, 4)),
    ):
        yield from _both_ways(f"{BITFLOW}.{name}", columns)
    bins = columns | {AMOUNT_IN: ("data.updated-x-amount", "uint"),
                      "fee_variable": ("data.x-amount-fees-variable", "uint")}  # fmt: skip
    yield from _both_ways(f"{BITFLOW_DLMM}.dlmm-core-v-1-1", bins)


def _velar() -> Iterator[Swaps]:
    amounts = {AMOUNT_IN: ("amt-in", "uint"), AMOUNT_OUT: ("amt-out", "uint"), "fee_of_lps": ("amt-fee-lps", "uint")}
    core = amounts | {POOL: ("id", "uint"), "fee_of_protocol": ("amt-fee-protocol", "uint")}
    yield Swaps(Prints(f"{VELAR}.univ2-core", "swap", core, key="op"), vault=f"{VELAR}.univ2-core")
    one_pool = amounts | {"fee_of_protocol": ("amt-fee-protocol", "uint")}
    yield Swaps(Prints(f"{VELAR_POOLS}.univ2-pool-v1_0_0-{PREFIX}", "swap", one_pool, key="op"))


def _others() -> Iterator[Swaps]:
    arkadiko = f"{ARKADIKO}.arkadiko-swap-v2-1"
    yield from _both_ways(arkadiko, {POOL: ("data.swap-token", "principal")}, vault=arkadiko)
    stackswap = {POOL: ("data.liquidity-token", "principal")}
    yield from _both_ways(f"{STACKSWAP}.stackswap-swap-v5k", stackswap, is_printed_first=True)


SWAPS = (*_alex(), *_bitflow(), *_velar(), *_others())
