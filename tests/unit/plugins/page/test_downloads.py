"""Rows as files of every form, in chunks."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plugins.page import charts, downloads

MOMENTS = [datetime(2024, 10, 30, 23, tzinfo=UTC), datetime(2024, 10, 30, 23, 0, 0, 5000, tzinfo=UTC)]
ROWS = pa.table(
    {
        "day": [date(2024, 10, 30), None],
        "at": pa.array(MOMENTS, pa.timestamp("us", "UTC")),
        "name": ['a "b", c', "=SUM(A1)"],
        "amount": ["-12", str(2**128)],
        "share": [0.5, None],
        "ok": [True, False],
    }
)
HOSTILE = ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\t=1"]


def encoded(form: str, rows: pa.Table) -> list[bytes]:
    """The chunks of a file."""
    return list(downloads.encode(form, rows.schema, iter(rows.to_batches(max_chunksize=1))))


def test_csv_has_plain_headings_iso_times_and_empty_nulls() -> None:
    assert b"".join(encoded("csv", ROWS)).decode().splitlines() == [
        "day,at,name,amount,share,ok",
        '2024-10-30,2024-10-30T23:00:00Z,"a ""b"", c",-12,0.5,true',
        f",2024-10-30T23:00:00.005000Z,'=SUM(A1),{2**128},,false",
    ]


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_json_keeps_types_and_exact_numbers(form: str) -> None:
    text = b"".join(encoded(form, ROWS)).decode()
    rows = json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()]
    assert rows == [
        {
            "day": "2024-10-30",
            "at": "2024-10-30T23:00:00Z",
            "name": 'a "b", c',
            "amount": "-12",
            "share": 0.5,
            "ok": True,
        },
        {
            "day": None,
            "at": "2024-10-30T23:00:00.005000Z",
            "name": "=SUM(A1)",
            "amount": str(2**128),
            "share": None,
            "ok": False,
        },
    ]


def test_parquet_is_the_same_table() -> None:
    chunks = encoded("parquet", ROWS)
    assert len(chunks) == 3
    assert pq.read_table(io.BytesIO(b"".join(chunks))).equals(ROWS)


@pytest.mark.parametrize(("form", "expected"), [("csv", b"n\n"), ("json", b"[]\n"), ("ndjson", b"")])
def test_no_rows_are_a_file_too(form: str, expected: bytes) -> None:
    assert b"".join(encoded(form, pa.table({"n": pa.array([], pa.int64())}))) == expected


@pytest.mark.parametrize("form", downloads.CONTENT_TYPES)
def test_a_batch_is_sent_before_the_next_is_read(form: str) -> None:
    read: list[int] = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(3):
            read.append(number)
            yield pa.record_batch({"n": [number]})

    chunks = downloads.encode(form, pa.schema([("n", pa.int64())]), batches())
    if form == "csv":
        next(chunks)
    next(chunks)
    assert read == [0]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_no_formula_of_a_spreadsheet(name: str) -> None:
    text = b"".join(encoded("csv", pa.table({"name": [name]}))).decode()
    assert text == f"name\n'{name}\n"


@pytest.mark.parametrize("form", ["json", "ndjson"])
def test_what_json_does_not_know_is_an_error(form: str) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encoded(form, pa.table({"n": [float("nan")]}))


def table(fields: dict[str, str], value: object, name: str = "nvt_latest") -> list[dict[str, object]]:
    """The rows of a public object's first part."""
    (part,) = charts.parts_of_object("x.json.gz", fields, json.dumps(value).encode())
    return downloads.table_of_part(name, part).to_pylist()


@pytest.mark.parametrize(
    ("label", "meaning", "headings"),
    [
        ("unix seconds of UTC midnight", "transactions; null if the day is not loaded", ["day", "transactions"]),
        ("unix seconds of the hour", "USD; null if the hour is not stored", ["hour_at", "nvt_latest_usd"]),
        ("unix seconds of the snapshot", "relative strength index, 0 to 100", ["at", "relative_strength_index"]),
        ("unix seconds of UTC midnight", "market cap ÷ 24-hour exchange volume; null without volume", ["day", "nvt"]),
        ("lower edge of the bin, STX", "accounts", ["lower_edge_of_the_bin", "accounts"]),
        ("pool's name, or address", "STX", ["pool", "nvt_latest_stx"]),
    ],
)
def test_headings_are_names(label: str, meaning: str, headings: list[str]) -> None:
    (row,) = table({f"<{label}>": meaning}, {"86400": 5})
    assert list(row) == headings


def test_unix_seconds_are_days_and_moments() -> None:
    assert table({"<unix seconds of UTC midnight>": "transactions"}, {"86400": 5})[0]["day"] == date(1970, 1, 2)
    fields = {"<Bitcoin height>.burn_block_time": "unix seconds", "<Bitcoin height>.txs": "transactions"}
    assert table(fields, {"7": {"burn_block_time": 86_400, "txs": None}}) == [
        {"bitcoin_height": "7", "burn_block_time": datetime(1970, 1, 2, tzinfo=UTC), "txs": None}
    ]


def test_a_record_is_one_row() -> None:
    fields = {"refresh_ts": "when it was read, unix seconds", "txs": "transactions", "phase": "prepare or reward"}
    value = {"refresh_ts": 0, "txs": 2**70, "phase": None}
    assert table(fields, value) == [{"refresh_ts": datetime(1970, 1, 1, tzinfo=UTC), "txs": str(2**70), "phase": None}]
