"""Names of mainnet's stacking pools, by the principal that their members delegate to: since PoX-5 a signer manager.

The table is `pool_names.csv` beside this module: a principal, its name, and the public page that shows the principal.
A pool that moved to another contract or PoX version has a row for each.
"""

import csv
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType


def _read() -> dict[str, str]:
    text = resources.files("stacks_dataverse").joinpath("pool_names.csv").read_text(encoding="utf-8")
    return {row["address"]: row["name"] for row in csv.DictReader(text.splitlines())}


POOL_NAMES: Mapping[str, str] = MappingProxyType(_read())
