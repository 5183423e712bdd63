"""Which vendors are real: those whose key is in the environment of `up`. The others are the stubs."""

import json
from collections.abc import Mapping, MutableMapping
from typing import Any

from scripts.local.errors import StackError
from scripts.local.secrets import Secrets
from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.vendor import Vendor
from stacks_dataverse.vendors import VENDORS

VARIABLES = tuple(variable for vendor in VENDORS.values() for variable in vendor.variables.values())


def remember(secrets: Secrets, environment: MutableMapping[str, str]) -> None:
    """Keep what the environment says of vendors until the next `up`.

    It is taken out of the environment, so that no process started later has it. Raises StackError.
    """
    given = {name: environment.pop(name, "") for name in VARIABLES}
    for vendor in VENDORS.values():
        _refuse_faults(vendor, given)
    for name, value in given.items():
        if value:
            secrets.put(name.lower(), value)
        else:
            secrets.remove(name.lower())


def connections(stub: VendorsServer, secrets: Secrets) -> dict[str, dict[str, Any]]:
    """Return the vendors' Connection fields by id."""
    return {name: _connection(vendor, stub, secrets) for name, vendor in VENDORS.items()}


def described(stub: VendorsServer, secrets: Secrets) -> list[tuple[str, str]]:
    """Return each vendor's connection and whom it reaches, in words."""
    entries = []
    for name, fields in connections(stub, secrets).items():
        variable = VENDORS[name].variables["password"]
        is_stub = secrets.get(variable.lower()) is None
        why = f"a stub with made-up figures; set {variable} to use the real one" if is_stub else "the real vendor"
        entries.append((name, f"{fields['host']}, {why}"))
    return entries


def _refuse_faults(vendor: Vendor, given: Mapping[str, str]) -> None:
    names = vendor.variables
    for option, allowed in vendor.options.items():
        value = given[names[option]]
        if value and value not in allowed:
            raise StackError(f"{names[option]} is {value!r}; it must be one of {', '.join(allowed)}")
    if given[names["host"]] and not given[names["password"]]:
        raise StackError(f"{names['host']} is set without {names['password']}; set both, or neither for the stub")


def _connection(vendor: Vendor, stub: VendorsServer, secrets: Secrets) -> dict[str, Any]:
    held = {field: secrets.get(variable.lower()) for field, variable in vendor.variables.items()}
    options = vendor.choose_options(held)
    if held["password"]:
        host, password = held["host"] or vendor.host(**options), held["password"]
    else:
        host, password = stub.url, stub.key
    extra = {"extra": json.dumps(options)} if options else {}
    return {"conn_type": "http", "host": host, "password": password} | extra
