"""STX locked for Proof of Transfer: locks, delegations, reward cycles, pools."""

from datetime import date

from stacks_dataverse import paths
from stacks_dataverse.catalog import lookups
from stacks_dataverse.catalog.fields import DAY, PLACE, each_day, series_of
from stacks_dataverse.dataset import Kind, PublicObject, Table
from stacks_dataverse.runners import build, figures, publish
from stacks_dataverse.units import STX

# On mainnet PoX-2 came with epoch 2.1, PoX-4 and its reward sets with epoch 2.5.
POX_2_BEGAN = date(2023, 3, 20)
POX_4_BEGAN = date(2024, 4, 22)

LOCK = {
    "pox_version": "1 to 5",
    "locked_ustx": "what is locked after the event, µSTX",
    "unlock_height": "Bitcoin height up to which it is locked",
}

TABLES = (
    Table(
        name="stx_locks",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        method="What a principal has locked after each event: lock events of PoX-1 to PoX-4, which give the new total; "
        "handle-unlock, which leaves nothing; of PoX-5 stake, stake-update and unstake.",
        fields=DAY | PLACE | {"tx_id": "hex with 0x", "address": "whose STX are locked"} | LOCK,
        warnings=("A bond's registration of PoX-5 is no lock here.",),
    ),
    Table(
        name="delegated_locks",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        first_day=POX_2_BEGAN,
        method="Locks that a delegate made for a stacker (delegate-stack-stx, -extend, -increase), from the events of "
        "PoX-2 to PoX-4; after revoke-delegate-stx and handle-unlock a row without a delegate.",
        fields=DAY
        | PLACE
        | {"stacker": "whose STX are locked", "delegate": "who locked them; null once it no longer may"}
        | LOCK,
        warnings=("PoX-1 left no events: pools before epoch 2.1 are not known.",),
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
            "min_threshold_ustx": "STX that a reward slot takes, µSTX; null without signers",
            "stacked_ustx": "STX that earn rewards in the cycle, µSTX",
            "signers": "signers of the cycle",
        },
        warnings=("Differs from daily_stacking by design: the next cycle's locks, amounts below the threshold.",),
    ),
    Table(
        name="daily_pox_heights",
        kind=Kind.FACT,
        subject="stacking",
        runner=build.day,
        method="Highest Bitcoin height of the day's canonical blocks, and the landed snapshot of pox_state.",
        fields=DAY
        | {"last_burn_block_height": "Bitcoin height; null for a day without blocks"}
        | {
            f"pox_v{version}_unlock_height": f"Bitcoin height after which no lock of PoX-{version} holds; 0, null: none"
            for version in (1, 2, 3, 4)
        },
    ),
    Table(
        name="daily_stacking",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"pox": lookups.POX},
        method="Each address's latest row in stx_locks, while its unlock height is not below the day's last Bitcoin "
        "height and no forced unlock height of its PoX version has passed.",
        fields=DAY
        | {
            "cycle": "reward cycle of the day's last Bitcoin block",
            "stacked_ustx": "µSTX",
            "stackers": "principals with STX locked",
            "min_threshold_ustx": "of the cycle's reward set, µSTX; null before there is one",
        },
        warnings=("A pool's members count each as a stacker.",),
    ),
    Table(
        name="daily_stacking_rewards",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"rewards": lookups.REWARDS},
        method="BTC paid to stackers in the Bitcoin blocks of the day, by the reward cycle of each: the sum of "
        "burn_block_rewards.",
        fields=DAY | {"cycle": "reward cycle of the Bitcoin blocks", "reward_sats": "paid to stackers, satoshis"},
        warnings=("On the day that a cycle ends the next one has a row as well.",),
    ),
    Table(
        name="stacking_pools",
        kind=Kind.FIGURE,
        subject="stacking",
        runner=figures.due_days,
        inputs={"pox": lookups.POX},
        first_day=POX_2_BEGAN,
        method="Each stacker's latest row in delegated_locks, if it has a delegate, while the lock lasts as in "
        "daily_stacking; revoking takes the stacker out of the pool though the lock runs on.",
        fields=DAY | {"delegate": "principal", "stacked_ustx": "locked for others, µSTX", "stackers": "for how many"},
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
    ),
    PublicObject(
        name="top_pools",
        path=paths.TOP_POOLS,
        shape="top_pools",
        rows="""
            SELECT delegate AS address, stacked_ustx / 1e6::double precision AS stx
            FROM stacking_pools WHERE day = {day} ORDER BY stacked_ustx DESC, delegate LIMIT 10
        """,
        method="The ten delegates with most STX locked for others at the end of the day.",
        fields={"<pool's name, or address>.value": STX("STX"), "<pool's name, or address>.address": "principal"},
        runner=publish.written,
        dated=False,
        first_day=POX_2_BEGAN,
    ),
    PublicObject(
        name="number_of_pools",
        path=paths.NUMBER_OF_POOLS,
        shape="record",
        rows="SELECT count(*) AS total_pools FROM stacking_pools WHERE day = {day}",
        method="Delegates with STX locked for others at the end of the day.",
        fields={"total_pools": "delegates"},
        runner=publish.written,
        dated=False,
        first_day=POX_2_BEGAN,
    ),
)
