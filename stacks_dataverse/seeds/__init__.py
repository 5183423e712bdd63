"""Facts that no source holds, kept as CSV files in this folder: every row with a page that shows it.

A row is added or corrected in the file alone. What reads a seed has another version then, and is made again.
"""

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Any

from stacks_dataverse.dataset import Column

PARSERS = {"text": str, "smallint": int}
SOURCE = Column("source", "text", "page that shows the row")


@dataclass(frozen=True)
class Seed:
    """A table that is kept as `<name>.csv`: its columns in the order of the file, its key, and its rows."""

    name: str
    method: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def values(self) -> str:
        """Its rows as a relation for FROM, in PostgreSQL as in DuckDB, without the sources."""
        rows = ", ".join(f"({', '.join(map(_literal, row[:-1]))})" for row in self.rows)
        return f"(VALUES {rows}) AS {self.name} ({', '.join(column.name for column in self.columns[:-1])})"


def read(name: str, method: str, columns: tuple[Column, ...], key: tuple[str, ...]) -> Seed:
    """Return the seed of a name with the rows of its file, each value of its column's type.

    Raises:
        ValueError: the file has other columns, or a row with a value that is missing or of another type.
    """
    columns = (*columns, SOURCE)
    header, *lines = csv.reader(resources.files(__name__).joinpath(f"{name}.csv").read_text("utf-8").splitlines())
    if header != [column.name for column in columns]:
        raise ValueError(f"{name}.csv has the columns {header}, not those that are declared.")
    return Seed(name, method, columns, key, tuple(_row(line, columns) for line in lines))


def _row(line: list[str], columns: tuple[Column, ...]) -> tuple[Any, ...]:
    if not all(line):
        raise ValueError(f"a row of a seed lacks a value: {line}")
    return tuple(PARSERS[column.type](text) for column, text in zip(columns, line, strict=True))


def _literal(value: Any) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


POOL_NAMES = read(
    "pool_names",
    "Names of mainnet's stacking pools. A pool that moved to another contract or PoX version has a row for each.",
    (
        Column("address", "text", "principal that the members delegate to, since PoX-5 a signer manager"),
        Column("name", "text", "the pool's name"),
    ),
    ("address",),
)
TOKENS = read(
    "tokens",
    "Decimal places of fungible tokens on mainnet, after SIP-010 `get-decimals` of their contracts' source.",
    (
        Column("asset_identifier", "text", "the token: address.contract::asset"),
        Column(
            "decimals", "smallint", "decimal places of an amount as it is shown: the token's base unit is 10^-decimals"
        ),
    ),
    ("asset_identifier",),
)
PROTOCOLS = read(
    "protocols",
    "Whose contracts an address of mainnet deployed.",
    (
        Column("deployer", "text", "address that deployed the protocol's contracts"),
        Column("protocol", "text", "the protocol's name; it may have several deployers"),
    ),
    ("deployer",),
)
PEGGED_TOKENS = read(
    "pegged_tokens",
    "Fungible tokens on mainnet that stand for something else. Only whole ids are listed: many contracts bear their "
    "names. A token that moved to another contract has a row for each.",
    (
        Column("asset_identifier", "text", "the token: address.contract::asset"),
        Column(
            "kind",
            "text",
            "what it stands for: stablecoin (US dollars), wrapped_bitcoin, or liquid_stacking (STX that are stacked)",
        ),
    ),
    ("asset_identifier",),
)
PRINCIPAL_LABELS = read(
    "principal_labels",
    "Who principals of mainnet are that hold much STX.",
    (
        Column("address", "text", "account, or contract"),
        Column("label", "text", "who it is, or what it is for"),
        Column("category", "text", "exchange, protocol, network or other"),
    ),
    ("address",),
)

SEEDS = (POOL_NAMES, TOKENS, PROTOCOLS, PEGGED_TOKENS, PRINCIPAL_LABELS)
