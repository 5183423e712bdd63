"""Public objects of fungible tokens, and of those that stand for dollars, bitcoins or stacked STX."""

from stacks_dataverse.catalog.fields import DAY, PAST, PAST_IS_KNOWN
from stacks_dataverse.catalog.tokens import AMOUNT, ASSET, HOLDERS, MOVES
from stacks_dataverse.catalog.v1 import NOT_LOADED, UP_TO_THE_DAY, rows_object
from stacks_dataverse.dataset import Column, PublicObject
from stacks_dataverse.labels import Group
from stacks_dataverse.seeds import PEGGED_TOKENS, TOKENS
from stacks_dataverse.units import SHARE

DECIMALS = Column(
    "decimals", "smallint", "decimal places of an amount as it is shown", null="where the seed tokens has none"
)
MOVED = {column.name: column for column in MOVES}

# How many tokens a ranking has, and over how many days they are counted or listed.
RANKED, RECENT_DAYS, LISTED_DAYS = 1000, 30, 90

RAW = "Amounts are whole numbers of the token's smallest unit, as text: divide by 10^decimals."


def _latest(day: str, asset: str) -> str:
    """The newest row of a token in daily_tokens up to a day."""
    return f"""
        SELECT * FROM daily_tokens AS figure
        WHERE figure.asset_identifier = {asset} AND figure.day <= {day} ORDER BY figure.day DESC LIMIT 1
    """


RANKING = f"""
    SELECT asset_identifier, decimals, first_day, latest.day AS moved_day, supply, account_holders, contract_holders,
           ten_largest_share, transfers
    FROM fungible_tokens AS token
    CROSS JOIN LATERAL ({_latest("{day}", "token.asset_identifier")}) AS latest (day, asset)
    CROSS JOIN LATERAL (
        SELECT COALESCE(sum(transfers), 0)::bigint AS transfers FROM daily_token_activity AS moved
        WHERE moved.asset_identifier = token.asset_identifier
              AND moved.day > {{day}}::date - {RECENT_DAYS} AND moved.{UP_TO_THE_DAY}
    ) AS recent
    LEFT JOIN {TOKENS.values} USING (asset_identifier)
    WHERE account_holders + contract_holders > 0
    ORDER BY account_holders DESC, contract_holders DESC, asset_identifier COLLATE "C" LIMIT {RANKED}
"""


def _if_whole(column: str) -> str:
    """What a token's newest row says, if no earlier day of the chain is missing, on which the token may have moved."""
    return f"CASE WHEN balances.supply_ustx IS NOT NULL THEN {column} END AS {column}"


def _by_day(kind: str) -> str:
    """What moved each day of the tokens of a kind, and their supply and holders, moved or not."""
    return f"""
        SELECT loaded.day, asset_identifier, decimals, {_if_whole("supply")}, {_if_whole("account_holders")},
               {_if_whole("contract_holders")}, COALESCE(transfers, 0) AS transfers,
               COALESCE(senders, 0) AS senders, COALESCE(receivers, 0) AS receivers,
               COALESCE(transferred, 0) AS transferred, COALESCE(minted, 0) AS minted, COALESCE(burned, 0) AS burned
        FROM loaded_days AS loaded
        CROSS JOIN (SELECT asset_identifier FROM {PEGGED_TOKENS.values} WHERE kind = '{kind}') AS token
        CROSS JOIN LATERAL ({_latest("loaded.day", "token.asset_identifier")}) AS latest (moved_day, asset)
        LEFT JOIN daily_balances AS balances USING (day)
        LEFT JOIN daily_token_activity AS moved USING (day, asset_identifier)
        LEFT JOIN {TOKENS.values} USING (asset_identifier)
        WHERE loaded.day > {{day}}::date - {LISTED_DAYS} AND loaded.day <= {{day}}
        ORDER BY loaded.day, asset_identifier COLLATE "C"
    """


def _pegged(name: str, title: str, kind: str, what: str, warnings: tuple[str, ...]) -> PublicObject:
    moves = ("transfers", "senders", "receivers", "transferred", "minted", "burned")
    return rows_object(
        name,
        (DAY, ASSET, DECIMALS, *HOLDERS[:3], *(MOVED[move] for move in moves)),
        _by_day(kind),
        f"{what} (seed pegged_tokens) on each of the last {LISTED_DAYS} days: supply = minted − burned up to the end "
        "of the day; a holder has a balance above zero; canonical transfers, mints and burns of the day.",
        title=title,
        group=Group.TOKENS,
        warnings=(NOT_LOADED, "A token has no row before its first move.", RAW, *warnings),
    )


# Tokens of six decimal places, as an STX has.
LIQUID = f"""
    SELECT stacked.day, COALESCE(supply, 0) AS liquid_ustx, stacked_ustx,
           (supply / NULLIF(stacked_ustx, 0))::double precision AS liquid_share
    FROM daily_stacking AS stacked JOIN loaded_days USING (day) CROSS JOIN LATERAL (
        SELECT sum(latest.supply) AS supply
        FROM (SELECT asset_identifier FROM {PEGGED_TOKENS.values} WHERE kind = 'liquid_stacking') AS token
        CROSS JOIN LATERAL ({_latest("stacked.day", "token.asset_identifier")}) AS latest
    ) AS liquid
    WHERE day <= {{day}} AND stacked_ustx IS NOT NULL ORDER BY day
"""

OBJECTS = (
    rows_object(
        "tokens",
        (
            ASSET,
            DECIMALS,
            Column("first_day", "date", "UTC day of its first move"),
            Column("moved_day", "date", "UTC day of its last move"),
            *HOLDERS,
            Column("transfers", "bigint", f"transfers of the last {RECENT_DAYS} days"),
        ),
        RANKING,
        f"The {RANKED} fungible tokens with most accounts that hold them, at the end of the day, of equal ones those "
        "that more contracts hold. Supply = minted − "
        "burned; a holder has a balance above zero.",
        title="The 1,000 most widely held tokens",
        group=Group.TOKENS,
        is_dated=True,
        known=PAST_IS_KNOWN,
        warnings=(RAW, PAST, "A token without a holder is not included."),
    ),
    _pegged(
        "stablecoins",
        "Supply and transfers of stablecoins",
        "stablecoin",
        "Tokens that stand for US dollars",
        ("Supply is gross: what a bridge or an issuer holds of its own token is included.",),
    ),
    _pegged(
        "wrapped_bitcoin",
        "Supply and transfers of wrapped bitcoin tokens",
        "wrapped_bitcoin",
        "Tokens that stand for bitcoins",
        ("sBTC has two tokens: the one that can be sent, and the one that is locked while a withdrawal waits.",),
    ),
    _pegged(
        "liquid_stacking_tokens",
        "Supply and transfers of liquid stacking tokens",
        "liquid_stacking",
        "Tokens that stand for stacked STX",
        (),
    ),
    rows_object(
        "liquid_stacking",
        (
            DAY,
            Column("liquid_ustx", AMOUNT, "supply of all liquid stacking tokens, each counted as one STX", "µSTX"),
            Column("stacked_ustx", "bigint", "locked at the end of the day", "µSTX"),
            Column(
                "liquid_share",
                "double precision",
                "liquid_ustx / stacked_ustx",
                SHARE,
                null="before the first such token, and if nothing is stacked",
            ),
        ),
        LIQUID,
        "Supply of the tokens that stand for stacked STX (seed pegged_tokens) over what is stacked (daily_stacking).",
        title="Share of stacked STX that is liquid",
        group=Group.STACKING,
        warnings=(
            "A day that is not loaded, or before which one is missing, has no row.",
            "A token counts as one STX: stSTX and LiSTX are worth more, as rewards are added to what they stand for.",
            "Their issuers hold some STX that are not stacked, so that the share may be too high by these.",
        ),
    ),
)
