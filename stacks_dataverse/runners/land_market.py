"""Copy the vendors' answers to the raw archive unchanged: the answers first, then a manifest that names them."""

import hashlib
import json
from collections.abc import Iterable
from gzip import decompress
from typing import Any

from stacks_dataverse import files, paths
from stacks_dataverse.errors import Retryable
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.vendor import Answer, Vendor
from stacks_dataverse.window import MarketWindow, Span


def land_feed(vendor: Vendor, name: str, client: Any, archive: ObjectStore, window: MarketWindow) -> dict[str, int]:
    """Land a feed of a vendor; returns how many answers each series took.

    Raises:
        Terminal, Retryable: as the vendor's client says.
    """
    return {
        request.series: _land(archive, vendor.name, request.series, request.span, request.ask(client))
        for request in vendor.feeds[name](window)
    }


def read_answers(archive: ObjectStore, vendor: str, series: str, span: Span | str) -> list[Answer]:
    """Return landed answers, the newest first.

    Raises:
        Retryable: there is no manifest, or a file is not the one that it names.
    """
    manifest = archive.get_json(paths.RAW_ANSWERS_MANIFEST.format(vendor=vendor, series=series, span=span))
    if manifest is None:
        raise Retryable(f"{series} of {vendor} for {span} is not landed; run its landing task first.")
    return [_read(archive, **part) for part in manifest["parts"]]


def _land(archive: ObjectStore, vendor: str, series: str, span: Span | str, answers: Iterable[Answer]) -> int:
    parts = []
    for number, answer in enumerate(answers):
        key = paths.RAW_ANSWER.format(vendor=vendor, series=series, span=span, number=number)
        body = files.answer_gz(answer)
        archive.put(key, body, files.headers(key))
        parts.append({"key": key, "sha256": hashlib.sha256(body).hexdigest()})
    archive.put_json(paths.RAW_ANSWERS_MANIFEST.format(vendor=vendor, series=series, span=span), {"parts": parts})
    return len(parts)


def _read(archive: ObjectStore, key: str, sha256: str) -> Answer:
    body = archive.get(key) or b""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Retryable(
            f"s3://{archive.bucket}/{key} does not match its manifest: it is being landed again, or it is lost. "
            "Land it again."
        )
    return json.loads(decompress(body))
