"""sBTC: deposits, withdrawals and supply. Amounts are satoshis: a token's eight decimals are Bitcoin's."""

from stacks_dataverse.catalog.check_queries import FIGURES_MADE
from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT
from stacks_dataverse.catalog.v1 import NOT_LOADED, UP_TO_THE_DAY, rows_object
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.event_order import EVENT_ORDER
from stacks_dataverse.labels import Group
from stacks_dataverse.prints import READS
from stacks_dataverse.state import First, State
from stacks_dataverse.transformers import sbtc
from stacks_dataverse.units import BITCOIN_BLOCKS

REQUEST = Column("request_id", "bigint", "number of the withdrawal")
AMOUNT = Column("amount_sats", "bigint", "what the user asked for", unit="sats", null="but where it was created")
MAX_FEE = Column("max_fee_sats", "bigint", "the highest fee", unit="sats", null="but where it was created")
HEIGHT = Column(
    "burn_block_height",
    "bigint",
    "Bitcoin height at which it was created; of one accepted, of the block that paid it",
    null="if it was rejected",
)
OF_REQUEST = (AMOUNT, MAX_FEE, HEIGHT)

WITHDRAWALS = State(
    "sbtc_withdrawal_events",
    ("request_id",),
    First(EVENT_ORDER),
    {"created_day": "day"} | {column.name: column.name for column in (*OF_REQUEST, *PLACE)},
)

# What the day did to withdrawals, each with its amount, which may be of an earlier day.
WITHDRAWALS_OF_DAY = """
    SELECT event.kind, created.amount_sats, created.max_fee_sats, event.fee_sats,
           event.burn_block_height - created.burn_block_height AS blocks
    FROM sbtc_withdrawal_events AS event
    LEFT JOIN LATERAL (
        SELECT * FROM sbtc_withdrawals AS request
        WHERE request.request_id = event.request_id AND created_day <= {day} LIMIT 1
    ) AS created ON true
    WHERE event.day = {day}
"""
CHANGES = "SELECT * FROM sbtc_supply_changes WHERE day = {day}"
BEFORE = """
    SELECT liquid_sats, locked_sats, staked_sats FROM daily_sbtc
    WHERE day < {day} AND liquid_sats IS NOT NULL ORDER BY day DESC LIMIT 1
"""

HISTORY = "if history is missing"

DAILY_SBTC = Table(
    name="daily_sbtc",
    title="sBTC deposits, withdrawals and supply per day",
    group=Group.TOKENS,
    headline="liquid_sats",
    kind=Kind.FIGURE,
    transform=sbtc.daily_sbtc,
    inputs={"sbtc_changes": CHANGES, "sbtc_withdrawals": WITHDRAWALS_OF_DAY, "sbtc_before": BEFORE},
    cumulative=(
        *("accepted_sats", "rejected_sats", "median_blocks", "max_blocks"),
        *("liquid_sats", "locked_sats", "staked_sats", "unexplained_mint_sats"),
    ),
    method="Deposits and withdrawals as the contract sbtc-registry prints them, each acceptance and rejection with the "
    "amount of its request, which may be of an earlier day. Supply = mints − burns up to the day: liquid of "
    "sbtc-token, locked of sbtc-token-locked. A day's change of both = deposits − accepted (amount + fee). Staked is "
    "what the contract pox-5 holds. Unexplained = mints of sbtc-token − deposits − what accepted and rejected "
    "withdrawals gave back.",
    columns=(
        DAY,
        Column("deposits", "bigint", "deposits completed"),
        Column("deposited_sats", "bigint", "sBTC minted for them", unit="sats"),
        Column("created_withdrawals", "bigint", "withdrawals requested"),
        Column("created_sats", "bigint", "what was requested, without fees", unit="sats"),
        Column("accepted_withdrawals", "bigint", "withdrawals paid on Bitcoin"),
        Column("accepted_sats", "bigint", "BTC that their users received", unit="sats", null=HISTORY),
        Column("fees_sats", "bigint", "fees of Bitcoin's miners that they paid", unit="sats"),
        Column("rejected_withdrawals", "bigint", "withdrawals refused"),
        Column("rejected_sats", "bigint", "their amounts, without fees", unit="sats", null=HISTORY),
        Column(
            *("median_blocks", "double precision"),
            "median time from a request to the Bitcoin block that paid it",
            unit=BITCOIN_BLOCKS,
            null=f"if none was accepted, and {HISTORY}",
        ),
        Column(
            *("max_blocks", "integer"),
            "the longest such time",
            unit="Bitcoin blocks",
            null=f"if none was accepted, and {HISTORY}",
        ),
        Column("liquid_sats", "bigint", "supply that is not locked, at the end of the day", unit="sats", null=HISTORY),
        Column("locked_sats", "bigint", "supply locked by open withdrawals", unit="sats", null=HISTORY),
        Column("staked_sats", "bigint", "liquid sBTC that the contract pox-5 holds", unit="sats", null=HISTORY),
        Column("unexplained_mint_sats", "bigint", "mints without a reason; zero", unit="sats", null=HISTORY),
    ),
    warnings=("Staked includes rewards that are not claimed yet and the contract's reserve.",),
)

TABLES = (
    Table(
        name="sbtc_withdrawal_events",
        title="What happened to each sBTC withdrawal",
        group=Group.TOKENS,
        kind=Kind.FACT,
        transform=sbtc.sbtc_withdrawal_events,
        reads=READS,
        prints=tuple(sbtc.KINDS.values()),
        method="Canonical prints of the contract sbtc-registry about withdrawals.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            REQUEST,
            Column("kind", "text", "created, accepted or rejected"),
            *OF_REQUEST,
            Column("fee_sats", "bigint", "fee of Bitcoin's miners", unit="sats", null="but where it was accepted"),
        ),
        key=("day", *EVENT_ORDER),
    ),
    Table(
        name="sbtc_withdrawals",
        title="Every request to withdraw sBTC",
        group=Group.TOKENS,
        kind=Kind.STATE,
        running_state=WITHDRAWALS,
        method="The first event of each withdrawal in sbtc_withdrawal_events: the request.",
        columns=(REQUEST, Column("created_day", "date", "UTC day of the request"), *OF_REQUEST, *PLACE),
        key=("request_id",),
        warnings=("Without an amount where the request is of a day that is not built.",),
    ),
    Table(
        name="sbtc_supply_changes",
        title="sBTC minted, burned and staked per day",
        group=Group.TOKENS,
        headline="minted_sats",
        kind=Kind.FACT,
        transform=sbtc.sbtc_supply_changes,
        reads={**READS, "ft_events": ("asset_event_type_id", "asset_identifier", "amount", "sender", "recipient")},
        prints=(sbtc.DEPOSIT,),
        method="Deposits as the contract sbtc-registry prints them; mints and burns of sbtc-token and of "
        "sbtc-token-locked; sbtc-token that the contract pox-5 received less what it sent.",
        columns=(
            DAY,
            Column("deposits", "bigint", "deposits completed"),
            Column("deposited_sats", "bigint", "sBTC minted for them", unit="sats"),
            Column("minted_sats", "bigint", "sbtc-token minted", unit="sats"),
            Column("burned_sats", "bigint", "sbtc-token burned", unit="sats"),
            Column("locked_sats", "bigint", "sbtc-token-locked minted", unit="sats"),
            Column("unlocked_sats", "bigint", "sbtc-token-locked burned", unit="sats"),
            Column("staked_change_sats", "bigint", "change of what pox-5 holds", unit="sats"),
        ),
    ),
    DAILY_SBTC,
)

SBTC_SUPPLY = f"""
    SELECT (daily.deposited_sats - accepted_sats - fees_sats)::text AS expected,
           (minted_sats - burned_sats + changes.locked_sats - unlocked_sats)::text AS actual
    FROM daily_sbtc AS daily JOIN sbtc_supply_changes AS changes USING (day)
    WHERE day = {{day}} AND {FIGURES_MADE} AND accepted_sats IS NOT NULL
"""

SBTC_UNEXPLAINED_MINTS = f"""
    SELECT '0' AS expected, unexplained_mint_sats::text AS actual
    FROM daily_sbtc WHERE day = {{day}} AND {FIGURES_MADE} AND unexplained_mint_sats IS NOT NULL
"""

COMPARE = (
    "Look first at the check prints_as_declared. Otherwise an event is missing in the source: compare the supply with "
    "the contract's get-total-supply; or sBTC was minted or burned in a way that is new, which only a new version of "
    "the backend can know."
)
EXEMPTIONS = ("Not compared where a day of the chain is missing before this one.", FIGURES_EXEMPT)
CHECKS = (
    Check(
        name="sbtc_supply",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Mints − burns of sbtc-token and sbtc-token-locked on the day = deposits − accepted withdrawals − their "
        "fees.",
        remedy=COMPARE,
        query=SBTC_SUPPLY,
        exemptions=EXEMPTIONS,
    ),
    Check(
        name="sbtc_unexplained_mints",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="Every mint of sbtc-token on the day is of a deposit or gives back what a withdrawal had locked.",
        remedy=COMPARE,
        query=SBTC_UNEXPLAINED_MINTS,
        exemptions=EXEMPTIONS,
    ),
)

# Who holds it, at the end of the last day up to each on which it moved.
HOLDERS = (
    Column("account_holders", "bigint", "accounts with a balance of sbtc-token", null=HISTORY),
    Column("contract_holders", "bigint", "contracts with a balance of sbtc-token", null=HISTORY),
)


def _if_known(column: str) -> str:
    """Of the token's newest row, if no earlier day is missing, on which it may have moved; before the first, nobody."""
    return f"CASE WHEN daily.liquid_sats IS NOT NULL THEN COALESCE({column}, 0) END AS {column}"


OBJECTS = (
    rows_object(
        "sbtc",
        (*DAILY_SBTC.columns, *HOLDERS),
        f"""
        SELECT {", ".join(f"daily.{name}" for name in DAILY_SBTC.fields)},
               {_if_known("account_holders")}, {_if_known("contract_holders")}
        FROM daily_sbtc AS daily LEFT JOIN LATERAL (
            SELECT account_holders, contract_holders FROM daily_tokens
            WHERE asset_identifier = '{sbtc.LIQUID}' AND day <= daily.day ORDER BY day DESC LIMIT 1
        ) AS holders ON true
        WHERE daily.{UP_TO_THE_DAY} ORDER BY daily.day
        """,
        f"{DAILY_SBTC.method} Holders are those of daily_tokens.",
        title="sBTC deposits, withdrawals and supply",
        group=Group.TOKENS,
        headline="daily_sbtc.liquid_sats",
        warnings=(NOT_LOADED, *DAILY_SBTC.warnings),
    ),
)
