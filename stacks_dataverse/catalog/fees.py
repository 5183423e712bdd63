"""What transactions pay, what failed ones lose, and how long the mempool lets them wait."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.v1 import LAST_90_DAYS, NOT_LOADED, rows_object
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.dataset import Column, Kind, Schedule, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import fees, tip
from stacks_dataverse.transformers.fees import FEE_PERCENTILES, PER_BYTE_PERCENTILES
from stacks_dataverse.units import SHARE, USTX_PER_BYTE

NEAREST_RANK = (
    "A percentile is exact, by nearest rank: the lowest value that at least so many percent of the transactions do "
    "not exceed."
)
RECEIVED = "above 24 hours"
MINED_UNSEEN = "A transaction that was first seen in a block was never received, and is not counted."
TX_TYPE = Column("tx_type", "text", "token_transfer, smart_contract, contract_call")

TABLES = (
    Table(
        name="daily_fees",
        title="Transaction fees by type and day",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=fees.daily_fees,
        reads={"txs": ("type_id", "fee_rate", "raw_tx")},
        method="Fees of canonical transactions that users sent, successful or failed, by type; and fees per byte of "
        f"the serialised transaction. {NEAREST_RANK}",
        columns=(
            DAY,
            TX_TYPE,
            Column("tx_count", "bigint", "transactions"),
            Column("fee_ustx", "bigint", "fees they paid", unit="µSTX"),
            Column("size_bytes", "bigint", "their size", unit="bytes"),
            *(
                Column(f"fee_p{p}_ustx", "bigint", f"percentile {p} of their fees", unit="µSTX")
                for p in FEE_PERCENTILES
            ),
            *(
                Column(
                    f"fee_per_byte_p{p}_ustx",
                    "double precision",
                    f"percentile {p} of their fees per byte",
                    unit=USTX_PER_BYTE,
                    null="if the source has no bytes of any",
                )
                for p in PER_BYTE_PERCENTILES
            ),
        ),
        key=("day", "tx_type"),
        warnings=(
            of_rows("A type without a transaction on the day has no row."),
            "A sponsored transaction pays its fee from the sponsor's account.",
        ),
    ),
    Table(
        name="mempool_ages",
        title="Mempool transactions by waiting time",
        group=Group.NETWORK,
        kind=Kind.SNAPSHOT,
        transform=tip.mempool_ages,
        reads={"blocks": (), "mempool_txs": ("status", "fee_rate", "receipt_time")},
        rows="SELECT * FROM tip_mempool_ages",
        method="Transactions of the mempool by the time since the API received them: those that wait, as in "
        "mempool_snapshots, and of the last 24 hours all that were received, with those that one with a higher fee "
        "replaced since. Ages count back from the newest time in the snapshot: of its tip, or of a receipt.",
        columns=(
            Column("taken_at", "timestamptz", "when the source was read"),
            Column(
                "min_age_seconds",
                "integer",
                f"where the band of ages begins, and the one before ends: {', '.join(map(str, tip.AGE_BANDS))}",
            ),
            Column("received_count", "bigint", "transactions received, whatever became of them", null=RECEIVED),
            Column(
                "replaced_count",
                "bigint",
                "of them, those that were replaced by fee; by another fork does not count",
                null=RECEIVED,
            ),
            Column("waiting_count", "bigint", "transactions that wait"),
            Column("fee_p50_ustx", "bigint", "their median fee, by nearest rank", unit="µSTX", null="for none"),
        ),
        key=("taken_at", "min_age_seconds"),
        warnings=(MINED_UNSEEN,),
    ),
)

OBJECTS = (
    rows_object(
        "fees",
        TABLES[0].columns,
        f"""
            SELECT {", ".join(TABLES[0].fields)} FROM daily_fees
            WHERE {LAST_90_DAYS} ORDER BY day, tx_type COLLATE "C"
        """,
        f"{TABLES[0].method} The last 90 days.",
        title="Transaction fees: totals and percentiles per day",
        group=Group.NETWORK,
        warnings=(NOT_LOADED, *TABLES[0].warnings),
    ),
    rows_object(
        "failed_transactions",
        (
            DAY,
            Column("tx_type", "text", "as named by the Stacks API"),
            Column("tx_status", "text", "abort_by_response, abort_by_post_condition, problematic_skipped"),
            Column("tx_count", "bigint", "transactions that failed so"),
            Column("fee_ustx", "bigint", "fees they paid all the same", unit="µSTX"),
            Column("tx_share", "double precision", "their share of the day's transactions of the type", unit=SHARE),
        ),
        f"""
            SELECT day, tx_type, tx_status, tx_count, fee_ustx, tx_share
            FROM (SELECT *, (tx_count / sum(tx_count) OVER (PARTITION BY day, tx_type))::double precision AS tx_share
                  FROM daily_transactions WHERE {LAST_90_DAYS}) AS shared
            WHERE tx_status <> 'success' ORDER BY day, tx_type COLLATE "C", tx_status COLLATE "C"
        """,
        "Canonical transactions that failed and the fees they lost, by type and cause, of the last 90 days: aborted by "
        "the contract's response, aborted by a post-condition, or skipped as problematic.",
        title="Transactions that failed, and the fees they lost",
        group=Group.NETWORK,
        warnings=(NOT_LOADED, "A type and cause without a failure on the day has no row."),
    ),
    rows_object(
        "mempool_waiting",
        TABLES[1].columns[1:],
        f"""
            SELECT {", ".join(column.name for column in TABLES[1].columns[1:])}
            FROM tip_mempool_ages ORDER BY min_age_seconds
        """,
        TABLES[1].method,
        title="Pending transactions by waiting time",
        group=Group.NETWORK,
        schedule=Schedule.HALF_HOURLY,
        as_of="SELECT {taken_at}::timestamptz",
        warnings=TABLES[1].warnings,
    ),
    rows_object(
        "mempool_replacements",
        (
            TABLES[1].columns[0],
            Column("waiting_count", "bigint", "transactions that wait"),
            Column("received_count", "bigint", "transactions received in the 24 hours before"),
            Column("replaced_count", "bigint", "of them, those that were replaced by fee until then"),
            Column(
                "replaced_share",
                "double precision",
                "share of the received that were replaced by fee",
                unit=SHARE,
                null="if none was received",
            ),
        ),
        """
            SELECT taken_at, sum(waiting_count)::bigint AS waiting_count,
                   sum(received_count)::bigint AS received_count, sum(replaced_count)::bigint AS replaced_count,
                   (sum(replaced_count) / nullif(sum(received_count), 0))::double precision AS replaced_share
            FROM mempool_ages
            WHERE taken_at > {taken_at}::timestamptz - interval '7 days' AND taken_at <= {taken_at}
            GROUP BY taken_at ORDER BY taken_at
        """,
        "Transactions replaced by fee, of those received in the 24 hours before each tip snapshot of the last 7 days.",
        title="Transactions replaced by a higher fee",
        group=Group.NETWORK,
        schedule=Schedule.HALF_HOURLY,
        as_of="SELECT {taken_at}::timestamptz",
        warnings=TABLES[1].warnings,
    ),
)
