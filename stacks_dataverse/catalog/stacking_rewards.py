"""Reward sets, and what stacking pays: by Bitcoin block until PoX-5, then by its distributions."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY, PLACE
from stacks_dataverse.caveats import about, of_rows
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import stacking

# On mainnet PoX-4 and its reward sets came with epoch 2.5, PoX-5 with epoch 4.0 in the last days of July 2026.
POX_4_BEGAN = date(2024, 4, 22)
POX_5_BEGAN = date(2026, 7, 29)

# From which Bitcoin height, and reward cycle, mainnet's miners pay into the pool of PoX-5.
POOL = "Bitcoin height 962,150 (cycle 141; on mainnet)"

TABLES = (
    Table(
        name="reward_cycles",
        title="Reward sets: STX, signers and threshold",
        group=Group.STACKING,
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
            Column("cycle", "integer", "reward cycle of the set"),
            Column("block_height", "integer", "height of the block that wrote it"),
            Column(
                "min_threshold_ustx",
                "bigint",
                "STX required for a reward slot",
                unit="µSTX",
                null="without signers, and since cycle 141, when PoX-5 ended slots",
            ),
            Column("stacked_ustx", "bigint", "STX in the reward set, of stakers and bonds together", unit="µSTX"),
            Column("signers", "integer", "signers of the cycle, by signing key"),
        ),
        key=("day", "cycle", "block_height"),
        warnings=(
            about(
                "The STX of a reward set differ from those of daily_stacking by design: locks of the next cycle "
                "count, and amounts below the threshold do not.",
                "stacked_ustx",
            ),
            about(
                "Since cycle 141 a signer needs 50,000 STX to be in the set; the API stores this as the threshold. "
                "Several signer managers may share a key, and the set may lack a few of the STX that earn.",
                *("min_threshold_ustx", "signers"),
            ),
        ),
    ),
    Table(
        name="stacking_distributions",
        title="Every distribution of sBTC to stackers",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=stacking.stacking_distributions,
        reads={
            "blocks": ("block_height",),
            "pox5_events": ("tx_id", "microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        first_day=POX_5_BEGAN,
        method="Each call of calculate-rewards of PoX-5, on the day of its block: the split of the sBTC that the "
        "pool received since the previous call. Bonds get their target yield first; of the rest the reserve "
        "gets 15 %, and accounts that stake STX alone get 85 %, by STX. If there are none, the reserve gets "
        "their share too.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("cycle", "integer", "reward cycle of calculation_height, which it pays"),
            Column("calculation_height", "integer", "last Bitcoin height of the half cycle that it pays"),
            Column("gross_sats", "bigint", "received amount, satoshis: bond_sats + stx_staker_sats + reserve_sats"),
            Column("bond_sats", "bigint", "for bonds", unit="satoshis"),
            Column("stx_staker_sats", "bigint", "for accounts that stake STX alone", unit="satoshis"),
            Column("reserve_sats", "bigint", "for the reserve", unit="satoshis"),
            Column("reserve_balance_sats", "bigint", "in the reserve after it", unit="satoshis"),
            Column("staked_ustx", "bigint", "STX staked alone in the cycle, without bonds", unit="µSTX"),
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=(
            of_rows(
                "Anyone may call it, once for each half cycle that is over. The row of a cycle's second half is in the "
                "next cycle. A half cycle without a call has no row; its sBTC is in the next distribution."
            ),
            about(
                "Miners' BTC reaches the pool some blocks after it was sent, minus the fees of sBTC, and the pool "
                "accepts gifts: gross_sats is not the sum of burn_block_rewards over the half cycle.",
                "gross_sats",
            ),
            about("The amounts can be claimed from then on; signer managers claim them later.", "reserve_sats"),
        ),
    ),
    Table(
        name="daily_stacking_rewards",
        title="BTC paid to stackers by day",
        group=Group.STACKING,
        kind=Kind.FIGURE,
        transform=stacking.daily_stacking_rewards,
        inputs={"rewards": inputs.REWARDS, "distributions": inputs.DISTRIBUTIONS},
        method="BTC paid to stackers and BTC sent by miners on the day, by reward cycle. Up to the last cycle in "
        "which miners paid stackers directly both are the sum of burn_block_rewards, by the cycle of each "
        f"Bitcoin block. Since {POOL} stackers are paid by the day's stacking_distributions, by the cycle of "
        "each.",
        columns=(
            DAY,
            Column("cycle", "integer", "reward cycle of the Bitcoin blocks or distributions"),
            Column(
                "reward_sats",
                "bigint",
                "paid to stackers, satoshis; since the reward pool to accounts that stake STX alone",
            ),
            Column(
                "miner_sats",
                "bigint",
                "sent by miners in the cycle's Bitcoin blocks of the day",
                unit="satoshis",
                null="in rows built before this column existed",
            ),
            Column(
                "bond_sats",
                "bigint",
                "of the day's distributions, for bonds",
                unit="satoshis",
                null="in rows built before this column existed",
            ),
            Column(
                "reserve_sats",
                "bigint",
                "of the day's distributions, for the reserve",
                unit="satoshis",
                null="in rows built before this column existed",
            ),
        ),
        key=("day", "cycle"),
        warnings=(
            of_rows("On the day on which a cycle ends the next cycle has a row as well."),
            of_rows(
                "Since the reward pool, stackers are paid twice a cycle, on separate days: on other days reward_sats "
                "is 0. The second payment is after the cycle's end."
            ),
        ),
    ),
)
