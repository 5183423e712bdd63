"""What the tests of the market share: the morning of the first run, and how much a table holds."""

from datetime import UTC, datetime

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from tests.support.pipeline import Pipeline

FIVE_O_CLOCK = datetime(2024, 11, 1, 5, tzinfo=UTC)
VENDORS = {"cryptocompare": CryptoCompare, "lunarcrush": LunarCrush}


def vendors_of(server: VendorsServer) -> dict[str, CryptoCompare | LunarCrush]:
    """Both vendors, of the stub."""
    return {name: vendor(server.url, server.key) for name, vendor in VENDORS.items()}


def in_the_morning(vendors: VendorsServer) -> VendorsServer:
    """The stub vendors, a minute after five in the morning."""
    vendors.set_now(int(FIVE_O_CLOCK.timestamp()) + 60)
    return vendors


def count(pipeline: Pipeline, what: str) -> int:
    """Rows of a table, which a condition may follow."""
    return pipeline.read(f"SELECT count(*) AS rows FROM {what}")["rows"][0].as_py()
