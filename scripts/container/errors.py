"""The one kind of failure that the container reports in words, without a traceback."""


class ContainerError(Exception):
    """Something the operator can mend; the message says what is wrong and what to do."""
