"""sBTC: deposits, withdrawals and supply."""

from datetime import date
from typing import Any

from tests.second_opinion.balances import median
from tests.second_opinion.chain import BURN, MINT, Chain, Opinion, Row, Rows, placed
from tests.second_opinion.clarity import UInt
from tests.second_opinion.prints import fits, prints

DEPLOYER = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4"
LIQUID, LOCKED = f"{DEPLOYER}.sbtc-token::sbtc-token", f"{DEPLOYER}.sbtc-token::sbtc-token-locked"
POX5 = "SP000000000000000000002Q6VF78.pox-5"
SHAPES: dict[str, dict[str, Any]] = {
    "completed-deposit": {"amount": UInt},
    "withdrawal-create": {"request-id": UInt, "amount": UInt, "max-fee": UInt, "block-height": UInt},
    "withdrawal-accept": {"request-id": UInt, "fee": UInt, "burn-height": UInt},
    "withdrawal-reject": {"request-id": UInt},
}
KINDS = {"withdrawal-create": "created", "withdrawal-accept": "accepted", "withdrawal-reject": "rejected"}
REQUEST = ("amount_sats", "max_fee_sats", "burn_block_height", "block_height", "microblock_sequence", "tx_index")


def sbtc(chain: Chain) -> Opinion:
    """All tables of sBTC."""
    fields = prints(chain, f"{DEPLOYER}.sbtc-registry")
    known = [row for row in fields if fits(row["fields"], SHAPES.get(str(row["fields"].get("topic")), {"": None}))]
    events = [_event(row) for row in known if row["fields"]["topic"] in KINDS]
    deposits = [row for row in known if row["fields"]["topic"] == "completed-deposit"]
    requests: dict[int, Row] = {}
    for event in events:
        requests.setdefault(event["request_id"], event)
    changes = [_changes(day, deposits, chain.rows("ft_events")) for day in chain.days]
    return {
        "sbtc_withdrawal_events": events,
        "sbtc_withdrawals": [
            {"request_id": number, "created_day": event["day"]}
            | {name: event[name] for name in (*REQUEST, "event_index")}
            for number, event in requests.items()
        ],
        "sbtc_supply_changes": changes,
        "daily_sbtc": [_day(changes[: place + 1], events, requests) for place in range(len(changes))],
    }


def _event(row: Row) -> Row:
    fields = row["fields"]
    height = fields.get("block-height") if fields["topic"] == "withdrawal-create" else fields.get("burn-height")
    is_of = fields["topic"].endswith
    return placed(row) | {
        "request_id": int(fields["request-id"]),
        "kind": KINDS[fields["topic"]],
        "amount_sats": int(fields["amount"]) if is_of("create") else None,
        "max_fee_sats": int(fields["max-fee"]) if is_of("create") else None,
        "burn_block_height": None if is_of("reject") else int(height),
        "fee_sats": int(fields["fee"]) if is_of("accept") else None,
    }


def _changes(day: date, deposits: Rows, events: Rows) -> Row:
    today = [row for row in events if row["day"] == day]
    deposited = [int(row["fields"]["amount"]) for row in deposits if row["day"] == day]
    staked = [
        (row["recipient"] == POX5) * int(row["amount"]) - (row["sender"] == POX5) * int(row["amount"])
        for row in today
        if row["asset_identifier"] == LIQUID
    ]
    return {
        "day": day,
        "deposits": len(deposited),
        "deposited_sats": sum(deposited),
        "minted_sats": _moved(today, LIQUID, MINT),
        "burned_sats": _moved(today, LIQUID, BURN),
        "locked_sats": _moved(today, LOCKED, MINT),
        "unlocked_sats": _moved(today, LOCKED, BURN),
        "staked_change_sats": sum(staked),
    }


def _moved(events: Rows, token: str, kind: int) -> int:
    return sum(
        int(row["amount"]) for row in events if (row["asset_identifier"], row["asset_event_type_id"]) == (token, kind)
    )


def _day(changes: Rows, events: Rows, requests: dict[int, Row]) -> Row:
    today, day = changes[-1], changes[-1]["day"]
    created, accepted, rejected = (
        [event for event in events if event["day"] == day and event["kind"] == kind] for kind in KINDS.values()
    )
    times = sorted(
        event["burn_block_height"] - requests[event["request_id"]]["burn_block_height"] for event in accepted
    )
    fees = sum(event["fee_sats"] for event in accepted)
    given_back = _requested(accepted, requests, "max_fee_sats") - fees
    given_back += _requested(rejected, requests, "amount_sats") + _requested(rejected, requests, "max_fee_sats")
    return {
        "day": day,
        "deposits": today["deposits"],
        "deposited_sats": today["deposited_sats"],
        "created_withdrawals": len(created),
        "created_sats": sum(event["amount_sats"] for event in created),
        "accepted_withdrawals": len(accepted),
        "accepted_sats": _requested(accepted, requests, "amount_sats"),
        "fees_sats": fees,
        "rejected_withdrawals": len(rejected),
        "rejected_sats": _requested(rejected, requests, "amount_sats"),
        "median_blocks": median(times),
        "max_blocks": times[-1] if times else None,
        "liquid_sats": sum(row["minted_sats"] - row["burned_sats"] for row in changes),
        "locked_sats": sum(row["locked_sats"] - row["unlocked_sats"] for row in changes),
        "staked_sats": sum(row["staked_change_sats"] for row in changes),
        "unexplained_mint_sats": today["minted_sats"] - today["deposited_sats"] - given_back,
    }


def _requested(events: Rows, requests: dict[int, Row], column: str) -> int:
    # Of a request of a day that is not loaded nothing is known.
    return sum(requests[event["request_id"]][column] or 0 for event in events)
