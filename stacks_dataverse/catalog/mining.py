"""Proof of Transfer from the miners' side, and the microblocks of old."""

from datetime import date

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, each_day, series_of
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.transformers import mining, shapes

# Epoch 2.5 ended microblocks; mainnet.
MICROBLOCKS_ENDED = date(2024, 4, 22)

TENURE = (
    Column("burn_block_height", "integer", "Bitcoin block of the tenure"),
    Column("mined_at", "timestamptz", "its time"),
    Column(
        "miner_address",
        "text",
        "who won it: miner_rewards.miner_address, until then the sender of the coinbase transaction",
    ),
    Column(
        "miner_commit_sats",
        "bigint",
        "what the winner sent to be paid out, without what it burned",
        unit="satoshis",
        null="where outputs are not known",
    ),
    Column(
        "total_commit_sats",
        "bigint",
        "what all miners sent, burned or not",
        unit="satoshis",
        null="where it is not known",
    ),
    Column("miners", "bigint", "how many sent something to be paid out", null="where outputs are not known"),
    Column("coinbase_ustx", "bigint", "µSTX; provisional until the reward matures"),
    Column("fees_ustx", "bigint", "µSTX; fees of the tenure's own transactions"),
)

UNKNOWN_COMMITS = (
    "Before reward cycle 141 (mainnet: Bitcoin height 962,150) the prepare phases paid nobody, and what miners burned "
    "there is known only where the source has the table burn_blocks; total_commit_sats is null elsewhere. The fee that "
    "some commits of the first cycles burned (the sunset burn) is in no table of the source."
)
PROVISIONAL = (
    "Provisional coinbases take each Bitcoin block that miners are known to have sent something in, or that a Stacks "
    "block stands on, as one with a sortition, and any other as one without. They lack the bonus that mainnet paid in "
    "its first 10,000 Bitcoin blocks, from 666,053 on, and coinbases of sortitions that the node let nobody win."
)

TABLES = (
    Table(
        name="burn_block_rewards",
        kind=Kind.FACT,
        transform=mining.burn_block_rewards,
        reads={
            "burnchain_rewards": ("burn_amount", "reward_recipient", "reward_amount"),
            "burn_blocks": ("burn_amount", "reward_amount"),
        },
        method="What miners sent in a Bitcoin block, where they sent anything: to stackers, since Bitcoin height "
        "962,150 (mainnet) to the reward pool as one sBTC deposit, and what they burned. Rows of the Bitcoin block "
        "that a canonical Stacks block names; where none does, of the one that is canonical in burn_blocks, else of "
        "the one that was stored last. The source's flag canonical of rewards is not used. Each place in a block "
        "counts once.",
        columns=(
            Column("burn_block_height", "integer", "Bitcoin height"),
            Column("day", "date", "UTC day of the Stacks block that owns it: the next at or above it"),
            Column("burned_at", "timestamptz", "the Bitcoin block's time", null="where no Stacks block stands on it"),
            Column("reward_sats", "bigint", "sent by miners to stackers, or to the pool", unit="satoshis"),
            Column(
                "burn_sats",
                "bigint",
                "burned, satoshis: of burn_blocks, else as each row of the source repeats it, so not summed",
            ),
            Column("recipients", "bigint", "distinct addresses paid; the pool is one"),
        ),
        key=("burn_block_height", "day"),
        warnings=(
            "Since the pool no stacker is paid by the Bitcoin block: stacking_distributions has what they are paid.",
            "Bitcoin blocks in which everything was burned have a row only where the source has the table burn_blocks.",
        ),
    ),
    Table(
        name="tenures",
        kind=Kind.FACT,
        transform=mining.tenures,
        reads={
            "blocks": ("block_height", "miner_txid"),
            "txs": ("type_id", "fee_rate", "sender_address"),
            "burnchain_rewards": ("burn_amount", "reward_recipient", "reward_amount"),
            "burn_block_pox_txs": ("amount",),
            "burn_blocks": ("burn_amount", "reward_amount"),
        },
        method="The day's part of each tenure: the Stacks blocks of one Bitcoin block; before Nakamoto one block. "
        "Commits are the sum of burn_block_pox_txs, else of burnchain_rewards or burn_blocks, and what was burned. The "
        "coinbase is that of the schedule at the tenure's Bitcoin height, and of each Bitcoin block without sortition "
        "just before it. Fees are those of transactions in the tenure's blocks, microblocks with the block that "
        "confirmed them.",
        columns=(
            DAY,
            Column("first_block_height", "integer", "lowest height of the part"),
            Column(
                "first_index_block_hash",
                "text",
                "its block, hex with 0x; of the first part, the block that rewards name",
            ),
            *TENURE,
        ),
        key=("day", "burn_block_height"),
        warnings=(
            "A tenure that lasts over midnight has a row on both days; mining_tenures joins them.",
            UNKNOWN_COMMITS,
            PROVISIONAL,
        ),
    ),
    Table(
        name="mining_tenures",
        kind=Kind.VIEW,
        method="Tenures, whole, with the matured coinbase in the place of the provisional one. Fees are the tenure's "
        "own, before and after it matures.",
        columns=(
            *TENURE,
            Column("matured", "boolean", "whether the coinbase is that of the matured reward"),
        ),
        key=(),
        warnings=(
            "Since Nakamoto a tenure's fees are paid to its miner with the next tenure's reward, and matured_rewards "
            "has them under that tenure's block. Before, its miner got the fees of its block with its own reward, but "
            "of those of microblocks 40 percent went to the miner of the block that they followed.",
            UNKNOWN_COMMITS,
            PROVISIONAL,
        ),
    ),
    Table(
        name="daily_microblocks",
        kind=Kind.FACT,
        transform=mining.daily_microblocks,
        reads=mining.MICROBLOCK_READS,
        last_day=MICROBLOCKS_ENDED,
        method="Canonical microblocks on the day of the block that confirmed them.",
        columns=(
            DAY,
            Column("microblocks", "bigint", "microblocks"),
            Column(
                "microblocks_digest",
                "text",
                "md5 of their hashes, each with its block's index hash, as lower-case hex, by hash, joined with commas",
                null="in a day built before this was noted",
            ),
        ),
    ),
)

OBJECTS = (
    PublicObject(
        name="microblocks",
        path=paths.MICROBLOCKS,
        shape=shapes.series,
        rows=each_day(
            "daily_microblocks",
            "microblocks",
            until="(SELECT max(day) FROM daily_microblocks WHERE microblocks > 0 AND day <= {day})",
        ),
        method="Canonical microblocks by the day of the block that confirmed them, to the last day that has any.",
        fields=series_of("microblocks"),
        last_day=MICROBLOCKS_ENDED,
        warnings=("Epoch 2.5 ended microblocks: the series is history.",),
    ),
)
