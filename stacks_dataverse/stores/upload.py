"""A new object of a bucket, written to as a file: sent by one PUT while it is small, else by parts as they fill."""

import contextlib
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from smart_open.s3 import MultipartWriter

# S3 takes parts of at least 5 MiB, and at most 10,000 of them.
PART_BYTES = 8 * 1024 * 1024


class Sink:
    """A write-only file that keeps count and checksum of what passes.

    What does not fill a part is `held`; from the first full one on all goes to `parts`, an upload that begins then.
    """

    closed = False

    def __init__(self, begin_parts: Callable[[], MultipartWriter]) -> None:
        self._begin_parts = begin_parts
        self._digest = hashlib.sha256()
        self.held = io.BytesIO()
        self.parts: MultipartWriter | None = None
        self.bytes = 0

    def write(self, data: Any) -> int:
        """Take a buffer; returns its bytes."""
        view = memoryview(data)
        self._digest.update(view)
        self.bytes += view.nbytes
        if self.parts is None and self.bytes >= PART_BYTES:
            self.parts = self._begin_parts()
            self.parts.write(self.held.getvalue())
            self.held = io.BytesIO()
        (self.held if self.parts is None else self.parts).write(view)
        return view.nbytes

    def flush(self) -> None:
        """Does nothing: parts are sent as they fill."""

    def close(self) -> None:
        """Take no more; `upload` completes or aborts the object."""
        self.closed = True

    @property
    def sha256(self) -> str:
        """Of all that passed, in hexadecimal digits."""
        return self._digest.hexdigest()


@contextmanager
def upload(client: BaseClient, bucket: str, key: str, put: Callable[[bytes], None]) -> Iterator[Sink]:
    """Open a file to write to. At the end it becomes an object as a whole; after a failure there is no object.

    Args:
        put: makes an object of a file that does not fill a part.
    Raises boto3's errors, and for an upload by parts that is refused at its beginning a ValueError caused by one.
    """
    sink = Sink(lambda: MultipartWriter(bucket, key, part_size=PART_BYTES, client=client))
    try:
        yield sink
        if sink.parts is None:
            put(sink.held.getvalue())
        else:
            sink.parts.close()
    except BaseException:
        if sink.parts is not None:
            _abandon(sink.parts)
        raise


def _abandon(parts: MultipartWriter) -> None:
    """Abort an upload; where even that fails, the upload stays unfinished and so unseen."""
    with contextlib.suppress(ClientError, BotoCoreError, OSError):
        parts.terminate()
    # Python closes a forgotten file, and closing this one would make an object of what was sent of it.
    parts.close = lambda: None
