"""What stakers of PoX-5 stake, as the contract itself prints it."""

from stacks_dataverse.catalog.fields import DAY, PLACE, series_of
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.prints import READS
from stacks_dataverse.transformers import printed_stakes, shapes

TABLES = (
    Table(
        name="printed_stakes",
        title="Stakes that PoX-5 prints",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=printed_stakes.printed_stakes,
        reads=READS,
        prints=(printed_stakes.STAKE,),
        method="Canonical prints of the topic stake.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("staked_ustx", "bigint", "what is staked", unit="µSTX"),
        ),
        key=("day", *(column.name for column in PLACE)),
    ),
)
OBJECTS = (
    PublicObject(
        name="stakes",
        title="Stakes per day",
        group=Group.STACKING,
        path="stakes/{version}.json.gz",
        shape=shapes.series,
        rows="SELECT day, count(*) AS stakes FROM printed_stakes WHERE day <= {day} GROUP BY day ORDER BY day",
        method="Stakes that PoX-5 printed, by day.",
        columns=(DAY, Column("stakes", "bigint", "stakes of the day")),
        fields=series_of("stakes"),
    ),
)
