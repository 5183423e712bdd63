"""Release the schemas of the public files: `python -m scripts.docs.release_schemas [--major] [--note TEXT]`.

Writes the next version and what it adds into `public/changelog.json`, and the contract into `public/released.json`;
commit both. Without `--major` it refuses what would break readers: a path that is removed, or has other types.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from stacks_dataverse import catalog
from stacks_dataverse.public import changelog, contract
from stacks_dataverse.public.changelog import ADDED, CHANGED, REMOVED
from stacks_dataverse.public.contract import Contract


def next_version(version: str, *, is_breaking: bool, is_addition: bool) -> str:
    """The version after one: of another major, minor or patch number."""
    major, minor, patch = map(int, version.split("."))
    if is_breaking:
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if is_addition else f"{major}.{minor}.{patch + 1}"


def changes_between(before: Contract, now: Contract) -> Iterator[dict[str, Any]]:
    """The changes of a release: datasets added and removed, paths added, and what breaks readers."""
    datasets, had = (list(dict.fromkeys(map(_dataset, keys))) for keys in (now, before))
    if added := [name for name in datasets if name not in had]:
        yield _change(ADDED, added, "New dataset.")
    for key, paths in contract.additions(before, now).items():
        if _dataset(key) in had:
            yield _change(CHANGED, [_dataset(key)], f"{key} has new: {', '.join(paths)}.")
    for key, paths in before.items():
        for breach in contract.breaches({key: paths}, now):
            yield _change(REMOVED, [_dataset(key)], f"{breach}.")


def _change(kind: str, datasets: Sequence[str], text: str) -> dict[str, Any]:
    return {"kind": kind, "datasets": list(datasets), "text": text}


def _dataset(key: str) -> str:
    return key.removeprefix("schema/").partition(".")[0]


def release(*, major: bool, note: str, day: str) -> str:
    """Write the next version, and return it; exit with what breaks readers unless it is a major one."""
    before, now, log = contract.released(), contract.contract(catalog.OBJECTS), changelog.Changelog.read()
    if (breaches := contract.breaches(before, now)) and not major:
        sys.exit("\n".join([*breaches, "Readers rely on these. Keep them, or make a major version: --major"]))
    changes = [*changes_between(before, now), *([_change(CHANGED, [], note)] if note else [])]
    if not changes:
        sys.exit(f"Nothing changed since {log.version}; --note TEXT releases a change that no schema shows")
    version = next_version(log.version, is_breaking=bool(breaches), is_addition=bool(contract.additions(before, now)))
    versions = [{"version": version, "date": day, "changes": changes}, *log.versions]
    changelog.FILE.write_text(json.dumps({"versions": versions}, indent=1, ensure_ascii=False) + "\n")
    contract.RELEASED.write_text(contract.encode(now))
    return version


def main() -> None:
    """Read the arguments and release."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--major", action="store_true", help="a version that may break readers")
    parser.add_argument("--note", default="", help="a change that no schema shows, such as a mended method")
    arguments = parser.parse_args()
    print(release(major=arguments.major, note=arguments.note, day=str(datetime.now(UTC).date())))


if __name__ == "__main__":
    main()
