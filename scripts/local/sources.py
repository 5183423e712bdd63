"""What the env file says of sources, put to work: the Stacks database, vendors."""

import os

from scripts.local import env_file, stacks_database
from scripts.local.errors import StackError
from scripts.local.stack import Stack

FROM_FILE = "stacks_db_from_env_file"


def take(stack: Stack) -> None:
    """Take over what the env file names; forget the Stacks database that it named before. Raises StackError."""
    path = stack.settings.env_file
    values = env_file.read(path)
    if path is not None:
        print(env_file.described(path, values))
    for name, value in env_file.vendors(values).items():
        os.environ.setdefault(name, value)
    uri = env_file.stacks_db(values)
    if uri is not None:
        _use(stack, uri)
    elif stack.choices.get(FROM_FILE) is not None:
        stack.secrets.remove("stacks_db_uri")
        stack.choices.remove(FROM_FILE)


def _use(stack: Stack, uri: str) -> None:
    try:
        print(stacks_database.use(stack, uri, stack.choices.get("stacks_db_network") or "mainnet"))
    except StackError as error:
        raise StackError(f"{env_file.STACKS_DB} of {stack.settings.env_file}: {error}") from error
    stack.choices.put(FROM_FILE, "yes")
