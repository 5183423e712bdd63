"""What the warehouse holds of which days, and whether it is right."""

from stacks_dataverse.catalog.fields import DAY
from stacks_dataverse.dataset import Column, Kind, Table
from stacks_dataverse.labels import Group

LOADING_COLUMNS = (
    DAY,
    Column("first_block_height", "integer", "lowest canonical height of the day", null="without blocks"),
    Column("last_block_height", "integer", "highest canonical height of the day", null="without blocks"),
    Column("block_count", "integer", "canonical blocks"),
    Column("tx_count", "integer", "canonical transactions"),
    Column(
        "blocks_digest",
        "text",
        "md5 of the canonical index block hashes, as lower-case hex, by height, joined with commas",
    ),
    Column("settled", "boolean", "whether the day was final (settled) when it was landed"),
    Column("landed_at", "timestamptz", "when the manifest was written"),
    Column("built_at", "timestamptz", "when the facts were written"),
)

TABLES = (
    Table(
        name="built_days",
        title="Days in the warehouse",
        group=Group.OPERATIONS,
        headline="tx_count",
        kind=Kind.LOADING,
        method="One row per built day, with what is still due after a change: publishing.",
        columns=(
            *LOADING_COLUMNS,
            Column(
                "facts_digest", "text", "empty; releases before built_tables have a checksum of the day's facts here"
            ),
            Column(
                "facts_version",
                "text",
                "written by releases before built_tables, which then make the day due",
                null="for days whose tables have their own versions, in built_tables",
            ),
            Column("figures_due", "boolean", "always true; false if a release before built_tables built the snapshots"),
            Column("revision", "bigint", "increases with each change of the day's content"),
            Column("published_revision", "bigint", "the revision that was last published"),
            Column(
                "chain_first_day",
                "date",
                "day of the source's lowest block",
                null="for days landed before this was recorded",
            ),
        ),
    ),
    Table(
        name="built_tables",
        title="Build status of each table by day",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="Of which code and which raw files a table's rows of a built day are. A fact is due where either is "
        "another now or it failed, an end-of-day figure where its code is, or a table that it reads has changed.",
        columns=(
            DAY,
            Column("table_name", "text", "a fact, a running state (as of its ledger) or an end-of-day figure"),
            Column("version", "text", "checksum over the code that made the rows; empty where it was not recorded"),
            Column("raw_digest", "text", "checksum over the raw files that a fact was made of; empty for a figure"),
            Column(
                "digest", "text", "checksum over the rows of a fact", null="for a figure, and where it was not recorded"
            ),
            Column("built_at", "timestamptz", "when the rows were made, or could not be"),
            Column(
                "failure",
                "text",
                "why the table lacks the day's rows or has older ones: an error, or the failed table that it waits for",
                null="where its rows are good",
            ),
            Column("due", "boolean", "whether a figure must be made again"),
        ),
        key=("day", "table_name"),
    ),
    Table(
        name="loaded_days",
        title="Days that passed their checks",
        group=Group.OPERATIONS,
        headline="tx_count",
        kind=Kind.LOADING,
        method="One row per day whose present content passed its checks; written last.",
        columns=(
            *LOADING_COLUMNS,
            Column(
                "missing",
                "text",
                "tables that had failed, or waited for one that had, when the day was checked; a comma between them",
                null="when none had",
            ),
        ),
    ),
    Table(
        name="quality_checks",
        title="Results of all data checks",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="All results of checks; a failed check of kind error blocks its day from being loaded.",
        columns=(
            Column("checked_at", "timestamptz", "when"),
            DAY,
            Column("name", "text", "which check"),
            Column("passed", "boolean", "whether the actual figure is within the bounds"),
            Column("expected", "text", "the required figure or its bounds"),
            Column("actual", "text", "the actual figure, and the first thing that is wrong"),
            Column("kind", "text", "error or warning"),
        ),
        key=("day", "name", "checked_at"),
    ),
    Table(
        name="changed_keys",
        title="Public files still to be invalidated on the CDN",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="Keys of the public bucket that changed and are not yet invalidated on the CDN.",
        columns=(
            Column("key", "text", "key in the public bucket"),
            Column("changed_at", "timestamptz", "when its last change was recorded, just before the write"),
        ),
        key=("key",),
    ),
    Table(
        name="published_objects",
        title="How far the data of each public file go",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="The end of the data in the newest version of each public object, when it was last published, and since "
        "when it is stale.",
        columns=(
            Column("name", "text", "name of the public object, as in this dictionary"),
            Column(
                "as_of",
                "timestamptz",
                "the end of the data: the end of the day, or the time of the chain's tip",
            ),
            Column(
                "stale_since",
                "timestamptz",
                "when it was first found to be stale",
                null="while it is fresh",
            ),
            Column(
                "published_at",
                "timestamptz",
                "when a run last published it, also with the same bytes",
                null="where only releases before this column published it",
            ),
        ),
        key=("name",),
    ),
    Table(
        name="published_files",
        title="What each public file is",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="One row per public file that is not of a day: its newest version, recorded after it was written.",
        columns=(
            Column("key", "text", "key in the public bucket"),
            Column("name", "text", "name of the public object, as in this dictionary, or of a file about them"),
            Column("role", "text", "v1, predecessor, or what the file is for"),
            Column("format", "text", "json, csv, parquet, html, …"),
            Column("bytes", "bigint", "size of the content, not compressed", unit="bytes"),
            Column("sha256", "text", "SHA-256 of the content, not compressed, in hex"),
            Column(
                "as_of", "timestamptz", "the end of the data", null="for a file without data, or without known rows"
            ),
            Column("first_day", "date", "first day of its rows", null="where they are not by day or moment"),
            Column("last_day", "date", "last day of its rows", null="where they are not by day or moment"),
            Column("published_at", "timestamptz", "when a run last published it, also with the same bytes"),
        ),
        key=("key",),
    ),
    Table(
        name="published_versions",
        title="Days of which public files keep a version",
        group=Group.OPERATIONS,
        kind=Kind.LOADING,
        method="One row per dated public file: the first and the last day of which there is a version.",
        columns=(
            Column("path", "text", "key in the public bucket, with {version} for the day"),
            Column("first_day", "date", "first day that has a version"),
            Column("last_day", "date", "last day that has a version"),
        ),
        key=("path",),
    ),
)
