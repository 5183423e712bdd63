"""What should hold of a day, and is published all the same when it does not: warnings."""

from decimal import Decimal

from stacks_dataverse.catalog import check_queries as queries
from stacks_dataverse.quality import Allowed, Check, Limit, Place, Severity

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
    "Wide on purpose: a busy or a quiet day stays inside, half a day that is missing may too. An upgrade of the "
    "network, such as Nakamoto's quick blocks, does not, for a week.",
)

PLAUSIBLE = (
    Check(
        name="negative_balances",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="No address whose balance the day changed has less than nothing now.",
        remedy="The source lacks events of the address: compare its balance with a node's.",
        query=queries.NEGATIVE_BALANCES,
        exemptions=(GENESIS_EXEMPT,),
    ),
    Check(
        name="day_without_blocks",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="A settled day that follows a day with many blocks has at least one.",
        remedy="Compare with an explorer: the network stood still, or the source skipped the day.",
        query=queries.DAY_WITHOUT_BLOCKS,
        allowed=Allowed(Decimal(1), None, "A chain that made many blocks yesterday makes one today."),
        limits={"many": MANY},
    ),
    *(
        Check(
            name=f"{what}_near_median",
            kind=Severity.WARNING,
            place=Place.WAREHOUSE,
            method=f"A settled day has about as many {what} as the median of the built days before it.",
            remedy="Compare with an explorer. If the source held less than the chain when the day was landed, run the "
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
        method="The supply at the end of the day is at least that of the last built day before, less what was burned.",
        remedy="Look at stx_supply_changes of both days, and run again the one that differs from a node's supply.",
        query=queries.SUPPLY,
        allowed=Allowed(Decimal(1), None, "Nothing but burning takes STX away."),
        exemptions=(FIGURES_EXEMPT,),
    ),
    Check(
        name="stacked",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="No more STX are locked at the end of the day than there are.",
        remedy="Look for the largest rows in stx_locks that still run, and compare them with a node's accounts.",
        query=queries.STACKED,
        allowed=Allowed(None, Decimal(1), "Only STX that exist can be locked."),
        exemptions=(GENESIS_EXEMPT, FIGURES_EXEMPT),
    ),
    Check(
        name="reward_set",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="STX locked at the block that wrote a reward set, bonds included, are about as many as those in the set "
        "or more, and not many more.",
        remedy="Look at stx_locks: a lock that the set counts is missing, or one that ended still runs.",
        query=queries.REWARD_SET,
        allowed=Allowed(
            Decimal("0.9"),
            Decimal(2),
            "By design the set leaves out amounts below the threshold, pools without a commitment, bonds that have not "
            "begun and locks that end with the running cycle; on every chain tried so far these came to less than half "
            "of all locks. Fewer are locked only where stakes rolled over into smaller bonds: that frees STX at once, "
            "and sets count them for up to two cycles more. A tenth is room for that, and less than a lost source.",
        ),
        exemptions=("Sets without STX, as a network's first cycles have.", PAST_EXEMPT),
    ),
    Check(
        name="distribution_split",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="What each of the day's stacking_distributions gives bonds, stakers and the reserve is what came in.",
        remedy="Look at the event calculate-rewards in pox5_events. If it says the same, the contract of this network "
        "splits in another way than mainnet's.",
        query=queries.DISTRIBUTION_SPLIT,
        exemptions=("Days without a distribution.",),
    ),
    Check(
        name="reserve_balance",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="The reserve after a distribution is that after the one before, and the new share.",
        remedy="A distribution between is missing: build the days before this one. Where none is missing, a hard fork "
        "has spent from the reserve, as nothing else can.",
        query=queries.RESERVE_BALANCE,
        exemptions=("The first distribution held, and days without one.",),
    ),
)
