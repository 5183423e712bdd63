"""What differs between the published files of an object and an answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.dataset import LATEST, PublicObject, fields_of
from stacks_dataverse.public_files import Format, Role
from stacks_dataverse.units import round_value
from tests.second_opinion.compare import differences as rows_differences
from tests.second_opinion.compare import is_same
from tests.second_opinion.objects.opinions import JUDGES, OF_TABLES
from tests.second_opinion.objects.run import NO_SUCH_FILE, Answer, Run, json_files, part_of

SHOWN = 5
# The last digit of a rounded number depends on the order of additions before it.
NUDGES = (1, 1 - 1e-12, 1 + 1e-12)


def disagreements(run: Run, objects: Iterable[PublicObject]) -> dict[str, list[str]]:
    """The first differences of every version of objects, by the object's name.

    Versions of days count where they show nothing that becomes known later.
    """
    of_a_day = {obj.name for obj in catalog.objects_of_a_day()}
    wrong: dict[str, list[str]] = {}
    for obj in objects:
        versions = {LATEST: max(run.days, default=None)}
        versions |= {
            str(day): day for day in run.days if obj.name in of_a_day and obj.path.format(version=day) in run.files
        }
        for version, day in versions.items():
            found = differences(obj, JUDGES[obj.name](run, day), run.files, version)
            wrong |= {obj.name: found} if found else {}
    return wrong


def disagreements_on_tables(run: Run, names: Iterable[str]) -> dict[str, list[str]]:
    """The first differences of tables, by name; the first column of a view tells its rows apart."""
    tables = {table.name: table for table in catalog.TABLES}
    wrong: dict[str, list[str]] = {}
    for name in names:
        table = replace(tables[name], key=tables[name].key or (tables[name].columns[0].name,))
        found = rows_differences(table, run.tables[name], OF_TABLES[name](run))[:SHOWN]
        wrong |= {name: found} if found else {}
    return wrong


def differences(obj: PublicObject, answer: Answer, files: Mapping[str, Any], version: str = LATEST) -> list[str]:
    """The first differences of a version, each with where it is; a file that is missing is one."""
    wrong: list[str] = []
    for file in json_files(obj):
        key = file.key(version)
        if file.role is Role.V1:
            expected, fields = answer.rows, {f"<row>.{name}": text for name, text in fields_of(obj.columns).items()}
        else:
            expected, fields = answer.predecessor, dict(obj.fields)
            if file.format is Format.CSV:
                fields = {f"<row>.{name}": text for name, text in fields.items()}
        if expected is NO_SUCH_FILE:
            wrong.append(f"{key}: the answer says nothing of it")
        elif key not in files:
            # Nothing is published in the place of a version that is there.
            wrong += [] if obj.keep_if_empty and not answer.rows else [f"{key} is missing"]
        else:
            candidates = [round_value(_nudged(expected, nudge), fields) for nudge in NUDGES]
            wrong += list(_differences(key, part_of(file, files[key]), candidates))[:SHOWN]
    return wrong


def _differences(where: str, actual: Any, candidates: list[Any]) -> Iterator[str]:
    expected = candidates[0]
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(actual) != [str(name) for name in expected]:
            yield f"{where}: has {list(actual)[:SHOWN]}…, by the opinion {[*expected][:SHOWN]}…"
            return
        for name in expected:
            yield from _differences(f"{where}.{name}", actual[str(name)], [one[name] for one in candidates])
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(actual) != len(expected):
            yield f"{where}: {len(actual)} rows, by the opinion {len(expected)}"
            return
        for number, one in enumerate(actual):
            yield from _differences(f"{where}[{number}]", one, [each[number] for each in candidates])
    elif not any(_is_equal(actual, one) for one in candidates):
        yield f"{where}: {actual!r}, by the opinion {expected!r}"


def _is_equal(actual: Any, expected: Any) -> bool:
    """Whether a published value is the one of an opinion; numbers of a CSV, and decimals, are text."""
    if expected is None:
        return actual is None or actual == ""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return actual is expected or actual == str(expected).lower()
    if isinstance(expected, datetime):
        return bool(actual == f"{expected.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    if isinstance(expected, date):
        return bool(actual == expected.isoformat())
    if isinstance(expected, int | float | Decimal):
        return _is_number(actual, expected)
    return bool(actual == expected)


def _is_number(actual: Any, expected: int | float | Decimal) -> bool:
    if actual is None or actual == "":
        return False
    if isinstance(expected, float):
        return is_same(float(actual), expected)
    return Decimal(str(actual)) == expected


def _nudged(value: Any, factor: float) -> Any:
    """A value of which every float is a little more, or less."""
    if isinstance(value, dict):
        return {name: _nudged(inner, factor) for name, inner in value.items()}
    if isinstance(value, list):
        return [_nudged(inner, factor) for inner in value]
    return value * factor if isinstance(value, float) else value
