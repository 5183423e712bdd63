"""Every Clarity value of real databases, decoded and encoded again, and as text against the API's own."""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest

from stacks_dataverse.clarity import decode, decode_many, encode, to_text

DATABASES = ["stacks_balance_reorg", "stacks_ooo_microblock", "stacks_epoch3"]
VALUES = {
    "nft_events.value": "SELECT DISTINCT value FROM nft_events",
    "contract_logs.value": "SELECT DISTINCT value FROM contract_logs",
    "txs.raw_result": "SELECT DISTINCT raw_result FROM txs",
}
ARGUMENTS = """SELECT DISTINCT contract_call_function_args FROM txs
               WHERE length(contract_call_function_args) > 0"""


def column(dsn: str, sql: str) -> list[bytes]:
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return [bytes(value) for (value,) in cursor]


@pytest.mark.parametrize("name", DATABASES)
@pytest.mark.parametrize("sql", VALUES.values(), ids=VALUES)
def test_every_value_comes_back(name: str, sql: str, stacks_dump: Callable[[str], str]) -> None:
    values = column(stacks_dump(name), sql)
    assert values or (name, sql) == ("stacks_epoch3", VALUES["nft_events.value"])
    assert [encode(decode(value)) for value in values] == values


@pytest.mark.parametrize("name", DATABASES)
def test_every_argument_of_a_call_comes_back(name: str, stacks_dump: Callable[[str], str]) -> None:
    for arguments in column(stacks_dump(name), ARGUMENTS):
        values = decode_many(arguments)
        assert len(values).to_bytes(4, "big") + b"".join(map(encode, values)) == arguments


@pytest.mark.parametrize("name", ["stacks_balance_reorg", "stacks_ooo_microblock"])
def test_text_equals_the_apis(name: str, oracle: Callable[[str], dict[str, Any]]) -> None:
    theirs = dict(represented(oracle(name)))
    assert theirs
    assert {data: to_text(decode(bytes.fromhex(data[2:]))) for data in theirs} == theirs


def represented(answer: Any) -> Iterator[tuple[str, str]]:
    """Each `hex` with the `repr` beside it, anywhere in an answer."""
    if isinstance(answer, dict):
        if {"hex", "repr"} <= answer.keys():
            yield answer["hex"], answer["repr"]
        answer = list(answer.values())
    if isinstance(answer, list):
        for part in answer:
            yield from represented(part)
