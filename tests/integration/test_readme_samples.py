"""What the README shows of the data is what a run of the sample gives, and its lines of pandas and SQL work."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer

from tests.support.pipeline import Pipeline

README = (Path(__file__).parents[2] / "README.md").read_text()
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SERIES, ENVELOPE = (json.loads(text) for language, text in BLOCKS if language == "json")
KEYS = ["daily_txs/latest.json.gz", "v1/signers/latest.json.gz"]


def block(language: str) -> str:
    """The only block of a language."""
    [text] = [text for found, text in BLOCKS if found == language]
    return text


@pytest.fixture
def public_url(direct: None, httpserver: HTTPServer, whole_chain: Any) -> str:
    """A server of the sample's public objects, as a CDN answers."""
    for key in KEYS:
        body = whole_chain("sample").public.get(key)
        httpserver.expect_request(f"/{key}").respond_with_data(body, headers={"Content-Encoding": "gzip"})
    return httpserver.url_for("").rstrip("/")


def test_the_objects_look_as_shown(whole_chain: Any) -> None:
    published: Pipeline = whole_chain("sample").published()
    series, envelope = (published[key] for key in KEYS)
    assert {type(value) for value in series.values()} == {type(value) for value in SERIES.values()} == {int}
    assert [*map(int, series)][:2] == [*map(int, SERIES)]
    assert envelope.keys() == ENVELOPE.keys()
    assert ENVELOPE["units"].items() <= envelope["units"].items()
    assert ENVELOPE["data"][0].keys() <= envelope["data"][0].keys()
    for name in ("method", "warnings"):
        shown, said = ENVELOPE[name], envelope[name]
        assert str(said).startswith(str(shown).split("…")[0].rstrip())


def test_the_lines_of_pandas_read_them(public_url: str, whole_chain: Any) -> None:
    names: dict[str, Any] = {"PUBLIC_URL": public_url}
    exec(block("python"), names)
    series, envelope = (whole_chain("sample").published()[key] for key in KEYS)
    assert names["txs"].to_dict() == {pd.Timestamp(int(at), unit="s", tz="UTC"): value for at, value in series.items()}
    assert names["signers"].to_dict("records") == pd.DataFrame(envelope["data"]).to_dict("records")
    assert len(names["signers"])


def test_the_query_gives_the_columns_shown(whole_chain: Any) -> None:
    rows = whole_chain("sample").read(block("sql").rstrip().rstrip(";"))
    [answer] = [text for _, text in BLOCKS if "-+-" in text]
    header, *lines = answer.splitlines()
    assert [name.strip() for name in header.split("|")] == rows.column_names
    assert len(lines) - 1 == rows.num_rows == 2
