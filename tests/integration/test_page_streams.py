"""Large downloads: whole, in little memory; what breaks off is seen, and nothing of it is left."""

from tests.integration import page as shared  # isort: skip

import io
import resource
import socket
from collections.abc import Iterator

import httpx
import pytest

from plugins.page import dataset_downloads, dataset_routes
from stacks_dataverse.stores.warehouse import Warehouse
from tests.faults.moments import wait_until
from tests.integration.looks import execute
from tests.support.pipeline import Pipeline
from tests.support.served import serving

FORMS = ("csv", "json", "ndjson", "parquet")
# Rows of a kilobyte that no compression makes small: more than all buffers on the way hold.
MANY, KILOBYTE = 150_000, "SELECT string_agg(md5(number::text || part), '') FROM generate_series(1, 32) AS part"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def large(sample_with_look: Pipeline) -> Iterator[Pipeline]:
    """A table of 150 MB."""
    dsn = sample_with_look.warehouse_dsn
    values = f"now(), '1999-01-01', 'large ' || number, true, '', ({KILOBYTE}), 'warning'"
    execute(dsn, f"INSERT INTO quality_checks SELECT {values} FROM generate_series(1, {MANY}) AS number")
    yield sample_with_look
    execute(dsn, "DELETE FROM quality_checks WHERE day = '1999-01-01'")


READING = "FROM pg_stat_activity WHERE query LIKE '%FROM quality_checks%' "
READING += "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
LARGE, SMALL = "/dataset/quality_checks/data", "/dataset/loaded_days/data"


def sessions(pipeline: Pipeline) -> int:
    """How many sessions of the warehouse are reading the large table."""
    with Warehouse.open(pipeline.warehouse_dsn) as warehouse:
        return warehouse.scalar(f"SELECT count(*) {READING}")


@pytest.mark.parametrize("form", FORMS)
def test_a_large_download_is_whole_and_needs_little_memory(form: str, large: Pipeline, direct: None) -> None:
    page, size = shared.served(shared.stores(large)), 0
    with shared.logged_in(page), serving(page) as url:
        httpx.get(f"{url}{SMALL}.{form}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with httpx.stream("GET", f"{url}{LARGE}.{form}", timeout=60) as answer:
            for chunk in answer.iter_bytes():
                size += len(chunk)
                last = chunk
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert size > MANY * 500
    assert grown < 100 * MEGABYTE
    assert last.endswith({"json": b"]\n", "parquet": b"PAR1"}.get(form, b"\n"))


@pytest.mark.parametrize("form", FORMS)
def test_what_breaks_off_does_not_look_whole(form: str, large: Pipeline, direct: None) -> None:
    page, content = shared.served(shared.stores(large)), io.BytesIO()

    def break_off(answer: httpx.Response) -> None:
        for chunk in answer.iter_bytes():
            if not content.tell():
                wait_until(lambda: sessions(large) == 1, "the rows are being read")
                execute(large.warehouse_dsn, f"SELECT pg_terminate_backend(pid) {READING}")
            content.write(chunk)

    with (
        shared.logged_in(page),
        serving(page) as url,
        httpx.stream("GET", f"{url}{LARGE}.{form}", timeout=60) as answer,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        break_off(answer)
    assert not content.getvalue().endswith((b"]\n", b"PAR1"))


def test_whoever_goes_away_leaves_no_session_and_no_slot(large: Pipeline, direct: None) -> None:
    page = shared.served(shared.stores(large))
    with shared.logged_in(page), serving(page) as url:
        for _ in range(dataset_downloads.MAX_AT_ONCE + 1):
            with httpx.stream("GET", f"{url}{LARGE}.csv", timeout=60) as answer:
                assert answer.status_code == 200
                chunks = answer.iter_bytes()  # once nothing holds it, the connection is closed
                assert next(chunks)
                wait_until(lambda: sessions(large) == 1, "the rows are being read")
            wait_until(lambda: sessions(large) == 0, "the session is closed")
        assert httpx.get(f"{url}{SMALL}.csv").status_code == 200


def test_more_downloads_at_once_than_are_possible_are_refused(large: Pipeline, direct: None) -> None:
    page = shared.served(shared.stores(large))
    with shared.logged_in(page), serving(page) as url:
        host, port = url.removeprefix("http://").split(":")
        readers = [socket.create_connection((host, int(port))) for _ in range(dataset_downloads.MAX_AT_ONCE)]
        for reader in readers:
            reader.sendall(f"GET {LARGE}.csv HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert reader.recv(1)
        answer = httpx.get(f"{url}{SMALL}.csv")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        for reader in readers:
            reader.close()
        wait_until(lambda: httpx.get(f"{url}{SMALL}.csv").status_code == 200, "a slot is free")


def test_who_takes_nothing_is_cut_off(large: Pipeline, direct: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset_routes, "MAX_SECONDS", 0.5)
    page = shared.served(shared.stores(large))
    with (
        shared.logged_in(page),
        serving(page) as url,
        httpx.stream("GET", f"{url}{LARGE}.csv", timeout=60) as answer,
    ):
        assert answer.status_code == 200
        wait_until(lambda: sessions(large) == 0, "the session is closed")
        with pytest.raises(httpx.RemoteProtocolError):
            answer.read()
