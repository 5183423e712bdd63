"""Reward cycles as stackers and signers see them: participation, weight, concentration, entries and exits."""

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS, PLACE
from stacks_dataverse.catalog.stacking_rewards import POX_4_BEGAN, POX_5_BEGAN
from stacks_dataverse.catalog.v1 import UP_TO_THE_DAY, rows_object
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.event_order import LATEST_FIRST
from stacks_dataverse.labels import Group
from stacks_dataverse.transformers import signers
from stacks_dataverse.units import SHARE

# The sets of the day, and those of the last day before it on which any was written: a cycle's set and the one before.
LAST_SETS = "day = {day} OR day = (SELECT max(day) FROM reward_cycles WHERE day < {day})"
CYCLE_SETS = f"""
    SELECT cycle, block_height, min_threshold_ustx, stacked_ustx, signers, day = {{day}} AS is_written
    FROM reward_cycles WHERE {LAST_SETS}
"""
SET_SIGNERS = f"SELECT cycle, signing_key, weight FROM cycle_signers WHERE {LAST_SETS}"

CYCLE = Column("cycle", "integer", "reward cycle")
SET_BLOCK = Column("block_height", "integer", "height of the block that wrote the set")
SIGNING_KEY = Column("signing_key", "text", "public key, hex with 0x")
WEIGHT = Column("weight", "integer", "votes of the signer: reward slots until cycle 140")
SIGNER_USTX = Column("stacked_ustx", "bigint", "STX that the signer signs for", unit="µSTX")

BY_KEY = "A signer is a signing key. Since cycle 141 several signer managers may share one."

TABLES = (
    Table(
        name="cycle_signers",
        title="Signers of each reward cycle",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=signers.cycle_signers,
        reads={
            "blocks": ("block_height",),
            "pox_sets": ("cycle_number", "signing_key", "weight", "stacked_amount"),
        },
        first_day=POX_4_BEGAN,
        method="Signers of each reward set, from pox_sets, on the day of the block that wrote it.",
        columns=(DAY, CYCLE, SIGNING_KEY, SET_BLOCK, WEIGHT, SIGNER_USTX),
        key=("day", "cycle", "signing_key"),
        warnings=(BY_KEY,),
    ),
    Table(
        name="signer_keys",
        title="Signing keys of signer managers",
        group=Group.STACKING,
        kind=Kind.FACT,
        transform=signers.signer_keys,
        reads={
            "blocks": ("block_height",),
            "pox5_events": ("tx_id", "microblock_sequence", "tx_index", "event_index", "name", "data"),
        },
        first_day=POX_5_BEGAN,
        method="Signing keys that signer managers registered: register-signer of PoX-5. The last one of a manager "
        "counts.",
        columns=(
            DAY,
            *PLACE,
            Column("tx_id", "text", "hex with 0x"),
            Column("signer_manager", "text", "contract that stakers name as their signer"),
            SIGNING_KEY,
        ),
        key=("day", "block_height", "microblock_sequence", "tx_index", "event_index"),
        warnings=("A key's grant that was revoked later has no row: the manager then takes no new stakes.",),
    ),
    Table(
        name="stacking_cycles",
        title="Stacked share and signer concentration by cycle",
        group=Group.STACKING,
        kind=Kind.FIGURE,
        transform=signers.stacking_cycles,
        inputs={"cycle_sets": CYCLE_SETS, "set_signers": SET_SIGNERS, "supply": inputs.SUPPLY},
        cumulative=("liquid_supply_ustx", "participation", "entered", "exited"),
        first_day=POX_4_BEGAN,
        method="Each reward set on the day of the block that wrote it: totals of reward_cycles, the supply at the end "
        "of that day, and the concentration of weight among cycle_signers.",
        columns=(
            DAY,
            CYCLE,
            SET_BLOCK,
            Column("stacked_ustx", "bigint", "STX in the reward set", unit="µSTX"),
            Column(
                "liquid_supply_ustx",
                "bigint",
                "STX that exist at the end of the day, locked ones included",
                unit="µSTX",
                null="if history is missing",
            ),
            Column("participation", "double precision", "stacked part of them", SHARE, null="if history is missing"),
            Column(
                "min_threshold_ustx",
                "bigint",
                "STX required for a reward slot",
                unit="µSTX",
                null="without signers, and since cycle 141, when PoX-5 ended slots",
            ),
            Column("signers", "integer", "signers by signing key"),
            Column("weight", "bigint", "votes of all signers"),
            Column(
                "hhi",
                "double precision",
                "Herfindahl-Hirschman index: sum of the squares of the signers' parts of the weight",
                SHARE,
                null="without signers",
            ),
            Column(
                "nakamoto_30",
                "bigint",
                "fewest signers that have more than 30 % of the weight, and can block",
                null="without signers",
            ),
            Column(
                "nakamoto_70",
                "bigint",
                "fewest signers that have at least 70 % of the weight, and can sign",
                null="without signers",
            ),
            *(
                Column(name, "bigint", meaning, null="if history is missing or the cycle before has no set")
                for name, meaning in (
                    ("entered", "signers that are not in the set of the cycle before"),
                    ("exited", "signers of the cycle before that are not in the set"),
                )
            ),
        ),
        key=("day", "cycle"),
        warnings=(
            BY_KEY,
            "One operator may have several keys: concentration by operator is higher.",
            "The STX of reward sets are less than all locked STX: see reward_cycles.",
        ),
    ),
)

_CYCLES, _SIGNERS = TABLES[2], TABLES[0]

# The newest set up to the day, and the day on which that of the cycle before was written.
NEWEST_SET = """
    SELECT newest.day, newest.cycle,
           (SELECT day FROM reward_cycles AS before
            WHERE before.cycle = newest.cycle - 1 AND before.day <= newest.day ORDER BY day DESC LIMIT 1) AS day_before
    FROM reward_cycles AS newest WHERE newest.day <= {day} ORDER BY newest.day DESC, newest.cycle DESC LIMIT 1
"""

OBJECTS = (
    rows_object(
        "stacking_participation",
        _CYCLES.columns,
        f"""
            SELECT * FROM (
                SELECT DISTINCT ON (cycle) {", ".join(_CYCLES.fields)} FROM stacking_cycles WHERE {UP_TO_THE_DAY}
                ORDER BY cycle, day DESC
            ) AS cycles ORDER BY cycle
        """,
        _CYCLES.method,
        title="Share of STX stacked in each cycle",
        group=Group.STACKING,
        first_day=POX_4_BEGAN,
        warnings=_CYCLES.warnings,
    ),
    rows_object(
        "signers",
        (
            CYCLE,
            SET_BLOCK,
            SIGNING_KEY,
            WEIGHT,
            Column("weight_share", "double precision", "its part of all weight", SHARE),
            SIGNER_USTX,
            Column("stacked_share", "double precision", "its part of all STX in the set", SHARE),
            Column("weight_before", "integer", "its votes in the cycle before", null="if it was not in that set"),
        ),
        f"""
            WITH newest AS ({NEWEST_SET})
            SELECT signer.cycle, signer.block_height, signer.signing_key, signer.weight,
                   signer.weight / sum(signer.weight) OVER ()::double precision AS weight_share,
                   signer.stacked_ustx,
                   (signer.stacked_ustx / NULLIF(sum(signer.stacked_ustx) OVER (), 0))::double precision
                       AS stacked_share,
                   before.weight AS weight_before
            FROM newest JOIN cycle_signers AS signer ON signer.day = newest.day AND signer.cycle = newest.cycle
            LEFT JOIN cycle_signers AS before ON before.day = newest.day_before AND before.cycle = newest.cycle - 1
                                             AND before.signing_key = signer.signing_key
            ORDER BY signer.weight DESC, signer.signing_key COLLATE "C"
        """,
        "Signers of the newest reward set, those of most weight first, that was written up to the end of the day: "
        "until its cycle begins, of the next cycle.",
        title="Signers of the newest cycle by weight",
        group=Group.STACKING,
        is_dated=True,
        first_day=POX_4_BEGAN,
        warnings=(BY_KEY, "Without the day on which a newer set was written, an older one is shown: see the cycle."),
    ),
    rows_object(
        "signer_managers",
        (
            Column("signer_manager", "text", "contract that stakers name as their signer"),
            Column("signing_key", "text", "key that it last registered, hex with 0x"),
            Column("stacked_ustx", "bigint", "STX locked through it at the end of the day", unit="µSTX"),
            Column("stacked_share", "double precision", "its part of all that is locked through managers", SHARE),
            Column("stackers", "bigint", "principals that stake through it"),
        ),
        f"""
            SELECT delegate AS signer_manager, signing_key, stacked_ustx,
                   (stacked_ustx / NULLIF(sum(stacked_ustx) OVER (), 0))::double precision AS stacked_share, stackers
            FROM stacking_pools CROSS JOIN LATERAL (
                SELECT signing_key FROM signer_keys WHERE signer_manager = delegate AND signer_keys.day <= {{day}}
                ORDER BY {LATEST_FIRST} LIMIT 1
            ) AS registered
            WHERE stacking_pools.day = {{day}}
            ORDER BY stacked_ustx DESC, delegate COLLATE "C"
        """,
        "Signer managers of PoX-5 by STX locked through them at the end of the day, the most first: delegates of "
        "stacking_pools that have registered a key (signer_keys).",
        title="Signer managers by STX locked",
        group=Group.STACKING,
        is_dated=True,
        first_day=POX_5_BEGAN,
        warnings=(
            "Locked is not earning: a new stake counts for its signer from the next cycle, a bond from its first.",
            PAST_ROWS,
        ),
    ),
)
