"""Which database errors are worth another try."""

import pytest

from stacks_dataverse.errors import Retryable, Terminal, from_database


@pytest.mark.parametrize(
    ("sqlstate", "words", "kind"),
    [
        pytest.param("57014", "canceling statement due to statement timeout", Retryable, id="statement time-out"),
        pytest.param("40001", "canceling statement due to conflict with recovery", Retryable, id="replica conflict"),
        pytest.param("08006", "server closed the connection", Retryable, id="lost connection"),
        pytest.param("53100", "could not extend file: No space left on device", Terminal, id="full disk"),
        pytest.param("53300", "sorry, too many clients already", Retryable, id="too many connections"),
        pytest.param("40P01", "deadlock detected", Retryable, id="deadlock"),
        pytest.param("55P03", "canceling statement due to lock timeout", Retryable, id="lock time-out"),
        pytest.param("57P01", "terminating connection due to administrator command", Retryable, id="server stopping"),
        pytest.param("58030", "could not read block 7: Input/output error", Retryable, id="disk error"),
        pytest.param("28P01", "password authentication failed", Terminal, id="wrong password, with its code"),
        pytest.param("3D000", "database does not exist", Terminal, id="no such database, with its code"),
        pytest.param("55000", "object not in prerequisite state", Terminal, id="wrong state"),
        pytest.param("23505", "duplicate key value violates unique constraint", Terminal, id="duplicate row"),
        pytest.param("42P01", 'relation "blocks" does not exist', Terminal, id="missing table"),
        pytest.param("42501", "permission denied for table blocks", Terminal, id="does not grant the role SELECT"),
        pytest.param("22003", "bigint out of range", Terminal, id="impossible number"),
        pytest.param(None, 'FATAL: password authentication failed for user "x"', Terminal, id="wrong password"),
        pytest.param(None, 'FATAL: database "x" does not exist', Terminal, id="no such database"),
        pytest.param(None, "ERROR: division by zero", Terminal, id="impossible number, in mid-stream"),
        pytest.param(None, "Connection refused. Is the server running?", Retryable, id="server away"),
        pytest.param(None, "FATAL: the database system is starting up", Retryable, id="server starting"),
    ],
)
def test_database_errors(sqlstate: str | None, words: str, kind: type[Exception]) -> None:
    found = from_database(Exception(words), "reading stacks_db", sqlstate)
    assert type(found) is kind
    assert "reading stacks_db" in str(found)
    assert words in str(found)


def test_a_refusal_says_what_to_do() -> None:
    assert "Correct the connection or the database" in str(from_database(Exception("no"), "reading", "42P01"))


def test_a_full_disk_is_for_its_owner_to_mend() -> None:
    assert "Free space on the disk of the database server" in str(from_database(Exception("full"), "x", "53100"))


def test_what_may_pass_says_what_to_do_if_it_does_not() -> None:
    assert "check that the server is running" in str(from_database(Exception("gone"), "reading", None))


def test_a_servers_answer_becomes_one_short_line() -> None:
    message = str(from_database(Exception("ERROR:  x\nLINE 1: " + "y" * 10_000), "reading stacks_db", "42601"))
    assert "\n" not in message
    assert len(message) < 700
