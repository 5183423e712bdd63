"""Reward sets, and what stacking pays: by Bitcoin block until PoX-5, then by its distributions."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.transformers import stacking

# On mainnet PoX-4 and its reward sets came with epoch 2.5, PoX-5 with epoch 4.0 in the last days of July 2026.
POX_4_BEGAN = date(2024, 4, 22)
POX_5_BEGAN = date(2026, 7, 29)

# From which Bitcoin height, and reward cycle, mainnet's miners pay into the pool of PoX-5.
POOL = "Bitcoin height 962,150 (cycle 141; on mainnet)"

TABLES = (
    Table(
        name="reward_cycles",
        kind=Kind.FACT,
        transform=stacking.reward_cycles,
        reads={
            "blocks": ("block_height",),
            "pox_cycles": ("cycle_number", "total_stacked_amount", "total_signers"),
            "pox_sets": ("cycle_number", "pox_ustx_threshold"),
        },
        first_day=POX_4_BEGAN,
        method="Reward sets on the day of the block that wrote them: totals of pox_cycles, threshold of pox_sets.",
        columns=(
            DAY,
            Column("cycle", "integer", "reward cycle that the set is for"),
            Column("block_height", "integer", "height of the block that wrote it"),
            Column(
                "min_threshold_ustx",
                "bigint",
                "STX that a reward slot takes",
                unit="µSTX",
                null="without signers, and since cycle 141, when PoX-5 ended slots",
            ),
            Column("stacked_ustx", "bigint", "STX in the reward set, of stakers and bonds together", unit="µSTX"),
            Column("signers", "integer", "signers of the cycle, by signing key"),
        ),
        key=("day", "cycle", "block_height"),
        warnings=(
            "Differs from daily_stacking by design: the next cycle's locks, amounts below the threshold.",
            "Since cycle 141 a signer is in the set from 50,000 STX on; the API stores that as the threshold. Several "
            "signer managers may share a key, and the set may lack a few of the STX that earn.",
        ),
    ),
    Table(
        name="stacking_distributions",
        kind=Kind.FACT,
        transform=stacking.stacking_distributions,
        reads={
            "blocks": ("block_height",),
            "pox5_events": ("tx_id", "microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        first_day=POX_5_BEGAN,
        method="Each calculate-rewards of PoX-5, on the day of its block: how it split the sBTC that had come into the "
        "pool since the one before. Bonds have their target yield first, the reserve 15 % of the rest, and who stakes "
        "STX alone the other 85 %, by STX; while nobody does, the reserve has these too.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("cycle", "integer", "reward cycle that it is for, that of calculation_height"),
            Column("calculation_height", "integer", "last Bitcoin height of the half cycle that it is for"),
            Column("gross_sats", "bigint", "what had come in, satoshis: bond_sats + stx_staker_sats + reserve_sats"),
            Column("bond_sats", "bigint", "for bonds", unit="satoshis"),
            Column("stx_staker_sats", "bigint", "for those who stake STX alone", unit="satoshis"),
            Column("reserve_sats", "bigint", "for the reserve", unit="satoshis"),
            Column("reserve_balance_sats", "bigint", "in the reserve after it", unit="satoshis"),
            Column(
                "staked_ustx", "bigint", "STX that are staked alone in the cycle, without those of bonds", unit="µSTX"
            ),
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=(
            "Anyone may call it, once for each half cycle that is over: the row of a cycle's second half comes in the "
            "next cycle, and a half that nobody called for has no row; its sBTC is in the next one.",
            "Miners' BTC reaches the pool some blocks after it was sent, less the fees of sBTC, and the pool takes "
            "gifts: gross_sats is not the sum of burn_block_rewards over the half cycle.",
            "What may be claimed, not what was: signer managers claim it later.",
        ),
    ),
    Table(
        name="daily_stacking_rewards",
        kind=Kind.FIGURE,
        transform=stacking.daily_stacking_rewards,
        inputs={"rewards": inputs.REWARDS, "distributions": inputs.DISTRIBUTIONS},
        method="BTC that stackers were paid and that miners sent on the day, by reward cycle. Up to the last cycle in "
        "which miners paid stackers themselves both are the sum of burn_block_rewards, by the cycle of each Bitcoin "
        f"block. Since {POOL} stackers are paid by the day's stacking_distributions, by the cycle of each.",
        columns=(
            DAY,
            Column("cycle", "integer", "reward cycle of the Bitcoin blocks or distributions"),
            Column("reward_sats", "bigint", "paid to stackers, satoshis; since the pool to those who stake STX alone"),
            Column(
                "miner_sats",
                "bigint",
                "sent by miners in the cycle's Bitcoin blocks of the day",
                unit="satoshis",
                null="in a row made before this column was",
            ),
            Column(
                "bond_sats",
                "bigint",
                "of the day's distributions, for bonds",
                unit="satoshis",
                null="in a row made before this column was",
            ),
            Column(
                "reserve_sats",
                "bigint",
                "of the day's distributions, for the reserve",
                unit="satoshis",
                null="in a row made before this column was",
            ),
        ),
        key=("day", "cycle"),
        warnings=(
            "On the day that a cycle ends the next one has a row as well.",
            "Since the pool stackers are paid twice a cycle, on days of their own: on the others reward_sats is 0. The "
            "second time is after the cycle's end.",
        ),
    ),
)
