"""The servers of a benchmark."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server


@contextmanager
def servers(postgres_port: int, s3_port: int) -> Iterator[tuple[PostgresServer, S3Server]]:
    """Run PostgreSQL and S3 in a temporary folder until the end of the block."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        Path(folder).chmod(0o755)
        postgres, s3 = PostgresServer(Path(folder), postgres_port), S3Server(Path(folder), s3_port)
        for server in (postgres, s3):
            server.start()
            running.callback(server.stop)
        yield postgres, s3
