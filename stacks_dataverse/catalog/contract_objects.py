"""Public objects of contracts: the daily series, deployments, and the day's rankings."""

from stacks_dataverse.catalog import contracts
from stacks_dataverse.catalog.contracts import CLARITY_VERSION, CONTRACT, DEPLOYER, DIRECT, IDENTICAL, USAGE
from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.catalog.v1 import UP_TO_THE_DAY, rows_object, series_object
from stacks_dataverse.dataset import Column
from stacks_dataverse.labels import Group

DAYS = 90
DEPLOYER_DAYS = 30
LIMIT = 100
RANKS = {"calls_rank": "calls", "callers_rank": "callers", "fees_rank": "fee_ustx"}

OBJECTS = (
    series_object(
        next(table for table in contracts.TABLES if table.name == "daily_contracts"),
        "contracts",
        title="Contracts deployed and called per day",
    ),
    rows_object(
        "clarity_versions",
        (DAY, CLARITY_VERSION, Column("deployments", "bigint", "contracts deployed")),
        f"""
            SELECT loaded.day, clarity_version, deployments
            FROM loaded_days AS loaded CROSS JOIN LATERAL (
                SELECT clarity_version, count(*) AS deployments FROM contract_deployments AS deployed
                WHERE deployed.day = loaded.day GROUP BY clarity_version
            ) AS counted
            WHERE loaded.day > {{day}}::date - {DAYS} AND loaded.day <= {{day}}
            ORDER BY loaded.day, clarity_version NULLS FIRST
        """,
        f"Successful deployments by Clarity version, of the last {DAYS} days.",
        title="Contract deployments by Clarity version",
        group=Group.CONTRACTS,
        warnings=("A day without deployments has no row.",),
    ),
    rows_object(
        "deployed_contracts",
        (
            CONTRACT,
            DEPLOYER,
            CLARITY_VERSION,
            Column("source_sha256", "text", "SHA-256 of the source code as UTF-8, hex with 0x"),
            Column("block_height", "integer", "height of the canonical block"),
            Column("tx_id", "text", "hex with 0x"),
        ),
        """
            SELECT contract_id, deployer, clarity_version, source_sha256, block_height, tx_id
            FROM contract_deployments WHERE day = {day}
            ORDER BY block_height, microblock_sequence, tx_index
        """,
        "Contracts that were successfully deployed on the day, in the order of the chain.",
        title="New contracts of the day",
        group=Group.CONTRACTS,
        is_dated=True,
        warnings=(IDENTICAL,),
    ),
    rows_object(
        "top_contracts",
        (*USAGE, *(Column(rank, "bigint", f"rank by {what}; equal ones share it") for rank, what in RANKS.items())),
        f"""
            SELECT * FROM (
                SELECT contract_id, calls, callers, failed_calls, fee_ustx,
                       {", ".join(f"rank() OVER (ORDER BY {what} DESC) AS {rank}" for rank, what in RANKS.items())}
                FROM contract_usage WHERE day = {{day}}
            ) AS ranked
            WHERE LEAST({", ".join(RANKS)}) <= {LIMIT}
            ORDER BY calls_rank, contract_id COLLATE "C"
        """,
        f"Contracts called directly on the day that are among the first {LIMIT} by calls, by callers or by fees, in "
        "the order of their calls.",
        title="Most used contracts of the day",
        group=Group.CONTRACTS,
        is_dated=True,
        warnings=(DIRECT,),
    ),
    rows_object(
        "top_deployers",
        (
            DEPLOYER,
            Column("deployments", "bigint", "contracts deployed"),
            Column("sources", "bigint", "distinct source codes among them"),
        ),
        f"""
            SELECT deployer, count(*) AS deployments, count(DISTINCT source_sha256) AS sources
            FROM contract_deployments WHERE day > {{day}}::date - {DEPLOYER_DAYS} AND {UP_TO_THE_DAY}
            GROUP BY deployer ORDER BY deployments DESC, deployer COLLATE "C" LIMIT {LIMIT}
        """,
        f"The {LIMIT} accounts with most successful deployments in the {DEPLOYER_DAYS} days up to the day.",
        title="Accounts that deployed most contracts in 30 days",
        group=Group.CONTRACTS,
        is_dated=True,
        warnings=(IDENTICAL,),
    ),
)
