"""Public objects of stacking and of its pools."""

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import NOT_KNOWN, PAST, PAST_IS_KNOWN, daily_series
from stacks_dataverse.catalog.stacking import POX_2_BEGAN
from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.seeds import POOL_NAMES
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import STX

OBJECTS = (
    PublicObject(
        name="stx_stacked_over_time",
        title="STX locked at the end of each day",
        group=Group.STACKING,
        headline="daily_stacking.stacked_ustx",
        path=paths.STX_STACKED_OVER_TIME,
        method="STX locked at the end of the day.",
        **daily_series(
            "daily_stacking", "stacked_ustx", "STX locked at the end of the day", STX, null=NOT_KNOWN, ustx=True
        ),
        warnings=(PAST,),
    ),
    PublicObject(
        name="top_pools",
        title="The ten largest stacking pools",
        group=Group.STACKING,
        path=paths.TOP_POOLS,
        shape=shapes.top_pools,
        rows=f"""
            SELECT delegate AS address, COALESCE(name, delegate) AS name,
                   stacked_ustx / 1e6::double precision AS stacked_stx
            FROM stacking_pools LEFT JOIN {POOL_NAMES.values} ON address = delegate
            WHERE day = {{day}} ORDER BY stacked_ustx DESC, delegate COLLATE "C" LIMIT 10
        """,
        method="Top 10 stacking pools (delegates, since PoX-5 signer managers) by STX locked for others at the end of "
        "the day.",
        columns=(
            Column("address", "text", "principal that STX are delegated to"),
            Column("name", "text", "the pool's name, or its address"),
            Column("stacked_stx", "double precision", "STX locked for others at the end of the day", STX),
        ),
        fields={"<pool's name, or address>.value": STX("STX"), "<pool's name, or address>.address": "principal"},
        known=PAST_IS_KNOWN,
        warnings=(PAST,),
        first_day=POX_2_BEGAN,
    ),
    PublicObject(
        name="number_of_pools",
        title="Active stacking pools",
        group=Group.STACKING,
        path=paths.NUMBER_OF_POOLS,
        shape=shapes.record,
        rows=f"""
            SELECT CASE WHEN ({PAST_IS_KNOWN}) THEN count(*) END AS total_pools FROM stacking_pools WHERE day = {{day}}
        """,
        method="Number of stacking pools (delegates, since PoX-5 signer managers) with STX locked for others at the "
        "end of the day.",
        columns=(
            Column(
                "total_pools", "bigint", "delegates with STX locked for others", null="if an earlier day is missing"
            ),
        ),
        fields={"total_pools": "delegates"},
        warnings=(PAST,),
        first_day=POX_2_BEGAN,
    ),
)
