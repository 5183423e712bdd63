"""Write the data dictionary, docs/data_dictionary.md, from the catalogue: `python -m scripts.docs.data_dictionary`."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Check, Kind, PublicObject, Table
from stacks_dataverse.data_check import EXACTLY
from stacks_dataverse.dataset import fields_of
from stacks_dataverse.seeds import Seed
from stacks_dataverse.units import UNITS

PAGE = Path(__file__).parents[2] / "docs" / "data_dictionary.md"

HEAD = """# Data dictionary

Written by `python -m scripts.docs.data_dictionary` from `stacks_dataverse/catalog`; change it there.

Days are UTC. Amounts are µSTX (a millionth of an STX) and satoshis in the warehouse, STX and BTC in public objects.
Only canonical rows count: in a canonical block of the day, and, if they are in a microblock, in a canonical one.
First and last days are mainnet's. Words are explained in the [glossary](glossary.md).
"""

PLACES = """Published numbers are rounded to the decimal places of their unit:

| unit | places | reason |
|---|---|---|
"""

SEEDS = """Facts that are in no source, in files of `stacks_dataverse/seeds`; each row names the page that shows it.
"""

CHECKS = """Checks of a day run between building and publishing; results are in `quality_checks`. A failed check of
kind error blocks publishing of the day and of all later days; a failed warning does not. The
[runbook](runbook.md#checks) says what to do.
"""

MARKET_CHECKS = """Checks of the vendors' time series run after each load, with the day of the run; they never block
publishing.
"""


def page() -> str:
    """The whole page, as Markdown."""
    warehouse = "\n".join(_table(table) for table in catalog.TABLES)
    seeds = "\n".join(map(_seed, catalog.SEEDS))
    objects = "\n".join(_object(obj) for obj in catalog.OBJECTS)
    checks, market = ("\n".join(map(_check, some)) for some in (catalog.CHECKS, catalog.MARKET_CHECKS))
    places = "".join(f"| {unit.name} | {unit.places} | {unit.reason} |\n" for unit in UNITS)
    return (
        f"{HEAD}\n## Warehouse tables\n\n{warehouse}\n## Seeds\n\n{SEEDS}\n{seeds}\n"
        f"## Public objects\n\n{PLACES}{places}\n{objects}\n"
        f"## Checks\n\n{CHECKS}\n{checks}\n## Checks of prices\n\n{MARKET_CHECKS}\n{market}"
    )


def _table(table: Table) -> str:
    facts = [f"Kind: {table.kind.value}"]
    if table.reads:
        facts.append(f"Reads: {', '.join(f'`{name}` ({_names(table.reads[name])})' for name in table.reads)}")
    if table.kind is not Kind.LOADING:
        facts += _days(table)
    return _section(table.name, facts, table.method, table.warnings, "column", table.fields)


def _names(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _seed(seed: Seed) -> str:
    return _section(seed.name, [f"Rows: {len(seed.rows)}"], seed.method, (), "column", fields_of(seed.columns))


def _object(obj: PublicObject) -> str:
    versions = ("<YYYY-MM-DD>", "latest") if obj.is_dated else ("latest",)
    keys = ", ".join(f"`{obj.path.format(version=version)}`" for version in versions)
    facts = [
        f"Key: {keys}{', in the private bucket' if obj.private else ''}",
        f"Schedule: {obj.schedule.value}",
        f"Stale after: {obj.freshness_hours} hours",
        *_days(obj),
    ]
    return _section(obj.name, facts, obj.method, obj.warnings, "field", obj.fields)


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
    name: str, facts: Iterable[str], method: str, warnings: Iterable[str], column: str, fields: Mapping[str, str]
) -> str:
    rows = "".join(f"| {_cell(f'`{field}`')} | {_cell(meaning)} |\n" for field, meaning in fields.items())
    notes = "".join(f"\n> {warning}\n" for warning in warnings)
    return f"### {name}\n\n{'. '.join(facts)}.\n\n{method}\n{notes}\n| {column} | meaning and unit |\n|---|---|\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
