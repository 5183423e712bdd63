"""Warnings of tables, and which of them follow a figure into the public objects that show it."""


class Caveat(str):
    """A warning of a table about some of its columns: it follows these into public objects, and no others."""

    columns: frozenset[str]


def about(warning: str, *columns: str) -> Caveat:
    """A warning about columns of a table. A plain text as a warning is about all of them."""
    caveat = Caveat(warning)
    caveat.columns = frozenset(columns)
    return caveat


def of_rows(warning: str) -> Caveat:
    """A warning about which rows a table has: it follows no figure."""
    return about(warning)


def concerns(warning: str, columns: set[str]) -> bool:
    """Whether a warning of a table is about any of some columns."""
    return not isinstance(warning, Caveat) or bool(warning.columns & columns)
