"""Which tables an end-of-day figure reads, derived from its queries and its code."""

import re
from collections.abc import Collection, Iterable, Sequence

from stacks_dataverse.dataset import Kind, Table
from stacks_dataverse.versions import names_in

# What a query says that reads days before its own.
EARLIER = re.compile(r"<=?\s*\{day\}")


def queries_of(figure: Table) -> list[str]:
    """The queries of a figure's inputs, and of the states that it reads."""
    states = [sql for state in figure.end_of_day_states for sql in (state.opening_state, state.daily_changes)]
    return [*figure.inputs.values(), *states]


def reads(figure: Table) -> set[str]:
    """Every name in a figure's queries and code: the tables that it reads are among them."""
    return names_in(figure.transform, *queries_of(figure))


def reads_transitively(figure: Table, figures: Sequence[Table]) -> set[str]:
    """The same with the names in the figures that it reads, directly or in turn."""
    names, followed = reads(figure), {figure.name}
    while more := [each for each in figures if each.name in names and each.name not in followed]:
        followed |= {each.name for each in more}
        names |= set().union(*map(reads, more))
    return names


def readers(names: Iterable[str], figures: Sequence[Table]) -> list[Table]:
    """The figures that read tables of these names, and those that read them in turn."""
    reading, known = dict[str, Table](), set(names)
    while more := {each.name: each for each in figures if each.name not in reading and reads(each) & known}:
        reading |= more
        known |= more.keys()
    return list(reading.values())


def spans(figure: Table, figures: Sequence[Table]) -> bool:
    """Whether a figure of a day depends on earlier days too, by itself or by a figure that it reads."""
    names = reads_transitively(figure, figures) | {figure.name}
    return any(each.cumulative or _reads_earlier(each) for each in figures if each.name in names)


def _reads_earlier(figure: Table) -> bool:
    return any(EARLIER.search(sql) for sql in figure.inputs.values())


def readers_of_facts(names: Collection[str], tables: Sequence[Table]) -> set[str]:
    """The names of tables, and of the figures that read them or the running state on them, directly or in turn."""
    states = {state for table in tables if table.name in names for state in table.states}
    figures = [table for table in tables if table.kind is Kind.FIGURE]
    return {*names, *(figure.name for figure in readers({*names, *states}, figures))}
