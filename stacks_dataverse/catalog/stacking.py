"""STX locked for Proof of Transfer: locks, delegations, reward cycles, pools."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs, states
from stacks_dataverse.transformers import stacking

# Epoch 2.1 of mainnet.
POX_2_BEGAN = date(2023, 3, 20)

LOCK = (
    Column("pox_version", "smallint", "1 to 5"),
    Column("locked_ustx", "bigint", "what is locked after the event", unit="µSTX"),
    Column("unlock_height", "bigint", "first Bitcoin height at which it is no longer locked"),
)

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
        transform=stacking.stx_locks,
        reads={
            "blocks": ("block_height",),
            "stx_lock_events": (
                "tx_id",
                "microblock_sequence",
                "tx_index",
                "event_index",
                "locked_amount",
                "unlock_height",
                "locked_address",
                "contract_name",
            ),
            "pox2_events": (
                "tx_id",
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "burnchain_unlock_height",
            ),
            "pox3_events": (
                "tx_id",
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "burnchain_unlock_height",
            ),
            "pox4_events": (
                "tx_id",
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "burnchain_unlock_height",
            ),
            "pox5_events": ("tx_id", "microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        method="What a principal has locked after each event: lock events of every PoX version, which give the new "
        "total, and handle-unlock of PoX-2 to PoX-4, which leaves nothing. PoX-5 has one for stake, stake-update, "
        "unstake and register-for-bond: a row at the place of the function's print, just before the lock event.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("address", "text", "whose STX are locked"),
            *LOCK,
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=("A stake that rolls over into a bond is replaced at once, by more or by fewer STX.",),
    ),
    Table(
        name="delegated_locks",
        kind=Kind.FACT,
        transform=stacking.delegated_locks,
        reads={
            "blocks": ("block_height",),
            "pox2_events": (
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "locked",
                "burnchain_unlock_height",
                "delegator",
            ),
            "pox3_events": (
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "locked",
                "burnchain_unlock_height",
                "delegator",
            ),
            "pox4_events": (
                "microblock_sequence",
                "tx_index",
                "event_index",
                "name",
                "stacker",
                "locked",
                "burnchain_unlock_height",
                "delegator",
            ),
            "pox5_events": ("microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        first_day=POX_2_BEGAN,
        method="Locks that a delegate made for a stacker (delegate-stack-stx, -extend, -increase), from the events of "
        "PoX-2 to PoX-4; after revoke-delegate-stx and handle-unlock a row without a delegate. Of PoX-5 the signer "
        "manager that stake, stake-update, unstake, register-for-bond or update-bond-registration names; the last one "
        "leaves the lock as it is, until the first Bitcoin block after the bond's last cycle.",
        columns=(
            DAY,
            *PLACE,
            Column("stacker", "text", "whose STX are locked"),
            Column("delegate", "text", "who locked them, since PoX-5 the signer manager", null="once it no longer may"),
            *LOCK,
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=(
            "PoX-1 left no events: pools before epoch 2.1 are not known.",
            "A change of signer counts at once, though the new one signs from the next cycle on.",
        ),
    ),
    Table(
        name="daily_pox_heights",
        kind=Kind.FACT,
        transform=stacking.daily_pox_heights,
        reads={
            "pox_state": (
                "pox_v1_unlock_height",
                "pox_v2_unlock_height",
                "pox_v3_unlock_height",
                "pox_v4_unlock_height",
                "pox_first_burnchain_block_height",
                "pox_reward_cycle_length",
                "pox_prepare_phase_block_length",
            ),
        },
        method="Highest Bitcoin height of the day's canonical blocks, and the landed snapshot of pox_state: what the "
        "API knew when the day was landed.",
        columns=(
            DAY,
            Column("last_burn_block_height", "integer", "Bitcoin height", null="for a day without blocks"),
            *(
                Column(
                    f"pox_v{version}_unlock_height",
                    "bigint",
                    f"first Bitcoin height at which no lock of PoX-{version} holds",
                    null="or 0 while none is set",
                )
                for version in (1, 2, 3, 4)
            ),
            Column(
                "pox_first_burnchain_block_height",
                "bigint",
                "Bitcoin height at which the chain's first cycle begins",
                null="where the API does not tell, as up to 9.0.2",
            ),
            Column(
                "pox_reward_cycle_length",
                "bigint",
                "Bitcoin blocks of a reward cycle",
                null="where the API does not tell, as up to 9.0.2",
            ),
            Column(
                "pox_prepare_phase_block_length",
                "bigint",
                "Bitcoin blocks of its prepare phase",
                null="where the API does not tell, as up to 9.0.2",
            ),
        ),
    ),
    Table(
        name="daily_stacking",
        kind=Kind.FIGURE,
        transform=stacking.daily_stacking,
        end_of_day_states=(states.LOCKS,),
        inputs={"pox": inputs.POX},
        cumulative=("stacked_ustx", "stackers"),
        method="Each address's latest row in stx_locks, while the day's last Bitcoin height has not reached its unlock "
        "height, nor the one from which its PoX version holds no lock (daily_pox_heights). So does the node; the API's "
        "balances hold a lock one Bitcoin block longer, and its table stx_locked_balances knows no bonds.",
        columns=(
            DAY,
            Column("cycle", "integer", "reward cycle of the day's last Bitcoin block"),
            Column("stacked_ustx", "bigint", "locked", unit="µSTX", null="where the past is missing"),
            Column("stackers", "bigint", "principals with STX locked", null="where the past is missing"),
            Column(
                "min_threshold_ustx",
                "bigint",
                "of the cycle's reward set",
                unit="µSTX",
                null="before there is one, and since cycle 141",
            ),
        ),
        warnings=("A pool's members count each as a stacker.", *LOCKED_IS_NOT_EARNING),
    ),
    Table(
        name="stacking_pools",
        kind=Kind.FIGURE,
        transform=stacking.stacking_pools,
        end_of_day_states=(states.DELEGATED,),
        inputs={"pox": inputs.POX},
        cumulative=EVERY_ROW,
        first_day=POX_2_BEGAN,
        method="Each stacker's latest row in delegated_locks, if it has a delegate, while the lock lasts as in "
        "daily_stacking; revoking takes the stacker out of the pool though the lock runs on.",
        columns=(
            DAY,
            Column("delegate", "text", "principal; since PoX-5 a signer manager"),
            Column("stacked_ustx", "bigint", "locked for others", unit="µSTX"),
            Column("stackers", "bigint", "for how many"),
        ),
        key=("day", "delegate"),
        warnings=(*SIGNER_MANAGERS, PAST_ROWS),
    ),
)
