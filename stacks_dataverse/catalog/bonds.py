"""Bonds of PoX-5: STX and BTC bound together for a yield in sBTC."""

from dataclasses import replace

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.catalog.stacking_rewards import POX_5_BEGAN
from stacks_dataverse.caveats import about
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.end_of_day.states import sums_before
from stacks_dataverse.labels import Group
from stacks_dataverse.state import EndOfDayState, State, Sum
from stacks_dataverse.transformers import bonds

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
LEFT = (
    Column("withdrawn_sats", "bigint", "sBTC taken out", unit="satoshis"),
    Column("released_sats", "bigint", "BTC of announced exits on Bitcoin", unit="satoshis"),
)
EXIT = "members that withdrew all their sBTC, or announced that their BTC left on Bitcoin"
EARLY_EXITS = Column("early_exits", "bigint", EXIT)
OF_EXITS = (*LEFT, Column("exits", "bigint", EXIT))
YIELD = (
    Column("distributions", "bigint", "distributions, two a cycle"),
    Column("target_sats", "bigint", "sum of their target yields", unit="satoshis"),
    Column("paid_sats", "bigint", "sum of what they paid", unit="satoshis"),
)
CLAIMED = Column("claimed_sats", "bigint", "settled for stakers, before their signer manager's fee", unit="satoshis")

EXIT_CYCLE = Column("cycle", "integer", "reward cycle in which it left")

SUMS = (
    *ALLOWED,
    Column("registered_sats", "bigint", "sats registered, whether sBTC or BTC on Bitcoin", unit="satoshis"),
    Column("l1_sats", "bigint", "of them, BTC on Bitcoin", unit="satoshis"),
    Column("registered_ustx", "bigint", "STX registered", unit="µSTX"),
    *LEFT,
    EARLY_EXITS,
    *YIELD,
    CLAIMED,
)

BOND_SUMS = State("bond_changes", ("bond_index",), Sum(), {column.name: column.name for column in SUMS})
BOND_EXIT_SUMS = State("bond_exits", ("bond_index", "cycle"), Sum(), {column.name: column.name for column in OF_EXITS})

# One row a bond, and a bond begins with every second cycle.
TERMS = f"""
    SELECT bond_index, target_rate_bp, {", ".join(column.name for column in TERM)} FROM bond_setups WHERE day <= {{day}}
"""

ROLL_OVERS = (
    "A registration counts in full in its bond, also where it rolls over sats and STX of an ended bond. Nothing is "
    "subtracted from a bond when it ends: the amounts of an ended bond are those that it ended with, and must not be "
    "added to those of running bonds."
)
AFTER_THE_END = about(
    "Members take their sBTC out after the bond's end too, by the same call: this is included here, and not in "
    "daily_bonds.",
    *("withdrawn_sats", "released_sats", "early_exits", "exits"),
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
        "announce-l1-early-exit, bond-distribution, claim-staker-rewards-for-signer. A bond that was only set up has a "
        "row of zeros.",
        columns=(DAY, BOND, *SUMS),
        key=("day", "bond_index"),
        warnings=(ROLL_OVERS, AFTER_THE_END),
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
        warnings=(AFTER_THE_END,),
    ),
    Table(
        name="bond_exits",
        title="What left each bond per day and cycle",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=bonds.bond_exits,
        reads={"blocks": (), "pox5_events": ("name", "data")},
        first_day=POX_5_BEGAN,
        method="unstake-sbtc and announce-l1-early-exit of PoX-5, by the reward cycle of the block's Bitcoin height.",
        columns=(DAY, BOND, EXIT_CYCLE, *OF_EXITS),
        key=("day", "bond_index", "cycle"),
        warnings=(AFTER_THE_END,),
    ),
    Table(
        name="bond_exit_sums",
        title="What has left each bond by cycle",
        group=Group.STACKING,
        kind=Kind.STATE,
        running_state=BOND_EXIT_SUMS,
        method="Sum of bond_exits over all built days.",
        columns=(BOND, EXIT_CYCLE, *OF_EXITS),
        key=("bond_index", "cycle"),
        warnings=(AFTER_THE_END,),
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
        end_of_day_states=tuple(
            EndOfDayState(name, state, sums_before(name, state))
            for name, state in (("bond_sums", BOND_SUMS), ("bond_exit_sums", BOND_EXIT_SUMS))
        ),
        inputs={"bond_terms": TERMS, "pox": inputs.POX},
        cumulative=EVERY_ROW,
        first_day=POX_5_BEGAN,
        method="Each bond at the end of the day: its terms in bond_setups, the sums of bond_changes, and of bond_exits "
        "before its end. Bound sats are the registered ones less those that left early, before the cycle in which the "
        "bond ends; STX stay bound until then.",
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
            replace(EARLY_EXITS, meaning=f"{EXIT}, before its end"),
            Column("exited_sats", "bigint", "sats that left early, in whole or in part", unit="satoshis"),
            *YIELD,
            Column("shortfall_sats", "bigint", "target minus paid", unit="satoshis"),
            CLAIMED,
        ),
        key=("day", "bond_index"),
        warnings=(ROLL_OVERS, PAST_ROWS),
    ),
)

OF_CHANGES = """
    SELECT '0' AS expected, count(*)::text AS actual, min('bond ' || bond_index) AS example
    FROM (SELECT bond_index, sum(withdrawn_sats) AS withdrawn, sum(released_sats) AS released, sum(exits) AS exits
          FROM bond_exits WHERE day = {day} GROUP BY bond_index) AS of_cycles
    FULL JOIN (SELECT * FROM bond_changes WHERE day = {day}) AS changes USING (bond_index)
    WHERE (COALESCE(withdrawn, 0), COALESCE(released, 0), COALESCE(exits, 0))
          IS DISTINCT FROM (COALESCE(withdrawn_sats, 0), COALESCE(released_sats, 0), COALESCE(early_exits, 0))
"""

CHECKS = (
    Check(
        name="bond_exits",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="What left each bond on the day is the same in bond_exits, by cycle, as in bond_changes.",
        remedy="Run the day again.",
        query=OF_CHANGES,
    ),
)
