"""Rows of tables as of a day, and the seeds: what opinions on balances, tokens, NFTs, exchanges and names go by."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.resources import files

from tests.second_opinion.chain import Row, Rows
from tests.second_opinion.objects.run import Run

USTX = 1_000_000
SATS = 100_000_000


def of_day(run: Run, table: str, day: date | None) -> Rows:
    """The rows of a day."""
    return [row for row in run.tables[table] if row["day"] == day]


def newest(run: Run, table: str, day: date | None, *key: str) -> Rows:
    """Of each key the newest row up to a day: of a table that has no row while nothing changes."""
    rows = (row for row in run.tables[table] if day and row["day"] <= day)
    by_key = {tuple(row[name] for name in key): row for row in sorted(rows, key=lambda row: row["day"])}
    return list(by_key.values())


def past_is_known(run: Run, day: date | None) -> bool:
    """Whether no earlier day of the chain is missing: then there are balances."""
    return any(row["supply_ustx"] is not None for row in of_day(run, "daily_balances", day))


def only(row: Row, *columns: str) -> Row:
    """Some columns of a row, in their order."""
    return {name: row[name] for name in columns}


def total(rows: Iterable[Row], column: str) -> int:
    """The sum of whole numbers, which may be text."""
    return sum(int(row[column]) for row in rows)


def seed(name: str) -> Sequence[dict[str, str]]:
    """The rows of a seed."""
    with (files("stacks_dataverse.seeds") / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def decimals() -> dict[str, int]:
    """Decimal places of STX, and of the tokens of the seed."""
    return {"STX": 6} | {row["asset_identifier"]: int(row["decimals"]) for row in seed("tokens")}


def protocol_of(contract: str) -> str | None:
    """The protocol whose deployer made a contract."""
    deployer, _, name = contract.partition(".")
    return next((row["protocol"] for row in seed("protocols") if name and row["deployer"] == deployer), None)
