"""A token that a contract hands over is sold, or returns to who put it there, whichever day that was."""

from collections.abc import Callable

import pytest

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from tests.integration.conftest import SAMPLE_DAYS, SAMPLE_SIZE
from tests.integration.looks import TAKEN_AT, rows
from tests.integration.tokens import COLLECTION, Call, add, token_id
from tests.support.pipeline import Pipeline

FIRST, SECOND, THIRD = SAMPLE_DAYS
OWNER, BUYER, LENDER, WINNER = "SPOWNER", "SPBUYER", "SPLENDER", "SPWINNER"
LOAN, MARKET, WRAPPER = "SPM.loan", "SPM.market", "SPM.wrapper"
MINTED = PLEDGED, SOLD, WITHDRAWN, SOLD_LATER, WRAPPED, AUCTIONED = list(map(token_id, range(1, 7)))

CALLS = (
    Call(FIRST, [(token, None, OWNER) for token in MINTED]),
    Call(FIRST, [(PLEDGED, OWNER, LOAN), (WRAPPED, OWNER, WRAPPER)], [(LENDER, OWNER, 900)]),
    Call(
        FIRST, [(token, OWNER, MARKET) for token in (SOLD, WITHDRAWN, SOLD_LATER, AUCTIONED)], [(WINNER, MARKET, 300)]
    ),
    Call(SECOND, [(SOLD, MARKET, BUYER)], [(BUYER, OWNER, 100), (BUYER, MARKET, 5)]),
    Call(SECOND, [(SOLD, BUYER, MARKET)]),
    Call(THIRD, [(PLEDGED, LOAN, OWNER)], [(OWNER, LENDER, 1000)]),
    Call(THIRD, [(WITHDRAWN, MARKET, OWNER), (WRAPPED, WRAPPER, OWNER)], [(OWNER, MARKET, 1)]),
    Call(THIRD, [(SOLD, MARKET, BUYER)], [(BUYER, MARKET, 1)]),
    Call(THIRD, [(SOLD_LATER, MARKET, BUYER)], [(BUYER, OWNER, 7_000_000)]),
    Call(THIRD, [(AUCTIONED, MARKET, WINNER)], [(WINNER, MARKET, 1), (MARKET, OWNER, 280), (MARKET, LENDER, 20)]),
)
SALES = [
    (SECOND, "u2", MARKET, BUYER, 105, "purchase"),
    (THIRD, "u4", MARKET, BUYER, 7_000_000, "purchase"),
    (THIRD, "u6", MARKET, WINNER, 300, "escrow"),
]
FOUND = f"""
    SELECT day::text, token_id, seller, buyer, price_ustx, kind FROM nft_sales WHERE asset_identifier = '{COLLECTION}'
    ORDER BY day, token_id
"""
BY_DAY = f"SELECT day::text, sales, sales_ustx FROM daily_nfts WHERE asset_identifier = '{COLLECTION}' ORDER BY day"
VOLUMES, RANKING = "nft/stx_tradingvol_per_block.json.gz", "nft/top_by_tradevol_last100.json.gz"
TOTALS = "SELECT day, sales, sales_ustx FROM daily_nft_totals ORDER BY day"
TOTALS_OF_SALES = "SELECT day, count(*), sum(price_ustx)::bigint FROM nft_sales GROUP BY day ORDER BY day"


@pytest.fixture(scope="module")
def chain(postgres_server: PostgresServer) -> str:
    """The sample chain with the calls, not to be written to."""
    postgres_server.create_database("calls")
    sample_chain.generate(postgres_server.dsn("calls"), **SAMPLE_SIZE)
    add(postgres_server.dsn("calls"), *CALLS)
    return postgres_server.dsn("calls")


@pytest.mark.parametrize("order", [(FIRST, SECOND, THIRD), (THIRD, FIRST, SECOND)], ids=" ".join)
def test_sales_are_the_same_in_any_order_of_days(
    order: tuple[str, ...], chain: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    run = new_run(chain, 0)
    for day in order:
        run.land(day)
        run.build(day)
        run.make_figures()
    assert rows(run.warehouse_dsn, FOUND) == SALES
    assert rows(run.warehouse_dsn, BY_DAY) == [(FIRST, 0, 0), (SECOND, 1, 105), (THIRD, 2, 7_000_300)]
    assert rows(run.warehouse_dsn, TOTALS) == rows(run.warehouse_dsn, TOTALS_OF_SALES)


def test_while_the_past_is_missing_nobody_knows_who_put_a_token_there(
    chain: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    run = new_run(chain, 0)
    for day in (THIRD, SECOND):
        run.run(day)
        run.look(TAKEN_AT)
        assert rows(run.warehouse_dsn, FOUND) == []
        assert set(rows(run.warehouse_dsn, "SELECT sales, sales_ustx FROM daily_nft_totals")) == {(None, None)}
        assert set(rows(run.warehouse_dsn, "SELECT sales, sales_ustx FROM daily_nfts")) <= {(None, None)}
        assert set(run.public.get_json("nft/stx_tradingvol_per_day.json.gz").values()) == {None}
        assert [run.public.get_json(key) for key in (VOLUMES, RANKING)] == [None, None]
    run.run(FIRST)
    assert rows(run.warehouse_dsn, FOUND) == SALES
    assert None not in run.public.get_json("nft/stx_tradingvol_per_day.json.gz").values()


def test_a_snapshot_knows_the_past_of_what_it_sees_and_no_fee_leads_the_cheapest(
    chain: str, new_run: Callable[[str, int], Pipeline]
) -> None:
    run = new_run(chain, 0)
    run.run(FIRST, SECOND)
    run.look(TAKEN_AT)
    at_the_tip = run.public.get_json(VOLUMES), run.public.get_json(RANKING)
    run.run(THIRD)
    run.look(TAKEN_AT)
    assert (run.public.get_json(VOLUMES), run.public.get_json(RANKING)) == at_the_tip
    sold = dict(rows(run.warehouse_dsn, "SELECT block_height::text, sum(price_ustx) / 1e6 FROM nft_sales GROUP BY 1"))
    assert at_the_tip[0] == {height: float(stx) for height, stx in sold.items()}
    cheapest = run.public.get_json("nft/top_10_cheapest.json.gz")
    lowest = {entry["contract"]: entry["value"] for entry in cheapest.values()}
    assert lowest[COLLECTION.partition("::")[0]] == 0.000105
    assert min(lowest.values()) > 0
