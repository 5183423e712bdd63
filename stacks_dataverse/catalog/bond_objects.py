"""Public objects of bonds of PoX-5."""

from stacks_dataverse.catalog import bonds
from stacks_dataverse.catalog.bonds import BOND
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.stacking_rewards import POX_5_BEGAN
from stacks_dataverse.catalog.v1 import LAST_90_DAYS, rows_object
from stacks_dataverse.dataset import Column
from stacks_dataverse.labels import Group
from stacks_dataverse.units import SHARE

_BY_NAME = {table.name: table for table in bonds.TABLES}
_DISTRIBUTIONS, _BONDS = _BY_NAME["bond_distributions"], _BY_NAME["daily_bonds"]

# Distributions a year, as the contract counts them.
A_YEAR = 50

OBJECTS = (
    rows_object(
        "bonds",
        _BONDS.columns,
        f"SELECT {', '.join(_BONDS.fields)} FROM daily_bonds WHERE day = {{day}} ORDER BY bond_index",
        _BONDS.method,
        title="Every bond: status, amounts and payments",
        group=Group.STACKING,
        is_dated=True,
        first_day=POX_5_BEGAN,
        warnings=_BONDS.warnings,
    ),
    rows_object(
        "bond_yields",
        (
            DAY,
            Column("calculation_height", "bigint", "last Bitcoin height of the half cycle that it pays"),
            Column("cycle", "integer", "reward cycle that it pays"),
            BOND,
            *(
                column
                for column in _DISTRIBUTIONS.columns
                if column.name in ("staked_sats", "target_sats", "paid_sats")
            ),
            Column("shortfall_sats", "bigint", "target minus paid", unit="satoshis"),
            Column(
                "shortfall_share", "double precision", "part of the target not paid", SHARE, null="if the target is 0"
            ),
            Column(
                "realised_apy",
                "double precision",
                "yearly yield if all distributions paid as much per sat",
                SHARE,
                null="if the bond has no sats",
            ),
            Column("reserve_sats", "bigint", "what the same calculation gave to the reserve", unit="satoshis"),
            Column("reserve_balance_sats", "bigint", "in the reserve after it", unit="satoshis"),
        ),
        f"""
            SELECT bond.day, bond.calculation_height, bond.cycle, bond_index, staked_sats, target_sats, paid_sats,
                   target_sats - paid_sats AS shortfall_sats,
                   1 - paid_sats / NULLIF(target_sats, 0)::double precision AS shortfall_share,
                   paid_sats * {A_YEAR} / NULLIF(staked_sats, 0)::double precision AS realised_apy,
                   reserve_sats, reserve_balance_sats
            FROM bond_distributions AS bond JOIN stacking_distributions AS calculated USING (day, tx_id)
            WHERE bond.calculation_height = calculated.calculation_height
                  AND {LAST_90_DAYS}
            ORDER BY day, bond.calculation_height, bond_index
        """,
        f"{_DISTRIBUTIONS.method} The reserve is that of stacking_distributions. Of the last 90 days.",
        title="Target and realised yield of each bond",
        group=Group.STACKING,
        first_day=POX_5_BEGAN,
        warnings=(
            "A distribution pays for half a cycle; two cycles may have their distributions on one day.",
            "A payment whose calculation is not known has no row.",
        ),
    ),
)
