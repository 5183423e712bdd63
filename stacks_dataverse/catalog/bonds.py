"""Bonds of PoX-5: STX and BTC bound together for a yield in sBTC."""

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.catalog.stacking_rewards import POX_5_BEGAN
from stacks_dataverse.catalog.v1 import rows_object
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.end_of_day.states import sums_before
from stacks_dataverse.labels import Group
from stacks_dataverse.state import EndOfDayState, State, Sum
from stacks_dataverse.transformers import bonds
from stacks_dataverse.units import SHARE

EVENT = ("microblock_sequence", "tx_index", "event_index", "name", "data")

BOND = Column("bond_index", "integer", "number of the bond")
TX_ID = Column("tx_id", "text", "hex with 0x")
RATE = Column("target_rate_bp", "bigint", "yearly yield that it aims at, on its sats", unit="basis points")
TERM = (
    Column("first_cycle", "integer", "its first reward cycle"),
    Column("start_height", "bigint", "Bitcoin height at which it begins"),
    Column("unlock_cycle", "integer", "first cycle after its end"),
    Column("unlock_height", "bigint", "first Bitcoin height at which its STX are no longer locked"),
)
ALLOWED = (
    Column("allowed", "bigint", "stakers that may register"),
    Column("capacity_sats", "bigint", "sats that they may register", unit="satoshis"),
    Column("registrations", "bigint", "stakers that registered"),
)
EARLY_EXITS = Column(
    "early_exits", "bigint", "members that withdrew all their sBTC, or announced that their BTC left on Bitcoin"
)
YIELD = (
    Column("distributions", "bigint", "distributions, two a cycle"),
    Column("target_sats", "bigint", "sum of their target yields", unit="satoshis"),
    Column("paid_sats", "bigint", "sum of what they paid", unit="satoshis"),
)
CLAIMED = Column("claimed_sats", "bigint", "settled for stakers, before their signer manager's fee", unit="satoshis")

SUMS = (
    *ALLOWED,
    Column("registered_sats", "bigint", "sats registered, whether sBTC or BTC on Bitcoin", unit="satoshis"),
    Column("l1_sats", "bigint", "of them, BTC on Bitcoin", unit="satoshis"),
    Column("registered_ustx", "bigint", "STX registered", unit="µSTX"),
    Column("withdrawn_sats", "bigint", "sBTC taken out", unit="satoshis"),
    Column("released_sats", "bigint", "BTC of announced early exits on Bitcoin", unit="satoshis"),
    EARLY_EXITS,
    *YIELD,
    CLAIMED,
)

BOND_SUMS = State("bond_changes", ("bond_index",), Sum(), {column.name: column.name for column in SUMS})

# One row a bond, and a bond begins with every second cycle.
TERMS = f"""
    SELECT bond_index, target_rate_bp, {", ".join(column.name for column in TERM)} FROM bond_setups WHERE day <= {{day}}
"""

ROLL_OVERS = (
    "A registration counts in full in its bond, also where it rolls over sats and STX of an ended bond. Nothing is "
    "subtracted from a bond when it ends: the amounts of an ended bond are those that it ended with, and must not be "
    "added to those of running bonds."
)

TABLES = (
    Table(
        name="bond_setups",
        title="Bonds and their terms",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=bonds.bond_setups,
        reads={"blocks": ("block_height",), "pox5_events": ("tx_id", *EVENT)},
        first_day=POX_5_BEGAN,
        method="Bonds and their terms: setup-bond of PoX-5.",
        columns=(
            DAY,
            BOND,
            *PLACE,
            TX_ID,
            RATE,
            Column(
                "stx_value_ratio", "bigint", "price of BTC in STX by which bonds are ranked, as the contract has it"
            ),
            Column(
                "min_ustx_ratio", "bigint", "part of a member's sats that its STX must be worth", unit="basis points"
            ),
            *TERM,
        ),
        key=("day", "bond_index"),
    ),
    Table(
        name="bond_changes",
        title="What happened to each bond per day",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=bonds.bond_changes,
        reads={"pox5_events": ("name", "data")},
        first_day=POX_5_BEGAN,
        method="What the day's events of PoX-5 add to each bond: add-to-allowlist, register-for-bond, unstake-sbtc, "
        "announce-l1-early-exit, bond-distribution, claim-staker-rewards-for-signer.",
        columns=(DAY, BOND, *SUMS),
        key=("day", "bond_index"),
        warnings=(ROLL_OVERS,),
    ),
    Table(
        name="bond_sums",
        title="Current totals of each bond",
        group=Group.STACKING,
        kind=Kind.STATE,
        running_state=BOND_SUMS,
        method="Sum of bond_changes over all built days.",
        columns=(BOND, *SUMS),
        key=("bond_index",),
    ),
    Table(
        name="bond_distributions",
        title="Every payment of rewards to a bond",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=bonds.bond_distributions,
        reads={"blocks": ("block_height",), "pox5_events": ("tx_id", *EVENT)},
        first_day=POX_5_BEGAN,
        method="What each call of calculate-rewards paid to each bond: bond-distribution of PoX-5. The target is sats "
        "x rate / 10,000 / 50; bonds are served in the order of their stx_value_ratio while there are rewards.",
        columns=(
            DAY,
            *PLACE,
            TX_ID,
            BOND,
            *(
                Column(name, kind, meaning, null="if the transaction's calculation is not known")
                for name, kind, meaning in (
                    ("cycle", "integer", "reward cycle that it pays"),
                    ("calculation_height", "bigint", "last Bitcoin height of the half cycle that it pays"),
                )
            ),
            Column("staked_sats", "bigint", "sats of the bond in the cycle, sBTC and BTC on Bitcoin", unit="satoshis"),
            Column("target_sats", "bigint", "target yield of half a cycle", unit="satoshis"),
            Column("paid_sats", "bigint", "paid; at most the target", unit="satoshis"),
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
    ),
    Table(
        name="daily_bonds",
        title="Every bond at the end of each day",
        group=Group.STACKING,
        kind=Kind.FIGURE,
        transform=bonds.daily_bonds,
        end_of_day_states=(EndOfDayState("bond_sums", BOND_SUMS, sums_before("bond_sums", BOND_SUMS)),),
        inputs={"bond_terms": TERMS, "pox": inputs.POX},
        cumulative=EVERY_ROW,
        first_day=POX_5_BEGAN,
        method="Each bond at the end of the day: its terms in bond_setups, and the sums of bond_changes. Bound sats "
        "are the registered ones less those that left early; STX stay bound until the bond ends.",
        columns=(
            DAY,
            BOND,
            Column("status", "text", "open before its start, then running, then ended"),
            RATE,
            *TERM,
            *ALLOWED,
            Column("bound_sats", "bigint", "sBTC and BTC on Bitcoin that are bound", unit="satoshis"),
            Column("bound_l1_sats", "bigint", "of them, BTC on Bitcoin", unit="satoshis"),
            Column("bound_ustx", "bigint", "STX bound", unit="µSTX"),
            EARLY_EXITS,
            Column("exited_sats", "bigint", "sats that left early, in whole or in part", unit="satoshis"),
            *YIELD,
            Column("shortfall_sats", "bigint", "target minus paid", unit="satoshis"),
            CLAIMED,
        ),
        key=("day", "bond_index"),
        warnings=(ROLL_OVERS, PAST_ROWS),
    ),
)

_DISTRIBUTIONS, _BONDS = TABLES[3], TABLES[4]

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
                  AND day > {{day}}::date - 90 AND day <= {{day}}
            ORDER BY bond.calculation_height, bond_index
        """,
        f"{_DISTRIBUTIONS.method} The reserve is that of stacking_distributions. Of the last 90 days.",
        title="Target and realised yield of each bond",
        group=Group.STACKING,
        first_day=POX_5_BEGAN,
        warnings=("A distribution pays for half a cycle; two cycles may have their distributions on one day.",),
    ),
)
