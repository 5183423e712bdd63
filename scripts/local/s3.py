"""An S3-compatible server of our own: ministack, in a virtual environment of its own."""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from scripts.local import ports
from scripts.local.errors import StackError
from scripts.local.processes import Background
from scripts.local.secrets import Secrets
from scripts.local.settings import REPOSITORY

REGION = "us-east-1"
USER = "dataverse"
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
}
READERS = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
CORS = REPOSITORY / "scripts" / "aws" / "public_bucket_cors.json"
ALREADY_MADE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
START_PATIENCE_SECONDS = 60
DELETE_LIMIT = 1000
# Without this the SDK would ask the machine's own AWS settings and proxies.
CLIENT = Config(retries={"max_attempts": 3}, proxies={}, s3={"addressing_style": "path"})
# The emulator does not look at this account's secret; it is used only to make the user below.
ROOT = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@dataclass(frozen=True)
class Credentials:
    """The signed key of the user that the pipeline is, and the server's region."""

    access_key: str
    secret_key: str
    region: str = REGION


class S3Server:
    """A server with its objects in `home`/s3 on 127.0.0.1:`port`; its keys in `home`/secrets.json.

    `environment` is the virtual environment that holds ministack. Raises StackError.
    """

    def __init__(self, home: Path, port: int, environment: Path | None = None) -> None:
        self.home = home.absolute()
        self.port = port
        self.endpoint = f"http://{ports.HOST}:{port}"
        self._environment = environment or Path(sys.prefix).parent / "s3-venv"
        self._secrets = Secrets(self.home / "secrets.json")
        self._background = Background("s3", self.home, marker="ministack")
        # What the SDK reads of the service's description it keeps in a session, a tenth of a second's work.
        self._session = boto3.session.Session(region_name=REGION)

    def start(self) -> None:
        """Start it, or find it running; returns when it answers and knows the credentials."""
        if self._background.find() is None:
            self._launch()
        self._background.wait(self.is_running, START_PATIENCE_SECONDS)
        if not self._knows_credentials():
            self._make_user()
            # What the server knows of users is written down when it stops in order: a kill must not change the keys.
            self.stop()
            self._launch()
            self._background.wait(self.is_running, START_PATIENCE_SECONDS)

    def stop(self) -> None:
        """Stop it; its objects stay on disk."""
        self._background.stop()

    def is_running(self) -> bool:
        """Whether our own server runs and answers."""
        process = self._background.find()
        return process is not None and ports.listens(process, self.port) and self._answers()

    @property
    def credentials(self) -> Credentials:
        """The key and secret that `start` made."""
        access, secret = self._secrets.get("s3_access_key"), self._secrets.get("s3_secret_key")
        if access is None or secret is None:
            raise StackError("The local S3 server has no user yet; `up` creates it")
        return Credentials(access, secret)

    def client(self) -> Any:
        """Return a boto3 S3 client that signs with the credentials."""
        keys = self.credentials
        return self._client("s3", aws_access_key_id=keys.access_key, aws_secret_access_key=keys.secret_key)

    def create_bucket(self, name: str) -> None:
        """Make a bucket where there is none."""
        try:
            self.client().create_bucket(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] not in ALREADY_MADE:
                raise

    def open_to_readers(self, bucket: str) -> None:
        """Let anybody read the objects of a bucket, also a web page of another origin, as CloudFront does."""
        client = self.client()
        statement = READERS | {"Resource": f"arn:aws:s3:::{bucket}/*"}
        client.delete_public_access_block(Bucket=bucket)
        client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(POLICY | {"Statement": [statement]}))
        client.put_bucket_cors(Bucket=bucket, CORSConfiguration=json.loads(CORS.read_text()))

    def require_running(self) -> None:
        """Raise StackError unless our own server runs."""
        if not self.is_running():
            raise StackError(f"The S3 server of {self.home} is not running; `up --no-run` starts it")

    def objects(self, bucket: str, prefix: str = "") -> Iterator[dict[str, Any]]:
        """Yield Key, Size in bytes and LastModified of each object, in order of their keys."""
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            yield from page.get("Contents", [])

    def empty_bucket(self, name: str) -> None:
        """Delete every object of a bucket."""
        client = self.client()
        keys = [{"Key": item["Key"]} for item in self.objects(name)]
        for start in range(0, len(keys), DELETE_LIMIT):
            some = {"Objects": keys[start : start + DELETE_LIMIT]}
            client.delete_objects(Bucket=name, Delete=some)

    def _launch(self) -> None:
        ports.require_free(self.port, "the S3 server")
        program = self._environment / "bin" / "python"
        if not program.exists():
            raise StackError(f"{self._environment} is missing; ./scripts/local.sh creates it")
        folder = self.home / "s3"
        for name in ("objects", "state", "tmp"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        # The server writes down its users' keys, and everybody's objects.
        folder.chmod(0o700)
        command = [str(program), "-m", "ministack"]
        self._background.start(command, env=self._settings(), cwd=folder, umask=0o077)

    def _settings(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        folder = self.home / "s3"
        return kept | {
            "BIND_HOST": ports.HOST,
            "GATEWAY_PORT": str(self.port),
            "SERVICES": "s3,iam,sts",
            "AUTH": "true",
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(folder / "objects"),
            "PERSIST_STATE": "1",
            "STATE_DIR": str(folder / "state"),
            "TMPDIR": str(folder / "tmp"),
            "MINISTACK_REGION": REGION,
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
        }

    def _answers(self) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            return opener.open(f"{self.endpoint}/_ministack/health", timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def _make_user(self) -> None:
        iam = self._client("iam", **ROOT)
        with suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_user(UserName=USER)
        iam.put_user_policy(UserName=USER, PolicyName="objects", PolicyDocument=json.dumps(POLICY))
        key = iam.create_access_key(UserName=USER)["AccessKey"]
        self._secrets.put("s3_access_key", key["AccessKeyId"])
        self._secrets.put("s3_secret_key", key["SecretAccessKey"])

    def _knows_credentials(self) -> bool:
        if self._secrets.get("s3_access_key") is None or self._secrets.get("s3_secret_key") is None:
            return False
        try:
            self.client().list_buckets()
        except ClientError:
            return False
        return True

    def _client(self, service: str, **keys: str) -> Any:
        return self._session.client(service, endpoint_url=self.endpoint, config=CLIENT, **keys)
