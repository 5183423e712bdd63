"""Opinions on objects of contracts."""

from datetime import date

from tests.second_opinion.chain import Rows, group
from tests.second_opinion.objects.days import of_loaded_days
from tests.second_opinion.objects.of_days import of_day, only
from tests.second_opinion.objects.run import Answer, Run

RANKS = {"calls_rank": "calls", "callers_rank": "callers", "fees_rank": "fee_ustx"}
PLACE = ("block_height", "microblock_sequence", "tx_index")
CONTRACTS = (
    *("day", "deployments", "failed_deployments", "deployers", "sources"),
    *("contracts_called", "calls", "failed_calls", "call_fee_ustx"),
    *("new_deployers", "new_sources", "total_contracts", "total_deployers", "total_sources"),
)


def contracts(run: Run, day: date | None) -> Answer:
    """Deployments and direct calls of each day."""
    return Answer([only(row, *CONTRACTS) for row in of_loaded_days(run, "daily_contracts", day)])


def clarity_versions(run: Run, day: date | None) -> Answer:
    """Deployments of the last 90 days by the version of Clarity that they name; those that name none are first."""
    groups = group(of_loaded_days(run, "contract_deployments", day, last=90), "day", "clarity_version")
    ordered = sorted(groups, key=lambda key: (key[0], key[1] or 0))
    return Answer([{"day": key[0], "clarity_version": key[1], "deployments": len(groups[key])} for key in ordered])


def deployed_contracts(run: Run, day: date | None) -> Answer:
    """The contracts of the day, in the order of the chain."""
    columns = ("contract_id", "deployer", "clarity_version", "source_sha256", "block_height", "tx_id")
    deployed = sorted(of_day(run, "contract_deployments", day), key=lambda row: [row[name] for name in PLACE])
    return Answer([only(row, *columns) for row in deployed])


def top_contracts(run: Run, day: date | None) -> Answer:
    """The contracts of the day that are among the first 100 by calls, by callers or by fees."""
    used = of_day(run, "contract_usage", day)
    columns = ("contract_id", "calls", "callers", "failed_calls", "fee_ustx")
    ranked = [
        only(row, *columns) | {rank: _rank(row[column], used, column) for rank, column in RANKS.items()} for row in used
    ]
    first = [row for row in ranked if any(row[rank] <= 100 for rank in RANKS)]
    return Answer(sorted(first, key=lambda row: (row["calls_rank"], row["contract_id"])))


def _rank(value: int, rows: Rows, column: str) -> int:
    return 1 + sum(row[column] > value for row in rows)


def top_deployers(run: Run, day: date | None) -> Answer:
    """The hundred accounts that deployed most in the last 30 days."""
    groups = group(of_loaded_days(run, "contract_deployments", day, last=30), "deployer")
    most = sorted(groups, key=lambda deployer: (-len(groups[deployer]), deployer))[:100]
    return Answer(
        [
            {
                "deployer": deployer,
                "deployments": len(groups[deployer]),
                "sources": len({row["source_sha256"] for row in groups[deployer]}),
            }
            for deployer in most
        ]
    )


JUDGES = {
    "contracts": contracts,
    "clarity_versions": clarity_versions,
    "deployed_contracts": deployed_contracts,
    "top_contracts": top_contracts,
    "top_deployers": top_deployers,
}
