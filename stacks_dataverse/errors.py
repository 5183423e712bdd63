"""The two kinds of error: one worth another try, one that is not.

Messages say what was tried, with what, and what to do; they never carry a secret.
"""

import re


class DataverseError(Exception):
    """Base of every error this package raises on purpose."""


class Retryable(DataverseError):
    """The same call may succeed later: time-outs, lost connections, 429 and 5xx, a landing under way."""


class Terminal(DataverseError):
    """Trying again cannot help: bad configuration, refused credentials, wrong schema, impossible data."""


# PostgreSQL appendix A: connection, resources, operator intervention, rollback and lock classes.
RETRYABLE_SQLSTATES = ("08", "40", "53", "55P03", "57", "58")
DISK_FULL = "53100"
LATER = "A retry may succeed. If none does, check that the server is running and not overloaded."

# What a query is made to say of a value that would not land as it is; in mid-stream it comes without an SQLSTATE.
NO_RAW_FILE = "which a raw file cannot store"

REFUSALS = re.compile(
    r"password authentication failed|no password supplied|no pg_hba\.conf entry"
    r"|(database|role|user) \"[^\"]*\" does not exist|permission denied|is not permitted to log in"
    rf"|{NO_RAW_FILE}"
    # Class 22, data exceptions: they come out of a stream without an SQLSTATE.
    r"|division by zero|out of range|invalid input syntax|value overflows"
)


def from_database(error: Exception, doing: str, sqlstate: str | None) -> DataverseError:
    """Return a database driver's error as a Retryable or Terminal.

    Args:
        error: what the driver raised; a failed log-in carries no SQLSTATE, only words.
        doing: what was tried and with what, e.g. "reading stacks_db at db.example:5432/stacks".
        sqlstate: the five characters of the SQL standard, where the driver gave them.
    """
    reason = " ".join(str(error).split())[:500]
    if sqlstate == DISK_FULL:
        return Terminal(f"{doing}: {reason}. Free space on the disk of the database server, then run again.")
    refused = REFUSALS.search(reason) if sqlstate is None else None
    if refused or (sqlstate and not sqlstate.startswith(RETRYABLE_SQLSTATES)):
        return Terminal(f"{doing}: {reason}. Correct the connection or the database, then run again.")
    return Retryable(f"{doing}: {reason.rstrip('.')}. {LATER}")
