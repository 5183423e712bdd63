"""A call of a vendor's API, and answers that go wrong the same way whoever gives them."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from scripts.local.vendors.faults import Fault

PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n"
NAMES = {500: "500 Internal Server Error", 502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable"}
# No host has this name, by RFC 2606.
ELSEWHERE = "https://elsewhere.invalid/"


@dataclass(frozen=True)
class Call:
    """What was asked, when, and what shall go wrong: `status` or `kind`, None for nothing."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    now: int
    fault: Fault | None

    @property
    def kind(self) -> str | None:
        """The kind of fault."""
        return self.fault.kind if self.fault else None

    @property
    def status(self) -> int | None:
        """The status that the answer shall have."""
        return self.fault.status if self.fault else None


class Vendor(Protocol):
    """One vendor's behaviour; a module with these names."""

    NAME: str
    # With what its paths begin, and its own kinds of faults.
    PREFIX: str
    KINDS: set[str]

    def refusal(self, call: Call, key: str) -> Response | None:
        """Return the answer to a call without the key, in the wrong place, or by a refused client."""
        ...

    def failure(self, call: Call, status: int) -> Response:
        """Return the answer of a status below 500."""
        ...

    def answer(self, call: Call) -> Response:
        """Return the answer to an accepted call."""
        ...


def as_json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return `body` as JSON."""
    text = json.dumps(body, separators=(",", ":"), allow_nan=False)
    return Response(text, status, dict(headers or {}), "application/json; charset=UTF-8")


def respond(vendor: Vendor, call: Call, key: str) -> Response:
    """Return the vendor's answer, with what shall go wrong in it."""
    refused = vendor.refusal(call, key)
    if refused is not None:
        return refused
    if call.status is not None:
        return page(call.status) if call.status >= 500 else vendor.failure(call, call.status)
    if call.kind == "html":
        return page(200, "200 OK")
    if call.kind == "redirect":
        return RedirectResponse(ELSEWHERE, 302)
    if call.kind == "slow" and call.fault:
        time.sleep(call.fault.seconds)
    return _cut(vendor.answer(call), call.kind)


def page(status: int, title: str = "") -> HTMLResponse:
    """Return the page of a proxy in front of the vendor."""
    return HTMLResponse(PAGE.format(title or NAMES.get(status, f"{status} Error")), status)


def _cut(response: Response, kind: str | None) -> Response:
    half = bytes(response.body)[: len(response.body) // 2]
    if kind == "cut_json":
        return Response(half, response.status_code, media_type="application/json")
    if kind == "hang_up":
        return StreamingResponse(_broken(half), response.status_code, media_type="application/json")
    return response


def _broken(half: bytes) -> Iterator[bytes]:
    yield half
    raise ConnectionAbortedError("hung up as told")
