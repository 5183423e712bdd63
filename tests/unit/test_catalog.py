"""The data dictionary is whole: everything in it is described, and named things exist."""

import inspect
import re
from types import ModuleType

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.catalog import Kind, PublicObject, Schedule, Table
from stacks_dataverse.caveats import Caveat
from stacks_dataverse.labels import Group
from stacks_dataverse.queries import cycles
from stacks_dataverse.queries import tip as tip_queries
from stacks_dataverse.raw_tables import RAW_LABELS, RAW_TYPES
from stacks_dataverse.runners.tip import session
from stacks_dataverse.state import Sum
from stacks_dataverse.transformers.tip import SNAPSHOTS

each_table = pytest.mark.parametrize("table", catalog.TABLES, ids=lambda table: table.name)
each_object = pytest.mark.parametrize("declared", catalog.OBJECTS, ids=lambda declared: declared.name)

# An object that missed one run is not stale yet.
MIN_HOURS = {Schedule.DAILY: 24, Schedule.MARKET: 24, Schedule.HALF_HOURLY: 1}

# What the session of a half-hourly run has besides the warehouse.
TIP_FACTS = [table.name for table in catalog.tip_tables() if table.kind is Kind.FACT]
TIP_TABLES = {f"tip_{name}" for name in (*TIP_FACTS, "blocks", *SNAPSHOTS, "nft_sales")}


def names(things: tuple[Table, ...] | tuple[PublicObject, ...]) -> list[str]:
    return [thing.name for thing in things]


def test_names_and_keys_are_unique() -> None:
    for each in (names(catalog.TABLES), names(catalog.OBJECTS), [declared.path for declared in catalog.OBJECTS]):
        assert len(set(each)) == len(each)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))


@pytest.mark.parametrize(
    "titles",
    [
        pytest.param({table.name: table.title for table in catalog.TABLES}, id="tables"),
        pytest.param({declared.name: declared.title for declared in catalog.OBJECTS}, id="public objects"),
        pytest.param({name: label.title for name, label in RAW_LABELS.items()}, id="raw tables"),
    ],
)
def test_a_title_is_short_unique_and_says_more_than_the_name(titles: dict[str, str]) -> None:
    assert len({title.lower() for title in titles.values()}) == len(titles)
    assert [name for name, title in titles.items() if not 5 <= len(title) <= 60 or title != title.strip(" .")] == []
    assert [name for name, title in titles.items() if words(name) == words(title)] == []


def test_every_raw_table_and_group_is_used() -> None:
    assert RAW_LABELS.keys() == RAW_TYPES.keys()
    assert {dataset.group for dataset in (*catalog.TABLES, *catalog.OBJECTS)} == set(Group)


@each_table
def test_a_table_is_described_whole(table: Table) -> None:
    assert table.method.endswith(".")
    assert table.fields
    assert all(meaning.strip() for meaning in table.fields.values())


@each_table
def test_an_amount_says_its_unit(table: Table) -> None:
    amounts = [name for name in table.fields if re.search(r"balance|fee|amount|coinbase|supply|minted|burned_", name)]
    without = [name for name in amounts if not re.search(r"_(u?stx|sats|at)$", name)]
    assert [name for name in without if not re.search("STX|smallest unit", table.fields[name])] == []


@each_table
def test_a_table_names_what_makes_and_keeps_it(table: Table) -> None:
    if table.kind in (Kind.FACT, Kind.FIGURE, Kind.SERIES):
        assert table.transform.__doc__
        assert table.transform.__name__ == table.name
    if table.kind in (Kind.FACT, Kind.FIGURE):
        assert table.day_key in table.fields


@each_table
def test_what_a_figure_reads_means_one_thing(table: Table) -> None:
    assert not (table.inputs or table.end_of_day_states) or table.kind is Kind.FIGURE
    assert all(other.inputs.get(name, sql) == sql for other in catalog.TABLES for name, sql in table.inputs.items())
    states = {state.name: state for other in catalog.TABLES for state in other.end_of_day_states}
    assert all(states[state.name] == state for state in table.end_of_day_states)
    taken = {name for state in states.values() for name in (state.name, state.changes)}
    assert not taken & table.inputs.keys()


def test_every_running_state_stands_on_a_ledger() -> None:
    ledgers = [name for table in catalog.tables(Kind.FACT) for name in table.states]
    assert sorted(ledgers) == sorted(table.name for table in catalog.tables(Kind.STATE))


@pytest.mark.parametrize("table", catalog.tables(Kind.STATE), ids=lambda table: table.name)
def test_a_running_state_is_declared_in_columns_that_there_are(table: Table) -> None:
    state = table.running_state
    ledger = next(other for other in catalog.TABLES if other.name == state.ledger)
    assert table.key == state.index
    assert {*state.key, *state.index, *state.values} <= table.fields.keys()
    order = () if isinstance(state.rule, Sum) else state.rule.order
    assert {*state.key, *state.index, *state.values.values(), *order} <= ledger.fields.keys()


@each_object
def test_an_object_is_described_whole(declared: PublicObject) -> None:
    assert declared.method.endswith(".")
    assert declared.fields
    assert all(meaning.strip() for meaning in declared.fields.values())
    assert declared.freshness_hours >= MIN_HOURS[declared.schedule]
    assert declared.is_enveloped or declared.shape.__doc__
    assert all(column.meaning.strip() for column in declared.columns)
    assert bool(declared.columns) != declared.private


@each_object
def test_an_object_that_neither_a_day_nor_the_tip_dates_says_up_to_when_it_goes(declared: PublicObject) -> None:
    of_a_day = declared.schedule is Schedule.DAILY or "loaded_days" in declared.rows
    of_the_tip = declared.schedule is Schedule.HALF_HOURLY and not declared.name.startswith("mempool")
    assert bool(declared.as_of) != (of_a_day or of_the_tip)


@pytest.mark.parametrize("declared", catalog.objects(Schedule.DAILY), ids=lambda declared: declared.name)
def test_a_daily_object_is_of_a_day(declared: PublicObject) -> None:
    assert "{day}" in declared.rows


@each_object
def test_an_object_reads_tables_of_the_catalogue(declared: PublicObject) -> None:
    read = set(re.findall(r"(?:FROM|JOIN) ([a-z]+_[a-z_]+)", declared.rows)) - {"generate_series"}
    assert bool(read) != declared.private
    assert read <= set(names(catalog.TABLES)) | TIP_TABLES


@each_table
def test_a_warning_about_columns_is_about_some_of_the_table(table: Table) -> None:
    named = [warning.columns for warning in table.warnings if isinstance(warning, Caveat) and warning.columns]
    assert all(columns & table.fields.keys() for columns in named)


def test_warnings_follow_a_figure_into_the_objects_that_show_it() -> None:
    warnings = {declared.name: " ".join(declared.warnings) for declared in catalog.OBJECTS}
    assert "exchange volume, not on-chain" in warnings["nvt_latest"]
    assert "exchange volume, not on-chain" in warnings["financial_indicators"]
    assert "exchange volume, not on-chain" not in warnings["rsi_latest"]
    assert "first 120 days" in warnings["rsi_latest"]
    assert "no row" not in warnings["wallet_balances"]
    assert "tokens other than STX" in warnings["nft_trading_volume"]
    assert "pay into the reward pool" in warnings["recent_rewards"]


@each_object
def test_a_warning_of_a_table_is_on_all_that_it_reads(declared: PublicObject) -> None:
    plain = [each for table in catalog.tables_of(declared) for each in table.warnings if not isinstance(each, Caveat)]
    assert set(plain) <= set(declared.warnings)
    assert len(set(declared.warnings)) == len(declared.warnings)
    assert not declared.is_enveloped or ("warnings.<number>" in declared.fields) == bool(declared.warnings)


def test_a_headline_is_a_figure_of_a_table_of_one_row_a_day() -> None:
    daily = {table.name: table for table in catalog.TABLES if table.key == ("day",)}
    # Heights are no figure.
    assert [table.name for table in daily.values() if table.headline not in table.fields] == ["daily_pox_heights"]
    assert [table.name for table in catalog.TABLES if table.headline and table.name not in daily] == []
    shown = [declared.headline.split(".") for declared in catalog.OBJECTS if declared.headline]
    assert [(table, column) for table, column in shown if column not in daily[table].fields] == []
    assert len(shown) > 25


# How many rows a query gives at most, and over how many days or hours; a limit within it only looks something up.
LIMITS = re.compile(
    r"LIMIT (\d+)(?=[^()]*$)|day > \{day\}::date - (\d+)\b(?! ORDER BY day DESC LIMIT 1)"
    r"|> \{taken_at\}::timestamptz - interval '(\d+)"
)
WORDS = {"10": "ten"}


@each_object
def test_an_object_says_what_it_leaves_out(declared: PublicObject) -> None:
    text = " ".join((declared.method, *declared.warnings, *declared.fields.values())).lower().replace(",", "")
    limits = {number for found in LIMITS.findall(declared.rows) for number in found if number}
    unsaid = [each for each in limits if not re.search(rf"\b({each}|{WORDS.get(each, each)})\b", text)]
    assert sorted(unsaid) == []


def test_the_facts_of_a_look_are_those_that_are_asked_for() -> None:
    queries = [declared.rows for declared in (*catalog.OBJECTS, *catalog.TABLES)]
    asked = set(
        re.findall(
            r"(?:FROM|JOIN) (tip_[a-z_]+)",
            " ".join([*queries, *runner_queries(session), *runner_queries(tip_queries), *runner_queries(cycles)]),
        )
    )
    assert asked == TIP_TABLES


def runner_queries(module: ModuleType) -> list[str]:
    """The source of a runner that asks the warehouse, and the queries that it is given ready."""
    return [inspect.getsource(module), *(value for value in vars(module).values() if isinstance(value, str))]


def test_the_objects_of_which_readers_know_a_file_a_day_keep_one() -> None:
    assert {declared.path.partition("/")[0] for declared in catalog.OBJECTS if declared.is_dated} >= {
        "daily_txs",
        "addx_growth",
        "addx_dailyactive",
        "wallet_balances_raw",
        "wallet_balances",
        "stx_stacked_over_time",
    }


@each_object
def test_rows_in_the_order_of_a_text_are_in_no_languages_order(declared: PublicObject) -> None:
    """A warehouse may sort text by a language: what is published would depend on it."""
    columns = {column for thing in (*catalog.TABLES, *catalog.OBJECTS) for column in thing.columns}
    texts = {column.name for column in columns if column.type == "text"}
    orders = re.findall(r"ORDER BY((?:[^()]|\([^()]*\))*?)(?:LIMIT|\)|$)", declared.rows)
    terms = [term.split() for order in orders for term in order.split(",") if term.strip()]
    assert [words for words in terms if words[0].split(".")[-1] in texts and "COLLATE" not in words] == []
