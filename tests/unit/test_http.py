"""What a vendor may answer, or not answer, without hurting: bounded in time, in size and in tries."""

import gzip
import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from stacks_dataverse import http
from stacks_dataverse.errors import DataverseError, Retryable, Terminal
from tests.support.raw_server import Answer, raw_server
from tests.support.servers import free_port

KEY = "0a1b2c3d"
FOREVER = 10_000
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BOMB = b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(50_000_000))
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
BAD_GATEWAY = "<html><h1>502 Bad Gateway</h1></html>"

pytestmark = [pytest.mark.usefixtures("direct"), pytest.mark.timeout(30)]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds of a test's size, but for the whole answer's time; no pause between tries."""
    monkeypatch.setattr(http, "READ_TIMEOUT_SECONDS", 0.5)
    monkeypatch.setattr(http, "LARGEST_ANSWER_BYTES", 1_000_000)
    monkeypatch.setattr(http, "RETRIES", http.RETRIES.new(backoff_factor=0))


def ask(base_url: str, key: str = KEY) -> http.Reply:
    return http.Client("vendor", base_url, "Bearer", key).get("/path", {"unit": "day", "to": 7})


def refusal(base_url: str, kind: type[DataverseError] = Retryable) -> str:
    with pytest.raises(kind) as caught:
        ask(base_url)
    return str(caught.value)


def test_the_key_goes_in_its_header_and_nowhere_else(vendor: HTTPServer) -> None:
    vendor.expect_request("/base/path", query_string={"unit": "day", "to": "7"}).respond_with_json(
        {"n": [1, 0.5, None]}
    )
    assert ask(vendor.url_for("/base/")).body == {"n": [1, 0.5, None]}
    ((request, _),) = vendor.log
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["User-Agent"] == "stacks-dataverse/1"
    assert [value for name, value in request.headers if KEY in value] == [f"Bearer {KEY}"]
    assert KEY not in request.url


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 429])
@pytest.mark.parametrize("body", ['{"error": "no"}', "<html>no</html>", ""], ids=["JSON", "HTML", "empty"])
def test_a_refusal_is_handed_on_at_once(vendor: HTTPServer, status: int, body: str) -> None:
    vendor.expect_request("/path").respond_with_data(body, status, {"Retry-After": "3600"})
    reply = ask(vendor.url_for("/"))
    assert (reply.status, reply.text) == (status, body)
    assert reply.body == ({"error": "no"} if body.startswith("{") else None)
    assert len(vendor.log) == 1


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_failure_is_tried_three_times(vendor: HTTPServer, status: int) -> None:
    vendor.expect_request("/path").respond_with_data(BAD_GATEWAY, status, {"Retry-After": "3600"})
    message = refusal(vendor.url_for("/"))
    assert len(vendor.log) == 3
    assert f"GET {vendor.url_for('/path')} with unit=day, to=7: HTTP {status}, {BAD_GATEWAY}" in message
    assert "the host of the connection" in message


def test_a_failure_that_passes_leaves_no_trace(vendor: HTTPServer) -> None:
    vendor.expect_ordered_request("/path").respond_with_data(BAD_GATEWAY, 502)
    vendor.expect_ordered_request("/path").respond_with_json([])
    assert ask(vendor.url_for("/")).body == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(vendor: HTTPServer, status: int) -> None:
    elsewhere = f"http://user:{KEY}@elsewhere.example/{KEY}"
    vendor.expect_request("/path").respond_with_data("", status, {"Location": elsewhere})
    message = refusal(vendor.url_for("/"), Terminal)
    assert "a redirect to elsewhere.example." in message
    assert len(vendor.log) == 1


@pytest.mark.parametrize("location", ["", "http://[::1", "http://elsewhere.example:port/", "\\\\", "x" * 10_000])
def test_a_redirect_to_nowhere(location: str) -> None:
    with raw_server(whole(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode())) as (url, _):
        assert "It was not followed" in refusal(url, Terminal)


def test_the_page_of_a_redirect_may_have_no_end() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\n\r\n"
    with raw_server(endless(head, b"<html>" * 10_000)) as (url, _):
        assert "larger than 1,000,000 bytes" in refusal(url)


def test_nobody_listens() -> None:
    port = free_port()
    assert f"GET http://127.0.0.1:{port}/path" in refusal(f"http://127.0.0.1:{port}")


def test_an_answer_that_does_not_come_is_not_waited_for(vendor: HTTPServer) -> None:
    def sleep(request: Any) -> Response:
        time.sleep(1.5)
        return Response("{}")

    vendor.expect_request("/path").respond_with_handler(sleep)
    assert "timed out" in refusal(vendor.url_for("/"))


def whole(content: bytes) -> Answer:
    return lambda send: send(content)


def endless(head: bytes, piece: bytes, pause: float = 0) -> Answer:
    def answer(send: Callable[[bytes], Any]) -> None:
        send(head)
        for _ in range(FOREVER):
            send(piece)
            time.sleep(pause)

    return answer


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        pytest.param(whole(b""), "", id="hung up"),
        pytest.param(whole(b"\x00\xff garbage \r\n\r\n"), "", id="not HTTP"),
        pytest.param(whole(OK + b'Content-Length: 99\r\n\r\n{"Data": ['), "IncompleteRead", id="shorter than said"),
        pytest.param(whole(OK + CHUNKED + b'a\r\n{"Data": [\r\n'), "ProtocolError", id="without the last chunk"),
        pytest.param(whole(OK + CHUNKED + b"no number\r\n{}"), "ProtocolError", id="a chunk of no length"),
        pytest.param(whole(OK + b'Content-Length: 10\r\n\r\n{"Data": ['), "not JSON", id="half of the JSON"),
        pytest.param(whole(OK + b"\r\n"), "an empty body. The response is not JSON", id="nothing"),
        pytest.param(whole(OK + b"\r\n" + b"\xff\xfe{}"), "not JSON", id="not UTF-8"),
        pytest.param(whole(OK + b"\r\n" + b"[" * 100_000), "not JSON", id="nested without end"),
        pytest.param(whole(OK + b"\r\n" + b"9" * 5_000), "not JSON", id="a number without end"),
        pytest.param(whole(OK + b"Content-Encoding: gzip\r\n\r\n{}"), "DecodeError", id="not gzip"),
        pytest.param(whole(OK + b"X: " + b"x" * 100_000), "", id="a header too long"),
        pytest.param(endless(OK, b"X: x\r\n"), "", id="headers without end"),
        pytest.param(endless(OK + b"\r\n", b"x" * 65_536), "larger than 1,000,000 bytes", id="a body without end"),
        pytest.param(whole(OK + BOMB), "larger than 1,000,000 bytes", id="a gzip of 50 MB"),
    ],
)
def test_what_is_no_answer_is_worth_another_try(answer: Answer, words: str) -> None:
    with raw_server(answer) as (url, _):
        assert words in refusal(url)


def test_a_body_that_drips_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "WHOLE_ANSWER_SECONDS", 1.0)
    with raw_server(endless(OK + b"\r\n[", b" ", 0.05)) as (url, _):
        assert "not complete after 1 s" in refusal(url)


@pytest.mark.parametrize("pause", [0, 0.05], ids=["fast", "slowly"])
def test_the_page_of_a_failure_may_have_no_end(pause: float) -> None:
    with raw_server(endless(b"HTTP/1.1 502 Bad Gateway\r\n\r\n", b"<html>" * 1000, pause)) as (url, requests):
        refusal(url)
    assert len(requests) == 3


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "vendor.example",
        "ftp://vendor.example",
        "https://",
        "https://vendor.example:port",
        "https://vendor.example:99999",
        "https://user:secret@vendor.example",
        "https://vendor.example/?api_key=secret",
        "https://vendor.example/#secret",
        "https://vendor example",
        "https://[::1",
        "https://*",
    ],
)
def test_a_host_that_is_no_base_url_is_refused_unseen(base_url: str) -> None:
    with pytest.raises(
        Terminal, match="host of the connection vendor must have the form https://host:port/path"
    ) as caught:
        http.Client("vendor", base_url, "Bearer", KEY)
    assert "secret" not in str(caught.value)
    assert caught.value.__context__ is None
