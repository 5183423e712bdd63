"""Stub vendors: CryptoCompare's two APIs and LunarCrush's, as far as they are asked, on one port.

| path | stands for |
|---|---|
| `/index/cc/v1/historical/{hours,days}` | data-api.coindesk.com |
| `/data/v2/histo{hour,day}` | min-api.cryptocompare.com |
| `/api4/public/coins/{coin}/v1`, `/api4/public/coins/{coin}/time-series/v2` | lunarcrush.com |

Their series are functions of symbol and time, so that every call and every machine sees the same history. Answers
are shaped like recorded ones; parameters that are not understood are refused, and so is any key but the one of the
environment variable VENDORS_KEY, which has to come in the header `Authorization`.

Beside them, for tests:

* `PUT /_clock {"now": 1730000000}` sets the time, `{"now": null}` returns to the machine's.
* `PUT /_faults {"vendor": "lunarcrush", "status": 502, "times": 2}` makes the next answers go wrong; `faults.py` tells
  all kinds. Several wait in line. `GET /_faults` lists those that are left, `DELETE /_faults` removes them.
* `GET /_calls` lists what was asked since the last `DELETE /_calls`, refused calls included.
"""
