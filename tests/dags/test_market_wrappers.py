"""The market's wrappers: what a run asks for, which vendor is configured, and what they hand on."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowNotFoundException, AirflowSkipException

from stacks_dataverse import connections
from stacks_dataverse.errors import Terminal
from stacks_dataverse.runners import build_market, check, land_market, publish
from stacks_dataverse.task_wrappers import market
from stacks_dataverse.vendors import VENDORS

KEY = "a-key-that-stays-in-its-header"
RUN = SimpleNamespace(run_after=datetime(2024, 11, 1, 9, 30, tzinfo=UTC))
STATES = {"land_prices": "success", "build_prices": "success", "fail_if_any_failed": "running"}


def task_instance(**states: str) -> SimpleNamespace:
    """The last task of a run, and the states of the others."""
    return SimpleNamespace(
        dag_id="market_daily",
        run_id="manual",
        xcom_pull=lambda task_ids: {"make_indicators": {"daily_indicators": 2000}}[task_ids],
        get_task_states=lambda dag_id, run_ids: {run_ids[0]: STATES | states},
    )


BY_HAND = {"params": {"from_day": None, "to_day": None}, "dag_run": RUN, "ti": task_instance()}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say which connections there are, by id, and the Variables."""

    def configure(found: dict[str, SimpleNamespace], **variables: str) -> None:
        def get(name: str) -> SimpleNamespace:
            if name not in found:
                raise AirflowNotFoundException(f"The conn_id `{name}` isn't defined")
            return found[name]

        monkeypatch.setattr(connections.Connection, "get", get)
        monkeypatch.setattr(connections.Variable, "get", lambda name, default: variables.get(name, default))
        monkeypatch.setattr(connections, "archive", SimpleNamespace)

    return configure


def connection(password: str | None = KEY, host: str | None = None, **extra: Any) -> SimpleNamespace:
    return SimpleNamespace(host=host, password=password, extra_dejson=extra)


def test_a_scheduled_run_asks_up_to_its_intervals_end() -> None:
    context = BY_HAND | {"data_interval_end": datetime(2024, 11, 1, 5, tzinfo=UTC)}
    assert str(market.market_window(context).hours) == "2024-10-28T00_2024-11-01T05"


def test_a_run_by_hand_asks_up_to_the_hour_it_was_asked_for_however_late_a_task_is_tried() -> None:
    assert str(market.market_window(BY_HAND).hours) == "2024-10-28T00_2024-11-01T09"


def test_the_params_name_the_days() -> None:
    context = BY_HAND | {"params": {"from_day": "2021-01-01", "to_day": "2021-12-31"}}
    assert str(market.market_window(context).days) == "2021-01-01T00_2022-01-01T00"


def test_days_that_cannot_be_fail_at_once(configured: Callable[..., None]) -> None:
    configured({"cryptocompare": connection()})
    context = BY_HAND | {"params": {"from_day": "2024-11-01", "to_day": "2024-11-02"}}
    with pytest.raises(AirflowFailException, match="is in the future"):
        market.land_feed("prices", **context)


@pytest.mark.parametrize("found", [{}, {"password": None}, {"password": ""}], ids=["none", "null", "empty"])
@pytest.mark.parametrize(
    ("feed", "vendor", "variables"),
    [
        pytest.param("prices", "cryptocompare", {}, id="prices"),
        pytest.param("prices", "lunarcrush", {"price_source": "lunarcrush"}, id="prices of the fallback"),
        pytest.param("social", "lunarcrush", {}, id="social"),
    ],
)
def test_a_vendor_without_a_key_skips_and_says_so(
    feed: str, vendor: str, variables: dict[str, str], found: dict[str, Any], configured: Callable[..., None]
) -> None:
    configured({vendor: connection(**found)} if found else {}, **variables)
    with pytest.raises(AirflowSkipException, match=f"{vendor} is not configured: the Airflow Connection {vendor}"):
        market.land_feed(feed, **BY_HAND)


def test_vendors_come_from_their_connections(configured: Callable[..., None]) -> None:
    own, stub = connection(flavour="min_api"), connection(host="http://127.0.0.1:1/")
    configured({"cryptocompare": own, "lunarcrush": stub})
    assert connections.vendor_client(VENDORS["cryptocompare"])._name == "min_api"
    assert connections.vendor_client(VENDORS["lunarcrush"])._client._base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize("flavour", ["max_api", ["max_api"]], ids=["text", "list"])
def test_a_flavour_that_is_none_fails_at_once(configured: Callable[..., None], flavour: Any) -> None:
    configured({"cryptocompare": connection(flavour=flavour)})
    with pytest.raises(AirflowFailException, match="max_api") as raised:
        market.land_feed("prices", **BY_HAND)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(("given", "source"), [({}, "cryptocompare"), ({"price_source": ""}, "cryptocompare"),
                                               ({"price_source": "lunarcrush"}, "lunarcrush")], ids=str)  # fmt: skip
def test_prices_come_from_cryptocompare_unless_another_source_is_named(
    given: dict[str, str], source: str, configured: Callable[..., None]
) -> None:
    configured({}, **given)
    assert connections.price_source() == source


def test_a_source_of_prices_that_is_none_fails_at_once(configured: Callable[..., None]) -> None:
    configured({}, price_source="a crystal ball")
    with pytest.raises(Terminal, match="price_source is 'a crystal ball'; set it to cryptocompare or lunarcrush"):
        connections.price_source()


@pytest.mark.parametrize(("given", "stands_still"), [({}, False), ({"stacks_source": "live"}, False),
                                                     ({"stacks_source": "dump"}, True)], ids=str)  # fmt: skip
def test_the_stacks_database_is_a_live_nodes_unless_it_is_said_to_stand_still(
    given: dict[str, str], stands_still: bool, configured: Callable[..., None]
) -> None:
    configured({}, **given)
    assert connections.stacks_source().stands_still is stands_still


def test_a_kind_of_stacks_database_that_is_none_fails_at_once(configured: Callable[..., None]) -> None:
    configured({}, stacks_source="a backup")
    with pytest.raises(Terminal, match="stacks_source is 'a backup'; set it to live, sample, dump"):
        connections.stacks_source()


@pytest.fixture
def runners(configured: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Runners that answer as after all of history; no server behind them."""
    configured({"cryptocompare": connection(), "lunarcrush": connection()})
    monkeypatch.setattr(connections, "warehouse", lambda: nullcontext(SimpleNamespace()))
    monkeypatch.setattr(connections, "public", lambda: SimpleNamespace(bucket="public"))
    series = {f"{symbol}/{unit}": 50_000 for symbol in ("STX", "BTC") for unit in ("hours", "days")}
    for runner, name in ((land_market, "land_feed"), (build_market, "build_feed")):
        monkeypatch.setattr(runner, name, lambda *_: series)
    monkeypatch.setattr(build_market, "build_indicators", lambda *_: {"daily_indicators": 2000})
    monkeypatch.setattr(check, "check_prices", lambda *_: {"checks": 2, "warnings": 1})
    monkeypatch.setattr(publish, "publish_latest", lambda *_: [f"vols/{n}.json.gz" for n in range(100)])
    monkeypatch.setattr(publish, "publish_with_prices", lambda *_: [f"v1/pools/{n}.json.gz" for n in range(6)])


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(
    ("task", "arguments"),
    [
        *(("land_feed", [feed]) for feed in ("prices", "social")),
        *(("build_feed", [feed]) for feed in ("prices", "social")),
        *((name, []) for name in ("check_prices", "make_indicators", "publish_market")),
    ],
)
def test_a_task_hands_on_counts_under_a_kilobyte(task: str, arguments: list[str]) -> None:
    handed_on = json.dumps(getattr(market, task)(*arguments, **BY_HAND))
    assert 2 < len(handed_on) < 1024


@pytest.mark.usefixtures("runners")
@pytest.mark.parametrize(
    "task",
    [
        partial(market.land_feed, "prices"),
        partial(market.build_feed, "prices"),
        market.make_indicators,
        market.publish_market,
    ],
    ids=["land", "build", "indicators", "publish"],
)
@pytest.mark.parametrize(
    ("days", "variables", "words"),
    [
        pytest.param(("2024-10-02", "2024-10-01"), {}, "swap them", id="the wrong way round"),
        pytest.param(("2024-10-02", None), {}, "needs both from_day and to_day", id="one day"),
        pytest.param(("2024-10-01", "2024-11-02"), {}, "is in the future", id="after today"),
        pytest.param((None, None), {"price_source": "a crystal ball"}, "a crystal ball", id="no such source"),
    ],
)
def test_with_settings_that_cannot_be_nothing_is_landed_made_or_published(
    configured: Callable[..., None],
    task: Callable[..., Any],
    days: tuple[str, str | None],
    variables: dict[str, str],
    words: str,
) -> None:
    configured({"cryptocompare": connection()}, **variables)
    context = BY_HAND | {"params": dict(zip(("from_day", "to_day"), days, strict=True))}
    with pytest.raises(AirflowFailException, match=words):
        task(**context)


def test_the_last_task_fails_at_once_and_names_what_failed() -> None:
    failed = {"land_social": "failed", "build_social": "upstream_failed"}
    with pytest.raises(AirflowFailException, match=r"^Failed: land_social; see their logs"):
        market.fail_if_any_failed(**BY_HAND | {"ti": task_instance(**failed)})


def test_the_last_task_succeeds_on_a_healthy_day_and_without_a_vendor() -> None:
    skipped = task_instance(land_social="skipped", build_social="skipped")
    assert market.fail_if_any_failed(**BY_HAND | {"ti": skipped}) is None
