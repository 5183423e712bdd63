"""Prints of contracts as values of Clarity; what is none, or is no tuple, is no print that a table reads."""

from typing import Any

from tests.second_opinion.chain import Chain, Row, Rows
from tests.second_opinion.clarity import decode


def prints(chain: Chain, *contracts: str) -> Rows:
    """The printed tuples of some contracts, each with its `fields`."""
    return [
        row | {"fields": fields}
        for row in chain.rows("contract_logs")
        if row["contract_identifier"] in contracts and row["topic"] == "print" and (fields := printed(row)) is not None
    ]


def printed(row: Row) -> dict[str, Any] | None:
    """The fields of a printed tuple; None of anything else."""
    try:
        value = decode(row["value"])
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def fits(value: Any, shape: Any) -> bool:
    """Whether a value is of a type, or a tuple has the fields of a shape, of their types; it may have others."""
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(
            name in value and fits(value[name], kind) for name, kind in shape.items()
        )
    return type(value) is shape
