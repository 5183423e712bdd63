"""What the warehouse holds of which days, and whether it is right."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.runners import build, check, freshness, publish

LOADING_FIELDS = DAY | {
    "first_block_height": "lowest canonical height of the day; null without blocks",
    "last_block_height": "highest canonical height of the day; null without blocks",
    "block_count": "canonical blocks",
    "tx_count": "canonical transactions",
    "blocks_digest": "md5 of the canonical index block hashes, as lower-case hex, by height, joined with commas",
    "settled": "whether the tip had left the day behind by the margin when it was landed",
    "landed_at": "when the manifest was written",
    "built_at": "when the facts were written",
}

TABLES = (
    Table(
        name="built_days",
        kind=Kind.LOADING,
        runner=build.day,
        method="One row per built day; the work that a changed day leaves to figures and publishing.",
        fields=LOADING_FIELDS
        | {
            "facts_digest": "checksum over the rows of every fact and ledger of the day",
            "facts_version": "checksum over the code that made them; null in a day built before this was noted",
            "figures_due": "whether the end-of-day figures must be made again",
            "revision": "grows whenever the day's content changes",
            "published_revision": "the revision that was last published",
            "chain_first_day": "day of the source's lowest block; null in a day landed before this was noted",
        },
    ),
    Table(
        name="loaded_days",
        kind=Kind.LOADING,
        runner=check.day,
        method="One row per day whose present content passed its checks; written last.",
        fields=LOADING_FIELDS,
    ),
    Table(
        name="quality_checks",
        kind=Kind.LOADING,
        runner=check.day,
        method="Every check ever run; a failed one of kind error kept its day from being loaded.",
        fields={"checked_at": "when"}
        | DAY
        | {
            "name": "which check",
            "passed": "whether the actual figure is what it must be",
            "expected": "what the figure must be, or between which bounds",
            "actual": "what it is, and the first thing that is wrong",
            "kind": "error or warning",
        },
    ),
    Table(
        name="changed_keys",
        kind=Kind.LOADING,
        runner=publish.written,
        method="Keys of the public bucket that changed, until the CDN has been told.",
        fields={"key": "key in the public bucket", "changed_at": "when it was last about to change"},
    ),
    Table(
        name="published_objects",
        kind=Kind.LOADING,
        runner=freshness.looked_at,
        method="Up to when the data of each public object's newest version go, and whether operators know of its age.",
        fields={
            "name": "name of the public object, as in this dictionary",
            "as_of": "moment up to which the data go: the end of the day, or the time of the chain's tip",
            "stale_since": "when it was first seen to be older than it may be; null while it is fresh",
        },
    ),
)
