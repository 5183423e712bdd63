"""The one kind of failure that the container reports as a message, without a traceback."""


class ContainerError(Exception):
    """Something the operator can fix; the message says what is wrong and what to do."""
