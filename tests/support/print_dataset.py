"""A throw-away dataset of prints: what stakers of PoX-5 stake, as the contract itself prints it."""

import duckdb
import pyarrow as pa

from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.prints import READS, Prints, prints

STAKE = Prints(
    contract="SP000000000000000000002Q6VF78.pox-5",
    topic="stake",
    columns={"staked_ustx": ("amount", "bigint")},
)


def printed_stakes(day: duckdb.DuckDBPyConnection) -> pa.Table:
    """Every `stake` that was printed, in µSTX."""
    return prints(day, STAKE)


TABLE = Table(
    name="printed_stakes",
    title="Stakes that PoX-5 prints",
    group=Group.STACKING,
    kind=Kind.FACT,
    transform=printed_stakes,
    reads=READS,
    prints=(STAKE,),
    method="Canonical prints of the topic stake.",
    columns=(
        DAY,
        *PLACE,
        Column("tx_id", "text", "hex with 0x"),
        Column("staked_ustx", "bigint", "what is staked", unit="µSTX"),
    ),
    key=("day", *(column.name for column in PLACE)),
)
