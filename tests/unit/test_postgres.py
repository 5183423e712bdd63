"""What a message says of a database: where and as whom, never the password."""

import pytest
from psycopg2.extensions import make_dsn

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.postgres import connect
from tests.support.servers import free_port

SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param("host=127.0.0.1 port={port} user=reader password={secret} dbname=chain", id="libpq's form"),
        pytest.param("postgresql://reader:{secret}@127.0.0.1:{port}/chain", id="URI"),
    ],
)
def test_an_unreachable_server_is_named_without_the_password(form: str) -> None:
    port = free_port()
    with (
        pytest.raises(Retryable) as caught,
        connect("stacks_db", form.format(port=port, secret=SECRET), {}),
    ):
        pass
    assert f"stacks_db at 127.0.0.1:{port}/chain as reader" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"postgresql//reader:{SECRET}@127.0.0.1/chain", id="a mistyped URI"),
        pytest.param(f"host=127.0.0.1 password='{SECRET}", id="an open quote"),
        pytest.param(f"hast=127.0.0.1 password={SECRET}", id="an unknown parameter"),
    ],
)
def test_what_is_no_connection_string_is_refused_without_repeating_it(text: str) -> None:
    with (
        pytest.raises(Terminal, match="stacks_db is not a PostgreSQL connection string") as caught,
        connect("stacks_db", text, {}),
    ):
        pass
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_password_that_needs_quotes_reaches_no_message() -> None:
    dsn = make_dsn(host="127.0.0.1", port=free_port(), user="reader", password=f"it's {SECRET}", dbname="chain")
    with pytest.raises(Retryable) as caught, connect("stacks_db", dsn, {}):
        pass
    assert SECRET not in str(caught.value)
