"""Opinions on objects of names."""

from datetime import date

from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.names import ASSETS
from tests.second_opinion.objects.days import of_loaded_days
from tests.second_opinion.objects.of_days import of_day, total
from tests.second_opinion.objects.run import Answer, Run

COUNTS = ("registrations", "airdrops", "renewals", "transfers", "burns", "names")
Key = tuple[object, ...]


def names(run: Run, day: date | None) -> Answer:
    """What happened to the names of each version on each of the last 30 days."""
    rows = group(of_loaded_days(run, "daily_names", day, last=30), "day", "bns_version")
    sales = group(_sales(run), "day", "bns_version")
    return Answer(
        [
            {"day": key[0], "bns_version": key[1]} | _counts(some) | _sold(sales[key])
            for key, some in sorted(rows.items())
        ]
    )


def names_by_namespace(run: Run, day: date | None) -> Answer:
    """What happened to the names of each namespace on the day; those with most names are first."""
    rows = group(of_day(run, "daily_names", day), "bns_version", "namespace")
    sales = group((sale for sale in _sales(run) if sale["day"] == day), "bns_version", "namespace")
    ordered = sorted(rows, key=lambda key: (-_counts(rows[key])["names"], key))
    return Answer(
        [{"bns_version": key[0], "namespace": key[1]} | _counts(rows[key]) | _sold(sales[key]) for key in ordered]
    )


def _counts(rows: Rows) -> Row:
    return {column: total(rows, column) for column in COUNTS}


def _sold(sales: Rows) -> Row:
    return {"sales": len(sales), "sales_ustx": total(sales, "price_ustx")}


def _sales(run: Run) -> Rows:
    """Sales by transfers of names, with their namespaces; one that registers an expired name is none of a name."""
    transfers = [event for event in run.tables["name_events"] if event["kind"] == "transfer"]
    namespaces = {_move(event["bns_version"], event): event["namespace"] for event in transfers}
    named = [row | {"bns_version": ASSETS.get(row["asset_identifier"])} for row in run.tables["nft_sales"]]
    return [
        row | {"namespace": namespaces[key]} for row in named if (key := _move(row["bns_version"], row)) in namespaces
    ]


def _move(version: int | None, row: Row) -> Key:
    return version, row["day"], row["tx_id"], row["token_id"]


JUDGES = {"names": names, "names_by_namespace": names_by_namespace}
