"""The key of a vendor reaches its header, and no message, log, representation or traceback."""

import html
import json
import logging
import re
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest
from pytest_httpserver import HTTPServer

from stacks_dataverse import http
from stacks_dataverse.errors import DataverseError, Terminal
from tests.support.raw_server import raw_server

PLAIN = "abcdef0123456789abcdef0123456789abcdef01"
ODD = "a\"<&>'/\\+=%{}$s"
SPELLINGS = [str, lambda key: json.dumps(key)[1:-1], lambda key: quote(key, safe=""), html.escape]

pytestmark = [pytest.mark.usefixtures("direct"), pytest.mark.timeout(30)]


@pytest.fixture(autouse=True)
def every_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The libraries' own debug logs too."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(http, "RETRIES", http.RETRIES.new(backoff_factor=0))


def client(base_url: str, key: str) -> http.Client:
    return http.Client("vendor", base_url, "Apikey", key)


def said(asked: http.Client) -> str:
    """All that a failed call leaves behind for people to read."""
    try:
        reply = asked.get("/path", {"to": 7})
        raise reply.terminal("Correct the connection")
    except DataverseError as error:
        return "\n".join([repr(asked), repr(error), *traceback.format_exception(error)])


@pytest.mark.parametrize("status", [200, 302, 401, 404, 502])
@pytest.mark.parametrize("spelled", SPELLINGS, ids=["as it is", "in JSON", "in a URL", "in HTML"])
@pytest.mark.parametrize("key", [PLAIN, ODD], ids=["hexadecimal", "odd characters"])
def test_a_vendor_that_repeats_the_key(
    vendor: HTTPServer, caplog: pytest.LogCaptureFixture, key: str, spelled: object, status: int
) -> None:
    echo = spelled(key)  # type: ignore[operator]
    headers = {"Location": f"https://{quote(key, safe='')}.example/{quote(key)}"}
    vendor.expect_request("/path").respond_with_data(f"no such key: {echo}, sorry", status, headers)
    text = said(client(vendor.url_for("/"), key)) + caplog.text
    assert [place for place in SPELLINGS if place(key) in text] == []
    assert "***" in text


@pytest.mark.parametrize("before", range(560, 602, 3))
def test_half_a_key_at_the_end_of_what_is_shown(vendor: HTTPServer, before: int) -> None:
    vendor.expect_request("/path").respond_with_data(" " * before + PLAIN, 404)
    assert PLAIN[:4] not in said(client(vendor.url_for("/"), PLAIN))


def test_only_the_beginning_of_an_answer_is_shown(vendor: HTTPServer) -> None:
    vendor.expect_request("/path").respond_with_data("<p>\n" * 100_000, 403)
    assert len(str(client(vendor.url_for("/"), PLAIN).get("/path", {}).terminal("No"))) < 500


def test_a_lost_connection(caplog: pytest.LogCaptureFixture) -> None:
    with raw_server(lambda send: send(f"{PLAIN}\r\n\r\n".encode())) as (url, _):
        text = said(client(url, PLAIN)) + caplog.text
    assert "BadStatusLine" in text
    assert PLAIN not in text


def test_a_reply_shows_neither_headers_nor_body(vendor: HTTPServer) -> None:
    vendor.expect_request("/path").respond_with_json({"echo": PLAIN}, headers={"X-Echo": PLAIN})
    assert PLAIN not in repr(client(vendor.url_for("/"), PLAIN).get("/path", {}))


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="none"),
        pytest.param("two words", id="with a space"),
        pytest.param("secret\r\nX: y", id="with a header of its own"),
        pytest.param("secret\n", id="with the end of a line"),
        pytest.param("geheimer Schlüssel", id="not ASCII"),
    ],
)
def test_a_key_that_cannot_be_sent_is_refused_unseen(key: str) -> None:
    with pytest.raises(Terminal, match=r"The connection vendor has .*set its password to the vendor's key") as caught:
        client("https://vendor.example", key)
    assert not key or key not in str(caught.value)


def test_a_netrc_does_not_take_the_keys_place(
    vendor: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    vendor.expect_request("/path").respond_with_json({})
    client(vendor.url_for("/"), PLAIN).get("/path", {})
    assert vendor.log[0][0].headers["Authorization"] == f"Apikey {PLAIN}"


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        pytest.param("http://user:pass-word@127.0.0.1:1", "Retryable.*Unable to connect to proxy", id="away"),
        pytest.param("http://user:pass-word@127.0.0.1:99999", "Terminal.*the proxy in", id="a port that is none"),
        pytest.param("http://user:pass-word/@127.0.0.1:1", "Terminal.*the proxy in", id="a password with a slash"),
        pytest.param("foo://user:pass-word@127.0.0.1:1", "Terminal.*the proxy in", id="another scheme"),
    ],
)
def test_the_password_of_a_proxy(
    proxy: str, words: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("http_proxy", proxy)
    text = said(client("http://vendor.example", PLAIN)) + caplog.text
    assert re.search(words, text)
    assert "pass-word" not in text
    assert PLAIN not in text
