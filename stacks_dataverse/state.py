"""Declarations of state that is derived from a ledger: what is kept, for each key, of all the ledger's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sum:
    """Columns are summed over all rows of a key."""


@dataclass(frozen=True)
class First:
    """Columns are those of a key's first row in an order."""

    order: tuple[str, ...]

    @property
    def order_by(self) -> str:
        """The kept row comes first."""
        return ", ".join(self.order)


@dataclass(frozen=True)
class Last:
    """Columns are those of a key's last row in an order."""

    order: tuple[str, ...]

    @property
    def order_by(self) -> str:
        """The kept row comes first."""
        return ", ".join(f"{column} DESC" for column in self.order)


@dataclass(frozen=True)
class State:
    """State on a ledger: a row for each `key`, and in it `values` of the rows that have this key.

    Args:
        ledger: the fact table that it is derived from.
        key: columns of both.
        rule: which rows' values are kept.
        values: the state's other columns, and the ledger's column that each is made of.
        hashed: key columns that are too long for an index, and the column of both that has their SHA-256.
    """

    ledger: str
    key: tuple[str, ...]
    rule: Sum | First | Last
    values: Mapping[str, str]
    hashed: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """The ledger's columns of which a row is made, by their names in the state."""
        order = () if isinstance(self.rule, Sum) else self.rule.order
        return {key: key for key in self.key} | dict(self.values) | {column: column for column in order}

    @property
    def index(self) -> tuple[str, ...]:
        """The key as indexes of both have it."""
        return tuple(self.hashed.get(column, column) for column in self.key)

    def same_key(self, table: str, other: str) -> str:
        """SQL that finds rows of a table, by its index, by the key of another's."""
        return " AND ".join(
            f"{table}.{self.hashed[column]} = sha256({other}.{column})"
            if column in self.hashed
            else f"{table}.{column} = {other}.{column}"
            for column in self.key
        )


@dataclass(frozen=True)
class EndOfDayState:
    """State on a ledger as it is at the end of a day: a table in memory that end-of-day figures read.

    Args:
        name: the table, as figures call it.
        state: the ledger that it is derived from, and how.
        opening_state: a query of its rows before the day `{first}`, in `state.columns`. It may also use
            `{burn_block_height}`: the Bitcoin height that was reached before that day.
    """

    name: str
    state: State
    opening_state: str

    @property
    def changes(self) -> str:
        """The table that holds a day's rows of the ledger."""
        return f"{self.name}_changes"

    @property
    def daily_changes(self) -> str:
        """A query of the ledger's rows of `{day}`."""
        columns = ", ".join(dict.fromkeys(self.state.columns.values()))
        return f"SELECT {columns} FROM {self.state.ledger} WHERE day = {{day}}"
