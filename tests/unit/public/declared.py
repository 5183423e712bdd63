"""A dataset under `v1/` and one that keeps the predecessor's shape, to describe."""

from datetime import date

from stacks_dataverse.catalog.v1 import rows_object
from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import shapes
from stacks_dataverse.units import SHARE, STX

DAY = Column("day", "date", "UTC day")
SUPPLIES = rows_object(
    "supplies",
    (
        DAY,
        Column("seen_at", "timestamptz", "when it was seen", null="until it is seen"),
        Column("supply_units", "numeric(78)", "supply", unit="base units"),
        Column("top_share", "double precision", "share of the ten largest", unit=SHARE),
    ),
    "SELECT 1",
    "Supplies.",
    title="Supplies of a test",
    group=Group.TOKENS,
    is_dated=True,
    known="SELECT true",
    warnings=("Up to the tip.",),
)
MINERS = PublicObject(
    name="miners",
    path="miners/latest.json.gz",
    rows="SELECT 1",
    method="Miners.",
    title="Miners of a test",
    group=Group.MINING,
    shape=shapes.by_name,
    columns=(Column("miner_address", "text", "principal"), Column("reward_stx", "double precision", "reward", STX)),
    fields={
        "winners.<Bitcoin height>": "principal; null if not known",
        "rewards.<miner>": STX("STX"),
        "heights.<position>": "Bitcoin height",
        "miner_address": "who won most",
    },
    last_day=date(2024, 4, 22),
)
OBJECTS = (SUPPLIES, MINERS)
