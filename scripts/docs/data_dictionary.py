"""Write the data dictionary, docs/data_dictionary.md, from the catalogue: `python -m scripts.docs.data_dictionary`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from stacks_dataverse import catalog, envelope
from stacks_dataverse.catalog import Check, Kind, PublicObject, Table
from stacks_dataverse.data_check import EXACTLY
from stacks_dataverse.dataset import LATEST, fields_of
from stacks_dataverse.labels import Group, Label
from stacks_dataverse.public_files import Format, files_of
from stacks_dataverse.raw_tables import RAW_LABELS, RAW_TYPES
from stacks_dataverse.seeds import Seed
from stacks_dataverse.units import UNITS

PAGE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"

HEAD = """# Data dictionary

Written by `python -m scripts.docs.data_dictionary` from `stacks_dataverse/catalog`; change it there.

Days are UTC. Columns that end in `_ustx` or `_sats` are µSTX (a millionth of an STX) and satoshis; those that end in
`_stx` or `_btc`, and the predecessor's files, are STX and BTC.
Only canonical rows count: in a canonical block of the day, and, if they are in a microblock, in a canonical one.
First and last days are mainnet's. Words are explained in the [glossary](glossary.md), and how to read public objects in
[The public data](public_data.md). Warnings of a table are repeated at the public objects that show its figures.

Rows of public objects go by their first columns, the lowest first, unless the method says otherwise; equal ones by name
or address, byte by byte. Keys of a predecessor's file ascend. An object of the schedule "daily, with prices" keeps its
version while it would have no rows.
"""

PLACES = """Published numbers are rounded to the decimal places of their unit:

| unit | places | reason |
|---|---|---|
"""

ENVELOPE = """A JSON file under `v1/` is an envelope: its rows are in `data`, and beside them stands the same for all.
The same rows are in a Parquet file, under the same key with `.parquet` in the place of `.json.gz`.

"""

RAW = """Copies of tables of the Stacks database, unchanged; listed are the columns that the warehouse is built from.

| table | title | group | columns |
|---|---|---|---|
"""

SEEDS = """Facts that are in no source, in files of `stacks_dataverse/seeds`; each row names the page that shows it.
"""

CHECKS = """Checks of a day run between building and publishing; results are in `quality_checks`. A failed check of
kind error blocks publishing of the day and of all later days; a failed warning does not. The
[runbook](runbook.md#checks) says what to do.
"""

AUDIT = """An audit of a loaded day, chosen at random, runs once a week. It blocks nothing: the day is public already.
"""

MARKET_CHECKS = """Checks of the vendors' time series run after each load, with the day of the run; they never block
publishing.
"""


def page() -> str:
    """The whole page, as Markdown."""
    warehouse = "\n".join(map(_table, catalog.TABLES))
    seeds = "\n".join(map(_seed, catalog.SEEDS))
    objects = "\n".join(_object(obj) for obj in catalog.OBJECTS)
    checks, market = ("\n".join(map(_check, some)) for some in (catalog.CHECKS, catalog.MARKET_CHECKS))
    raw = "".join(_raw(name, label) for name, label in RAW_LABELS.items())
    places = "".join(f"| {unit.name} | {unit.places} | {unit.reason} |\n" for unit in UNITS)
    return (
        f"{HEAD}\n{_contents()}\n"
        f"## Public objects\n\n{ENVELOPE}{_fields('field', envelope.COMMON)}\n{PLACES}{places}\n{objects}\n"
        f"## Warehouse tables\n\n{warehouse}\n## Raw tables\n\n{RAW}{raw}\n## Seeds\n\n{SEEDS}\n{seeds}\n"
        f"## Checks\n\n{CHECKS}\n{checks}\n## Checks of prices\n\n{MARKET_CHECKS}\n{market}\n"
        f"## Audit\n\n{AUDIT}\n{_check(catalog.AUDIT)}"
    )


def _contents() -> str:
    """Links to all public objects and tables, by group; and to the other parts."""
    lines = [f"- [{part}](#{part.lower().replace(' ', '-')})" for part in ("Raw tables", "Seeds", "Checks")]
    return "\n".join(
        [*_links("Public objects", catalog.OBJECTS), *_links("Warehouse tables", catalog.TABLES), *lines, ""]
    )


def _links(part: str, datasets: Sequence[Table | PublicObject]) -> Iterator[str]:
    yield f"- [{part}](#{part.lower().replace(' ', '-')})"
    for group in Group:
        links = ", ".join(f"[{each.title}](#{each.name})" for each in datasets if each.group is group)
        if links:
            yield f"  - {group.value}: {links}"


def _raw(name: str, label: Label) -> str:
    return f"| `{name}` | {label.title} | {label.group.value} | {_names(RAW_TYPES[name])} |\n"


def _table(table: Table) -> str:
    facts = [f"Kind: {table.kind.value}"]
    if table.reads:
        facts.append(f"Reads: {', '.join(f'`{name}` ({_names(table.reads[name])})' for name in table.reads)}")
    if table.kind is not Kind.LOADING:
        facts += _days(table)
    return _section(table.name, _heading(table, facts), table.method, table.warnings, "column", table.fields)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _seed(seed: Seed) -> str:
    return _section(seed.name, f"Rows: {len(seed.rows)}.", seed.method, (), "column", fields_of(seed.columns))


def _object(obj: PublicObject) -> str:
    versions = ("<YYYY-MM-DD>", LATEST)
    listed = [file for file in files_of(obj) if file.format is not Format.PARQUET]
    files = [file.key(version) for file in listed for version in (versions if file.is_dated else [LATEST])]
    facts = [
        f"Keys: {', '.join(f'`{key}`' for key in files)}{', in the private bucket' if obj.private else ''}",
        f"Schedule: {obj.schedule.value}",
        f"Stale after: {obj.freshness_hours} hours",
        *_days(obj),
    ]
    if read := catalog.tables_of(obj):
        facts.append(f"Made of: {', '.join(f'[`{table.name}`](#{table.name})' for table in read)}")
    columns, heading = fields_of(obj.columns), _heading(obj, facts)
    if obj.is_enveloped:
        return _section(obj.name, heading, obj.method, obj.warnings, "column", columns)
    section = _section(obj.name, heading, obj.method, obj.warnings, "field", obj.fields)
    return section if obj.private else f"{section}\n{_fields('column under v1', columns)}"


def _heading(dataset: Table | PublicObject, facts: Iterable[str]) -> str:
    return f"**{dataset.title}** ({dataset.group.value})\n\n{'. '.join(facts)}."


def _check(check: Check) -> str:
    allowed = "" if check.allowed == EXACTLY else f"Allowed: {check.allowed.multiples}. {check.allowed.reason}\n"
    limits = "".join(f"- `{name}` = {limit.value}: {limit.reason}\n" for name, limit in check.limits.items())
    exempt = "".join(f"- {text}\n" for text in check.exemptions)
    days = "".join(f"- {day}, only a warning: {reason}\n" for day, reason in check.exempt_days.items())
    head = f"### {check.name}\n\nKind: {check.kind.value}. Checked in: {check.place.value}.\n\n{check.method}\n"
    return "\n".join(part for part in (head, allowed, limits + exempt + days) if part)


def _days(obj: Table | PublicObject) -> Iterator[str]:
    yield f"First day: {obj.first_day}"
    if obj.last_day:
        yield f"Last day: {obj.last_day}"


def _section(
    name: str, facts: str, method: str, warnings: Iterable[str], column: str, fields: Mapping[str, str]
) -> str:
    notes = "".join(f"\n> {warning}\n" for warning in warnings)
    return f"### {name}\n\n{facts}\n\n{method}\n{notes}\n{_fields(column, fields)}"


def _fields(column: str, fields: Mapping[str, str]) -> str:
    rows = "".join(f"| {_cell(f'`{field}`')} | {_cell(meaning)} |\n" for field, meaning in fields.items())
    return f"| {column} | meaning and unit |\n|---|---|\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
