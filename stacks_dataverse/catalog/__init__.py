"""The data dictionary: every warehouse table, public object and check, as data."""

from stacks_dataverse.catalog import (
    activity,
    balances,
    blocks,
    checks,
    live,
    loading,
    market,
    market_objects,
    mining,
    nft_objects,
    nfts,
    recent_objects,
    risk_reward,
    spot,
    stacking,
)
from stacks_dataverse.dataset import Kind, PublicObject, Schedule, Table
from stacks_dataverse.quality import Check

TABLES: tuple[Table, ...] = (
    *loading.TABLES,
    *blocks.TABLES,
    *activity.TABLES,
    *balances.TABLES,
    *stacking.TABLES,
    *mining.TABLES,
    *nfts.TABLES,
    *market.TABLES,
    *live.TABLES,
    *spot.TABLES,
)
OBJECTS: tuple[PublicObject, ...] = (
    *activity.OBJECTS,
    *balances.OBJECTS,
    *stacking.OBJECTS,
    *mining.OBJECTS,
    *nft_objects.OBJECTS,
    *market_objects.OBJECTS,
    *risk_reward.OBJECTS,
    *live.OBJECTS,
    *spot.OBJECTS,
    *recent_objects.OBJECTS,
)
# Of a day of the chain, before it is published; and of the vendors' series, after each load.
CHECKS: tuple[Check, ...] = checks.checks(TABLES)
MARKET_CHECKS: tuple[Check, ...] = market.CHECKS
LANDING_CHECKS: tuple[Check, ...] = checks.OF_LANDING
LOOK_CHECKS: tuple[Check, ...] = checks.OF_LOOKS


def tables(kind: Kind) -> list[Table]:
    """The tables that are kept right in one way."""
    return [table for table in TABLES if table.kind is kind]


def objects(schedule: Schedule) -> list[PublicObject]:
    """The public objects that are published on one schedule."""
    return [declared for declared in OBJECTS if declared.schedule is schedule and not declared.private]


def live_tables() -> list[Table]:
    """The tables that a look at the tip makes: facts for its session, and snapshots."""
    return [table for table in TABLES if table.name in live.LIVE_FACTS or table.kind is Kind.SNAPSHOT]


__all__ = [
    "CHECKS",
    "LANDING_CHECKS",
    "LOOK_CHECKS",
    "MARKET_CHECKS",
    "OBJECTS",
    "TABLES",
    "Check",
    "Kind",
    "PublicObject",
    "Schedule",
    "Table",
    "live_tables",
    "objects",
    "tables",
]
