"""The env file of the image (`env.list.example`), and what the local stack takes from it.

It takes where data comes from and how it is worked on, never where it goes: the sample's figures would end in a
warehouse and a bucket that somebody reads.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from scripts.local import vendor_keys
from scripts.local.errors import StackError
from stacks_dataverse.vendors import VENDORS

STACKS_DB = "AIRFLOW_CONN_STACKS_DB"
VARIABLE = "AIRFLOW_VAR_"
DESTINATIONS = {"private_bucket", "public_bucket", "public_acl", "cdn_distribution_id"}
# The network of a database, and what it is; the sample has its own.
NETWORK = {"network", "stacks_source"}
CONNECTIONS_OF_VENDORS = {f"AIRFLOW_CONN_{name.upper()}": vendor.variables for name, vendor in VENDORS.items()}


def read(path: Path | None, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the variables of a file in the syntax of `docker run --env-file`; none without a file.

    A name without a value takes that of `environment`. Raises StackError for a line that is neither.
    """
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text().splitlines() if path else [], 1):
        text = line.lstrip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not name or name != name.strip() or " " in name:
            raise StackError(f"Line {number} of {path} is not NAME=value, the format of Docker's --env-file")
        if equals or name in environment:
            values[name] = value if equals else environment[name]
    return values


def stacks_db(values: Mapping[str, str]) -> str | None:
    """Return the connection to the Stacks database as a libpq URI; None without one. Raises StackError."""
    text = values.get(STACKS_DB)
    if not text:
        return None
    if not text.lstrip().startswith("{"):
        return text
    parts = _fields(STACKS_DB, text)
    user, password = (quote(parts.get(name) or "", safe="") for name in ("login", "password"))
    # Ports of several hosts are among the extras: the field holds one number, which is then every host's.
    where = ",".join(f"{host}:{parts.get('port') or 5432}" for host in (parts.get("host") or "").split(","))
    database, extra = quote(parts.get("schema") or "", safe=""), urlencode(parts["extra"])
    return f"postgresql://{user}:{password}@{where}/{database}?{extra}"


def vendors(values: Mapping[str, str]) -> dict[str, str]:
    """Return what the file says of vendors, by the names that `local.sh up` knows. Raises StackError."""
    found = {}
    for connection, names in CONNECTIONS_OF_VENDORS.items():
        fields = _fields(connection, values[connection]) if values.get(connection) else {"extra": {}}
        given = fields | fields["extra"]
        found |= {name: given[field] for field, name in names.items() if given.get(field)}
    return found | {name: values[name] for name in vendor_keys.VARIABLES if values.get(name)}


def variables(values: Mapping[str, str], own_chain: bool) -> dict[str, str]:
    """Return the Airflow Variables to set; the network only where the chain is the operator's own."""
    left = DESTINATIONS if own_chain else DESTINATIONS | NETWORK
    named = {name.removeprefix(VARIABLE).lower(): value for name, value in values.items() if name.startswith(VARIABLE)}
    return {name: value for name, value in named.items() if name not in left}


def described(path: Path, values: Mapping[str, str]) -> str:
    """Return which variables are taken and which are not, without their values."""
    own_chain = bool(values.get(STACKS_DB))
    taken = {STACKS_DB, *CONNECTIONS_OF_VENDORS, *vendor_keys.VARIABLES}
    taken |= {f"{VARIABLE}{name}".upper() for name in variables(values, own_chain)}
    used = sorted(name for name in values if name in taken and values[name])
    left = sorted(set(values) - set(used))
    lines = [f"{path}: used {', '.join(used) or 'nothing'}"]
    return "\n".join([*lines, *([f"  ignored, because the stack sets them: {', '.join(left)}"] if left else [])])


def _fields(name: str, text: str) -> dict[str, Any]:
    """Fields of an Airflow connection, a JSON object or a URI; `extra` is a dictionary."""
    try:
        if text.lstrip().startswith("{"):
            fields = json.loads(text)
            extra = fields.get("extra") or {}
            return fields | {"extra": json.loads(extra) if isinstance(extra, str) else extra}
        parts = urlsplit(text)
        extra = dict(parse_qsl(parts.query))
        return {"password": unquote(parts.password or ""), "host": parts.hostname or "", "extra": extra}
    except ValueError:
        raise StackError(f"{name} is neither a URI nor a JSON object, the formats of an Airflow connection") from None
