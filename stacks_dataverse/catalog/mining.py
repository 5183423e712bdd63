"""Proof of Transfer from the miners' side, and the microblocks of old."""

from datetime import date

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, each_day, series_of
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.runners import build, publish

# Epoch 2.5 ended microblocks; mainnet.
MICROBLOCKS_ENDED = date(2024, 4, 22)

TENURE = {
    "burn_block_height": "Bitcoin block of the tenure",
    "mined_at": "its time",
    "miner_address": "who won it: miner_rewards.miner_address, until then the sender of the coinbase transaction",
    "miner_commit_sats": "what the winner sent, satoshis; null where outputs are not known",
    "total_commit_sats": "what all miners sent, satoshis; null where stackers were not paid, as in the prepare phase",
    "miners": "how many sent; null where outputs are not known",
    "coinbase_ustx": "µSTX; by the schedule of SIP-029 until the reward matures",
    "fees_ustx": "µSTX; sum of the tenure's fees until the reward matures",
}

TABLES = (
    Table(
        name="burn_block_rewards",
        kind=Kind.FACT,
        subject="mining",
        runner=build.day,
        method="What miners sent in a Bitcoin block to stackers, from canonical rewards without repetition; since "
        "Bitcoin height 962,150 (mainnet) to the pool of rewards, as one deposit of sBTC.",
        fields={
            "burn_block_height": "Bitcoin height",
            "day": "UTC day of the Stacks block that owns it: the next at or above it",
            "burned_at": "the Bitcoin block's time; null where no Stacks block stands on it",
            "reward_sats": "sent by miners to stackers, or to the pool, satoshis",
            "burn_sats": "burned, satoshis; the source repeats it on each row, so it is not summed",
            "recipients": "distinct addresses paid; the pool is one",
        },
        warnings=(
            "Since the pool no stacker is paid by the Bitcoin block: stacking_distributions has what they are paid.",
        ),
    ),
    Table(
        name="tenures",
        kind=Kind.FACT,
        subject="mining",
        runner=build.day,
        method="The day's part of each tenure: the Stacks blocks of one Bitcoin block; before Nakamoto one block. "
        "Commits are the sum of burn_block_pox_txs, else of burnchain_rewards.",
        fields=DAY
        | {
            "first_block_height": "lowest height of the part",
            "first_index_block_hash": "its block, hex with 0x; of the first part, the block that rewards name",
        }
        | TENURE,
        warnings=("A tenure that lasts over midnight has a row on both days; mining_tenures joins them.",),
    ),
    Table(
        name="mining_tenures",
        kind=Kind.VIEW,
        runner=build.day,
        method="Tenures, whole, with the matured reward in the place of the provisional one.",
        fields=TENURE | {"matured": "whether coinbase and fees are those of the matured reward"},
        warnings=(
            "A matured reward's fees are what the chain paid out with it, to the winner and to its parent's miner.",
        ),
    ),
    Table(
        name="daily_microblocks",
        kind=Kind.FACT,
        subject="mining",
        runner=build.day,
        last_day=MICROBLOCKS_ENDED,
        method="Canonical microblocks on the day of the block that confirmed them.",
        fields=DAY
        | {
            "microblocks": "microblocks",
            "microblocks_digest": "md5 of their hashes, each with its block's index hash, as lower-case hex, by hash, "
            "joined with commas; null in a day built before this was noted",
        },
    ),
)

OBJECTS = (
    PublicObject(
        name="microblocks",
        path=paths.MICROBLOCKS,
        shape="series",
        rows=each_day(
            "daily_microblocks",
            "microblocks",
            until="(SELECT max(day) FROM daily_microblocks WHERE microblocks > 0 AND day <= {day})",
        ),
        method="Canonical microblocks by the day of the block that confirmed them, to the last day that has any.",
        fields=series_of("microblocks"),
        runner=publish.written,
        dated=False,
        last_day=MICROBLOCKS_ENDED,
        warnings=("Epoch 2.5 ended microblocks: the series is history.",),
    ),
)
