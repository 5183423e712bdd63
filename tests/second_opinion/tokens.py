"""Fungible tokens: what moved, who holds them, and what protocols hold."""

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import date
from importlib.resources import files

from tests.second_opinion.balances import changes_of, moves
from tests.second_opinion.chain import BURN, MINT, TRANSFER, Chain, Opinion, Row, Rows, group, is_account

Holder = tuple[str, str]


def token_moves(chain: Chain) -> Iterable[tuple[date, Holder, int]]:
    """Every movement of a token: the day, the token and whose, and how much in."""
    for event in chain.rows("ft_events"):
        for side, sign in (("sender", -1), ("recipient", 1)):
            if event[side] is not None:
                yield event["day"], (event["asset_identifier"], event[side]), sign * int(event["amount"])


def tokens(chain: Chain) -> Opinion:
    """Activity, balances, supply and holders of every token."""
    changes, moved = changes_of(token_moves(chain)), group(chain.rows("ft_events"), "day", "asset_identifier")
    held, holdings, daily = Counter[Holder](), list[Row](), list[Row]()
    supply, firsts = Counter[str](), dict[str, date]()
    for day in chain.days:
        for (token, principal), change in changes.get(day, {}).items():
            held[token, principal] += change
            holdings.append({"day": day, "asset_identifier": token, "principal": principal})
            holdings[-1]["balance"] = held[token, principal]
        for token in [token for when, token in moved if when == day]:
            activity = _activity(moved[day, token])
            supply[token] += activity["minted"] - activity["burned"]
            firsts.setdefault(token, day)
            daily.append({"day": day, "asset_identifier": token} | _holders(token, held, supply[token]))
    return {
        "token_balance_changes": [
            {"day": day, "asset_identifier": token, "principal": principal, "change": change}
            for day, of_day in changes.items()
            for (token, principal), change in of_day.items()
        ],
        "token_balances": [
            {"asset_identifier": token, "principal": principal, "balance": balance}
            for (token, principal), balance in held.items()
        ],
        "daily_token_activity": [
            {"day": day, "asset_identifier": token} | _activity(some) for (day, token), some in moved.items()
        ],
        "fungible_tokens": [{"asset_identifier": token, "first_day": day} for token, day in firsts.items()],
        "token_holdings": holdings,
        "daily_tokens": daily,
    }


def _activity(events: Rows) -> Row:
    kinds = group(events, "asset_event_type_id")
    counts = zip(
        ("transfers", "mints", "burns"), ("transferred", "minted", "burned"), (TRANSFER, MINT, BURN), strict=True
    )
    row: Row = {}
    for count, amount, kind in counts:
        row |= {count: len(kinds[kind]), amount: sum(int(event["amount"]) for event in kinds[kind])}
    senders, receivers = ({event[side] for event in kinds[TRANSFER]} for side in ("sender", "recipient"))
    return row | {"senders": len(senders), "receivers": len(receivers)}


def _holders(token: str, held: Counter[Holder], supply: int) -> Row:
    positive = {who: balance for (what, who), balance in held.items() if what == token and balance > 0}
    accounts = sum(map(is_account, positive))
    largest = sum(sorted(positive.values())[-10:])
    return {
        "supply": supply,
        "account_holders": accounts,
        "contract_holders": len(positive) - accounts,
        "ten_largest_share": largest / supply if supply > 0 else None,
    }


def protocols(chain: Chain) -> Opinion:
    """What the contracts of each protocol hold, of what no protocol minted."""
    with (files("stacks_dataverse.seeds") / "protocols.csv").open(encoding="utf-8") as file:
        deployers = {row["deployer"]: row["protocol"] for row in csv.DictReader(file)}
    moved = [(day, ("STX", address), change) for day, address, change in moves(chain)]
    counted = [
        (day, (deployers[who.split(".")[0]], asset), change)
        for day, (asset, who), change in (*moved, *token_moves(chain))
        if not is_account(who) and who.split(".")[0] in deployers and asset.split(".")[0] not in deployers
    ]
    changes, held, rows = changes_of(counted), Counter[Holder](), list[Row]()
    for day in chain.days:
        for (protocol, asset), change in changes.get(day, {}).items():
            held[protocol, asset] += change
            rows.append({"day": day, "protocol": protocol, "asset_identifier": asset})
            rows[-1]["balance"] = held[protocol, asset]
    return {"daily_protocol_balances": rows}
