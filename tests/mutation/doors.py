"""Where SQL goes to DuckDB and to the warehouse: which statements pass, and one of them in a mutated form."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import duckdb
import pytest

from stacks_dataverse import postgres
from stacks_dataverse.stores import warehouse

PACKAGE = Path(warehouse.__file__).parents[1]
DUCKDB, POSTGRES = "duckdb", "postgres"
# What a statement that is no SQL raises: a mutant of it is none.
NO_SQL = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException)
NO_SQL_CLASS = "42"


@dataclass(frozen=True)
class Query:
    """A statement as it is in the source: `module` and `name` say where, such as transformers.bonds, daily_bonds."""

    module: str
    name: str
    dialect: str
    sql: str


@dataclass
class Doors:
    """What passes the doors while tests run, and what goes in the place of some statements."""

    declared: Mapping[str, tuple[str, str]]
    passed: dict[str, Query] = field(default_factory=dict)
    replacements: Mapping[str, str] = field(default_factory=dict)
    is_no_sql: bool = False

    def pass_on(self, sql: str, query: Callable[[], Query | None]) -> str:
        """The statement to run in the place of one, which is noted as passed."""
        if sql not in self.passed and sql not in self.replacements and (made := query()):
            self.passed[sql] = made
        return self.replacements.get(sql, sql)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Stand at the doors."""
        with pytest.MonkeyPatch.context() as patch:
            for name in ("sql", "execute"):
                patch.setattr(duckdb.DuckDBPyConnection, name, self._duckdb(getattr(duckdb.DuckDBPyConnection, name)))
            patch.setattr(warehouse, "render", self._warehouse(warehouse.render))
            patch.setattr(postgres, "from_database", self._refused(postgres.from_database))
            yield

    def _duckdb(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def door(connection: Any, sql: Any, *args: Any, **kwargs: Any) -> Any:
            if not isinstance(sql, str):
                return run(connection, sql, *args, **kwargs)
            frame = sys._getframe(1)
            try:
                return run(connection, self.pass_on(sql, lambda: _made_by(frame, sql)), *args, **kwargs)
            except NO_SQL:
                self.is_no_sql = True
                raise

        return door

    def _warehouse(self, render: Callable[..., str]) -> Callable[..., str]:
        def door(sql: str, values: Mapping[str, Any]) -> str:
            declared = self.declared.get(sql)
            return render(self.pass_on(sql, lambda: declared and Query(*declared, POSTGRES, sql)), values)

        return door

    def _refused(self, from_database: Callable[..., Exception]) -> Callable[..., Exception]:
        def door(error: Exception, doing: str, code: str | None) -> Exception:
            self.is_no_sql |= bool(code and code.startswith(NO_SQL_CLASS))
            return from_database(error, doing, code)

        return door


def _made_by(frame: FrameType | None, sql: str) -> Query | None:
    """The function of the package that runs a statement: the public one of the module at the door."""
    while frame and PACKAGE not in Path(frame.f_code.co_filename).parents:
        frame = frame.f_back
    if frame is None:
        return None
    file = frame.f_code.co_filename
    while frame.f_code.co_name.startswith(("_", "<")) and frame.f_back and frame.f_back.f_code.co_filename == file:
        frame = frame.f_back
    module = Path(file).relative_to(PACKAGE).with_suffix("")
    return Query(".".join(module.parts), frame.f_code.co_name, DUCKDB, sql)
