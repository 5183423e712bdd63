"""The settings in the container's environment, checked before anything starts."""

from collections.abc import Mapping

from cryptography.fernet import Fernet

from scripts.container.errors import ContainerError
from scripts.container.healthy import default_url
from scripts.container.metadata_url import NotSet, async_metadata_url, metadata_url

METADATA_URL, ASYNC_URL = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC"
FERNET_KEY, EXECUTION_API = "AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__CORE__EXECUTION_API_SERVER_URL"
KEYS = {
    FERNET_KEY: "connections in the database are encrypted with it",
    "AIRFLOW__API_AUTH__JWT_SECRET": "every component must sign with the same one, or each task is refused",
    "AIRFLOW__API__SECRET_KEY": "log-ins are signed with it",
}
DEFAULT_ADMIN, ADMIN_PASSWORD = "admin", "AIRFLOW_ADMIN_PASSWORD"
# What one slot is worth: at most one call to a vendor at a time, and as many tasks on the chain as run at once.
POOLS = {"stacks-pool": ("STACKS_POOL_SLOTS", "4"), "vendors-pool": ("VENDORS_POOL_SLOTS", "1")}
WAIT_SECONDS = ("DATABASE_WAIT_SECONDS", "60")


def require_keys(environment: Mapping[str, str]) -> None:
    """Raise ContainerError unless all three keys are given: an invented one would not be there tomorrow."""
    missing = [f"{name} is not set: {why}." for name, why in KEYS.items() if not _given(environment, name)]
    if missing:
        raise ContainerError("\n".join([*missing, "`scripts/make_secrets.sh env.list` makes them, once."]))
    if environment.get(FERNET_KEY):
        _require_fernet_keys(environment[FERNET_KEY])


def for_components(environment: Mapping[str, str], whole: bool) -> dict[str, str]:
    """Return the environment of Airflow's components. Raises ContainerError.

    `whole`: all components are in this container, so that tasks reach the API server without leaving it.
    """
    ours = {name: value for name, value in environment.items() if name != ADMIN_PASSWORD}
    if not _given(environment, METADATA_URL):
        try:
            ours[METADATA_URL] = metadata_url(environment)
        except NotSet as problem:
            raise ContainerError(str(problem)) from None
        ours.setdefault(ASYNC_URL, async_metadata_url(environment))
    if whole:
        ours.setdefault(EXECUTION_API, f"{default_url(environment).rstrip('/')}/execution/")
    return ours


def pools(environment: Mapping[str, str]) -> dict[str, int]:
    """Return the slots of each pool. Raises ContainerError for a size that is none."""
    return {pool: _number(environment, *size) for pool, size in POOLS.items()}


def wait_seconds(environment: Mapping[str, str]) -> int:
    """Return how long the database is waited for. Raises ContainerError for what is no number."""
    return _number(environment, *WAIT_SECONDS)


def admin(environment: Mapping[str, str]) -> dict[str, str] | None:
    """Return name and password of the user to make or update; None without a password."""
    password = environment.get(ADMIN_PASSWORD)
    user = environment.get("AIRFLOW_ADMIN_USER") or DEFAULT_ADMIN
    return {"user": user, "password": password} if password else None


def _given(environment: Mapping[str, str], name: str) -> bool:
    """Whether a setting is given, as itself or as Airflow's command or secret that yields it."""
    return any(environment.get(name + variant) for variant in ("", "_CMD", "_SECRET"))


def _require_fernet_keys(keys: str) -> None:
    for key in keys.split(","):
        try:
            Fernet(key.strip())
        except ValueError:
            raise ContainerError(
                f"{FERNET_KEY} is not a Fernet key, 32 bytes in URL-safe base64. Take the one with which the "
                "database was set up; for a new database `scripts/make_secrets.sh env.list` makes one."
            ) from None


def _number(environment: Mapping[str, str], name: str, default: str) -> int:
    text = environment.get(name) or default
    if not text.isdecimal() or int(text) == 0:
        raise ContainerError(f"{name} is {text!r}: give it a whole number from 1 on, such as {default}.")
    return int(text)
