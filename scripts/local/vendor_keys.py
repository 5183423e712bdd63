"""Which vendors are real: those whose key is in the environment of `up`. The others are the stubs."""

import json
from collections.abc import MutableMapping
from typing import Any

from scripts.local.errors import StackError
from scripts.local.secrets import Secrets
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.extractors import cryptocompare, lunarcrush

CRYPTOCOMPARE_KEY, LUNARCRUSH_KEY = "CRYPTOCOMPARE_API_KEY", "LUNARCRUSH_API_KEY"
BASE_URL, FLAVOUR = "CRYPTOCOMPARE_BASE_URL", "CRYPTOCOMPARE_FLAVOUR"
VARIABLES = (CRYPTOCOMPARE_KEY, LUNARCRUSH_KEY, BASE_URL, FLAVOUR)
DEFAULT_FLAVOUR = "data_api"


def remember(secrets: Secrets, environment: MutableMapping[str, str]) -> None:
    """Keep what the environment says of vendors until the next `up`.

    It is taken out of the environment, so that no process started later has it. Raises StackError.
    """
    given = {name: environment.pop(name, "") for name in VARIABLES}
    if given[FLAVOUR] and given[FLAVOUR] not in cryptocompare.FLAVOURS:
        raise StackError(f"{FLAVOUR} is {given[FLAVOUR]!r}; it must be one of {', '.join(cryptocompare.FLAVOURS)}")
    if given[BASE_URL] and not given[CRYPTOCOMPARE_KEY]:
        raise StackError(f"{BASE_URL} is set without {CRYPTOCOMPARE_KEY}; set both, or neither for the stub")
    for name, value in given.items():
        if value:
            secrets.put(name.lower(), value)
        else:
            secrets.remove(name.lower())


def connections(stub: VendorsServer, secrets: Secrets) -> dict[str, dict[str, Any]]:
    """Return the vendors' Connection fields by id."""
    flavour = secrets.get(FLAVOUR.lower()) or DEFAULT_FLAVOUR
    own_host = secrets.get(BASE_URL.lower()) or cryptocompare.FLAVOURS[flavour].host
    prices = _connection(stub, secrets, CRYPTOCOMPARE_KEY, own_host) | {"extra": json.dumps({"flavour": flavour})}
    social = _connection(stub, secrets, LUNARCRUSH_KEY, lunarcrush.HOST)
    return {cryptocompare.CONNECTION: prices, lunarcrush.CONNECTION: social}


def described(stub: VendorsServer, secrets: Secrets) -> list[tuple[str, str]]:
    """Return each vendor's connection and whom it reaches, in words."""
    variables = {cryptocompare.CONNECTION: CRYPTOCOMPARE_KEY, lunarcrush.CONNECTION: LUNARCRUSH_KEY}
    found = []
    for name, fields in connections(stub, secrets).items():
        is_stub = secrets.get(variables[name].lower()) is None
        why = (
            (f"a stub with made-up figures; set {variables[name]} to use the real one")
            if is_stub
            else "the real vendor"
        )
        found.append((name, f"{fields['host']}, {why}"))
    return found


def _connection(stub: VendorsServer, secrets: Secrets, variable: str, own_host: str) -> dict[str, Any]:
    key = secrets.get(variable.lower())
    host, password = (own_host, key) if key else (stub.url, stub.key)
    return {"conn_type": "http", "host": host, "password": password}
