"""Public objects of the figures of the moment."""

from dataclasses import replace

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.tip_figures import SPOT
from stacks_dataverse.dataset import Column, PublicObject, Schedule, fields_of
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import PERCENT, STX

YIELD = "Since Bitcoin height 962,150 (mainnet) the yield is for STX staked alone; bonds have a different yield."

LAST_EVENING = (
    "Gini coefficient, median, holders and whales are as of the end of the last loaded day, because they need "
    "every balance; null if an earlier day of the chain is missing.",
    "Figures that need the whole history are null while a block is in no built day and not in the tip snapshot.",
)

UNKNOWN = "for a day without a tip snapshot, and as in spot_stats"


def _is_moment(column: Column) -> bool:
    return column.unit == "unix seconds"


def _selected(column: Column) -> str:
    """A column of the snapshot, as it is published: a moment as such."""
    return f"to_timestamp({column.name}) AS {column.name}" if _is_moment(column) else column.name


OBJECTS = (
    PublicObject(
        name="spot_stats",
        title="Key figures of the chain now",
        group=Group.NETWORK,
        path=paths.SPOT_STATS,
        shape=shapes.record,
        rows=f"SELECT {', '.join(map(_selected, SPOT))} FROM spot_snapshots WHERE taken_at = {{taken_at}}",
        method="The last tip snapshot, as in spot_snapshots.",
        columns=tuple(
            replace(column, type="timestamptz", unit="") if _is_moment(column) else column for column in SPOT
        ),
        fields=fields_of(SPOT),
        schedule=Schedule.HALF_HOURLY,
        warnings=(*LAST_EVENING, YIELD),
    ),
    PublicObject(
        name="spot_stats_historical",
        title="Yield, whales and median balance per day",
        group=Group.NETWORK,
        path=paths.SPOT_STATS_HISTORICAL,
        shape=shapes.records,
        rows="""
            SELECT calendar.day::date AS day,
                   last.median_balance, last.whale_percent, last.stacking_apy
            FROM generate_series(
                (SELECT date_trunc('day', min(taken_at)) FROM spot_snapshots),
                (SELECT max(taken_at) FROM spot_snapshots), '1 day'
            ) AS calendar (day)
            LEFT JOIN LATERAL (
                SELECT median_balance, whale_percent, stacking_apy FROM spot_snapshots
                WHERE taken_at >= calendar.day AND taken_at < calendar.day + interval '1 day'
                ORDER BY taken_at DESC LIMIT 1
            ) AS last ON true
        """,
        method="The last tip snapshot taken on each UTC day.",
        columns=(
            DAY,
            Column("median_balance", "double precision", "median balance, STX", STX, UNKNOWN),
            Column(
                "whale_percent", "double precision", "percent of holders with 100,000 STX or more", PERCENT, UNKNOWN
            ),
            Column("stacking_apy", "double precision", "percent per year", PERCENT, UNKNOWN),
        ),
        fields={
            "<unix seconds of UTC midnight>.median_balance": STX("STX; null for a day without a tip snapshot"),
            "<unix seconds of UTC midnight>.whale_percent": PERCENT(
                "percent of holders with 100,000 STX or more; null for a day without a tip snapshot"
            ),
            "<unix seconds of UTC midnight>.stacking_apy": PERCENT(
                "percent per year; null for a day without a tip snapshot, and as in spot_stats"
            ),
        },
        schedule=Schedule.HALF_HOURLY,
        warnings=(
            LAST_EVENING[0],
            YIELD,
            "A snapshot is never recomputed: it keeps the yield that was published at the time.",
        ),
    ),
)
