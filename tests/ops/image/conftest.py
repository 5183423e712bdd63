"""The image, built once a run, and a world for its container: databases with a sample chain, and an S3 server."""

import json
import secrets
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from scripts.container import settings
from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from tests.ops.image import engine
from tests.ops.image.engine import Container
from tests.support.servers import free_port

TAG = "localhost/airflow:tested"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
DATABASES = ("image_airflow", "image_warehouse", "image_stacks")
BUCKETS = ("image-private", "image-public")
MAKE_SECRETS = engine.REPOSITORY / "scripts" / "make_secrets.sh"


@dataclass(frozen=True)
class World:
    """What a container needs, and its env file."""

    port: int
    values: Mapping[str, str]
    env_file: Path
    secrets: Sequence[str]

    @property
    def url(self) -> str:
        """Where the API server of its container listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """The password of its user `admin`."""
        return self.values[settings.ADMIN_PASSWORD]


@pytest.fixture(scope="session")
def image() -> str:
    """The image of the repository as it is."""
    if (why := engine.missing()) is not None:
        pytest.skip(f"no image can be built here: {why}")
    engine.build(TAG, "--build-arg", f"COMMIT={COMMIT}")
    return TAG


@pytest.fixture(scope="session")
def world(
    image: str, postgres_server: PostgresServer, s3_server: S3Server, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """A sample chain, empty databases and buckets, and an env file with fresh keys."""
    for name in DATABASES:
        postgres_server.create_database(name)
    for bucket in BUCKETS:
        s3_server.create_bucket(bucket)
    sample_chain.generate(postgres_server.dsn("image_stacks"), days=2, txs_per_day=200)
    env_file, port = tmp_path_factory.mktemp("image") / "env.list", free_port()
    lines = _settings(port, postgres_server, s3_server)
    env_file.write_text("\n".join(f"{name}={value}" for name, value in lines.items()))
    subprocess.run([str(MAKE_SECRETS), str(env_file)], check=True, capture_output=True)
    values = dict(line.split("=", 1) for line in env_file.read_text().splitlines())
    return World(port, values, env_file, _secrets(values, postgres_server, s3_server))


@pytest.fixture(scope="module")
def start(image: str, world: World) -> Iterator[Callable[..., Container]]:
    """Start a container of the image in the world; it is removed at the end."""
    containers: list[Container] = []

    def run(*command: str, options: Sequence[str] = ()) -> Container:
        name = f"dataverse-{secrets.token_hex(4)}"
        containers.append(Container.start(name, image, world.env_file, options, *command))
        return containers[-1]

    yield run
    for container in containers:
        container.remove()


def _settings(port: int, postgres: PostgresServer, s3: S3Server) -> dict[str, str]:
    metadata, keys = postgres.parameters("image_airflow"), s3.credentials
    aws = {"conn_type": "aws", "login": keys.access_key, "password": keys.secret_key}
    aws["extra"] = {"region_name": keys.region, "endpoint_url": s3.endpoint}
    return {
        "AIRFLOW__API__PORT": str(port),
        # The sample stands still: DAGs run on request alone.
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",
        "POSTGRES_HOST": metadata["host"],
        "POSTGRES_PORT": str(metadata["port"]),
        "POSTGRES_USER": metadata["user"],
        "POSTGRES_DB": metadata["dbname"],
        "POSTGRES_PASSWORD": metadata["password"],
        "AIRFLOW_CONN_STACKS_DB": _uri(postgres, "image_stacks"),
        "AIRFLOW_CONN_WAREHOUSE_DB": _uri(postgres, "image_warehouse"),
        "AIRFLOW_CONN_AWS_DEFAULT": json.dumps(aws),
        "AIRFLOW_VAR_PRIVATE_BUCKET": BUCKETS[0],
        "AIRFLOW_VAR_PUBLIC_BUCKET": BUCKETS[1],
        "AIRFLOW_VAR_NETWORK": sample_chain.NETWORK.as_json(),
    }


def _secrets(values: Mapping[str, str], postgres: PostgresServer, s3: S3Server) -> list[str]:
    keys = [values[name] for name in (*settings.KEYS, settings.ADMIN_PASSWORD)]
    return [*keys, s3.credentials.secret_key, *(postgres.parameters(name)["password"] for name in DATABASES)]


def _uri(postgres: PostgresServer, database: str) -> str:
    target = postgres.parameters(database)
    password = quote(target["password"], safe="")
    return f"postgres://{target['user']}:{password}@{target['host']}:{target['port']}/{database}"
