"""Short programs that read a dataset, to be copied; a test runs each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import dedent, fill

from plugins.page.charts import SEGMENT, UNIX_SECONDS
from plugins.page.table_query import time_column
from stacks_dataverse.dataset import PublicObject, Table
from stacks_dataverse.sql_values import PLACEHOLDER

CURL, PANDAS, DUCKDB, JAVASCRIPT, SQL = "curl", "pandas", "DuckDB", "JavaScript", "SQL"
NEWEST_DAY = "(SELECT max(day) FROM loaded_days)"
ROWS = 100
TOKEN = "AIRFLOW_TOKEN"


@dataclass(frozen=True)
class Snippet:
    """A program: the tool's name, and its text. `needs` says what must be set before."""

    tool: str
    text: str
    needs: str = ""


def snippets_of(dataset: Table | PublicObject, address: str, *, is_public: bool) -> list[Snippet]:
    """The programs for a dataset.

    Args:
        address: of the public file; else of the dataset on this page, which wants a token.
    """
    made = _of_public(dataset, address) if is_public else _of_page(dataset.name, address)
    sql = _sql(dataset)
    return [*made, *([Snippet(SQL, sql, "the warehouse, such as with psql")] if sql else [])]


def _of_public(obj: PublicObject, url: str) -> list[Snippet]:
    shape = "csv" if obj.path.endswith(".csv.gz") else "rows" if obj.is_enveloped else _Map.of(obj)
    file = f"{obj.name}.{'csv' if shape == 'csv' else 'json'}.gz"
    return [
        Snippet(CURL, f"curl --fail --silent --show-error --compressed '{url}' --output {file.removesuffix('.gz')}"),
        Snippet(PANDAS, _pandas(obj, shape, url)),
        Snippet(DUCKDB, _duckdb(obj, shape, url, file)),
        Snippet(JAVASCRIPT, _javascript(shape, url)),
    ]


@dataclass(frozen=True)
class _Map:
    """An object that is a map: its fields below or above the key, if the values are not plain, and if keys are times.

    Without a key, a record.
    """

    key: str
    below: Sequence[str]
    above: Sequence[str]

    @classmethod
    def of(cls, obj: PublicObject) -> "_Map":
        split = [SEGMENT.findall(field) for field in obj.fields]
        keys = [name for names in split for name in names if name.startswith("<")]
        keyed = [names for names in split if keys and keys[0] in names]
        below = [names[1] for names in keyed if len(names) > 1 and names[0] == keys[0]]
        above = [names[0] for names in keyed if names[0] != keys[0]]
        return cls(keys[0] if keys else "", below, above)

    @property
    def is_timed(self) -> bool:
        return UNIX_SECONDS in self.key


def _pandas(obj: PublicObject, shape: "str | _Map", url: str) -> str:
    if shape == "csv":
        days = ', parse_dates=["day"]' if "day" in obj.fields else ""
        return f'import pandas as pd\n\nframe = pd.read_csv("{url}"{days})\nprint(frame.tail())'
    head = f'import pandas as pd\nimport requests\n\nvalue = requests.get("{url}", timeout=30).json()\n'
    if isinstance(shape, str):
        times = [column.name for column in obj.columns if column.type in ("date", "timestamptz")]
        parsed = [f'frame["{name}"] = pd.to_datetime(frame["{name}"])' for name in times]
        lines = ['frame = pd.DataFrame(value["data"])', *parsed]
    elif not shape.key:
        lines = ["frame = pd.Series(value)"]
    else:
        lines = [_frame(obj, shape)]
        if shape.is_timed:
            lines.append('frame.index = pd.to_datetime(frame.index.astype("int64"), unit="s", utc=True)')
    return head + "\n".join([*lines, "print(frame.tail())"])


def _frame(obj: PublicObject, shape: _Map) -> str:
    if shape.above:
        return f"frame = pd.DataFrame({{name: value[name] for name in {list(shape.above)}}})"
    if shape.below:
        return 'frame = pd.DataFrame.from_dict(value, orient="index")'
    return f'frame = pd.Series(value, name="{obj.name}")'


def _duckdb(obj: PublicObject, shape: "str | _Map", url: str, file: str) -> str:
    return _plain(
        f"""
        import urllib.request

        import duckdb

        urllib.request.urlretrieve("{url}", "{file}")
        print(duckdb.sql(\"\"\"
            {_duckdb_query(shape, file)}
        \"\"\"))
        """
    )


def _duckdb_query(shape: "str | _Map", file: str) -> str:
    if shape == "csv":
        return f"SELECT * FROM read_csv('{file}')"
    if isinstance(shape, str):
        return f"SELECT unnest(data, recursive := true) FROM read_json('{file}')"
    if not shape.key:
        return f"SELECT * FROM read_json('{file}')"
    key = "to_timestamp(entry.key::BIGINT) AS at" if shape.is_timed else "entry.key"
    values = ", ".join(f"entry.value ->> '{name}' AS {name}" for name in shape.below) or "entry.value"
    path = f", '$.{shape.above[0]}'" if shape.above else ""
    source = f"read_json_objects('{file}') AS file, json_each(file.json{path}) AS entry"
    return f"SELECT {key}, {values}\n            FROM {source}"


def _javascript(shape: "str | _Map", url: str) -> str:
    head = f'const response = await fetch("{url}");\n'
    if shape == "csv":
        return f'{head}const lines = (await response.text()).trim().split("\\n");\nconsole.log(lines.slice(0, 5));'
    if isinstance(shape, str):
        return f"{head}const {{ data }} = await response.json();\nconsole.table(data?.slice(-5));"
    return f"{head}const value = await response.json();\nconsole.log(Object.entries(value).slice(-5));"


def _of_page(name: str, address: str) -> list[Snippet]:
    """Programs for the downloads of this page, with a token of Airflow's in the environment."""
    needs = f"a token of Airflow in {TOKEN}, of POST /auth/token with username and password"
    headers = f'{{"Authorization": f"Bearer {{os.environ[\'{TOKEN}\']}}"}}'
    curl = f"""
        curl --fail --silent --show-error --header "Authorization: Bearer ${TOKEN}" \\
          '{address}/data.csv' --output {name}.csv
    """
    pandas = f"""
        import os

        import pandas as pd

        headers = {headers}
        frame = pd.read_parquet("{address}/data.parquet", storage_options=headers)
        print(frame.tail())
    """
    duckdb = f"""
        import os
        import shutil
        import urllib.request

        import duckdb

        headers = {headers}
        request = urllib.request.Request("{address}/data.parquet", headers=headers)
        with urllib.request.urlopen(request) as answer, open("{name}.parquet", "wb") as file:
            shutil.copyfileobj(answer, file)
        print(duckdb.sql("SELECT * FROM '{name}.parquet'"))
    """
    javascript = f"""
        const headers = {{ Authorization: `Bearer ${{process.env.{TOKEN}}}` }};
        const response = await fetch("{address}/data.json", {{ headers }});
        const rows = await response.json();
        console.table(rows.slice(0, 5));
    """
    texts = {CURL: curl, PANDAS: pandas, DUCKDB: duckdb, JAVASCRIPT: javascript}
    return [Snippet(tool, _plain(text), needs) for tool, text in texts.items()]


def _sql(dataset: Table | PublicObject) -> str:
    """A query of the warehouse: a table's newest rows, or that of a public object if it needs no more than a day."""
    if isinstance(dataset, Table):
        time = time_column(dataset)
        columns = fill(", ".join(dataset.fields), 80, subsequent_indent="       ", break_long_words=False)
        return f"SELECT {columns}\nFROM {dataset.name}\n{f'ORDER BY {time} DESC ' if time else ''}LIMIT {ROWS}"
    if not dataset.rows or not set(PLACEHOLDER.findall(dataset.rows)) <= {"day"} or "tip_" in dataset.rows:
        return ""
    return _plain(PLACEHOLDER.sub(NEWEST_DAY, dataset.rows))


def _plain(text: str) -> str:
    return dedent(text).strip()
