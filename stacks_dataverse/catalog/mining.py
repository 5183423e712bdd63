"""Proof of Transfer from the miners' side, and microblocks (before Nakamoto)."""

from dataclasses import replace
from datetime import date

from stacks_dataverse import paths
from stacks_dataverse.catalog.fields import DAY, daily_series
from stacks_dataverse.catalog.v1 import UP_TO_THE_DAY
from stacks_dataverse.caveats import about, of_rows
from stacks_dataverse.dataset import Column, Kind, PublicObject, Table
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import mining

# Epoch 2.5 ended microblocks; mainnet.
MICROBLOCKS_ENDED = date(2024, 4, 22)

TENURE = (
    Column("burn_block_height", "integer", "Bitcoin block of the tenure"),
    Column("mined_at", "timestamptz", "time of the Bitcoin block"),
    Column(
        "miner_address",
        "text",
        "its winner: miner_rewards.miner_address of the reward with its coinbase, or, before that matures, the "
        "sender of the coinbase transaction",
    ),
    Column(
        "miner_commit_sats",
        "bigint",
        "BTC payouts sent by the winner, without burned BTC",
        unit="satoshis",
        null="if outputs are not known",
    ),
    Column(
        "total_commit_sats",
        "bigint",
        "BTC sent by all miners, payouts and burned",
        unit="satoshis",
        null="if not known",
    ),
    Column("miners", "bigint", "number of miners that sent payouts", null="if outputs are not known"),
    Column("coinbase_ustx", "bigint", "µSTX; provisional until the reward matures"),
    Column("fees_ustx", "bigint", "µSTX; fees of the tenure's own transactions"),
)

UNKNOWN_COMMITS = about(
    "Before reward cycle 141 (mainnet: Bitcoin height 962,150) the prepare phases paid no one, and the BTC that "
    "miners burned there is known only if the source has the table burn_blocks; otherwise total_commit_sats is "
    "null. The BTC burned by some commits of the first cycles (the sunset burn) is in no table of the source.",
    *("miner_commit_sats", "total_commit_sats"),
)
PROVISIONAL = about(
    "Provisional coinbases assume a sortition in each Bitcoin block with known commits or with a Stacks block, and "
    "none in others. They do not include the bonus that mainnet paid in its first 10,000 Bitcoin blocks, from "
    "666,053, nor coinbases of sortitions without a winner.",
    "coinbase_ustx",
)

TABLES = (
    Table(
        name="burn_block_rewards",
        title="BTC sent by miners, by Bitcoin block",
        group=Group.MINING,
        kind=Kind.FACT,
        transform=mining.burn_block_rewards,
        reads={
            "burnchain_rewards": ("burn_amount", "reward_recipient", "reward_amount"),
            "burn_blocks": ("burn_amount", "reward_amount"),
        },
        method="BTC that miners sent in a Bitcoin block, if any: to stackers (since Bitcoin height 962,150 on "
        "mainnet to the reward pool, as one sBTC deposit), and burned BTC. Rows are of the Bitcoin block "
        "that a canonical Stacks block names; if none does, of the block that is canonical in burn_blocks, "
        "otherwise of the one stored last. The source's flag canonical of rewards is not used. Each reward "
        "slot in a block counts once.",
        columns=(
            Column("burn_block_height", "integer", "Bitcoin height"),
            Column("day", "date", "UTC day of the first Stacks block at or above it"),
            Column("burned_at", "timestamptz", "the Bitcoin block's time", null="if no Stacks block is anchored to it"),
            Column("reward_sats", "bigint", "sent by miners to stackers, or to the pool", unit="satoshis"),
            Column(
                "burn_sats",
                "bigint",
                "burned, satoshis: from burn_blocks, otherwise the value that each row of the source repeats, "
                "not their sum",
            ),
            Column("recipients", "bigint", "distinct addresses paid; the pool is one"),
        ),
        key=("burn_block_height", "day"),
        warnings=(
            about(
                "Since Bitcoin height 962,150 (mainnet) miners pay into the reward pool, and no Bitcoin block pays "
                "stackers: their payments are in stacking_distributions and daily_stacking_rewards.",
                *("reward_sats", "recipients"),
            ),
            of_rows(
                "Bitcoin blocks in which all BTC was burned have a row only if the source has the table burn_blocks."
            ),
        ),
    ),
    Table(
        name="tenures",
        title="Tenures, split by day",
        group=Group.MINING,
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
        "Commits are the sum of burn_block_pox_txs, otherwise of burnchain_rewards or burn_blocks, and "
        "burned BTC. The coinbase is scheduled for the tenure's Bitcoin height, plus that of each Bitcoin "
        "block without sortition just before it; a Stacks block of the day shows a sortition even if it was orphaned. "
        "Fees are those of transactions in the tenure's blocks; microblocks count with the block that confirmed them. "
        "Commits and coinbase are in the first part of a tenure: in a later one they are null and 0.",
        columns=(
            DAY,
            Column("first_block_height", "integer", "lowest height of the part"),
            Column(
                "first_index_block_hash",
                "text",
                "its block, hex with 0x; in the first part of a tenure the block that rewards refer to",
            ),
            *(
                replace(column, null="in a part that another day began") if column.name == "miner_address" else column
                for column in TENURE
            ),
        ),
        key=("day", "burn_block_height"),
        warnings=(
            of_rows("A tenure that spans midnight has a row on both days; mining_tenures joins them."),
            UNKNOWN_COMMITS,
            PROVISIONAL,
        ),
    ),
    Table(
        name="mining_tenures",
        title="Complete tenures: miner, commits and rewards",
        group=Group.MINING,
        kind=Kind.VIEW,
        made_of=("tenures", "matured_rewards"),
        method="The parts of each tenure together, with the matured coinbase instead of the provisional one. Fees are "
        "the tenure's own, before and after the reward matures.",
        columns=(
            *TENURE,
            Column("matured", "boolean", "whether the coinbase is that of the matured reward"),
        ),
        key=(),
        warnings=(
            of_rows("Of a day that is not loaded the part is missing; the last tenure may go on."),
            "Since Nakamoto a tenure's fees are paid to its miner with the reward of the next tenure, and "
            "matured_rewards has them under that tenure's block. Before, a miner got the fees of its block with "
            "its own reward, except 40 percent of microblock fees, which went to the miner of the block that the "
            "microblocks followed.",
            UNKNOWN_COMMITS,
            PROVISIONAL,
        ),
    ),
    Table(
        name="daily_microblocks",
        title="Number of microblocks per day",
        group=Group.MINING,
        headline="microblocks",
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
                null="for days built before this was recorded",
            ),
        ),
    ),
)

OBJECTS = (
    PublicObject(
        name="microblocks",
        title="Microblocks per day until Nakamoto",
        group=Group.MINING,
        headline="daily_microblocks.microblocks",
        path=paths.MICROBLOCKS,
        method="Canonical microblocks by the day of the block that confirmed them, to the last day that has any.",
        **daily_series(
            "daily_microblocks",
            "microblocks",
            "microblocks that blocks of the day confirmed",
            "microblocks",
            until=f"(SELECT max(day) FROM daily_microblocks WHERE microblocks > 0 AND {UP_TO_THE_DAY})",
        ),
        last_day=MICROBLOCKS_ENDED,
        warnings=("Microblocks ended with epoch 2.5: the series is discontinued.",),
    ),
)
