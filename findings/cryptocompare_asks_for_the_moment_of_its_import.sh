#!/usr/bin/env bash
# The functions for historical prices of cryptocompare 0.7.6 (PyPI) end at `toTs`, or are of `timestamp`, which is now
# unless it is named: but "now" is the value of a default, taken once, when the module is imported. A process that lives
# long, as a scheduler's worker or a notebook does, asks for the time of its own start for ever, and no error says so.
# get_historical_price_day_all, which has no such argument, does ask for now.
# Seen on 2026-11-29 on Python 3.11. The answer is made here; the library's requests go nowhere.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet cryptocompare==0.7.6 requests==2.34.2

cat >asked.py <<'PYTHON'
import time
from unittest import mock
from urllib.parse import parse_qs, urlsplit

STARTED = 1_767_225_600
A_DAY = 86_400


def asked_at(now: int, ask) -> int:
    """The end of the time that is asked for, when it is `now`."""
    answer = mock.Mock(json=lambda: {"Data": {"Data": [{"time": now, "close": 1.0}]}})
    with mock.patch("time.time", lambda: float(now)), mock.patch("requests.get", return_value=answer) as get:
        assert ask()
    query = parse_qs(urlsplit(get.call_args.args[0]).query)
    return int(float((query.get("toTs") or query["ts"])[0]))


with mock.patch("time.time", lambda: float(STARTED)):
    import cryptocompare

NAMES = [f"get_historical_price{part}" for part in ("", "_day", "_hour", "_minute")]
for name in NAMES:
    ask = getattr(cryptocompare, name)
    found = [asked_at(STARTED + days * A_DAY, lambda: ask("STX", "USD")) - STARTED for days in (0, 1, 30)]
    print(f"{name}: after 0, 1 and 30 days it asks for up to {found} seconds after the import")
    assert found == [0, 0, 0]

every_day = asked_at(STARTED + A_DAY, lambda: cryptocompare.get_historical_price_day_all("STX", "USD"))
print(f"get_historical_price_day_all: {every_day - STARTED} seconds after a day")
assert every_day == STARTED + A_DAY
PYTHON
venv/bin/python asked.py
