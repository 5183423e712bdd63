"""Fungible tokens (SIP-010): moves, balances, supply and holders; their public objects are in `token_objects`."""

from stacks_dataverse.catalog import check_queries as queries
from stacks_dataverse.catalog.fields import DAY, PAST_ROWS
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.state import First, State, Sum
from stacks_dataverse.transformers import tokens
from stacks_dataverse.units import SHARE

AMOUNT = "numeric(78)"
RAW_UNIT = "the token's smallest unit"

ASSET = Column("asset_identifier", "text", "the token: address.contract::asset")
PRINCIPAL = Column("principal", "text", "who holds it; a contract's principal has a dot")
MOVES = (
    Column("transfers", "bigint", "transfers"),
    Column("senders", "bigint", "distinct principals that sent in transfers"),
    Column("receivers", "bigint", "distinct principals that received in transfers"),
    Column("mints", "bigint", "mints"),
    Column("burns", "bigint", "burns"),
    Column("transferred", AMOUNT, "transferred amount", unit=RAW_UNIT),
    Column("minted", AMOUNT, "minted amount", unit=RAW_UNIT),
    Column("burned", AMOUNT, "burned amount", unit=RAW_UNIT),
)
HOLDERS = (
    Column("supply", AMOUNT, "minted − burned, up to the end of the day", unit=RAW_UNIT, null="if history is missing"),
    Column("account_holders", "bigint", "accounts with a balance at the end of the day", null="if history is missing"),
    Column(
        "contract_holders", "bigint", "contracts with a balance at the end of the day", null="if history is missing"
    ),
    Column(
        "ten_largest_share",
        "double precision",
        "share of the supply that the ten largest holders hold, contracts among them",
        unit=SHARE,
        null="without supply, and null if history is missing",
    ),
)
MOVED_ONLY = of_rows(
    "A token has a row for each day on which it moved; between them its supply and holders stay the same."
)
EVENTS = ("asset_event_type_id", "asset_identifier", "amount", "sender", "recipient")

TABLES = (
    Table(
        name="token_balance_changes",
        title="Change of each account's token balances per day",
        group=Group.TOKENS,
        kind=Kind.FACT,
        transform=tokens.token_balance_changes,
        reads={"ft_events": tuple(column for column in EVENTS if column != "asset_event_type_id")},
        method="Canonical events of fungible tokens: received and minted − sent and burned.",
        columns=(
            DAY,
            ASSET,
            PRINCIPAL,
            Column("change", AMOUNT, "change of the balance; zero if movements cancel out", unit=RAW_UNIT),
        ),
        key=("day", "asset_identifier", "principal"),
    ),
    Table(
        name="token_balances",
        title="Current token balances of every account",
        group=Group.TOKENS,
        kind=Kind.STATE,
        running_state=State("token_balance_changes", ("asset_identifier", "principal"), Sum(), {"balance": "change"}),
        method="Sum of token_balance_changes over all built days.",
        columns=(ASSET, PRINCIPAL, Column("balance", AMOUNT, "sum of all changes", unit=RAW_UNIT)),
        key=("asset_identifier", "principal"),
        warnings=("Negative in a warehouse that does not start at the first block.",),
    ),
    Table(
        name="daily_token_activity",
        title="Token transfers, mints and burns per day",
        group=Group.TOKENS,
        kind=Kind.FACT,
        transform=tokens.daily_token_activity,
        reads={"ft_events": EVENTS},
        method="Canonical transfers, mints and burns by token.",
        columns=(DAY, ASSET, *MOVES),
        key=("day", "asset_identifier"),
        warnings=(
            of_rows("An amount is in the token's smallest unit: the seed tokens has the decimal places of some."),
        ),
    ),
    Table(
        name="fungible_tokens",
        title="All tokens and their first day",
        group=Group.TOKENS,
        kind=Kind.STATE,
        running_state=State("daily_token_activity", ("asset_identifier",), First(("day",)), {"first_day": "day"}),
        method="All tokens in daily_token_activity, each with its earliest day there.",
        columns=(ASSET, Column("first_day", "date", "UTC day of its first move")),
        key=("asset_identifier",),
    ),
    Table(
        name="token_holdings",
        title="Token balances of each account, per day of change",
        group=Group.TOKENS,
        kind=Kind.FIGURE,
        transform=tokens.token_holdings,
        inputs={"token_balances_moved": inputs.TOKEN_BALANCES_MOVED},
        cumulative=EVERY_ROW,
        method="Balance of a token at the end of a day that changed it: the one before + the day's change.",
        columns=(DAY, ASSET, PRINCIPAL, Column("balance", AMOUNT, "balance; 0 when none is left", unit=RAW_UNIT)),
        key=("day", "asset_identifier", "principal"),
        warnings=(PAST_ROWS,),
    ),
    Table(
        name="daily_tokens",
        title="Token supply and holders by day",
        group=Group.TOKENS,
        kind=Kind.FIGURE,
        transform=tokens.daily_tokens,
        inputs={
            "token_supplies": inputs.TOKEN_SUPPLIES,
            "token_balances_moved": inputs.TOKEN_BALANCES_MOVED,
            "token_largest": inputs.TOKEN_LARGEST,
        },
        cumulative=tuple(column.name for column in HOLDERS),
        method="Supply and holders of each token that moved on the day, at its end. A holder has a balance above zero.",
        columns=(DAY, ASSET, *HOLDERS),
        key=("day", "asset_identifier"),
        warnings=(MOVED_ONLY,),
    ),
)

CHECKS = (
    Check(
        name="token_balance_changes",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="Sum of the day's token_balance_changes of each token = minted − burned in daily_token_activity.",
        remedy="Run the day again.",
        query=queries.TOKEN_CHANGES,
    ),
    Check(
        name="token_holdings",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="No balance in token_holdings is negative, and none is above the token's supply.",
        remedy="An earlier day of the token is missing or was built from another fork: run the first day on which this "
        "check failed again, then those after it.",
        query=queries.TOKEN_HOLDINGS,
    ),
)
