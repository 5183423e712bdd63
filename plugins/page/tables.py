"""A part as the table that a reader sees: formatted cells, rankings and histograms with bars, why values are null."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from plugins.page.bands import Band, bands_of
from plugins.page.cells import NULL, Cell, make_cell, time_cell
from plugins.page.charts import BANDED, FIELD_BY_FIELD, INTEGER, TIME, Column, Part, place
from plugins.page.identifiers import MAINNET
from plugins.page.rankings import Ranking, ranking_of
from plugins.page.series import DAY
from stacks_dataverse.site.quantities import fit, is_number, quantity_of

PERCENT_OF_ALL = 100
# Kinds of tables: over time, of scalar fields, in order of rank.
TIMED, RECORD, RANKING = "timed", "record", "ranking"


@dataclass(frozen=True)
class Heading:
    """The head of a column: its name for people, the unit in which it is shown, and its own name with what it means."""

    name: str
    unit: str = ""
    meaning: str = ""


@dataclass(frozen=True)
class Row:
    """A row: its key, and cells; of a ranking its rank, the share of the sum, and the bar's length in percent."""

    key: Cell
    cells: tuple[Cell, ...]
    rank: int | None = None
    share: str = ""
    bar: float | None = None
    note: Cell | None = None


@dataclass(frozen=True)
class ShownTable:
    """Headings and rows, of a `kind`; the position of the cell with the bar; and why values are null."""

    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    caption: str
    legend: str = ""
    kind: str = ""
    bar: int | None = None


def shown_table(part: Part, most: int, chain: str = MAINNET) -> ShownTable:
    """A part as a table of at most so many rows, the newest first where they are in order of time."""
    if part.axis == BANDED and part.figures:
        return _histogram(part)
    if part.columns == FIELD_BY_FIELD:
        return _record(part, chain)
    rows = (tuple(reversed(part.rows)) if part.is_newest_last else part.rows)[:most]
    ranking = ranking_of(part)
    return (
        _ranked(part, rows, ranking, chain) if ranking else shown_rows(replace(part, rows=rows), len(part.rows), chain)
    )


def shown_rows(part: Part, total: int, chain: str = MAINNET) -> ShownTable:
    """The rows of a part in their order; there are so many in total."""
    columns, rows = part.columns[1:], part.rows
    quantities = [fit(column.quantity, [row[n] for row in rows]) for n, column in enumerate(columns, 1)]
    is_daily = part.axis == TIME and all(_is_midnight(row[0]) for row in rows)
    shown = [
        Row(
            _key(part, row[0], is_daily, chain),
            tuple(map(make_cell, columns, row[1:], quantities, [chain] * len(columns))),
        )
        for row in rows
    ]
    first = _heading(part.columns[0], "Day (UTC)" if is_daily else part.key)
    kind = TIMED if part.axis == TIME else ""
    headings = (first, *map(_heading, columns))
    return ShownTable(headings, tuple(shown), _caption(part, total), legend(part.columns, rows), kind)


def legend(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> str:
    """One line that says why values are null; empty if none is."""
    reasons: dict[str, list[str]] = {}
    for position, column in enumerate(columns):
        if any(row[position] is None for row in rows):
            reasons.setdefault(column.null_rule or "where the value is not known", []).append(column.title)
    if len(reasons) == 1:
        return f"{NULL} is null {next(iter(reasons))}."
    said = (f"{', '.join(dict.fromkeys(names))} {reason}" for reason, names in reasons.items())
    return f"{NULL} is null: {'; '.join(said)}." if reasons else ""


def _record(part: Part, chain: str) -> ShownTable:
    """The scalar fields of an object; what they mean is in the list of its fields."""
    rows = []
    for name, value, meaning in part.rows:
        column = Column(name, meaning)
        quantity = fit(quantity_of(meaning), [value])
        cell = make_cell(column, value, quantity, chain)
        unit = quantity.label if is_number(value) and not column.is_time else ""
        rows.append(Row(Cell(column.title, name), (replace(cell, text=f"{cell.text} {unit}".strip()),)))
    nulls = [Column(name, meaning) for name, value, meaning in part.rows if value is None]
    reason = legend(nulls, [[None] * len(nulls)])
    return ShownTable((Heading("Field"), Heading("Value")), tuple(rows), _caption(part, len(rows)), reason, RECORD)


def _histogram(part: Part) -> ShownTable:
    """Bands with something in them, each with its share and that of all bands up to it."""
    column = part.columns[part.figures[0]]
    bands = [band for band in bands_of(part, part.figures[0]) if band.count != 0]
    largest = max((band.count for band in bands if band.count), default=1)
    rows = tuple(
        Row(
            Cell(band.label, f"from {band.low:,}{'' if band.high is None else f' to below {band.high:,}'}"),
            (Cell(f"{band.count:,}" if band.count is not None else NULL, is_number=True), *_shares(band)),
            bar=None if band.count is None else round(PERCENT_OF_ALL * band.count / largest, 1),
        )
        for band in bands
    )
    headings = (
        Heading("Band", part.columns[0].name.rpartition(", ")[2], part.columns[0].meaning),
        _heading(column),
        Heading("Share"),
        Heading("Cumulative share", meaning="of this band and those before it"),
    )
    caption = f"Bands that are not empty: {len(rows)}; downloads have all {len(part.rows):,} bins"
    return ShownTable(headings, rows, caption, legend([column], [[band.count] for band in bands]), bar=0)


def _shares(band: Band) -> tuple[Cell, Cell]:
    texts = (NULL if share is None else f"{PERCENT_OF_ALL * share:.1f} %" for share in (band.share, band.cumulative))
    share, cumulative = (Cell(text, is_number=True) for text in texts)
    return share, cumulative


def _ranked(part: Part, rows: Sequence[Sequence[Any]], ranking: Ranking, chain: str) -> ShownTable:
    """Rank, name with its identifier, the ranked value with its bar and share, and then the other columns."""
    others = [n for n in range(len(part.columns)) if n not in (ranking.name, ranking.note, ranking.value, ranking.rank)]
    order = [ranking.value, *others]
    columns = [part.columns[n] for n in order]
    quantities = [fit(column.quantity, [row[n] for row in rows]) for n, column in zip(order, columns, strict=True)]
    shown = []
    for position, row in enumerate(rows):
        name = make_cell(part.columns[ranking.name], row[ranking.name], quantity_of(""), chain)
        note = None if ranking.note is None else _note(name, part.columns[ranking.note], row[ranking.note], chain)
        cells = map(make_cell, columns, (row[n] for n in order), quantities, [chain] * len(order))
        value = PERCENT_OF_ALL * float(row[ranking.value] or 0)
        share = "" if ranking.total is None else f"{value / ranking.total:.1f} %"
        shown.append(
            Row(name, tuple(cells), ranking.ranks[position], share, round(abs(value) / ranking.longest, 1), note)
        )
    head = part.key if ranking.name == 0 else part.columns[ranking.name].title
    headings = (_heading(part.columns[ranking.name], head), *map(_heading, columns))
    shares = "" if ranking.total is None else "; shares are of the sum of all rows"
    caption = f"{_caption(replace(part, rows=rows), len(part.rows))}{shares}"
    return ShownTable(headings, tuple(shown), caption, legend(part.columns, rows), RANKING, 0)


def _note(name: Cell, column: Column, value: Any, chain: str) -> Cell | None:
    """The identifier under a name, in short where it repeats the name; None where it is the name."""
    cell = make_cell(column, value, quantity_of(""), chain)
    if value == (name.raw or name.text):
        return None
    repeated = cell.text.removesuffix(f".{name.text}")
    return replace(cell, text=repeated)


def _heading(column: Column, key: str = "") -> Heading:
    """Of the column, or of a key by its title. A name may end with a unit that is not the one shown, as `_ustx`."""
    unit = "" if key or column.is_time else column.quantity.label
    title = key or column.title
    meaning = column.meaning if column.meaning == column.name else f"{column.name}: {column.meaning}"
    return Heading(title, "" if unit == title else unit, meaning)


def _key(part: Part, key: Any, is_daily: bool, chain: str) -> Cell:
    if part.axis != TIME:
        return make_cell(part.columns[0], key, fit(part.columns[0].quantity, [key]), chain)
    if isinstance(key, date) and not isinstance(key, datetime):
        return time_cell(key)
    moment = key if isinstance(key, datetime) else _moment(str(key))
    return Cell(f"{moment:%Y-%m-%d}", str(key)) if is_daily else Cell(time_cell(moment).text, str(key))


def _moment(key: str) -> datetime:
    moment = datetime.fromtimestamp(int(key), UTC) if INTEGER.fullmatch(key) else datetime.fromisoformat(key)
    return moment.replace(tzinfo=UTC)


def _is_midnight(key: Any) -> bool:
    if isinstance(key, datetime):
        return key.timestamp() % DAY == 0
    return isinstance(key, date) or not INTEGER.fullmatch(str(key)) or int(key) % DAY == 0


def _caption(part: Part, total: int) -> str:
    shown = len(part.rows)
    if total > shown:
        is_newest_first = part.axis == TIME and shown > 1 and place(part.rows[0][0]) > place(part.rows[-1][0])
        return f"The {'newest' if is_newest_first else 'first'} {shown:,} of {total:,} rows; downloads have all"
    return f"{total:,} {'row' if total == 1 else 'rows'}"
