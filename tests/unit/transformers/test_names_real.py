"""Names of a run of the second contract in a simulated network, and what its prints do not tell."""

import json
from collections import Counter

import pytest

from stacks_dataverse.catalog import names as catalog
from stacks_dataverse.transformers import names
from tests.conftest import RealData
from tests.support import contract_runs
from tests.support.raw import canonical_day, rows_of

READS = catalog.TABLES[0].reads


@pytest.fixture
def events(real_data: RealData) -> list[dict]:
    run = json.loads((real_data.folder / "contract_runs" / "bns_v2.json").read_text())
    rows = {"contract_logs": contract_runs.prints_of([run]), "nft_events": contract_runs.asset_events_of(run, "nft")}
    raw = {table: rows_of(table, found) for table, found in (rows | {"blocks": [contract_runs.BLOCK]}).items()}
    with canonical_day(raw, READS) as day:
        return names.name_events(day).to_pylist()


def test_names_of_a_run(events: list[dict]) -> None:
    """Five were renewed, and three of these printed no renewal; a name registered over a fast claim moved."""
    assert Counter(event["kind"] for event in events) == {
        "registration": 7, "airdrop": 2, "renewal": 2, "transfer": 5, "burn": 1
    }  # fmt: skip
    assert sum(event["change"] for event in events) == 8
    assert {event["bns_version"] for event in events} == {2}


def test_names_and_namespaces_of_a_run_are_those_printed(events: list[dict]) -> None:
    held: Counter[str] = Counter()
    for event in events:
        held[event["namespace"]] += event["change"]
    assert held == {"id": 6, "mgrspace": 2}
    named = {event["token_id"]: event["name"] for event in events if event["token_id"]}
    assert named == {
        "u1": "muneeb.id", "u2": "jude.id", "u3": "alice-1.id", "u4": "carol.id", "u5": "bob9.id", "u6": "contest.id",
        "u7": "first.mgrspace", "u8": "second.mgrspace", "u9": "third.mgrspace",
    }  # fmt: skip
    assert [event["name"] for event in events if event["kind"] == "renewal"] == ["carol.id", "bob9.id"]
