"""The project's webserver_config.py, with hashes that take a moment instead of a quarter of a second."""

from webserver_config import *  # noqa: F403

BCRYPT_LOG_ROUNDS = 4
