"""Somebody's own Stacks database, as a URI in libpq's syntax; no message repeats any of it."""

import re

import psycopg2
from psycopg2.extensions import parse_dsn

from scripts.local.errors import StackError

READ_ONLY = "-c default_transaction_read_only=on"
CONNECT_SECONDS = "10"

FORM = (
    "A Stacks database is given as "
    "postgresql://user:password@host:port/database, or with several hosts as "
    "postgresql://user:password@host:port,host:port/database. In user and password % is written as %25, @ as %40, "
    ": as %3A, / as %2F, ? as %3F, # as %23 and a space as %20"
)


def read_only(uri: str) -> dict[str, str]:
    """Return libpq's parameters of a URI, with the session read-only.

    Raises:
        StackError: it is none, or may be read in two ways: libpq would then take a part of the password for a host or
            a port, and name it in its messages.
    """
    try:
        parts = dict(parse_dsn(uri))
    except psycopg2.Error:
        raise StackError(FORM) from None
    if not _is_plain(uri) or re.search(r"[^\d,]", parts.get("port", "")):
        raise StackError(FORM)
    parts["options"] = f"{parts.get('options', '')} {READ_ONLY}".strip()
    return {"connect_timeout": CONNECT_SECONDS} | parts


def _is_plain(uri: str) -> bool:
    """Whether an @ stands nowhere but between who and where."""
    scheme, _, rest = uri.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return scheme in ("postgresql", "postgres") and rest.count("@") == authority.count("@") <= 1 and "#" not in rest
