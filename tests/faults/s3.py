"""An S3 between the code and the real one, that refuses, dawdles or breaks off where it is told to."""

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from scripts.local.ports import HOST

ALWAYS = 1 << 30
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "expect"}

ERROR = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'


@dataclass
class Trouble:
    """What befalls the first `times` requests whose method and path with query `matches`.

    `act` is called with the handler and the request's body. `happened` counts.
    """

    matches: Callable[[str, str], bool]
    act: Callable[["_Handler", bytes], None]
    times: int = ALWAYS
    happened: int = 0
    first: threading.Event = field(default_factory=threading.Event)


class FaultyS3(ThreadingHTTPServer):
    """Passes requests on to a real S3 server on another port, but for the troubles it is told of."""

    daemon_threads = True

    def __init__(self, upstream_port: int) -> None:
        super().__init__((HOST, 0), _Handler)
        self.upstream_port = upstream_port
        self.endpoint = f"http://{HOST}:{self.server_port}"
        self._troubles: list[Trouble] = []
        self._lock = threading.Lock()

    def answer(
        self, status: int, code: str, message: str, *, matching: Callable[[str, str], bool], times: int = ALWAYS
    ) -> Trouble:
        """Answer with an error of S3's own form, and pass nothing on."""
        body = ERROR.format(code=code, message=message).encode()
        return self._add(matching, lambda handler, _: handler.reply(status, {}, body), times)

    def break_off(self, *, matching: Callable[[str, str], bool], times: int = ALWAYS) -> Trouble:
        """Pass on half an answer to a GET, or half of what is sent, then cut the connection."""
        return self._add(matching, _Handler.break_off, times)

    def hold_back(
        self, until: threading.Event, *, matching: Callable[[str, str], bool], times: int = ALWAYS
    ) -> Trouble:
        """Keep a request waiting, then serve it."""

        def wait(handler: "_Handler", body: bytes) -> None:
            until.wait()
            handler.pass_on(body)

        return self._add(matching, wait, times)

    def fall_silent(
        self, until: threading.Event, *, matching: Callable[[str, str], bool], times: int = ALWAYS
    ) -> Trouble:
        """Pass on half an answer to a GET, then nothing, with the connection open."""
        return self._add(matching, lambda handler, body: handler.fall_silent(body, until), times)

    def mend(self) -> None:
        """No more trouble."""
        with self._lock:
            self._troubles.clear()

    def trouble(self, method: str, path: str) -> Trouble | None:
        """The trouble of this request, counted."""
        with self._lock:
            found = next((t for t in self._troubles if t.happened < t.times and t.matches(method, path)), None)
            if found:
                found.happened += 1
                found.first.set()
            return found

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the play."""

    def _add(self, matches: Callable[[str, str], bool], act: Callable[..., None], times: int) -> Trouble:
        trouble = Trouble(matches, act, times)
        with self._lock:
            self._troubles.append(trouble)
        return trouble


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FaultyS3

    def do_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        trouble = self.server.trouble(self.command, self.path)
        if trouble:
            trouble.act(self, body)
        else:
            self.pass_on(body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = do_any

    def pass_on(self, body: bytes) -> None:
        """Serve as the real one does."""
        status, headers, answer = self._ask(body)
        self.reply(status, headers, answer)

    def break_off(self, body: bytes) -> None:
        """Half an answer, or half a request."""
        if self.command == "GET":
            self._begin(body)
        else:
            upstream = self._open(body)
            upstream.send(body[: len(body) // 2])
            upstream.close()
        self.close_connection = True

    def fall_silent(self, body: bytes, until: threading.Event) -> None:
        """Half an answer, and no end of it."""
        self._begin(body)
        until.wait()
        self.close_connection = True

    def _begin(self, body: bytes) -> None:
        status, headers, answer = self._ask(body)
        self._head(status, headers, len(answer))
        self.wfile.write(answer[: len(answer) // 2])

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self._head(status, headers, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Quiet."""

    def _head(self, status: int, headers: dict[str, str], length: int) -> None:
        self.send_response_only(status)
        for name, value in ({"Content-Length": str(length)} | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def _open(self, body: bytes) -> http.client.HTTPConnection:
        upstream = http.client.HTTPConnection(HOST, self.server.upstream_port)
        upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            if name.lower() not in HOP_BY_HOP:
                upstream.putheader(name, value)
        if body or self.command in ("PUT", "POST"):
            upstream.putheader("Content-Length", str(len(body)))
        upstream.endheaders()
        return upstream

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        upstream = self._open(body)
        try:
            upstream.send(body)
            response = upstream.getresponse()
            headers = {name: value for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP}
            if self.command == "HEAD":
                headers["Content-Length"] = response.getheader("Content-Length", "0")
            return response.status, headers, response.read()
        finally:
            upstream.close()


@contextmanager
def faulty_s3(port: int) -> Iterator[FaultyS3]:
    """A faulty S3 before the real one on a port."""
    server = FaultyS3(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
