"""Calls of contracts."""

from stacks_dataverse.catalog.fields import DAY, series_of
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import contract_calls, shapes

TABLES = (
    Table(
        name="daily_contract_calls",
        title="Contract calls by contract and day",
        group=Group.CONTRACTS,
        kind=Kind.FACT,
        transform=contract_calls.daily_contract_calls,
        reads={"txs": ("contract_call_contract_id", "fee_rate")},
        method="Canonical contract calls by contract.",
        columns=(
            DAY,
            Column("contract", "text", "contract that was called"),
            Column("calls", "bigint", "calls"),
            Column("fee_ustx", "bigint", "fees they paid", unit="µSTX"),
        ),
        key=("day", "contract"),
    ),
)
OBJECTS = (
    PublicObject(
        name="contract_calls",
        title="Contract calls per day",
        group=Group.CONTRACTS,
        path="contract_calls/{version}.json.gz",
        shape=shapes.series,
        rows="SELECT day, sum(calls)::bigint AS calls FROM daily_contract_calls WHERE day <= {day} GROUP BY day",
        method="Canonical contract calls of each day.",
        columns=(DAY, Column("calls", "bigint", "calls of the day")),
        fields=series_of("calls"),
    ),
)
