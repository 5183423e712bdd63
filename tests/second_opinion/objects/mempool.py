"""What waits in the mempool by the raw rows of a snapshot, and an opinion on objects of it."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.second_opinion.chain import TYPES, Chain, Row, Rows, group, percentile
from tests.second_opinion.objects.days import picked, seconds
from tests.second_opinion.objects.run import Answer, Run

SHOWN = timedelta(days=7)
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
BANDS = (0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY)
REPLACED_BY_FEE = -10


def mempool_txs(chain: Chain) -> Rows:
    """The transactions that the API received, with the present state of each."""
    return list(chain.tables["mempool_txs"])


def waiting_of(chain: Chain) -> Rows:
    """Those that the API has not pruned, that are in no canonical block, and whose nonces no transaction has used."""
    txs = chain.rows("txs")
    mined = {tx["tx_id"] for tx in txs}
    used = {nonce for tx in txs for nonce in _nonces(tx)}
    return [
        row
        for row in mempool_txs(chain)
        if not row["pruned"] and row["tx_id"] not in mined and used.isdisjoint(_nonces(row))
    ]


def _nonces(tx: Row) -> list[tuple[str, int]]:
    sponsor = [(tx["sponsor_address"], tx["sponsor_nonce"])] if tx["sponsored"] else []
    return [(tx["sender_address"], tx["nonce"]), *sponsor]


def is_transfer(row: Row) -> bool:
    """Whether a transaction is a transfer of STX."""
    return TYPES.get(row["type_id"]) == "token_transfer"


def mempool_snapshots(run: Run) -> Rows:
    """What waits by type, at the one snapshot of a run."""
    typed = [row | {"tx_type": TYPES.get(row["type_id"], f"unknown_{row['type_id']}")} for row in waiting_of(run.chain)]
    return [
        {
            "taken_at": _taken_at(run),
            "tx_type": tx_type,
            "tx_count": len(rows),
            "size_bytes": sum(row["tx_size"] for row in rows),
            "fee_p50_ustx": percentile((row["fee_rate"] for row in rows), 50),
            "fee_p90_ustx": percentile((row["fee_rate"] for row in rows), 90),
        }
        for tx_type, rows in group(typed, "tx_type").items()
    ]


def mempool_ages(run: Run) -> Rows:
    """What was received and what waits by age, at the one snapshot of a run."""
    received, waiting = mempool_txs(run.chain), waiting_of(run.chain)
    newest = max(run.chain.all_blocks[-1]["time"], *(row["receipt_time"] for row in received))
    return [
        {"taken_at": _taken_at(run), "min_age_seconds": begins}
        | _received(_aged(received, newest, begins, ends) if begins < DAY else None)
        | _waiting(_aged(waiting, newest, begins, ends))
        for begins, ends in zip(BANDS, (*BANDS[1:], None), strict=True)
    ]


def _aged(rows: Rows, newest: int, begins: int, ends: int | None) -> Rows:
    ages = [(newest - row["receipt_time"], row) for row in rows]
    return [row for age, row in ages if begins <= age and (ends is None or age < ends)]


def _received(rows: Rows | None) -> Row:
    replaced = None if rows is None else sum(row["status"] == REPLACED_BY_FEE for row in rows)
    return {"received_count": None if rows is None else len(rows), "replaced_count": replaced}


def _waiting(rows: Rows) -> Row:
    return {"waiting_count": len(rows), "fee_p50_ustx": percentile((row["fee_rate"] for row in rows), 50)}


def _taken_at(run: Run) -> Any:
    return max(row["taken_at"] for row in run.tables["spot_snapshots"])


def mempool(run: Run, day: date | None) -> Answer:
    """How many transactions waited at each snapshot."""
    snapshots = group(_of_last_days(run.tables["mempool_snapshots"]), "taken_at")
    counts = {taken_at: _sum(rows, "tx_count") for taken_at, rows in sorted(snapshots.items())}
    rows = [{"taken_at": taken_at, "tx_count": count} for taken_at, count in counts.items()]
    return Answer(rows, {seconds(taken_at): count for taken_at, count in counts.items()})


def mempool_waiting(run: Run, day: date | None) -> Answer:
    """The last snapshot by age."""
    columns = ("min_age_seconds", "received_count", "replaced_count", "waiting_count", "fee_p50_ustx")
    last = max(row["taken_at"] for row in run.tables["mempool_ages"])
    rows = [row for row in run.tables["mempool_ages"] if row["taken_at"] == last]
    return Answer(picked(sorted(rows, key=lambda row: row["min_age_seconds"]), columns))


def mempool_replacements(run: Run, day: date | None) -> Answer:
    """What was received in the day before each snapshot, and replaced since."""
    snapshots = group(_of_last_days(run.tables["mempool_ages"]), "taken_at")
    return Answer([{"taken_at": taken_at} | _replaced(rows) for taken_at, rows in sorted(snapshots.items())])


def _replaced(rows: Rows) -> Row:
    received, replaced = _sum(rows, "received_count"), _sum(rows, "replaced_count")
    return {
        "waiting_count": _sum(rows, "waiting_count"),
        "received_count": received,
        "replaced_count": replaced,
        "replaced_share": replaced / received if received else None,
    }


def _sum(rows: Iterable[Row], name: str) -> int:
    return sum(row[name] or 0 for row in rows)


def _of_last_days(rows: Rows) -> Rows:
    newest = max(row["taken_at"] for row in rows)
    return [row for row in rows if row["taken_at"] > newest - SHOWN]


JUDGES = {"mempool": mempool, "mempool_waiting": mempool_waiting, "mempool_replacements": mempool_replacements}
TABLES = {"mempool_snapshots": mempool_snapshots, "mempool_ages": mempool_ages}
