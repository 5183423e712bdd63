#!/usr/bin/env bash
# cryptocompare 0.7.6 (PyPI) takes datetimes for `toTs` and `timestamp`, and drops their zone: 12:00 in UTC is asked for
# as 12:00 by the clock of the machine. On one that is not set to UTC the price is of another hour, without an error. A
# number of seconds is passed on as it is.
# Seen on 2026-11-29 on Python 3.11. The answer is made here; the library's requests go nowhere.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet cryptocompare==0.7.6 requests==2.34.2

cat >moments.py <<'PYTHON'
import os
import time
from datetime import UTC, datetime
from unittest import mock
from urllib.parse import parse_qs, urlsplit

import cryptocompare

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def asked_for(moment) -> int:
    """The second that is asked for, by `timestamp` and by `toTs`."""
    answer = mock.Mock(json=lambda: {"Data": {"Data": []}})
    with mock.patch("requests.get", return_value=answer) as get:
        cryptocompare.get_historical_price("STX", "USD", timestamp=moment)
        cryptocompare.get_historical_price_hour("STX", "USD", toTs=moment)
    queries = [parse_qs(urlsplit(call.args[0]).query) for call in get.call_args_list]
    [second] = {int(queries[0]["ts"][0]), int(queries[1]["toTs"][0])}
    return second


def hours_off(moment: datetime, zone: str) -> float:
    os.environ["TZ"] = zone
    time.tzset()
    assert asked_for(moment.timestamp()) == moment.timestamp()
    return (asked_for(moment) - moment.timestamp()) / 3_600


for zone, expected in (("UTC", 0), ("America/New_York", 5), ("Asia/Tokyo", -9)):
    found = hours_off(NOON, zone)
    print(f"{NOON.isoformat()} on a machine in {zone}: {found:+.0f} hours")
    assert found == expected
PYTHON
venv/bin/python moments.py
