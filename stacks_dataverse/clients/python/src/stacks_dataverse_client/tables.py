"""The rows of a file in the shape that the reader works with."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from typing import Any

from stacks_dataverse_client.catalogue import Field, moment

# What JSON has as text, by the type of the field.
FROM_TEXT: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat,
    "datetime": moment,
    "decimal": Decimal,
}


@dataclass(frozen=True)
class Reader:
    """How a shape is made: from the file of a format, by a function of its bytes and the dataset's fields."""

    file_format: str
    read: Callable[[bytes, Sequence[Field]], Any]
    needs: tuple[str, ...] = ()


def reader(name: str) -> Reader:
    """The reader of a shape. Raises ValueError for a name that is none, ImportError for a package that is missing."""
    if name not in READERS:
        raise ValueError(f"as_ is {name!r}; it may be {', '.join(READERS)}.")
    for package in READERS[name].needs:
        try:
            import_module(package)
        except ImportError as error:
            raise ImportError(f"as_={name!r} needs {package}: install it, or use as_='records'.") from error
    return READERS[name]


def _records(body: bytes, fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Rows with dates, moments and decimals as Python has them; none where the data are not known."""
    convert = {field.name: FROM_TEXT[field.type] for field in fields if field.type in FROM_TEXT}
    return [
        {name: convert[name](value) if name in convert and value is not None else value for name, value in row.items()}
        for row in json.loads(body)["data"] or ()
    ]


def _arrow(body: bytes, _fields: Sequence[Field]) -> Any:
    return import_module("pyarrow.parquet").read_table(BytesIO(body))


def _pandas(body: bytes, fields: Sequence[Field]) -> Any:
    return _arrow(body, fields).to_pandas(date_as_object=False)


def _polars(body: bytes, _fields: Sequence[Field]) -> Any:
    return import_module("polars").read_parquet(BytesIO(body))


READERS = {
    "pandas": Reader("parquet", _pandas, ("pandas", "pyarrow")),
    "polars": Reader("parquet", _polars, ("polars",)),
    "arrow": Reader("parquet", _arrow, ("pyarrow",)),
    "records": Reader("json", _records),
}
