"""The second opinions on public objects, and on tables that are not built of days of the chain, by their names."""

from collections.abc import Callable, Mapping
from importlib import import_module

from tests.second_opinion.chain import Rows
from tests.second_opinion.objects.run import Judge, Run

NAMES = (
    *("activity", "balances", "bonds", "contracts", "defi", "indicators", "market", "mempool", "mining", "names"),
    *("network", "nfts", "recent_rewards", "stacking", "stacking_yield", "tenures", "tip", "tokens", "vendor_series"),
)
MODULES = [import_module(f"tests.second_opinion.objects.{name}") for name in NAMES]


JUDGES: Mapping[str, Judge] = {
    name: judge for module in MODULES for name, judge in getattr(module, "JUDGES", {}).items()
}

# Series, snapshots and views.
OF_TABLES: Mapping[str, Callable[[Run], Rows]] = {
    name: judge for module in MODULES for name, judge in getattr(module, "TABLES", {}).items()
}
