"""The one kind of failure that the local stack reports as a message, without a traceback."""


class StackError(Exception):
    """Something the reader can fix; the message says what failed and what to do."""


class Busy(StackError):
    """Another command is at work on the same stack."""
