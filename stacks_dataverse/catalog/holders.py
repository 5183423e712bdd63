"""Holders of STX: by size, and the largest."""

from stacks_dataverse.catalog.fields import DAY, PAST, PAST_IS_KNOWN, PAST_ROWS
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT, GENESIS_EXEMPT
from stacks_dataverse.catalog.user_check_queries import HOLDERS_IN_TOTAL
from stacks_dataverse.catalog.v1 import rows_object
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import states
from stacks_dataverse.labels import Group
from stacks_dataverse.seeds import PRINCIPAL_LABELS, PROTOCOLS
from stacks_dataverse.transformers import holders
from stacks_dataverse.units import SHARE

HOLDER_KIND = Column("holder_kind", "text", "account or contract")
BALANCE = Column("balance_ustx", "bigint", "what they hold together", unit="µSTX")
BANDS = (
    HOLDER_KIND,
    Column("from_stx", "bigint", "lower edge of the band, a power of ten; 0 is below one STX", unit="STX"),
    Column("holders", "bigint", "principals in it"),
    BALANCE,
)
DECILES = (
    HOLDER_KIND,
    Column("decile", "smallint", "1, the smallest balances, to 10, the largest"),
    Column("holders", "bigint", "principals in it"),
    Column("from_ustx", "bigint", "smallest balance in it", unit="µSTX"),
    Column("to_ustx", "bigint", "largest balance in it", unit="µSTX"),
    BALANCE,
)
LARGEST = (
    Column("rank", "smallint", "1 is the largest; of equal balances the address decides"),
    Column("address", "text", "principal"),
    Column("balance_ustx", "bigint", "balance", unit="µSTX"),
)
HELD = "Principals with a positive balance at the end of the day; STX that are locked are part of a balance."
SHARE_OF_KIND = Column("share", "double precision", "of all STX that holders of the kind hold", unit=SHARE)
NOT_ALL_THERE = "Fewer than ten holders of a kind make fewer deciles. If ten do not divide them, lower ones have more."
CUSTODY = "One principal may hold for many, as exchanges and pools do, and one owner may have many principals."

TABLES = (
    Table(
        name="stx_holder_bands",
        title="STX holders by size of balance and day",
        group=Group.BALANCES,
        kind=Kind.FIGURE,
        transform=holders.stx_holder_bands,
        end_of_day_states=(states.BALANCES,),
        cumulative=EVERY_ROW,
        method=f"{HELD} By powers of ten of STX.",
        columns=(DAY, *BANDS),
        key=("day", "holder_kind", "from_stx"),
        warnings=(of_rows("A band without holders has no row."), PAST_ROWS),
    ),
    Table(
        name="stx_holder_deciles",
        title="STX holders in ten equal groups, per day",
        group=Group.BALANCES,
        kind=Kind.FIGURE,
        transform=holders.stx_holder_deciles,
        end_of_day_states=(states.BALANCES,),
        cumulative=EVERY_ROW,
        method=f"{HELD} In ten groups of equal number by balance.",
        columns=(DAY, *DECILES),
        key=("day", "holder_kind", "decile"),
        warnings=(NOT_ALL_THERE, PAST_ROWS),
    ),
    Table(
        name="top_stx_holders",
        title="The 100 largest holders of STX, per day",
        group=Group.BALANCES,
        kind=Kind.FIGURE,
        transform=holders.top_stx_holders,
        end_of_day_states=(states.BALANCES,),
        cumulative=EVERY_ROW,
        method=f"{HELD} The {holders.TOP} largest.",
        columns=(DAY, *LARGEST),
        key=("day", "rank"),
        warnings=(CUSTODY, PAST_ROWS),
    ),
)


def _of_kinds(table: str, columns: tuple[Column, ...], order: str) -> str:
    return f"""
        SELECT {", ".join(column.name for column in columns)},
               (balance_ustx / sum(balance_ustx) OVER (PARTITION BY holder_kind))::double precision AS share
        FROM {table} WHERE day = {{day}} ORDER BY holder_kind COLLATE "C", {order}
    """


OBJECTS = (
    rows_object(
        "stx_holdings_by_band",
        (*BANDS, SHARE_OF_KIND),
        _of_kinds("stx_holder_bands", BANDS, "from_stx"),
        TABLES[0].method,
        title="Holders of STX by size",
        group=Group.BALANCES,
        is_dated=True,
        known=PAST_IS_KNOWN,
        warnings=(CUSTODY, PAST, TABLES[0].warnings[0]),
    ),
    rows_object(
        "stx_holdings_by_decile",
        (*DECILES, SHARE_OF_KIND),
        _of_kinds("stx_holder_deciles", DECILES, "decile"),
        TABLES[1].method,
        title="Holders of STX in ten equal groups",
        group=Group.BALANCES,
        is_dated=True,
        known=PAST_IS_KNOWN,
        warnings=(CUSTODY, PAST, TABLES[1].warnings[0]),
    ),
    rows_object(
        "largest_stx_holders",
        (
            *LARGEST,
            Column("share", "double precision", "of the supply", unit=SHARE, null="without a supply"),
            Column("label", "text", "who the principal is, or whose contract", null="if that is not known"),
            Column("category", "text", "exchange, protocol, network or other", null="if that is not known"),
        ),
        f"""
            SELECT rank, address, balance_ustx, balance_ustx / NULLIF(supply_ustx, 0)::double precision AS share,
                   COALESCE(label, protocol) AS label,
                   COALESCE(category, CASE WHEN protocol IS NOT NULL THEN 'protocol' END) AS category
            FROM top_stx_holders JOIN daily_balances USING (day)
            LEFT JOIN {PRINCIPAL_LABELS.values} USING (address)
            LEFT JOIN {PROTOCOLS.values} ON address LIKE '%.%' AND deployer = split_part(address, '.', 1)
            WHERE day = {{day}} ORDER BY rank
        """,
        f"{TABLES[2].method} Labels are of the seed principal_labels; else a contract's is the protocol of its "
        "deployer, of the seed protocols.",
        title="The 100 largest holders of STX",
        group=Group.BALANCES,
        is_dated=True,
        known=PAST_IS_KNOWN,
        warnings=(CUSTODY, PAST),
    ),
)

CHECKS = (
    Check(
        name="holders_in_total",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Accounts in all bands, and in all deciles, are the holders of daily_balances; what accounts and "
        "contracts hold in all bands, and in all deciles, is the sum of all balances.",
        remedy="Make the day's figures again. If it fails again and negative_balances fails too, fix that first.",
        query=HOLDERS_IN_TOTAL,
        exemptions=(FIGURES_EXEMPT, GENESIS_EXEMPT),
    ),
)
