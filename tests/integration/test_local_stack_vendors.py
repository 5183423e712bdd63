"""The stub vendors as a process, and what the local stack tells Airflow of vendors."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from scripts.local import airflow_stack, ports, settings, vendor_keys
from scripts.local.errors import StackError
from scripts.local.ports import HOST
from scripts.local.processes import Background
from scripts.local.secrets import Secrets
from scripts.local.stack import POOLS
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.extractors.cryptocompare import CryptoCompare
from stacks_dataverse.extractors.lunarcrush import LunarCrush
from tests.support.servers import free_port

SECRET = "a-paid-key"
VENDORS = ("cryptocompare", "lunarcrush")


@pytest.fixture
def server(direct: None, tmp_path: Path) -> Iterator[VendorsServer]:
    found = VendorsServer(tmp_path / "a stack", free_port())
    yield found
    found.stop()


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path / "a stack" / "secrets.json")


def process(server: VendorsServer) -> psutil.Process:
    found = Background("vendors", server.home, marker="").find()
    assert found is not None
    return found


def test_it_starts_once_is_found_again_and_stops(server: VendorsServer) -> None:
    server.start()
    first = process(server)
    again = VendorsServer(server.home, server.port)
    assert again.is_running()
    again.start()
    assert process(server) == first
    assert again.key == server.key
    server.stop()
    assert not server.is_running()
    ports.require_free(server.port, "the tests")
    with pytest.raises(StackError, match="do not run; `up --no-run` starts them"):
        server.require_running()


def test_it_starts_again_after_it_was_killed(server: VendorsServer) -> None:
    server.start()
    key, killed = server.key, process(server)
    killed.kill()
    killed.wait()
    assert not server.is_running()
    server.start()
    assert server.is_running()
    assert server.key == key


def test_a_taken_port_names_its_holder(server: VendorsServer, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, server.port))
        taken.listen()
        with pytest.raises(StackError, match=rf"Port {server.port}, needed for the stub vendors, is used by process"):
            server.start()
        assert not server.is_running()


def test_another_stacks_vendors_are_not_taken_for_ours(server: VendorsServer, tmp_path: Path) -> None:
    server.start()
    other = VendorsServer(tmp_path / "another stack", server.port)
    assert not other.is_running()
    with pytest.raises(StackError, match="is used by process"):
        other.start()


def test_it_listens_on_this_machine_only_and_keeps_its_key_to_itself(server: VendorsServer) -> None:
    server.start()
    running = process(server)
    assert {c.laddr.ip for c in running.net_connections("tcp") if c.status == psutil.CONN_LISTEN} == {HOST}
    requests.get(f"{server.url}/data/v2/histoday?api_key={server.key}", timeout=10)
    assert server.key not in " ".join(running.cmdline())
    assert server.key not in (server.home / "logs" / "vendors.log").read_text()
    assert (server.home / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_it_has_the_fourth_port() -> None:
    assert settings.Settings(Path("/"), 20_000).vendors_port == 20_003


def test_without_keys_the_connections_lead_to_the_stubs(server: VendorsServer, secrets: Secrets) -> None:
    vendor_keys.remember(secrets, {})
    server.start()
    prices, social = (vendor_keys.connections(server, secrets)[name] for name in VENDORS)
    flavour = json.loads(prices["extra"])["flavour"]
    assert prices["conn_type"] == social["conn_type"] == "http"
    rows = list(
        CryptoCompare(prices["host"], prices["password"], flavour).candles("STX", "day", 1_700_006_400, 1_700_092_800)
    )
    assert len(rows) == 1
    assert LunarCrush(social["host"], social["password"]).snapshot()["answer"]["data"]["name"] == "Stacks"
    assert ["a stub" in words for _, words in vendor_keys.described(server, secrets)] == [True, True]


@pytest.mark.parametrize(
    ("environment", "hosts", "flavour"),
    [
        pytest.param(
            {"CRYPTOCOMPARE_API_KEY": SECRET}, ["https://data-api.coindesk.com", None], "data_api", id="CryptoCompare"
        ),
        pytest.param(
            {"CRYPTOCOMPARE_API_KEY": SECRET, "CRYPTOCOMPARE_FLAVOUR": "min_api"},
            ["https://min-api.cryptocompare.com", None], "min_api", id="its legacy API",
        ),
        pytest.param(
            {"CRYPTOCOMPARE_API_KEY": SECRET, "CRYPTOCOMPARE_BASE_URL": "https://data-api.ccdata.io"},
            ["https://data-api.ccdata.io", None], "data_api", id="by another name",
        ),
        pytest.param({"LUNARCRUSH_API_KEY": SECRET}, [None, "https://lunarcrush.com"], "data_api", id="LunarCrush"),
        pytest.param({"CRYPTOCOMPARE_FLAVOUR": "min_api"}, [None, None], "min_api", id="the stub's legacy API"),
    ],
)  # fmt: skip
def test_a_key_in_the_environment_leads_to_the_real_vendor_until_the_next_up(
    server: VendorsServer, secrets: Secrets, environment: dict[str, str], hosts: list[str | None], flavour: str
) -> None:
    given = environment | {"HOME": "/"}
    vendor_keys.remember(secrets, given)
    assert given == {"HOME": "/"}
    # What other commands do before the next `up` changes nothing: they read what is kept.
    found = vendor_keys.connections(server, Secrets(secrets.path))
    assert [found[name]["host"] for name in VENDORS] == [host or server.url for host in hosts]
    assert [found[name]["password"] for name in VENDORS] == [SECRET if host else server.key for host in hosts]
    assert json.loads(found["cryptocompare"]["extra"]) == {"flavour": flavour}
    said = vendor_keys.described(server, secrets)
    assert ["the real vendor" in words for _, words in said] == [host is not None for host in hosts]
    assert SECRET not in str(said)
    vendor_keys.remember(secrets, {})
    assert {fields["host"] for fields in vendor_keys.connections(server, secrets).values()} == {server.url}
    assert SECRET not in secrets.path.read_text()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"CRYPTOCOMPARE_FLAVOUR": "v3"}, "'v3'; it must be one of data_api, min_api"),
        ({"CRYPTOCOMPARE_BASE_URL": "https://data-api.ccdata.io"}, "without CRYPTOCOMPARE_API_KEY"),
    ],
    ids=["no such flavour", "a host without a key"],
)
def test_settings_that_cannot_be_meant(secrets: Secrets, environment: dict[str, str], words: str) -> None:
    with pytest.raises(StackError, match=words):
        vendor_keys.remember(secrets, environment)


def test_one_call_to_a_vendor_at_a_time() -> None:
    assert POOLS["vendors-pool"] == 1


def test_airflow_inherits_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in vendor_keys.VARIABLES:
        monkeypatch.setenv(variable, SECRET)
    assert SECRET not in airflow_stack._inherited().values()
