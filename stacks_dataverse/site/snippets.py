"""Short programs that read a public dataset, to be copied; a test runs each of them."""

from collections.abc import Mapping
from textwrap import dedent

from stacks_dataverse.dataset import PublicObject
from stacks_dataverse.public_files import Format, v1_path

CURL, PANDAS, POLARS, DUCKDB, JAVASCRIPT = "curl", "pandas", "polars", "DuckDB", "JavaScript"


def snippets_of(obj: PublicObject, url: str) -> Mapping[str, str]:
    """The programs by their tools: curl and JavaScript read the JSON, the others the Parquet file.

    Args:
        url: of the public bucket, without a slash at its end.
    """
    json = f"{url}/{_latest(obj, Format.JSON)}"
    parquet = f"{url}/{_latest(obj, Format.PARQUET)}"
    frame = 'import {0} as {1}\n\nframe = {1}.read_parquet("{2}")\nprint(frame.tail())'
    return {
        CURL: f"curl --fail --silent --show-error --compressed '{json}' --output {obj.name}.json",
        PANDAS: frame.format("pandas", "pd", parquet),
        POLARS: frame.format("polars", "pl", parquet),
        DUCKDB: _duckdb(parquet, f"{obj.name}.parquet"),
        JAVASCRIPT: _javascript(json),
    }


def _latest(obj: PublicObject, form: Format) -> str:
    return v1_path(obj.name, form, is_dated=obj.is_dated).format(version="latest")


def _duckdb(url: str, file: str) -> str:
    return dedent(f"""
        import urllib.request

        import duckdb

        urllib.request.urlretrieve("{url}", "{file}")
        print(duckdb.sql("FROM '{file}'"))
    """).strip()


def _javascript(url: str) -> str:
    return dedent(f"""
        const response = await fetch("{url}");
        const {{ data }} = await response.json();
        console.table(data?.slice(-5));
    """).strip()
