"""Names of both versions of the naming system."""

from collections import Counter
from datetime import date
from typing import Any

from tests.second_opinion.chain import BURN, MINT, TRANSFER, Chain, Opinion, Row, Rows, group, place, placed
from tests.second_opinion.clarity import UInt, Wrapped, decode, to_text
from tests.second_opinion.prints import fits, prints

CONTRACTS = {1: "SP000000000000000000002Q6VF78.bns", 2: "SP2QEZ06AGJ3RKJPBV14SY1V5BBFNAW33D96YPGZF.BNS-V2"}
ASSETS = {f"{CONTRACTS[1]}::names": 1, f"{CONTRACTS[2]}::BNS-V2": 2}
CHANGES = {MINT: 1, TRANSFER: 0, BURN: -1}
NAME = {"name": bytes, "namespace": bytes}
V1 = {"attachment": {"metadata": NAME | {"op": str}}}
V2 = {"topic": str, "name": NAME}
COUNTED = {"registration": "registrations", "airdrop": "airdrops", "renewal": "renewals", "transfer": "transfers"}


def names(chain: Chain) -> Opinion:
    """Every event of a name, and the names that there are."""
    events = sorted((*moves_of(chain), *renewals_of(chain)), key=lambda event: _order(event))
    totals = Counter[tuple[int, str]]()
    for event in events:
        totals[event["bns_version"], event["namespace"]] += event["change"]
    return {
        "name_events": events,
        "bns_namespaces": [
            {"bns_version": version, "namespace": namespace, "names": count}
            for (version, namespace), count in totals.items()
        ],
        "daily_names": [row for day in chain.days for row in _day(day, events)],
    }


def _order(event: Row) -> tuple[int, ...]:
    return tuple(event[name] for name in ("block_height", "microblock_sequence", "tx_index", "event_index"))


def printed_names(chain: Chain) -> dict[int, Rows]:
    """What the contract of each version printed of names: `op`, `of` the name, and `token`, in plain Python."""
    first, second = (prints(chain, contract) for contract in CONTRACTS.values())
    v1 = [row | row["fields"]["attachment"] for row in first if fits(row["fields"], V1)]
    v2 = [row for row in second if fits(row["fields"], V2)]
    return {
        1: [row | {"op": row["metadata"]["op"], "of": row["metadata"]} for row in v1],
        2: [
            row | {"op": row["fields"]["topic"], "of": row["fields"]["name"], "token": token}
            for row in v2
            if (token := _id(row["fields"])) is not None
        ],
    }


def _id(fields: Row) -> int | None:
    number = fields.get("id")
    number = number.value if isinstance(number, Wrapped) and number.name == "some" else number
    return int(number) if isinstance(number, UInt) else None


def moves_of(chain: Chain) -> Rows:
    """Moves of the tokens of names."""
    printed = printed_names(chain)
    rows = []
    for row in chain.rows("nft_events"):
        version = ASSETS.get(row["asset_identifier"])
        if version:
            near = [one for one in printed[version] if place(one)[:3] == place(row)[:3]]
            is_first = not any(_is_earlier(other, row) for other in chain.rows("nft_events"))
            rows.append(placed(row) | {"bns_version": version} | _move(row, version, near, is_first))
    return rows


def _is_earlier(other: Row, row: Row) -> bool:
    """Whether a move moves the same token earlier in the same transaction."""
    sides = [(one["asset_identifier"], one["value"], *place(one)[:3]) for one in (other, row)]
    return sides[0] == sides[1] and other["event_index"] < row["event_index"]


def _move(row: Row, version: int, near: Rows, is_first: bool) -> Row:
    kind, value = row["asset_event_type_id"], decode(row["value"])
    of = {1: lambda one: {part: one["of"][part] for part in NAME}, 2: lambda one: one["token"]}[version]
    about = [one for one in near if of(one) == value]
    name = value if version == 1 else about[0]["of"] if about else None
    ops = {one["op"] for one in about}
    kinds = {MINT: "registration", TRANSFER: "transfer", BURN: "burn"}
    if version == 1 and "name-register" in ops and is_first:
        kinds[TRANSFER] = "registration"
    if "new-airdrop" in ops:
        kinds[MINT] = "airdrop"
    return {"kind": kinds[kind], "change": CHANGES[kind], "token_id": to_text(row["value"])} | _named(name)


def _named(name: dict[str, bytes] | None) -> Row:
    if name is None:
        return {"name": None, "namespace": ""}
    first, last = (_text(name[part]) for part in ("name", "namespace"))
    return {"name": f"{first}.{last}", "namespace": last}


def _text(part: bytes) -> str:
    return part.decode() if part.isascii() else f"0x{part.hex()}"


def renewals_of(chain: Chain) -> Rows:
    """Renewals that are printed."""
    return [
        placed(row)
        | {"bns_version": version, "kind": "renewal", "change": 0, "token_id": None}
        | _named({part: row["of"][part] for part in NAME})
        for version, rows in printed_names(chain).items()
        for row in rows
        if row["op"] == ("name-renewal" if version == 1 else "renew-name")
    ]


def _day(day: date, events: Rows) -> Rows:
    rows = []
    for (version, namespace), some in group(events, "bns_version", "namespace").items():
        past = [event for event in some if event["day"] <= day]
        kinds: Counter[Any] = Counter(event["kind"] for event in past if event["day"] == day)
        if past:
            counts = {column: kinds[kind] for kind, column in COUNTED.items()} | {"burns": kinds["burn"]}
            there = sum(event["change"] for event in past)
            rows.append({"day": day, "bns_version": version, "namespace": namespace, "names": there} | counts)
    return rows
