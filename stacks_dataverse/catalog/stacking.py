"""STX locked for Proof of Transfer: locks, delegations, reward cycles, pools."""

from datetime import date

from stacks_dataverse import paths
from stacks_dataverse.catalog import lookups
from stacks_dataverse.catalog.fields import DAY, PAST, PAST_IS_KNOWN, PAST_ROWS, PLACE, UNKNOWN, each_day, series_of
from stacks_dataverse.dataset import EVERY_ROW, Kind, PublicObject, Table
from stacks_dataverse.runners import build, figures, publish
from stacks_dataverse.units import STX

# On mainnet PoX-2 came with epoch 2.1, PoX-4 and its reward sets with epoch 2.5, PoX-5 with
# epoch 4.0 in the last days of July 2026.
POX_2_BEGAN = date(2023, 3, 20)
POX_4_BEGAN = date(2024, 4, 22)
POX_5_BEGAN = date(2026, 7, 29)

# From which Bitcoin height, and reward cycle, mainnet's miners pay into the pool of PoX-5.
POOL = "Bitcoin height 962,150 (cycle 141; on mainnet)"

BEFORE_THE_COLUMN = "null in a row made before this was noted"

LOCK = {
    "pox_version": "1 to 5",
    "locked_ustx": "what is locked after the event, µSTX",
    "unlock_height": "first Bitcoin height at which it is no longer locked",
}

# Bitcoin heights of mainnet.
LOCKED_IS_NOT_EARNING = (
    "Locked is not earning: a new lock earns from the next cycle, a bond from its first, up to two cycles later. In "
    "July 2026, at 960,230, Stacks 4.0 freed about 440 million STX at once, and cycle 140 went on paying their owners.",
)
SIGNER_MANAGERS = (
    "Since PoX-5 (Bitcoin height 960,230 of mainnet) every lock names a signer manager: who stakes alone has one of "
    "their own, and an operator may have several.",
)

TABLES = (
    Table(
        name="stx_locks",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        method="What a principal has locked after each event: lock events of every PoX version, which give the new "
        "total, and handle-unlock of PoX-2 to PoX-4, which leaves nothing. PoX-5 has one for stake, stake-update, "
        "unstake and register-for-bond: a row at the place of the function's print, just before the lock event.",
        fields=DAY | PLACE | {"tx_id": "hex with 0x", "address": "whose STX are locked"} | LOCK,
        warnings=("A stake that rolls over into a bond is replaced at once, by more or by fewer STX.",),
    ),
    Table(
        name="delegated_locks",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        first_day=POX_2_BEGAN,
        method="Locks that a delegate made for a stacker (delegate-stack-stx, -extend, -increase), from the events of "
        "PoX-2 to PoX-4; after revoke-delegate-stx and handle-unlock a row without a delegate. Of PoX-5 the signer "
        "manager that stake, stake-update, unstake, register-for-bond or update-bond-registration names; the last one "
        "leaves the lock as it is, until the first Bitcoin block after the bond's last cycle.",
        fields=DAY
        | PLACE
        | {
            "stacker": "whose STX are locked",
            "delegate": "who locked them, since PoX-5 the signer manager; null once it no longer may",
        }
        | LOCK,
        warnings=(
            "PoX-1 left no events: pools before epoch 2.1 are not known.",
            "A change of signer counts at once, though the new one signs from the next cycle on.",
        ),
    ),
    Table(
        name="reward_cycles",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        first_day=POX_4_BEGAN,
        method="Reward sets on the day of the block that wrote them: totals of pox_cycles, threshold of pox_sets.",
        fields=DAY
        | {
            "cycle": "reward cycle that the set is for",
            "block_height": "height of the block that wrote it",
            "min_threshold_ustx": "STX that a reward slot takes, µSTX; null without signers, and since cycle 141, when "
            "PoX-5 ended slots",
            "stacked_ustx": "STX in the reward set, of stakers and bonds together, µSTX",
            "signers": "signers of the cycle, by signing key",
        },
        warnings=(
            "Differs from daily_stacking by design: the next cycle's locks, amounts below the threshold.",
            "Since cycle 141 a signer is in the set from 50,000 STX on; the API stores that as the threshold. Several "
            "signer managers may share a key, and the set may lack a few of the STX that earn.",
        ),
    ),
    Table(
        name="stacking_distributions",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        first_day=POX_5_BEGAN,
        method="Each calculate-rewards of PoX-5, on the day of its block: how it split the sBTC that had come into the "
        "pool since the one before. Bonds have their target yield first, the reserve 15 % of the rest, and who stakes "
        "STX alone the other 85 %, by STX; while nobody does, the reserve has these too.",
        fields=DAY
        | PLACE
        | {
            "tx_id": "hex with 0x",
            "cycle": "reward cycle that it is for, that of calculation_height",
            "calculation_height": "last Bitcoin height of the half cycle that it is for",
            "gross_sats": "what had come in, satoshis: bond_sats + stx_staker_sats + reserve_sats",
            "bond_sats": "for bonds, satoshis",
            "stx_staker_sats": "for those who stake STX alone, satoshis",
            "reserve_sats": "for the reserve, satoshis",
            "reserve_balance_sats": "in the reserve after it, satoshis",
            "staked_ustx": "STX that are staked alone in the cycle, without those of bonds, µSTX",
        },
        warnings=(
            "Anyone may call it, once for each half cycle that is over: the row of a cycle's second half comes in the "
            "next cycle, and a half that nobody called for has no row; its sBTC is in the next one.",
            "Miners' BTC reaches the pool some blocks after it was sent, less the fees of sBTC, and the pool takes "
            "gifts: gross_sats is not the sum of burn_block_rewards over the half cycle.",
            "What may be claimed, not what was: signer managers claim it later.",
        ),
    ),
    Table(
        name="daily_pox_heights",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        method="Highest Bitcoin height of the day's canonical blocks, and the landed snapshot of pox_state: what the "
        "API knew when the day was landed.",
        fields=DAY
        | {"last_burn_block_height": "Bitcoin height; null for a day without blocks"}
        | {
            f"pox_v{version}_unlock_height": f"first Bitcoin height at which no lock of PoX-{version} holds; 0 or null "
            "while none is set"
            for version in (1, 2, 3, 4)
        }
        | {
            "pox_first_burnchain_block_height": "Bitcoin height at which the chain's first cycle begins; null where "
            "the API does not tell, as up to 9.0.2",
            "pox_reward_cycle_length": "Bitcoin blocks of a reward cycle; null likewise",
            "pox_prepare_phase_block_length": "Bitcoin blocks of its prepare phase; null likewise",
        },
    ),
    Table(
        name="daily_stacking",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"pox": lookups.POX},
        cumulative=("stacked_ustx", "stackers"),
        method="Each address's latest row in stx_locks, while the day's last Bitcoin height has not reached its unlock "
        "height, nor the one from which its PoX version holds no lock (daily_pox_heights). So does the node; the API's "
        "balances hold a lock one Bitcoin block longer, and its table stx_locked_balances knows no bonds.",
        fields=DAY
        | {
            "cycle": "reward cycle of the day's last Bitcoin block",
            "stacked_ustx": f"µSTX; {UNKNOWN}",
            "stackers": f"principals with STX locked; {UNKNOWN}",
            "min_threshold_ustx": "of the cycle's reward set, µSTX; null before there is one, and since cycle 141",
        },
        warnings=("A pool's members count each as a stacker.", *LOCKED_IS_NOT_EARNING),
    ),
    Table(
        name="daily_stacking_rewards",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"rewards": lookups.REWARDS, "distributions": lookups.DISTRIBUTIONS},
        method="BTC that stackers were paid and that miners sent on the day, by reward cycle. Up to the last cycle in "
        "which miners paid stackers themselves both are the sum of burn_block_rewards, by the cycle of each Bitcoin "
        f"block. Since {POOL} stackers are paid by the day's stacking_distributions, by the cycle of each.",
        fields=DAY
        | {
            "cycle": "reward cycle of the Bitcoin blocks or distributions",
            "reward_sats": "paid to stackers, satoshis; since the pool to those who stake STX alone",
            "miner_sats": f"sent by miners in the cycle's Bitcoin blocks of the day, satoshis; {BEFORE_THE_COLUMN}",
            "bond_sats": f"of the day's distributions, for bonds, satoshis; {BEFORE_THE_COLUMN}",
            "reserve_sats": f"of the day's distributions, for the reserve, satoshis; {BEFORE_THE_COLUMN}",
        },
        warnings=(
            "On the day that a cycle ends the next one has a row as well.",
            "Since the pool stackers are paid twice a cycle, on days of their own: on the others reward_sats is 0. The "
            "second time is after the cycle's end.",
        ),
    ),
    Table(
        name="stacking_pools",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"pox": lookups.POX},
        cumulative=EVERY_ROW,
        first_day=POX_2_BEGAN,
        method="Each stacker's latest row in delegated_locks, if it has a delegate, while the lock lasts as in "
        "daily_stacking; revoking takes the stacker out of the pool though the lock runs on.",
        fields=DAY
        | {
            "delegate": "principal; since PoX-5 a signer manager",
            "stacked_ustx": "locked for others, µSTX",
            "stackers": "for how many",
        },
        warnings=(*SIGNER_MANAGERS, PAST_ROWS),
    ),
)

OBJECTS = (
    PublicObject(
        name="stx_stacked_over_time",
        path=paths.STX_STACKED_OVER_TIME,
        shape="series",
        rows=each_day("daily_stacking", "stacked_ustx", divisor=1_000_000),
        method="STX locked at the end of the day.",
        fields=series_of(STX),
        runner=publish.written,
        warnings=(*LOCKED_IS_NOT_EARNING, PAST),
    ),
    PublicObject(
        name="top_pools",
        path=paths.TOP_POOLS,
        shape="top_pools",
        rows="""
            SELECT delegate AS address, stacked_ustx / 1e6::double precision AS stx
            FROM stacking_pools WHERE day = {day} ORDER BY stacked_ustx DESC, delegate LIMIT 10
        """,
        method="The ten delegates, since PoX-5 signer managers, with most STX locked for others at the end of the day.",
        fields={"<pool's name, or address>.value": STX("STX"), "<pool's name, or address>.address": "principal"},
        runner=publish.written,
        dated=False,
        known=PAST_IS_KNOWN,
        warnings=(*SIGNER_MANAGERS, PAST),
        first_day=POX_2_BEGAN,
    ),
    PublicObject(
        name="number_of_pools",
        path=paths.NUMBER_OF_POOLS,
        shape="record",
        rows=f"""
            SELECT CASE WHEN ({PAST_IS_KNOWN}) THEN count(*) END AS total_pools FROM stacking_pools WHERE day = {{day}}
        """,
        method="Delegates, since PoX-5 signer managers, with STX locked for others at the end of the day.",
        fields={"total_pools": "delegates"},
        runner=publish.written,
        warnings=(*SIGNER_MANAGERS, PAST),
        dated=False,
        first_day=POX_2_BEGAN,
    ),
)
