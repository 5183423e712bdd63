"""The vendors, as data: each module of this folder declares one."""

from importlib import import_module
from pkgutil import iter_modules

from stacks_dataverse.vendor import Vendor

_FOUND: list[Vendor] = [import_module(f"{__name__}.{module.name}").VENDOR for module in iter_modules(__path__)]
VENDORS: dict[str, Vendor] = {vendor.name: vendor for vendor in _FOUND}

# The Variable `price_source` chooses the vendor of prices; every other feed has one vendor.
PRICES = "prices"
OTHER_FEEDS = sorted({feed for vendor in _FOUND for feed in vendor.feeds} - {PRICES})


def of_feed(feed: str) -> list[str]:
    """The names of the vendors that have a feed, such as `prices`."""
    return [vendor.name for vendor in _FOUND if feed in vendor.feeds]
