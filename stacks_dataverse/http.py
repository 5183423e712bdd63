"""A client for the JSON that vendors serve: bounded in time and size, and its key stays in one header."""

import html
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from stacks_dataverse.errors import DataverseError, Retryable, Terminal

USER_AGENT = "stacks-dataverse/1"
# A vendor that is slower than this has a problem; the task's retry tries again later.
CONNECT_TIMEOUT_SECONDS = 5.0
READ_TIMEOUT_SECONDS = 30.0
WHOLE_ANSWER_SECONDS = 120.0
# The largest answer that is requested, 5,000 daily candles, is 3 MB.
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
FIRST_CHARACTERS = 300

TRY_AGAIN_STATUSES = (408, 500, 502, 503, 504)


class _Retry(urllib3.Retry):
    """urllib3 reads the body of a failed try to its end, however far that is: here it is closed instead."""

    def increment(self, *args: Any, **options: Any) -> urllib3.Retry:
        left = super().increment(*args, **options)
        if options.get("response"):
            options["response"].close()
        return left


# Retry-After is not respected: a far moment in it would hold a worker. What breaks off while it is read is left to
# the task's next try: for each of its own, urllib3 logs what came, and that may repeat the key.
RETRIES = _Retry(
    total=2,
    read=0,
    backoff_factor=0.5,
    status_forcelist=TRY_AGAIN_STATUSES,
    allowed_methods=["GET"],
    redirect=False,
    raise_on_status=False,
    respect_retry_after_header=False,
)
PRINTABLE = re.compile(r"[!-~]+")
BASE_URL = re.compile(r"https?://[^\s?#@]+")
PROXY_ADVICE = "the proxy in the environment is not a URL; correct http_proxy and https_proxy, or set no_proxy"
LATER = "A retry may succeed. If none does, check the vendor's status page and the host of the connection"


@dataclass(frozen=True)
class Reply:
    """An answer that is not for another try: parsed JSON, or None where a refusal is not JSON.

    `doing` names the request and the vendor; `start` is the first characters of the body. Neither holds the key.
    """

    doing: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: Any = field(repr=False)
    text: str = field(repr=False)
    start: str

    def terminal(self, advice: str) -> Terminal:
        """Return the error for an answer that will not change by asking again."""
        return Terminal(self._sentence(advice))

    def retryable(self, advice: str) -> Retryable:
        """Return the error for an answer that may be another one later."""
        return Retryable(self._sentence(advice))

    def _sentence(self, advice: str) -> str:
        return f"{self.doing}: HTTP {self.status}, {self.start or 'an empty body'}. {advice}."


class Client:
    """GET requests to one vendor; `name` is the Airflow Connection that base URL and key come from.

    Args:
        base_url: scheme, host and optional port and path, without user, query and fragment.
        scheme: the scheme of the header `Authorization`, before the key.
    Raises:
        Terminal: base URL or key cannot be used.
    """

    def __init__(self, name: str, base_url: str, scheme: str, key: str) -> None:
        if not PRINTABLE.fullmatch(key):
            raise Terminal(f"The connection {name} has {_fault(key)}; set its password to the vendor's key.")
        self._base_url = _check(name, base_url)
        self._spellings = [key, json.dumps(key)[1:-1], html.escape(key), quote(key, safe="")]
        self._session = _Session()
        self._session.headers["User-Agent"] = USER_AGENT
        # As `auth` it also keeps a .netrc from taking the header's place.
        self._session.auth = _Authorization(f"{scheme} {key}")
        for prefix in ("https://", "http://"):
            self._session.mount(prefix, HTTPAdapter(max_retries=RETRIES))

    def get(self, path: str, params: Mapping[str, str | int]) -> Reply:
        """Ask for a path below the base URL.

        Raises:
            Retryable: no answer, too large or slow a one, a 5xx or 408, or a 2xx that is not JSON.
            Terminal: a redirect; it is not followed, since the key would go along. Or a proxy that is none.
        """
        doing, reason = self._describe(path, params), None
        try:
            reply = self._exchange(path, params, doing)
        except ValueError:
            # The base URL was checked before. What is malformed is not repeated: it may hold the proxy's password.
            pass
        except (OSError, urllib3.exceptions.HTTPError, _Unbounded) as error:
            reason = f"{type(error).__name__}, {error}"
        else:
            return _fit(reply)
        # Raised out here: the library's exceptions hold the request with its key, and would go along as context.
        if reason is None:
            raise Terminal(f"{doing}: {PROXY_ADVICE}.")
        raise Retryable(f"{doing}: {self._hide(reason)[:FIRST_CHARACTERS]}. {LATER}.")

    def _exchange(self, path: str, params: Mapping[str, str | int], doing: str) -> Reply:
        timeouts = (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)
        url = self._base_url + path
        with self._session.get(url, params=params, timeout=timeouts, stream=True) as response:
            text = _read(response).decode("utf-8", errors="replace")
            # Hidden before it is cut: half a key must not stay behind.
            start = " ".join(self._hide(text)[: 2 * FIRST_CHARACTERS].split())[:FIRST_CHARACTERS]
            if response.is_redirect:
                start = f"a redirect to {self._hide(_host(response.headers['location']))}"
            return Reply(doing, response.status_code, response.headers, _parse(text), text, start)

    def _describe(self, path: str, params: Mapping[str, str | int]) -> str:
        query = ", ".join(f"{name}={value}" for name, value in params.items())
        return self._hide(f"GET {self._base_url}{path}" + (f" with {query}" if query else ""))

    def _hide(self, text: str) -> str:
        for spelling in self._spellings:
            text = text.replace(spelling, "***")
        return text


class _Session(requests.Session):
    """The library reads a redirect's body to its end, only to find its target: here it is not read."""

    def resolve_redirects(self, *args: Any, **options: Any) -> Iterator[Any]:
        return iter(())


class _Authorization(AuthBase):
    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = self._value
        return request


class _Unbounded(Exception):
    """An answer that goes on for longer than any real one."""


def _read(response: requests.Response) -> bytes:
    deadline, body = time.monotonic() + WHOLE_ANSWER_SECONDS, bytearray()
    # read1 returns what has come: read would wait for a whole chunk, however slowly its bytes drip in.
    while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES:
            raise _Unbounded(f"the response is larger than {LARGEST_ANSWER_BYTES:,} bytes")
        if time.monotonic() > deadline:
            raise _Unbounded(f"the response is not complete after {WHOLE_ANSWER_SECONDS:.0f} s")
    return bytes(body)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _fit(reply: Reply) -> Reply:
    error: DataverseError | None = None
    if reply.status >= 500 or reply.status in TRY_AGAIN_STATUSES:
        error = reply.retryable(LATER)
    elif 300 <= reply.status < 400:
        error = reply.terminal("It was not followed, because it would disclose the key; correct the connection's host")
    elif reply.status < 300 and reply.body is None:
        error = reply.retryable(f"The response is not JSON. {LATER}")
    if error:
        raise error
    return reply


def _fault(key: str) -> str:
    return "a key with spaces or characters other than printable ASCII" if key else "no key"


def _check(name: str, base_url: str) -> str:
    try:
        fit = BASE_URL.fullmatch(base_url) and requests.Request("GET", base_url).prepare()
    except ValueError:
        fit = None
    # Said outside, and without what was refused: it may hold a key, and the library's exception repeats it.
    if not fit:
        raise Terminal(f"The host of the connection {name} must have the form https://host:port/path.")
    return base_url.rstrip("/")


def _host(location: str) -> str:
    try:
        return urlsplit(location).hostname or "the same host"
    except ValueError:
        return "no address"
