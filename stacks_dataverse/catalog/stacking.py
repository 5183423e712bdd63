"""STX locked for Proof of Transfer: locks, delegations, reward cycles, pools."""

from datetime import date

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.caveats import about
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs, states
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import stacking

# Epoch 2.1 of mainnet.
POX_2_BEGAN = date(2023, 3, 20)

LOCK = (
    Column("pox_version", "smallint", "1 to 5"),
    Column("locked_ustx", "bigint", "STX locked after the event", unit="µSTX"),
    Column("unlock_height", "bigint", "first Bitcoin height at which it is no longer locked"),
)

# The tables of the events of PoX-2 to PoX-4, and where an event stands in its block.
POX_2_TO_4 = ("pox2_events", "pox3_events", "pox4_events")
EVENT_PLACE = ("microblock_sequence", "tx_index", "event_index")

# Bitcoin heights of mainnet.
LOCKED_IS_NOT_EARNING = about(
    "Locked is not earning: a new lock earns from the next cycle, a bond from its first cycle, up to two cycles "
    "later. In July 2026, at height 960,230, Stacks 4.0 unlocked about 440 million STX at once, and cycle 140 "
    "continued to pay their owners.",
    "stacked_ustx",
)
SIGNER_MANAGERS = (
    "Since PoX-5 (Bitcoin height 960,230 of mainnet) every lock names a signer manager: an account that stakes "
    "alone has its own, and an operator may have several."
)

TABLES = (
    Table(
        name="stx_locks",
        title="Every lock and unlock of STX",
        group=Group.STACKING,
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
            **dict.fromkeys(
                POX_2_TO_4,
                ("tx_id", *EVENT_PLACE, "name", "stacker", "burnchain_unlock_height"),
            ),
            "pox5_events": ("tx_id", "microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        method="The STX that a principal has locked after each event: lock events of every PoX version, which give "
        "the new total, and handle-unlock of PoX-2 to PoX-4, which leaves nothing. Of PoX-5 the print of stake, "
        "stake-update, unstake and register-for-bond and the transaction's lock event of the same address, amount and "
        "height are one row, at the position of the print.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("address", "text", "owner of the locked STX"),
            *LOCK,
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=("A stake that rolls over into a bond is replaced at once, by more or fewer STX.",),
    ),
    Table(
        name="delegated_locks",
        title="Every lock of STX by a pool",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=stacking.delegated_locks,
        reads={
            "blocks": ("block_height",),
            **dict.fromkeys(
                POX_2_TO_4,
                (*EVENT_PLACE, "name", "stacker", "locked", "burnchain_unlock_height", "delegator"),
            ),
            "pox5_events": ("microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        first_day=POX_2_BEGAN,
        method="Locks made by a delegate for a stacker (delegate-stack-stx, -extend, -increase), from the events "
        "of PoX-2 to PoX-4; after revoke-delegate-stx and handle-unlock a row without a delegate. For PoX-5 "
        "the signer manager named by stake, stake-update, unstake, register-for-bond or "
        "update-bond-registration; the last of these does not change the lock until the first Bitcoin block "
        "after the bond's last cycle.",
        columns=(
            DAY,
            *PLACE,
            Column("stacker", "text", "owner of the locked STX"),
            Column(
                "delegate",
                "text",
                "the delegate that locked them; since PoX-5 the signer manager",
                null="once the delegation has ended",
            ),
            *LOCK,
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=(
            "PoX-1 has no events: pools before epoch 2.1 are not known.",
            "A change of signer counts at once, although the new signer signs only from the next cycle.",
        ),
    ),
    Table(
        name="daily_pox_heights",
        title="Bitcoin heights that decide locks, per day",
        group=Group.STACKING,
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
        method="Highest Bitcoin height of the day's canonical blocks, and the landed snapshot of pox_state: the "
        "API's state when the day was landed.",
        columns=(
            DAY,
            Column("last_burn_block_height", "integer", "Bitcoin height", null="for a day without blocks"),
            *(
                Column(
                    f"pox_v{version}_unlock_height",
                    "bigint",
                    f"first Bitcoin height at which locks of PoX-{version} are void",
                    null="or 0 if not set",
                )
                for version in (1, 2, 3, 4)
            ),
            Column(
                "pox_first_burnchain_block_height",
                "bigint",
                "Bitcoin height at which the chain's first cycle begins",
                null="if the API does not provide it, as up to 9.0.2",
            ),
            Column(
                "pox_reward_cycle_length",
                "bigint",
                "Bitcoin blocks of a reward cycle",
                null="if the API does not provide it, as up to 9.0.2",
            ),
            Column(
                "pox_prepare_phase_block_length",
                "bigint",
                "Bitcoin blocks of its prepare phase",
                null="if the API does not provide it, as up to 9.0.2",
            ),
        ),
    ),
    Table(
        name="daily_stacking",
        title="STX locked and number of stackers per day",
        group=Group.STACKING,
        headline="stacked_ustx",
        kind=Kind.FIGURE,
        transform=stacking.daily_stacking,
        end_of_day_states=(states.LOCKS,),
        inputs={"pox": inputs.POX},
        cumulative=("stacked_ustx", "stackers"),
        method="Each address's latest row in stx_locks, until the day's last Bitcoin height reaches its unlock "
        "height or the height at which locks of its PoX version are void (daily_pox_heights). The node does "
        "the same; the API's balances keep a lock one Bitcoin block longer, and its table "
        "stx_locked_balances has no bonds. A day without blocks before any that is loaded has no row.",
        columns=(
            DAY,
            Column("cycle", "integer", "reward cycle of the day's last Bitcoin block"),
            Column("stacked_ustx", "bigint", "locked", unit="µSTX", null="if history is missing"),
            Column("stackers", "bigint", "principals with STX locked", null="if history is missing"),
            Column(
                "min_threshold_ustx",
                "bigint",
                "of the cycle's reward set",
                unit="µSTX",
                null="before the reward set, and since cycle 141",
            ),
        ),
        warnings=(about("Each member of a pool counts as a stacker.", "stackers"), LOCKED_IS_NOT_EARNING),
    ),
    Table(
        name="stacking_pools",
        title="STX locked by each pool per day",
        group=Group.STACKING,
        kind=Kind.FIGURE,
        transform=stacking.stacking_pools,
        end_of_day_states=(states.DELEGATED,),
        inputs={"pox": inputs.POX},
        cumulative=EVERY_ROW,
        first_day=POX_2_BEGAN,
        method="Each stacker's latest row in delegated_locks, if it has a delegate, while the lock lasts as in "
        "daily_stacking; revoking removes the stacker from the pool although the lock continues.",
        columns=(
            DAY,
            Column("delegate", "text", "principal; since PoX-5 a signer manager"),
            Column("stacked_ustx", "bigint", "locked for others", unit="µSTX"),
            Column("stackers", "bigint", "for how many"),
        ),
        key=("day", "delegate"),
        warnings=(SIGNER_MANAGERS, PAST_ROWS),
    ),
)
