"""Compare landed rows with the source's own counts, before they count as landed."""

from collections.abc import Mapping, Sequence

import duckdb

from stacks_dataverse import chain
from stacks_dataverse.data_check import Check
from stacks_dataverse.errors import Retryable
from stacks_dataverse.manifest import LandedTable, stored_files
from stacks_dataverse.raw_tables import NEWEST, merge, with_keys
from stacks_dataverse.stores.object_store import REPLACED, ObjectStore

ADVICE = (
    "Either its tables are out of step, as in a replica that is catching up, or some are incomplete. Nothing was "
    "landed; a retry may succeed. If none does, check that every table is fully replicated."
)

# Of a query of ours, whatever it reads.
MISTAKES = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException)


def require_complete(
    archive: ObjectStore, landed: Mapping[str, LandedTable], checks: Sequence[Check], what: str
) -> None:
    """Raise Retryable when landed tables hold other numbers of rows than their blocks and transactions count.

    Or when a page of theirs is damaged: DuckDB says that in bare errors of several classes.

    Args:
        landed: the tables' lines of the manifest.
        checks: those of the raw files; no more than the columns that they read is fetched.
        what: a day, or the tip, as a message begins with it.
    """
    try:
        faults = _faults(archive, landed, checks)
    except MISTAKES:
        raise
    except duckdb.Error as error:
        raise Retryable(f"A raw file of {what} cannot be read ({error}): {REPLACED}") from error
    if faults:
        raise Retryable(f"{what} is incomplete in stacks_db: its own counts do not match. {' '.join(faults)} {ADVICE}")


def _faults(archive: ObjectStore, landed: Mapping[str, LandedTable], checks: Sequence[Check]) -> list[str]:
    columns = with_keys(merge(check.reads for check in checks))
    with archive.open_columns(stored_files(landed, columns), columns) as raw, chain.open_day(raw, NEWEST) as day:
        answers = {check.name: check.answer(day) for check in checks}
    rows = {name: answer.to_pylist()[0] for name, answer in answers.items()}
    return [
        f"{name}: {row['actual']} differ, for example {row['example']}." for name, row in rows.items() if row["example"]
    ]
