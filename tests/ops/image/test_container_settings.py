"""What the container makes of its environment, and what it refuses."""

import re
from collections.abc import Mapping

import pytest
from cryptography.fernet import Fernet
from sqlalchemy.engine import make_url

from scripts.container import components, metadata_url, settings
from scripts.container.errors import ContainerError

FERNET_KEY = Fernet.generate_key().decode()
KEYS = dict.fromkeys(settings.KEYS, "given") | {settings.FERNET_KEY: FERNET_KEY}
DATABASE = {"POSTGRES_HOST": "db.example", "POSTGRES_PASSWORD": "p@ss/w:rd%$x"}


@pytest.mark.parametrize("name", settings.KEYS)
def test_without_a_key_nothing_starts_and_the_message_says_how_to_make_one(name: str) -> None:
    with pytest.raises(ContainerError, match=rf"^{name} is not set: (.|\n)*`scripts/make_secrets.sh env.list` makes"):
        settings.require_keys({key: value for key, value in KEYS.items() if key != name})
    with pytest.raises(ContainerError, match=f"{name} is not set"):
        settings.require_keys(KEYS | {name: ""})


@pytest.mark.parametrize("variant", ["_CMD", "_SECRET"])
def test_a_key_may_come_by_a_command_or_from_a_secrets_back_end(variant: str) -> None:
    settings.require_keys({f"{name}{variant}": "somewhere" for name in settings.KEYS})


@pytest.mark.parametrize(
    ("key", "good"),
    [
        pytest.param(FERNET_KEY, True, id="a key"),
        pytest.param(f"{FERNET_KEY},{FERNET_KEY}", True, id="a new and an old one"),
        pytest.param("my-password", False, id="a password"),
        pytest.param(FERNET_KEY[:-4], False, id="a key cut short"),
    ],
)
def test_a_fernet_key_is_one(key: str, good: bool) -> None:
    environment = KEYS | {settings.FERNET_KEY: key}
    if good:
        settings.require_keys(environment)
        return
    with pytest.raises(ContainerError, match="is not a Fernet key") as refused:
        settings.require_keys(environment)
    assert key not in str(refused.value)


def parts(url: str) -> tuple[object, ...]:
    found = make_url(url)
    return found.username, found.password, found.host, found.port, found.database, dict(found.query)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, ("airflow", 5432, "airflow", {}), id="two variables are enough"),
        pytest.param(
            {"POSTGRES_USER": "a b", "POSTGRES_PORT": "6432", "POSTGRES_DB": "meta", "POSTGRES_SSLMODE": "require"},
            ("a b", 6432, "meta", {"sslmode": "require"}),
            id="all of them",
        ),
        pytest.param({"POSTGRES_USER": "", "POSTGRES_PORT": ""}, ("airflow", 5432, "airflow", {}), id="empty ones"),
    ],
)
def test_the_metadata_database_by_the_owners_names(given: Mapping[str, str], expected: tuple[object, ...]) -> None:
    user, port, database, query = expected
    found = settings.for_components(DATABASE | given, whole=True)
    assert parts(found[settings.METADATA_URL]) == (
        *(user, DATABASE["POSTGRES_PASSWORD"], "db.example", port, database, query),
    )
    assert make_url(found[settings.METADATA_URL]).drivername == "postgresql+psycopg2"
    asynchronous = found[settings.ASYNC_URL]
    assert make_url(asynchronous).drivername == "postgresql+asyncpg"
    assert parts(asynchronous)[-1] == ({"ssl": query["sslmode"]} if query else {})
    # What Airflow would take for a variable of the environment.
    assert "$" not in found[settings.METADATA_URL]


@pytest.mark.parametrize("missing", DATABASE)
def test_half_a_database_is_refused(missing: str) -> None:
    with pytest.raises(ContainerError, match=f"^{missing} must be set"):
        settings.for_components({name: DATABASE[name] for name in DATABASE if name != missing}, whole=True)


@pytest.mark.parametrize(
    "given",
    [
        {settings.METADATA_URL: "postgresql://u:p@elsewhere/meta"},
        {f"{settings.METADATA_URL}_SECRET": "sql_alchemy_conn"},
    ],
    ids=["an address of one's own", "an address in the secrets back end"],
)
def test_an_address_wins_over_its_parts(given: Mapping[str, str]) -> None:
    found = settings.for_components(DATABASE | given, whole=False)
    assert {name: found[name] for name in found if "SQL_ALCHEMY" in name} == given


def test_airflow_asks_the_same_program(monkeypatch: pytest.MonkeyPatch) -> None:
    assert metadata_url.metadata_url(DATABASE) == settings.for_components(DATABASE, whole=True)[settings.METADATA_URL]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "http://127.0.0.1:8080/execution/"),
        ({"AIRFLOW__API__BASE_URL": "https://dataverse.example/"}, "http://127.0.0.1:8080/execution/"),
        ({"AIRFLOW__API__BASE_URL": "https://example.org/airflow"}, "http://127.0.0.1:8080/airflow/execution/"),
        ({"AIRFLOW__API__PORT": "9090"}, "http://127.0.0.1:9090/execution/"),
        ({settings.EXECUTION_API: "http://elsewhere/execution/"}, "http://elsewhere/execution/"),
    ],
    ids=["as it is", "behind TLS", "below a path", "another port", "told otherwise"],
)
def test_tasks_reach_the_api_server_without_leaving_the_container(given: Mapping[str, str], expected: str) -> None:
    assert settings.for_components(DATABASE | given, whole=True)[settings.EXECUTION_API] == expected
    assert settings.for_components(DATABASE | given, whole=False).get(settings.EXECUTION_API) == given.get(
        settings.EXECUTION_API
    )


def test_components_do_not_know_the_admins_password() -> None:
    given = DATABASE | {"AIRFLOW_ADMIN_PASSWORD": "first-password", "AIRFLOW_ADMIN_USER": "ann"}
    assert "first-password" not in settings.for_components(given, whole=True).values()
    assert settings.admin(given) == {"user": "ann", "password": "first-password"}
    assert settings.admin(DATABASE) is None


def test_pools_have_the_sizes_that_are_asked_for() -> None:
    assert settings.pools({}) == {"stacks-pool": 4, "vendors-pool": 1}
    assert settings.pools({"STACKS_POOL_SLOTS": "9", "VENDORS_POOL_SLOTS": ""}) == {"stacks-pool": 9, "vendors-pool": 1}
    for size in ("0", "-1", "many", "1.5"):
        with pytest.raises(ContainerError, match=re.escape(f"STACKS_POOL_SLOTS is {size!r}")):
            settings.pools({"STACKS_POOL_SLOTS": size})


def test_all_components_leave_within_thirty_seconds() -> None:
    chosen = components.choose([])
    assert [component.name for component in chosen] == ["scheduler", "dag-processor", "triggerer", "api-server"]
    orders = {component.order for component in chosen}
    slowest = [max(c.stop_seconds for c in chosen if c.order == order) for order in orders]
    assert sum(slowest) < 30
    # Tasks report their end to the API server.
    assert {c.name: c.order for c in chosen}["api-server"] == min(orders)


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["api-server", "--workers", "2"], ["api-server", "--workers", "2", "--proxy-headers"]),
        (["scheduler"], ["scheduler"]),
        (["celery", "worker", "-c", "2"], ["celery", "worker", "-c", "2"]),
    ],
    ids=["with options", "alone", "of two words"],
)
def test_one_component_with_its_own_arguments(arguments: list[str], command: list[str]) -> None:
    (found,) = components.choose(arguments)
    assert found.command[1:] == ["-m", "airflow", *command]
    assert found.stop_seconds < 30


@pytest.mark.parametrize("arguments", [["help"], ["webserver"], ["all", "now"], ["migrate", "now"], ["sh", "-c", "id"]])
def test_what_is_no_component_is_explained(arguments: list[str]) -> None:
    with pytest.raises(ContainerError, match=r"is not a component.\nUsage: entrypoint.sh"):
        components.choose(arguments)
