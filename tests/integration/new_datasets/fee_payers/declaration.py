"""Who pays fees, and how much in all."""

from stacks_dataverse.catalog.fields import DAY, daily_series
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.end_of_day.states import sums_before
from stacks_dataverse.labels import Group
from stacks_dataverse.state import EndOfDayState, State, Sum
from stacks_dataverse.transformers import fee_payers
from stacks_dataverse.units import STX

FEES_PAID = State("fee_payments", ("address",), Sum(), {"paid_ustx": "fee_ustx"})

TABLES = (
    Table(
        name="fee_payments",
        title="Fees by who paid them",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=fee_payers.fee_payments,
        reads={"txs": ("fee_rate", "sponsored", "sponsor_address", "sender_address")},
        method="Fees of canonical transactions by who paid them.",
        columns=(
            DAY,
            Column("address", "text", "principal that paid"),
            Column("fee_ustx", "bigint", "fees of the day", unit="µSTX"),
        ),
        key=("day", "address"),
    ),
    Table(
        name="fees_paid",
        title="Fees that each account has paid",
        group=Group.NETWORK,
        kind=Kind.STATE,
        running_state=FEES_PAID,
        method="Sum of fee_payments over all built days.",
        columns=(
            Column("address", "text", "principal that paid"),
            Column("paid_ustx", "bigint", "fees of all days", unit="µSTX"),
        ),
        key=("address",),
    ),
    Table(
        name="daily_fee_payers",
        headline="payers",
        title="Accounts that have paid fees, per day",
        group=Group.NETWORK,
        kind=Kind.FIGURE,
        transform=fee_payers.daily_fee_payers,
        end_of_day_states=(EndOfDayState("payers", FEES_PAID, sums_before("fees_paid", FEES_PAID)),),
        cumulative=("payers", "most_paid_ustx"),
        method="Everybody who paid a fee up to the end of the day, and the most that one of them paid.",
        columns=(
            DAY,
            Column("payers", "bigint", "principals", null="if history is missing"),
            Column("most_paid_ustx", "bigint", "most paid", unit="µSTX", null="of none, and if history is missing"),
        ),
    ),
)
OBJECTS = (
    PublicObject(
        name="most_fees_paid",
        title="Most fees paid by one account",
        group=Group.NETWORK,
        path="fees/most_paid.json.gz",
        method="The most that one principal has paid in fees up to each day.",
        **daily_series("daily_fee_payers", "most_paid_ustx", "most that one principal has paid", STX, ustx=True),
    ),
)
