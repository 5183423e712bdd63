"""Contracts that were deployed and called, and the fees of transactions."""

import hashlib
from datetime import date

from tests.second_opinion.chain import Chain, Opinion, Row, Rows, group, hexed, percentile, placed

USERS_TYPES = ("token_transfer", "smart_contract", "contract_call")


def contracts(chain: Chain) -> Opinion:
    """Deployments, direct calls, and what was new of them."""
    txs = chain.txs()
    deployments = [_deployment(tx) for tx in txs if tx["type"] == "smart_contract" and tx["state"] == "success"]
    by_source, by_deployer = (_firsts(deployments, column) for column in ("source_sha256", "deployer"))
    calls = [tx for tx in txs if tx["type"] == "contract_call"]
    return {
        "contract_deployments": [row | {"source_sha256": row["source_sha256"]} for row in deployments],
        "contract_sources": by_source,
        "contract_deployers": by_deployer,
        "contract_usage": [
            {"day": day, "contract_id": contract}
            | _usage(some)
            | {"callers": len({tx["sender_address"] for tx in some})}
            for (day, contract), some in group(calls, "day", "contract_call_contract_id").items()
        ],
        "daily_contracts": [
            _day(day, deployments, txs) | _totals(day, deployments, by_source, by_deployer) for day in chain.days
        ],
    }


def _deployment(tx: Row) -> Row:
    source = tx["smart_contract_source_code"]
    where = {name: value for name, value in placed(tx).items() if name != "event_index"}
    return where | {
        "contract_id": tx["smart_contract_contract_id"],
        "deployer": tx["sender_address"],
        "clarity_version": tx["smart_contract_clarity_version"],
        "source_sha256": hexed(hashlib.sha256(source.encode()).digest()),
    }


def _firsts(deployments: Rows, column: str) -> Rows:
    return [
        {column: value, "first_day": some[0]["day"], "contract_id": some[0]["contract_id"]}
        for value, some in group(deployments, column).items()
    ]


def _usage(calls: Rows) -> Row:
    return {
        "calls": len(calls),
        "failed_calls": sum(tx["state"] != "success" for tx in calls),
        "fee_ustx": sum(tx["fee_rate"] for tx in calls),
    }


def _day(day: date, deployments: Rows, txs: Rows) -> Row:
    deployed = [row for row in deployments if row["day"] == day]
    tried = [tx for tx in txs if tx["day"] == day and tx["type"] == "smart_contract"]
    calls = [tx for tx in txs if tx["day"] == day and tx["type"] == "contract_call"]
    used = _usage(calls)
    return {
        "day": day,
        "deployments": len(deployed),
        "failed_deployments": len(tried) - len(deployed),
        "deployers": len({row["deployer"] for row in deployed}),
        "sources": len({row["source_sha256"] for row in deployed}),
        "contracts_called": len({tx["contract_call_contract_id"] for tx in calls}),
        "calls": used["calls"],
        "failed_calls": used["failed_calls"],
        "call_fee_ustx": used["fee_ustx"],
    }


def _totals(day: date, deployments: Rows, by_source: Rows, by_deployer: Rows) -> Row:
    return {
        "new_deployers": sum(row["first_day"] == day for row in by_deployer),
        "new_sources": sum(row["first_day"] == day for row in by_source),
        "total_contracts": sum(row["day"] <= day for row in deployments),
        "total_deployers": sum(row["first_day"] <= day for row in by_deployer),
        "total_sources": sum(row["first_day"] <= day for row in by_source),
    }


def fees(chain: Chain) -> Opinion:
    """Fees of the transactions that users send, by type."""
    txs = group((tx for tx in chain.txs() if tx["type"] in USERS_TYPES), "day", "type")
    return {"daily_fees": [{"day": day, "tx_type": name} | _fees(some) for (day, name), some in txs.items()]}


def _fees(txs: Rows) -> Row:
    paid = [tx["fee_rate"] for tx in txs]
    rates = [tx["fee_rate"] / len(tx["raw_tx"]) for tx in txs if tx["raw_tx"]]
    return {
        "tx_count": len(txs),
        "fee_ustx": sum(paid),
        "size_bytes": sum(len(tx["raw_tx"] or b"") for tx in txs),
        **{f"fee_p{percent}_ustx": percentile(paid, percent) for percent in (10, 25, 50, 75, 90, 99)},
        **{f"fee_per_byte_p{percent}_ustx": percentile(rates, percent) for percent in (10, 50, 90)},
    }
