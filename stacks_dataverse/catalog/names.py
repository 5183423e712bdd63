"""Names of BNS, the naming system of Stacks, in both versions of its contract."""

from stacks_dataverse.catalog.check_queries import FIGURES_MADE, PAST_IS_WHOLE
from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT
from stacks_dataverse.catalog.v1 import UP_TO_THE_DAY, rows_object
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day.states import sums_before
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.labels import Group
from stacks_dataverse.prints import READS
from stacks_dataverse.state import EndOfDayState, State, Sum
from stacks_dataverse.transformers import names

VERSION = Column("bns_version", "integer", "1: the contract bns; 2: BNS-V2, which took the names over")
NAMESPACE = Column("namespace", "text", "what follows the dot; empty if no print of the transaction tells it")
NAMESPACES = State("name_events", ("bns_version", "namespace"), Sum(), {"names": "change"})

COUNTS = "SELECT bns_version, namespace, kind, count(*) AS events FROM name_events WHERE day = {day} GROUP BY 1, 2, 3"

METHOD = (
    "Moves of a name's token and prints of its contract. A registration mints a name, or is printed as one: an expired "
    "name of version 1 moves to its new owner. An airdrop of version 2 gives a name to its owner of version 1. "
)
WARNINGS = (
    "A renewal that prints nothing is not counted: of version 2 by the owner after the grace period, of version 1 "
    "without a zone file.",
    "A registration of version 2 over a fast claim mints nothing and is counted as a transfer.",
    "Names that have expired count until they are burned: expiry is a rule of the contract, and no event.",
)
ACTIVITY = (
    Column("registrations", "bigint", "names registered, imports among them"),
    Column("airdrops", "bigint", "names of version 1 given to their owners in version 2"),
    Column("renewals", "bigint", "renewals printed"),
    Column("transfers", "bigint", "names that changed hands, sales among them"),
    Column("burns", "bigint", "names burned"),
    Column("names", "bigint", "names that there are at the end of the day: mints − burns up to it"),
)

TABLES = (
    Table(
        name="name_events",
        title="Every registration, transfer and renewal of a name",
        group=Group.NAMES,
        kind=Kind.FACT,
        transform=names.name_events,
        reads={
            **READS,
            "nft_events": (
                *("tx_id", "microblock_sequence", "tx_index", "event_index"),
                *("asset_event_type_id", "asset_identifier", "value"),
            ),
        },
        prints=(*names.V1_PRINTS, *names.V2_PRINTS),
        method=METHOD + "The name of a token of version 2 is that in the print of its transaction.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            VERSION,
            Column("kind", "text", "registration, airdrop, renewal, transfer or burn"),
            Column("name", "text", "name.namespace; 0x and hex where it is no ASCII", null="if no print tells it"),
            NAMESPACE,
            Column("token_id", "text", "the token's id in Clarity's notation", null="for a renewal"),
            Column("change", "integer", "what it added to the names there are: 1, 0 or -1"),
        ),
        key=("day", *EVENT_ORDER),
        warnings=WARNINGS,
    ),
    Table(
        name="bns_namespaces",
        title="Current number of names by namespace",
        group=Group.NAMES,
        kind=Kind.STATE,
        running_state=NAMESPACES,
        method="Sum of change in name_events by namespace.",
        columns=(VERSION, NAMESPACE, Column("names", "bigint", "names that there are")),
        key=("bns_version", "namespace"),
    ),
    Table(
        name="daily_names",
        title="Name registrations and transfers by namespace and day",
        group=Group.NAMES,
        kind=Kind.FIGURE,
        transform=names.daily_names,
        end_of_day_states=(EndOfDayState("names_held", NAMESPACES, sums_before("bns_namespaces", NAMESPACES)),),
        inputs={"name_counts": COUNTS},
        cumulative=EVERY_ROW,
        method=METHOD + "A row for every namespace that has had a name.",
        columns=(DAY, VERSION, NAMESPACE, *ACTIVITY),
        key=("day", "bns_version", "namespace"),
        warnings=(*WARNINGS, PAST_ROWS),
    ),
)

SALES = (
    Column("sales", "bigint", "names sold for STX, as nft_sales defines it"),
    Column("sales_ustx", "bigint", "their prices", unit="µSTX"),
)
DAYS = 30
# A sale's transaction may move the name more than once.
SOLD = """
    SELECT day, bns_version, namespace, count(*) AS sales, sum(price_ustx)::bigint AS sales_ustx
    FROM nft_sales JOIN (
        SELECT DISTINCT day, bns_version, namespace, tx_id, token_id FROM name_events WHERE {days} AND kind = 'transfer'
    ) AS moved USING (day, tx_id, token_id)
    WHERE {days} AND asset_identifier IN ({assets})
    GROUP BY day, bns_version, namespace
"""
ASSETS = ", ".join(f"'{asset}'" for asset in names.VERSIONS)


# What the day added to the names of both versions: by moves of their tokens, and by the figure.
NAMES_IN_TOTAL = f"""
    SELECT COALESCE(sum(mints - burns), 0)::text AS expected,
           ((SELECT COALESCE(sum(names), 0) FROM daily_names WHERE day = {{day}})
            - (SELECT COALESCE(sum(names), 0) FROM daily_names
               WHERE day = (SELECT max(day) FROM daily_names WHERE day < {{day}})))::text AS actual
    FROM daily_nft_activity WHERE day = {{day}} AND asset_identifier IN ({ASSETS})
    HAVING {FIGURES_MADE} AND {PAST_IS_WHOLE}
"""

CHECKS = (
    Check(
        name="names_in_total",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Names of all namespaces in daily_names, less those at the end of the day before, = mints − burns of "
        "the day in daily_nft_activity, of both versions together.",
        remedy="Run the day again. If it fails again, an earlier day was built from another fork: run the first day on "
        "which this check failed again, then those after it.",
        query=NAMES_IN_TOTAL,
        exemptions=(FIGURES_EXEMPT, "Not compared if history is missing."),
    ),
)


def _rows(days: str, columns: str, group: str = "") -> str:
    return f"""
        SELECT {columns}
        FROM daily_names LEFT JOIN ({SOLD.replace("{days}", days).replace("{assets}", ASSETS)}) AS sold
            USING (day, bns_version, namespace)
        WHERE {days} {group}
    """


SUMS = ", ".join(f"sum({column.name})::bigint AS {column.name}" for column in ACTIVITY)
LAST_DAYS = f"day > {{day}}::date - {DAYS} AND {UP_TO_THE_DAY}"
SOLD_COLUMNS = "COALESCE(sales, 0) AS sales, COALESCE(sales_ustx, 0) AS sales_ustx"

OBJECTS = (
    rows_object(
        "names",
        (DAY, VERSION, *ACTIVITY, *SALES),
        _rows(
            LAST_DAYS,
            f"day, bns_version, {SUMS}, COALESCE(sum(sales), 0)::bigint AS sales, "
            "COALESCE(sum(sales_ustx), 0)::bigint AS sales_ustx",
            "GROUP BY day, bns_version ORDER BY day, bns_version",
        ),
        f"{METHOD}The last {DAYS} days, a row for each version of the contract.",
        title="Name registrations and transfers per day",
        group=Group.NAMES,
        warnings=(*WARNINGS, PAST_ROWS),
    ),
    rows_object(
        "names_by_namespace",
        (VERSION, NAMESPACE, *ACTIVITY, *SALES),
        _rows(
            "day = {day}",
            f"bns_version, namespace, {', '.join(column.name for column in ACTIVITY)}, {SOLD_COLUMNS}",
            'ORDER BY names DESC, bns_version, namespace COLLATE "C"',
        ),
        f"{METHOD}Of the day, a row for each version and namespace, those with most names first.",
        title="Names in each namespace",
        group=Group.NAMES,
        is_dated=True,
        warnings=(*WARNINGS, PAST_ROWS),
    ),
)
