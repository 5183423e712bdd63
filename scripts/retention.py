"""Lifecycle rules for the two buckets: `python -m scripts.retention PRIVATE_BUCKET PUBLIC_BUCKET --dry-run`.

Without an `--expire` nothing is deleted but what was superseded or never finished. Keys and region come from where
boto3 looks for them. Rules of others on the same buckets stay as they are.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from stacks_dataverse.vendors import VENDORS

OURS = "dataverse-"

# What `--expire` may name, and what is lost with it.
EXPIRABLE = {
    "tip_snapshots": ("raw/stacks_live/", "what waited in the mempool cannot be landed again"),
    "stacks": ("raw/stacks/", "a day can be landed again while the Stacks database holds it, but not as it was then"),
    **{vendor.name: (vendor.raw_prefix, vendor.retention) for vendor in VENDORS.values()},
}

UPLOAD_DAYS = 7
SUPERSEDED_DAYS = 30

# S3 moves nothing smaller: it would cost more in the colder class.
COLD_BYTES = 128 * 1024
COLD_CLASS = "STANDARD_IA"
MIN_COLD_DAYS = 30

Rule = dict[str, Any]


def rules(superseded_days: int, colder_after: int | None, expire: Mapping[str, int]) -> list[Rule]:
    """The rules of a bucket.

    Args:
        superseded_days: for how long a version lasts that was overwritten or deleted.
        colder_after: when raw files move to the infrequent-access class; None is never.
        expire: days by name of `EXPIRABLE`.
    """
    found = [
        _rule("unfinished-uploads", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": UPLOAD_DAYS}),
        _rule(
            "superseded-versions",
            "",
            NoncurrentVersionExpiration={"NoncurrentDays": superseded_days},
            Expiration={"ExpiredObjectDeleteMarker": True},
        ),
    ]
    if colder_after:
        cold = _rule("colder-raw", "raw/", Transitions=[{"Days": colder_after, "StorageClass": COLD_CLASS}])
        found.append(cold | {"Filter": {"And": {"Prefix": "raw/", "ObjectSizeGreaterThan": COLD_BYTES}}})
    return found + [
        _rule(f"expire-{name}", EXPIRABLE[name][0], Expiration={"Days": days}) for name, days in sorted(expire.items())
    ]


def apply(client: BaseClient, bucket: str, wanted: Sequence[Rule], *, is_dry: bool) -> list[str]:
    """Put the rules in the place of our earlier ones on a bucket; return what changed, a line each."""
    held = _held(client, bucket)
    others = [rule for rule in held if not rule.get("ID", "").startswith(OURS)]
    before = {rule["ID"]: rule for rule in held if rule not in others}
    after = {rule["ID"]: rule for rule in wanted}
    changed = [f"{bucket}: set {_words(rule)}" for name, rule in after.items() if before.get(name) != rule]
    changed += [f"{bucket}: remove {_words(rule)}" for name, rule in before.items() if name not in after]
    if changed and not is_dry:
        client.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [*others, *after.values()]}
        )
    return changed


def main(arguments: Sequence[str], client: BaseClient | None = None) -> int:
    """Apply the rules and print what changed; returns the exit status."""
    options = _parser().parse_args(arguments)
    expire = dict(options.expire)
    try:
        client = client or boto3.client("s3")
        private = rules(options.superseded_days, options.colder_after, expire)
        lines = apply(client, options.private_bucket, private, is_dry=options.dry_run)
        lines += apply(client, options.public_bucket, rules(options.superseded_days, None, {}), is_dry=options.dry_run)
        for bucket in (options.private_bucket, options.public_bucket):
            if client.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
                lines.append(f"{bucket}: keeps no versions, so that nothing superseded is left to expire")
    except (ClientError, BotoCoreError) as error:
        print(f"Setting the lifecycle rules: {error}. Check bucket names, keys and rights.", file=sys.stderr)
        return 1
    lines += [
        f"{EXPIRABLE[name][0]} is deleted after {days} days: {EXPIRABLE[name][1]}" for name, days in expire.items()
    ]
    print("\n".join([*lines, "Nothing was changed: a dry run." if options.dry_run else "Done."]))
    return 0


def _rule(name: str, prefix: str, **action: Any) -> Rule:
    return {"ID": OURS + name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **action}


def _held(client: BaseClient, bucket: str) -> list[Rule]:
    try:
        return client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        return []


def _words(rule: Rule) -> str:
    action = {name: value for name, value in rule.items() if name not in ("ID", "Status")}
    return f"{rule['ID']} {json.dumps(action, sort_keys=True)}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.retention", description=__doc__.splitlines()[0])
    parser.add_argument("private_bucket")
    parser.add_argument("public_bucket")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    parser.add_argument(
        "--superseded-days", type=_days(1), default=SUPERSEDED_DAYS, help=f"life of an old version ({SUPERSEDED_DAYS})"
    )
    parser.add_argument(
        "--colder-after",
        type=_days(MIN_COLD_DAYS),
        metavar="DAYS",
        help=f"move raw files to {COLD_CLASS}; at least {MIN_COLD_DAYS}",
    )
    parser.add_argument(
        "--expire",
        type=_expiry,
        action="append",
        default=[],
        metavar="NAME=DAYS",
        help=f"delete raw files after so many days: {', '.join(EXPIRABLE)}",
    )
    return parser


def _days(least: int) -> Any:
    def days(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of days, at least {least}")
        return int(text)

    return days


def _expiry(text: str) -> tuple[str, int]:
    name, _, days = text.partition("=")
    if name not in EXPIRABLE:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(EXPIRABLE)}")
    return name, _days(1)(days)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
