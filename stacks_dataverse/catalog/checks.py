"""What must hold of a day before it is published: reconciliations."""

from collections.abc import Sequence
from functools import partial

from stacks_dataverse import prints
from stacks_dataverse.catalog import check_queries as queries
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT, PLAUSIBLE
from stacks_dataverse.chain import EVENT_TABLES, UNCOUNTED_HEIGHT
from stacks_dataverse.data_check import MADE_AGAIN, Check, Limit, Place, Severity
from stacks_dataverse.dataset import Table
from stacks_dataverse.transformers import checks as of_raw

LAND_AGAIN = (
    "Run the day again; it is landed again from the chain's current blocks. If the check fails again, rows are "
    "missing in the source."
)
BUILD_AGAIN = "Run the day again."

TIP_EXEMPT = (
    "Compared only on a day that contains the source's tip (archives and unsettled days) and whose history is "
    "complete; not while transactions are in microblocks beyond the tip, which the API counts already; not where "
    "the API version has no such table."
)

EVENTS = dict.fromkeys(EVENT_TABLES, ("tx_id",))

AT_LANDING = "A day that fails is not landed. Landing is retried, because tables of a replica may be out of step."

TRANSACTIONS_OF_BLOCKS = Check(
    name="transactions_of_blocks",
    kind=Severity.ERROR,
    place=Place.RAW,
    function=of_raw.transactions_of_blocks,
    reads={"blocks": ("block_height", "tx_count"), "txs": ("tx_id",)},
    method="The transaction count of each block equals the number of canonical transactions landed with it. "
    + AT_LANDING,
    remedy=LAND_AGAIN,
    limits={
        "above_height": Limit(
            UNCOUNTED_HEIGHT,
            "The API moves block 0's transactions to block 1 and leaves them out of the counts of both.",
        )
    },
)
EVENTS_OF_TRANSACTIONS = Check(
    name="events_of_transactions",
    kind=Severity.ERROR,
    place=Place.RAW,
    function=of_raw.events_of_transactions,
    reads={"txs": ("tx_id", "event_count"), **EVENTS},
    method="The event count of each canonical transaction equals the number of events of every kind landed with it. "
    + AT_LANDING,
    remedy=LAND_AGAIN,
)
EVENTS_OF_TRANSFERS = Check(
    name="events_of_transfers",
    kind=Severity.ERROR,
    place=Place.RAW,
    function=of_raw.events_of_transfers,
    reads={"txs": ("tx_id", "type_id", "event_count"), "stx_events": ("tx_id",)},
    method="The event count of each token transfer equals the number of STX events landed with it; it has no other "
    "events.",
    remedy=LAND_AGAIN,
)

# The checks that a day must pass before it counts as landed; and a tip snapshot, which lands no contract logs.
OF_LANDING = (TRANSACTIONS_OF_BLOCKS, EVENTS_OF_TRANSACTIONS)
OF_TIP_SNAPSHOTS = (TRANSACTIONS_OF_BLOCKS, EVENTS_OF_TRANSFERS)

# Of a loaded day, chosen at random once a week. A failure holds nothing back: what it finds is public already.
AUDIT = Check(
    name=MADE_AGAIN,
    kind=Severity.ERROR,
    place=Place.ALL,
    method="The rows of the day are those that the code makes of its raw files now, and the values of its dated public "
    "files are those of the warehouse. The task audit_day of stacks_weekly makes a loaded day again in memory, chosen "
    "at random, and compares each row. Tables of an older version of the code, or not built, are not compared, nor "
    "files that show what becomes known later, such as prices.",
    remedy="The check names the rows and files that differ. Find out why: a change by hand, in the warehouse or the "
    "bucket; a damaged disk; a new version of a library that computes otherwise. Then trigger stacks_backfill for the "
    "day with force and, as tables, those that the check names: it makes and publishes them again. Audit the day "
    "again: trigger stacks_weekly with the Param day.",
)

OF_RAW = (
    Check(
        name="heights_of_blocks",
        kind=Severity.ERROR,
        place=Place.RAW,
        function=of_raw.heights_of_blocks,
        reads={"blocks": ("block_height",)},
        method="No two canonical blocks of the day share a height.",
        remedy="The source marks both sides of a fork as canonical. Wait until the source resolves the fork, or "
        "repair the source; then run the day again.",
    ),
    Check(
        name="parents_of_blocks",
        kind=Severity.ERROR,
        place=Place.RAW,
        function=of_raw.parents_of_blocks,
        reads={"blocks": ("parent_index_block_hash", "block_height")},
        method="The parent of each canonical block is the canonical block one height below.",
        remedy="The source's canonical chain is broken at that height. Wait until the source resolves the fork, or "
        "repair the source; then run the day again.",
        exemptions=(
            "Block 1: its parent, block 0, is never canonical.",
            "The lowest block in the warehouse, and blocks whose parent is in another day.",
        ),
    ),
    TRANSACTIONS_OF_BLOCKS,
    EVENTS_OF_TRANSACTIONS,
    Check(
        name="transactions_of_events",
        kind=Severity.ERROR,
        place=Place.RAW,
        function=of_raw.transactions_of_events,
        reads={"txs": ("tx_id",), **EVENTS},
        method="Each canonical event belongs to a landed transaction.",
        remedy=LAND_AGAIN,
    ),
)

OF_FACTS = (
    Check(
        name="landed_blocks",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="The day was built from its present raw files.",
        remedy=f"The day was landed again after the build. {BUILD_AGAIN}",
        query=queries.LANDED_BLOCKS,
    ),
    Check(
        name="balance_changes",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Sum of the day's stx_balance_changes = change of the supply − fees paid + fees in matured rewards.",
        remedy=BUILD_AGAIN,
        query=queries.BALANCE_CHANGES,
    ),
    Check(
        name="tenures_of_blocks",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="daily_blocks has as many tenures as the table tenures, and as many transactions as daily_transactions.",
        remedy=BUILD_AGAIN,
        query=queries.TENURES_OF_BLOCKS,
    ),
    Check(
        name="earlier_days",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="No earlier day failed its checks; balances and other cumulative figures of this day depend on earlier "
        "days.",
        remedy="Fix the earlier day first, then run this day again.",
        query=queries.EARLIER_DAYS,
    ),
)

OF_FIGURES = (
    Check(
        name="balances_in_total",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Sum of stx_balances at the end of the day = supply − all fees paid + all fees in matured rewards.",
        remedy="Run the first day on which this check failed again. If it fails again, a balance differs from the "
        "sum of its ledger: rebuild the balances as the runbook describes.",
        query=queries.BALANCES_IN_TOTAL,
        exemptions=(FIGURES_EXEMPT,),
    ),
    Check(
        name="mined",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Tenures, coinbases and fees of daily_mining, and fees of daily_miners, are those of the day's tenures; "
        "fees of daily_miners without those of tenures whose miner is not known.",
        remedy=BUILD_AGAIN,
        query=queries.MINED,
        exemptions=(FIGURES_EXEMPT, "A day on which no tenure began."),
    ),
    Check(
        name="missing_history",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="All days from the chain's first block up to this day are built.",
        remedy="Trigger stacks_backfill with the command in brackets. Until then, figures that need the whole "
        "history are null.",
        query=queries.MISSING_HISTORY,
        exemptions=(FIGURES_EXEMPT, "Skipped for a day without blocks that is not settled: it may be past the tip."),
    ),
    *(
        Check(
            name=name,
            kind=Severity.WARNING,
            place=Place.WAREHOUSE,
            method=method,
            remedy="An earlier day was built from another fork, which can happen within hours of a fork. Run the "
            "days since the fork again. If the difference remains, compare addresses with the API's table.",
            query=queries.compare_with_tip(*arguments),
            exemptions=(TIP_EXEMPT, FIGURES_EXEMPT),
        )
        for name, method, arguments in (
            (
                "balances_at_the_tip",
                "Sum of balances at the end of the day = the sum in the API's table ft_balances for the token stx.",
                ("tip_balances_ustx", "daily_balance_totals", "balances_ustx"),
            ),
            (
                "supply_at_the_tip",
                "Supply at the end of the day = the supply in the API's table chain_tip.",
                ("tip_supply_ustx", "daily_balances", "supply_ustx"),
            ),
            (
                "tokens_at_the_tip",
                "Tokens with an owner at the end of the day = tokens in the API's table nft_custody.",
                ("tip_tokens", "daily_nft_totals", "tokens"),
            ),
        )
    ),
)


def checks(tables: Sequence[Table]) -> tuple[Check, ...]:
    """Every check of a warehouse with these tables, in the order in which they are run and shown."""
    unbuilt = Check(
        name="unbuilt_days",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="No table has rows of a day that is not built.",
        remedy="The table was edited by hand, or the day was removed from built_days. Delete these rows, or build "
        "their day.",
        query=queries.unbuilt_days(tables),
    )
    return (*OF_RAW, *_of_prints(tables), *OF_FACTS, unbuilt, *OF_FIGURES, *PLAUSIBLE)


def _of_prints(tables: Sequence[Table]) -> tuple[Check, ...]:
    kinds = tuple(kind for table in tables for kind in table.prints)
    check = Check(
        name="prints_as_declared",
        kind=Severity.WARNING,
        place=Place.RAW,
        function=partial(of_raw.prints_as_declared, kinds=kinds),
        reads=prints.READS,
        method="Each canonical print that a table reads has the keys that the catalogue declares of its kind, of their "
        "types; a print that has not is left out of the table.",
        remedy="Compare the contract's source with the kind that is declared for it: a key that may be none, or a "
        "number over 64 bits, has a type of its own. Then build the day again.",
    )
    return (check,) if kinds else ()
