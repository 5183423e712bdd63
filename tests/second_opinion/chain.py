"""The canonical rows of a chain, in its order and by UTC day, as the dictionary says which rows count."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from stacks_dataverse.network import Network

Row = dict[str, Any]
Rows = list[Row]
Opinion = dict[str, Rows]

TYPES = {
    0: "token_transfer",
    1: "smart_contract",
    2: "contract_call",
    3: "poison_microblock",
    4: "coinbase",
    5: "coinbase",
    6: "smart_contract",
    7: "tenure_change",
    8: "coinbase",
}
STATUSES = {1: "success", -1: "abort_by_response", -2: "abort_by_post_condition", -3: "problematic_skipped"}
TRANSFER, MINT, BURN = 1, 2, 3
CYCLES = ("pox_first_burnchain_block_height", "pox_reward_cycle_length", "pox_prepare_phase_block_length")
PLACE = ("microblock_sequence", "tx_index", "event_index")


@dataclass(frozen=True)
class Chain:
    """Raw rows of the tables of a Stacks database, canonical or not, and the days that are loaded of it, in order."""

    tables: Mapping[str, Sequence[Row]]
    days: Sequence[date]
    network: Network

    @cached_property
    def all_blocks(self) -> Rows:
        """The canonical blocks, of other days too, by height, each with its `time` in unix seconds, and `day`."""
        blocks = [block for block in self.tables["blocks"] if block["canonical"]]
        timed = [block | {"time": time_of(block), "day": day_of(block)} for block in blocks]
        return sorted(timed, key=lambda block: block["block_height"])

    @cached_property
    def blocks(self) -> Rows:
        """Those of the days that are loaded."""
        return [block for block in self.all_blocks if block["day"] in self.days]

    @cached_property
    def first_missing(self) -> date:
        """The first day with blocks that is not loaded; the end of time if there is none."""
        return min((block["day"] for block in self.all_blocks if block["day"] not in self.days), default=date.max)

    @cached_property
    def by_hash(self) -> dict[bytes, Row]:
        """The canonical blocks by index hash."""
        return {block["index_block_hash"]: block for block in self.blocks}

    @cached_property
    def _canonical(self) -> dict[str, Rows]:
        return {}

    def rows(self, table: str) -> Rows:
        """The canonical rows of a table in the order of the chain, each with its block as `block`, and `day`."""
        if table not in self._canonical:
            rows = [
                row | {"block": block, "day": block["day"]}
                for row in self.tables.get(table, ())
                if (block := self.by_hash.get(row["index_block_hash"])) and row.get("microblock_canonical", True)
            ]
            self._canonical[table] = sorted(rows, key=place)
        return self._canonical[table]

    def txs(self) -> Rows:
        """The canonical transactions, each with `type` and `state` as the API names them, and who pays the fee."""
        return [
            tx
            | {
                "type": TYPES.get(tx["type_id"], f"unknown_{tx['type_id']}"),
                "state": STATUSES.get(tx["status"], f"unknown_{tx['status']}"),
                "payer": tx["sponsor_address"] if tx["sponsored"] else tx["sender_address"],
            }
            for tx in self.rows("txs")
        ]

    @cached_property
    def cycles(self) -> Network:
        """The network, with the reward cycles that its node reports, where it does."""
        (state, *_) = [*self.tables.get("pox_state", ()), {}]
        reported = [state.get(column) for column in CYCLES]
        return self.network if None in reported else self.network.with_cycles(*map(int, reported))

    def last_burn_height(self, day: date) -> int | None:
        """The highest Bitcoin height of a day's blocks."""
        return max((block["burn_block_height"] for block in self.blocks if block["day"] == day), default=None)


def time_of(block: Row) -> int:
    """A block's time in unix seconds: of its header, or, where the node sent none, of its Bitcoin block."""
    return int(block.get("block_time") or block["burn_block_time"])


def day_of(block: Row) -> date:
    """The UTC day of a block."""
    return datetime.fromtimestamp(time_of(block), UTC).date()


def place(row: Row) -> tuple[int, ...]:
    """Where a canonical row is on the chain."""
    return (row["block"]["block_height"], *(row.get(column) or 0 for column in PLACE))


def placed(row: Row) -> Row:
    """The columns of the place of an event or a transaction."""
    columns = {column: row[column] for column in PLACE if column in row}
    return {"day": row["day"], "block_height": row["block"]["block_height"], "tx_id": hexed(row["tx_id"]), **columns}


def group(rows: Iterable[Row], *columns: str) -> dict[Any, Rows]:
    """Rows by the value of a column; of several, by the tuple of their values."""
    groups: dict[Any, Rows] = defaultdict(list)
    for row in rows:
        key = tuple(row[column] for column in columns)
        groups[key if len(columns) > 1 else key[0]].append(row)
    return groups


def hexed(value: bytes) -> str:
    """Bytes as the API writes them."""
    return f"0x{value.hex()}"


def percentile(values: Iterable[Any], percent: int) -> Any:
    """The lowest value that at least so many percent do not exceed; None without values."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def is_account(principal: str) -> bool:
    """Whether a principal is no contract."""
    return "." not in principal
