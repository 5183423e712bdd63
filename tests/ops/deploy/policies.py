"""What a policy of scripts/aws allows, with wildcards as IAM matches them; conditions are not weighed."""

import fnmatch
import json
import re
from collections.abc import Iterator
from string import Template
from typing import Any

from tests.ops.deploy.conftest import ROOT

# Names in place of the placeholders.
NAMES = {
    "ACCOUNT_ID": "123456789012",
    "AWS_REGION": "eu-west-1",
    "PRIVATE_BUCKET": "private",
    "PUBLIC_BUCKET": "public",
    "BUNDLE_BUCKET": "bundles",
    "DISTRIBUTION_ID": "E1",
}


def policy(name: str) -> list[dict[str, Any]]:
    """The statements of a policy, with `NAMES` filled in."""
    text = (ROOT / "scripts" / "aws" / f"{name}.json").read_text()
    return json.loads(Template(text).substitute(NAMES))["Statement"]


def actions(statements: list[dict[str, Any]]) -> set[str]:
    """Every action that the statements name."""
    return {action for statement in statements for action in _listed(statement["Action"])}


def allows(statements: list[dict[str, Any]], action: str, resource: str) -> bool:
    """Whether an action on a resource is allowed, and not denied."""
    effects = {item["Effect"] for item in statements if _matches(item, action, resource)}
    return effects == {"Allow"}


def _matches(statement: dict[str, Any], action: str, resource: str) -> bool:
    return any(_like(action.lower(), like.lower()) for like in _listed(statement["Action"])) and any(
        _like(resource, like) for like in _listed(statement["Resource"])
    )


def _like(text: str, pattern: str) -> bool:
    return re.fullmatch(fnmatch.translate(pattern.replace("[", "[[]")), text) is not None


def _listed(value: str | list[str]) -> Iterator[str]:
    return iter([value] if isinstance(value, str) else value)
