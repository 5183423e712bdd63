"""An object of a bucket, read as a file of which only parts are fetched."""

import io

from botocore.client import BaseClient


class Ranges(io.RawIOBase):
    """A read-only file; each read is one GET of that range of bytes.

    Args:
        size: the bytes of the object, as it is known already.
    Raises boto3's errors.
    """

    def __init__(self, client: BaseClient, bucket: str, key: str, size: int) -> None:
        super().__init__()
        self._client, self._bucket, self._key = client, bucket, key
        self._size, self._position = size, 0

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Choose where the next read begins."""
        self._position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence] + offset
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Fetch so many bytes, or all that follow."""
        end = self._size if size < 0 else min(self._position + size, self._size)
        if end <= self._position:
            return b""
        span = f"bytes={self._position}-{end - 1}"
        body = self._client.get_object(Bucket=self._bucket, Key=self._key, Range=span)["Body"].read()
        self._position += len(body)
        return body
