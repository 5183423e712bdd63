"""What should hold of a day, and is published all the same when it does not: warnings."""

from decimal import Decimal

from stacks_dataverse.catalog import check_queries as queries
from stacks_dataverse.data_check import Allowed, Check, Limit, Place, Severity

PAST_EXEMPT = (
    "Not compared where a day of the chain is missing before this one: the warehouse then holds no more than what came "
    "later."
)
GENESIS_EXEMPT = f"{PAST_EXEMPT} Nor where the first built day mints nothing, as in a network for tests."
FIGURES_EXEMPT = "Not compared while the end-of-day figures are still to be made, as in a backfill."

MANY = Limit(10, "A young or a test network makes fewer blocks, and none on some days.")
MEDIAN = {
    "days": Limit(14, "Two weeks hold two of each weekday, and forget an upgrade of the network soon."),
    "known": Limit(7, "The median of fewer days says little."),
    "many": MANY,
}
NEAR_MEDIAN = Allowed(
    Decimal("0.2"),
    Decimal(5),
    "Wide on purpose: busy and quiet days are inside, and possibly a day of which half is missing. A network "
    "upgrade, such as Nakamoto's fast blocks, is outside for a week.",
)

PLAUSIBLE = (
    Check(
        name="negative_balances",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="No address whose balance changed on the day has a negative balance now.",
        remedy="Events of the address are missing in the source. Compare its balance with a node's.",
        query=queries.NEGATIVE_BALANCES,
        exemptions=(GENESIS_EXEMPT,),
    ),
    Check(
        name="day_without_blocks",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="A settled day after a day with many blocks has at least one block.",
        remedy="Compare with a block explorer: either the network had no blocks, or the source skipped the day.",
        query=queries.DAY_WITHOUT_BLOCKS,
        allowed=Allowed(Decimal(1), None, "A chain that produced many blocks yesterday produces one today."),
        limits={"many": MANY},
    ),
    *(
        Check(
            name=f"{what}_near_median",
            kind=Severity.WARNING,
            place=Place.WAREHOUSE,
            method=f"A settled day has about as many {what} as the median of the built days before it.",
            remedy="Compare with a block explorer. If the source was incomplete when the day was landed, run the "
            "day again.",
            query=queries.near_median(column),
            allowed=NEAR_MEDIAN,
            limits=MEDIAN,
        )
        for what, column in (("blocks", "block_count"), ("transactions", "tx_count"))
    ),
    Check(
        name="supply",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="The supply at the end of the day is at least that of the last built day before, minus burned STX.",
        remedy="Compare stx_supply_changes of both days with a node's supply, and run the day that differs again.",
        query=queries.SUPPLY,
        allowed=Allowed(Decimal(1), None, "Only burning reduces the supply."),
        exemptions=(FIGURES_EXEMPT,),
    ),
    Check(
        name="stacked",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Locked STX at the end of the day do not exceed the supply.",
        remedy="Compare the largest active rows of stx_locks with a node's accounts.",
        query=queries.STACKED,
        allowed=Allowed(None, Decimal(1), "Only STX that exist can be locked."),
        exemptions=(GENESIS_EXEMPT, FIGURES_EXEMPT),
    ),
    Check(
        name="reward_set",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="STX locked at the block that wrote a reward set, bonds included, are about equal to the STX in the "
        "set or more, but not many times more.",
        remedy="Check stx_locks: either a lock that the set counts is missing, or a lock that ended is still active.",
        query=queries.REWARD_SET,
        allowed=Allowed(
            Decimal("0.9"),
            Decimal(2),
            "By design the set excludes amounts below the threshold, pools without a commitment, bonds that have "
            "not begun and locks that end with the running cycle; on all chains tested these were less than half "
            "of all locks. Locked STX are less than the set only where stakes rolled over into smaller bonds: that "
            "frees STX at once, and sets count them for up to two more cycles. A tenth allows for that and still "
            "detects a lost source.",
        ),
        exemptions=("Sets without STX, such as a network's first cycles.", PAST_EXEMPT),
    ),
    Check(
        name="distribution_split",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="In each of the day's stacking_distributions the shares of bonds, stakers and reserve add up to the "
        "received amount.",
        remedy="Compare with the event calculate-rewards in pox5_events. If the event has the same values, this "
        "network's contract splits rewards differently from mainnet's.",
        query=queries.DISTRIBUTION_SPLIT,
        exemptions=("Days without a distribution.",),
    ),
    Check(
        name="reserve_balance",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="The reserve after a distribution = the reserve after the previous one + its new share.",
        remedy="A distribution in between is missing: build the earlier days. If none is missing, a hard fork has "
        "spent from the reserve.",
        query=queries.RESERVE_BALANCE,
        exemptions=("The first distribution in the warehouse, and days without one.",),
    ),
    Check(
        name="signers_of_sets",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="For each reward set of the day, cycle_signers has as many signers as reward_cycles says, with the same "
        "STX in all.",
        remedy="Rows of pox_sets are missing in the source, or doubled. Compare them with pox_cycles.",
        query=queries.SIGNERS_OF_SETS,
        exemptions=("Days without a reward set.",),
    ),
    Check(
        name="bond_yields",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="What the day's distributions paid to single bonds (bond_distributions) adds up to what they had for "
        "bonds (stacking_distributions).",
        remedy="Compare the events bond-distribution and calculate-rewards of the day in pox5_events: one is missing.",
        query=queries.BOND_YIELDS,
        exemptions=("Days without a distribution.",),
    ),
)
