"""Contracts: deployments, their developers, and who calls them; the public objects are in `contract_objects`."""

from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.catalog.user_check_queries import CONTRACTS_OF_TRANSACTIONS
from stacks_dataverse.caveats import about
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import user_inputs
from stacks_dataverse.event_order import TX_ORDER
from stacks_dataverse.labels import Group
from stacks_dataverse.state import First, State
from stacks_dataverse.transformers import contracts

CONTRACT = Column("contract_id", "text", "the contract: address.name")
DEPLOYER = Column("deployer", "text", "account that deployed the contract")
CLARITY_VERSION = Column(
    "clarity_version",
    "smallint",
    "version of Clarity that the deployment names",
    null="if it names none, and the network's default applies",
)
SOURCE_CODE = Column("source_sha256", "text", "SHA-256 of the source code as UTF-8, hex with 0x")
USAGE = (
    CONTRACT,
    Column("calls", "bigint", "transactions that call the contract directly, failed ones included"),
    Column("callers", "bigint", "distinct senders of these"),
    Column("failed_calls", "bigint", "those that failed"),
    Column("fee_ustx", "bigint", "fees that all of them paid", unit="µSTX"),
)
DIRECT = "Calls that a contract makes inside a transaction are not counted: the source has no record of them."
IDENTICAL = about(
    "Sources are the same if their text is, byte for byte; a changed comment makes another source.",
    *("source_sha256", "new_sources", "distinct_sources", "sources"),
)

# The day comes first: what is first up to a day is then first among all days.
FIRST = First(("day", *TX_ORDER))
MISSING = "if history is missing"

TABLES = (
    Table(
        name="contract_deployments",
        title="Every contract with its deployer and source code",
        group=Group.CONTRACTS,
        kind=Kind.FACT,
        transform=contracts.contract_deployments,
        reads={
            "blocks": ("block_height",),
            "txs": (
                *("tx_id", "microblock_sequence", "tx_index", "type_id", "status", "sender_address"),
                *("smart_contract_contract_id", "smart_contract_clarity_version", "smart_contract_source_code"),
            ),
        },
        method="Canonical, successful transactions that deploy a contract.",
        columns=(
            DAY,
            *PLACE[:3],
            Column("tx_id", "text", "hex with 0x"),
            CONTRACT,
            DEPLOYER,
            CLARITY_VERSION,
            SOURCE_CODE,
        ),
        key=("day", "contract_id"),
        warnings=(IDENTICAL, "Deployments of block 0, among them boot contracts, are in block 1."),
    ),
    Table(
        name="contract_sources",
        title="Distinct source codes of contracts",
        group=Group.CONTRACTS,
        kind=Kind.STATE,
        running_state=State(
            "contract_deployments", ("source_sha256",), FIRST, {"first_day": "day", "contract_id": "contract_id"}
        ),
        method="Every source code in contract_deployments, with its first deployment.",
        columns=(
            SOURCE_CODE,
            Column("first_day", "date", "UTC day of its first deployment"),
            Column("contract_id", "text", "the first contract that has it"),
        ),
        key=("source_sha256",),
        warnings=(IDENTICAL,),
    ),
    Table(
        name="contract_deployers",
        title="Accounts that have deployed a contract",
        group=Group.CONTRACTS,
        kind=Kind.STATE,
        running_state=State(
            "contract_deployments", ("deployer",), FIRST, {"first_day": "day", "contract_id": "contract_id"}
        ),
        method="Every deployer in contract_deployments, with its first deployment.",
        columns=(
            DEPLOYER,
            Column("first_day", "date", "UTC day of its first deployment"),
            Column("contract_id", "text", "its first contract"),
        ),
        key=("deployer",),
    ),
    Table(
        name="contract_usage",
        title="Calls, callers and fees by contract and day",
        group=Group.CONTRACTS,
        kind=Kind.FACT,
        transform=contracts.contract_usage,
        reads={"txs": ("type_id", "status", "fee_rate", "sender_address", "contract_call_contract_id")},
        method="Canonical contract calls by the contract that is called directly.",
        columns=(DAY, *USAGE),
        key=("day", "contract_id"),
        warnings=(DIRECT, about("The fee of a sponsored call is paid by its sponsor.", "fee_ustx")),
    ),
    Table(
        name="daily_contracts",
        title="Contract deployments and calls per day",
        group=Group.CONTRACTS,
        headline="calls",
        kind=Kind.FIGURE,
        transform=contracts.daily_contracts,
        inputs={
            "deployed": user_inputs.DEPLOYED,
            "called": user_inputs.CALLED,
            "contracts_before": user_inputs.CONTRACTS_BEFORE,
        },
        cumulative=("new_deployers", "new_sources", "total_contracts", "total_deployers", "total_sources"),
        method="Contracts deployed and called directly on the day, and all that were deployed up to it.",
        columns=(
            DAY,
            Column("deployments", "bigint", "contracts deployed"),
            Column("failed_deployments", "bigint", "deployments that failed"),
            Column("deployers", "bigint", "distinct accounts that deployed them"),
            Column("sources", "bigint", "distinct source codes among them"),
            Column("contracts_called", "bigint", "contracts that were called directly"),
            Column("calls", "bigint", "direct calls, failed ones included"),
            Column("failed_calls", "bigint", "direct calls that failed"),
            Column("call_fee_ustx", "bigint", "fees that direct calls paid", unit="µSTX"),
            Column("new_deployers", "bigint", "accounts that deployed for the first time", null=MISSING),
            Column("new_sources", "bigint", "source codes deployed for the first time", null=MISSING),
            Column("total_contracts", "bigint", "contracts deployed up to the day", null=MISSING),
            Column("total_deployers", "bigint", "accounts that deployed up to the day", null=MISSING),
            Column("total_sources", "bigint", "distinct source codes up to the day", null=MISSING),
        ),
        warnings=(DIRECT, IDENTICAL),
    ),
)

CHECKS = (
    Check(
        name="contracts_of_transactions",
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method="The day's direct calls, failed calls, their fees, and deployments by contract sum up to those in "
        "daily_transactions.",
        remedy="Run the day again.",
        query=CONTRACTS_OF_TRANSACTIONS,
    ),
)
