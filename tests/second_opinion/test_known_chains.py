"""What became of a token on an earlier day decides whether it is sold: by hand, and in the second opinion."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from stacks_dataverse.network import MAINNET
from tests.second_opinion.chain import MINT, TRANSFER, Chain
from tests.second_opinion.compare import disagreements
from tests.second_opinion.load import content, load
from tests.second_opinion.nfts import nfts
from tests.second_opinion.random_chain import ANCHORED, hashed
from tests.second_opinion.random_events import TABLES

DAYS = [date(2024, 3, 1) + timedelta(days=number) for number in range(2)]
OWNER, BUYER, VAULT = "SPOWNER", "SPBUYER", "SPM.vault"


def block_of(height: int) -> dict[str, Any]:
    """A block, one a day."""
    time = int(datetime.combine(DAYS[height - 1], datetime.min.time(), UTC).timestamp())
    heights = {"block_height": height, "burn_block_height": 666_100 + height, "block_time": time}
    costs = ("runtime", "read_count", "read_length", "write_count", "write_length")
    hashes = {"index_block_hash": hashed(height), "parent_index_block_hash": hashed(height - 1)}
    of_bitcoin = {"burn_block_hash": hashed("burn", height), "burn_block_time": time, "miner_txid": b"commit"}
    return hashes | heights | of_bitcoin | {"canonical": True} | {f"execution_cost_{name}": 1 for name in costs}


def placed(height: int, **columns: Any) -> dict[str, Any]:
    """A row of the one transaction of a block."""
    place = {"index_block_hash": hashed(height), "microblock_canonical": True, "microblock_sequence": ANCHORED}
    return place | {"tx_id": hashed("tx", height), "tx_index": 0} | columns


def called(height: int) -> dict[str, Any]:
    """A call of a contract."""
    whose = {"sender_address": OWNER, "sponsored": False, "sponsor_address": None, "raw_tx": bytes(180)}
    of = {"type_id": 2, "status": 1, "fee_rate": 180, "event_count": 0, "contract_call_contract_id": VAULT}
    unused = ("token_transfer_recipient_address", "smart_contract_contract_id", "tenure_change_cause")
    return placed(height, **whose, **of, **dict.fromkeys(unused))


def moved(height: int, index: int, kind: int, sender: str | None, recipient: str, token: int) -> dict[str, Any]:
    """A move of a token."""
    of = {"asset_identifier": "SPN.apes::apes", "value": b"\x01" + token.to_bytes(16)}
    sides = {"asset_event_type_id": kind, "sender": sender, "recipient": recipient}
    return placed(height, event_index=index, **sides, **of)


def paid(index: int, sender: str, amount: int) -> dict[str, Any]:
    """STX that somebody pays as a fee."""
    sides = {"sender": sender, "recipient": "SPFEES", "asset_event_type_id": TRANSFER}
    return placed(2, event_index=index, amount=amount, **sides)


def test_a_token_that_its_minter_put_in_the_day_before_returns(one_warehouse: str) -> None:
    """The vault gives a token back, and sells one that was minted for it."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    rows["blocks"] = [block_of(1), block_of(2)]
    rows["txs"] = [called(1), called(2)]
    rows["nft_events"] = [
        *(moved(1, 0, MINT, None, OWNER, 1), moved(1, 1, TRANSFER, OWNER, VAULT, 1), moved(1, 2, MINT, None, VAULT, 2)),
        *(moved(2, 0, TRANSFER, VAULT, OWNER, 1), moved(2, 1, TRANSFER, VAULT, BUYER, 2)),
    ]
    rows["stx_events"] = [paid(2, OWNER, 50), paid(3, BUYER, 70)]
    made_up = Chain(rows, DAYS, MAINNET)
    load(made_up, one_warehouse)
    loaded = content(one_warehouse)
    assert [(sale["buyer"], sale["price_ustx"]) for sale in loaded["nft_sales"]] == [(BUYER, 70)]
    assert disagreements(loaded, nfts(made_up)) == {}
