"""Values in SQL, as literals."""

import re
from collections.abc import Mapping
from typing import Any

# Where a value goes in a query.
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def render(sql: str, values: Mapping[str, Any]) -> str:
    """Put values as literals in the place of `{name}`.

    ADBC's own parameters are not used: it reads the answer of a query with parameters whole into memory, where it
    streams that of a query without.
    """
    return PLACEHOLDER.sub(lambda found: literal(values[found[1]]), sql)


def literal(value: Any) -> str:
    """A value as SQL has it, in PostgreSQL as in DuckDB."""
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    # Every session has standard_conforming_strings: no other character of a text is special.
    return "'" + str(value).replace("'", "''") + "'"
