"""The assets: what tasks write, by which DAGs of your own can be scheduled.

Each event's extra says what was written, see docs/airflow.md: `day`, `as_of` and `rows`, among others.
"""

from airflow.sdk import Asset

from plugins.dag_parts.documentation import PAGE


def _asset(name: str, uri: str, group: str, title: str, view: str) -> Asset:
    return Asset(name=name, uri=uri, group=group, extra={"title": title, "page": f"{PAGE}/{view}"})


RAW_STACKS = _asset(
    "raw_stacks", "s3://private/raw/stacks", "stacks", "Raw archive: days of the chain", ""
)  # fmt: skip
WAREHOUSE_STACKS = _asset(
    "warehouse_stacks", "postgres://warehouse/warehouse/public/loaded_days", "stacks",
    "Warehouse: loaded days of the chain", "dataset/loaded_days",
)  # fmt: skip
PUBLIC_STACKS = _asset(
    "public_stacks", "s3://public/stacks", "stacks", "Public files: daily figures of the chain", "catalogue"
)  # fmt: skip
RAW_TIP = _asset(
    "raw_stacks_live", "s3://private/raw/stacks_live", "stacks", "Raw archive: tip snapshots", ""
)  # fmt: skip
PUBLIC_TIP = _asset(
    "public_stacks_live", "s3://public/stacks_live", "stacks", "Public files: figures of the tip", "catalogue"
)  # fmt: skip
RAW_VENDORS = _asset(
    "raw_vendors", "s3://private/raw/vendors", "market", "Raw archive: answers of the vendors", ""
)  # fmt: skip
WAREHOUSE_MARKET = _asset(
    "warehouse_market", "postgres://warehouse/warehouse/public/daily_indicators", "market",
    "Warehouse: prices and indicators", "dataset/daily_indicators",
)  # fmt: skip
PUBLIC_MARKET = _asset(
    "public_market", "s3://public/market", "market", "Public files: prices and social figures", "catalogue"
)  # fmt: skip
