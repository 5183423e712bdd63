"""What miners sent on made-up chains: Bitcoin blocks that forked, were delivered again, or are not known."""

import random

from tests.second_opinion.chain import Row, Rows

RECIPIENTS = ("bc1one", "bc1two", "bc1three")


def bitcoin_rows(dice: random.Random, heights: range, blocks: Rows) -> dict[str, Rows]:
    """Rows of Bitcoin blocks, on the side of the Stacks blocks that name them and on another."""
    rows: dict[str, Rows] = {"burnchain_rewards": [], "burn_block_pox_txs": [], "burn_blocks": []}
    anchored = {block["burn_block_height"]: block for block in blocks if block["canonical"]}
    has_headers, has_outputs = dice.random() < 0.5, dice.random() < 0.6
    for height in heights:
        block = anchored.get(height)
        ours = block["burn_block_hash"] if block else bytes([height % 256]) * 32
        for side in dice.choice(([ours], [ours], [b"other" + ours[5:], ours], [ours, b"other" + ours[5:]], [])):
            _deliver(dice, rows, {"burn_block_height": height, "burn_block_hash": side}, has_headers, has_outputs)
            if has_headers:
                rows["burn_blocks"][-1]["canonical"] = side == ours
    return rows


def _deliver(dice: random.Random, rows: dict[str, Rows], key: Row, has_headers: bool, has_outputs: bool) -> None:
    burned, amounts = dice.choice((0, 0, 5_000)), [dice.randrange(10_000) for _ in range(dice.choice((0, 1, 2, 2)))]
    for _ in range(dice.choice((1, 1, 2))):
        places = list(enumerate(amounts))
        dice.shuffle(places)
        for index, amount in places:
            reward = {"id": len(rows["burnchain_rewards"]) + 1, "canonical": dice.random() < 0.7, "burn_amount": burned}
            reward |= {"reward_index": index, "reward_amount": amount, "reward_recipient": dice.choice(RECIPIENTS)}
            rows["burnchain_rewards"].append(key | reward)
    if has_headers:
        header = {"id": len(rows["burn_blocks"]) + 1, "burn_amount": burned, "reward_amount": sum(amounts)}
        rows["burn_blocks"].append(key | header)
    for miner in range(dice.randrange(3) if has_outputs else 0):
        for place in range(dice.choice((1, 2))):
            sent = {"tx_id": commit(key["burn_block_height"], miner), "utxo_idx": place}
            sent |= {"amount": dice.randrange(10_000), "canonical": dice.random() < 0.7}
            rows["burn_block_pox_txs"].append(key | sent)


def commit(burn_height: int, miner: int) -> bytes:
    """The id of a miner's commit for a Bitcoin block."""
    return f"commit {burn_height} {miner}".encode().ljust(32)
