"""Rows of the sample on their way into PostgreSQL, as COPY text."""

import io
from typing import Any

from psycopg2.extensions import cursor as Cursor

FLUSH_ROWS = 5_000


class Table:
    """Rows of one table; columns that are not named take the table's default."""

    def __init__(self, cursor: Cursor, name: str, columns: str, /, **constants: Any) -> None:
        self._cursor = cursor
        self._lines: list[str] = []
        self._constants = "".join("\t" + _text(value) for value in constants.values())
        self._copy = f"COPY {name} ({', '.join([*columns.split(), *constants])}) FROM STDIN"

    def add(self, *values: Any) -> None:
        """Add a row: the named columns' values, in order."""
        self._lines.append("\t".join(map(_text, values)) + self._constants)
        if len(self._lines) >= FLUSH_ROWS:
            self.flush()

    def flush(self) -> None:
        """Send what was added."""
        self._cursor.copy_expert(self._copy, io.StringIO("\n".join(self._lines) + "\n" if self._lines else ""))
        self._lines.clear()


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)
