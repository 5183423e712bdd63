"""Value held by contracts: what the contracts of protocols hold."""

from stacks_dataverse.catalog.check_queries import FIGURES_MADE, SINCE_GENESIS
from stacks_dataverse.catalog.fields import DAY, PAST, PAST_IS_KNOWN, PAST_ROWS
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT, GENESIS_EXEMPT
from stacks_dataverse.catalog.tokens import AMOUNT
from stacks_dataverse.catalog.v1 import rows_object
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.seeds import PROTOCOLS, TOKENS
from stacks_dataverse.transformers import tokens

METHOD = (
    "Balances of contracts at the end of the day, by the protocol whose deployer made them (seed protocols): STX, "
    "locked STX among them, and fungible tokens. Not counted are tokens that a listed protocol minted, this one or "
    "another: pool shares, receipts and a protocol's own tokens are claims on what is counted already."
)
HELD = (
    Column("protocol", "text", "the protocol's name"),
    Column("asset_identifier", "text", "STX, or the token: address.contract::asset"),
    Column("balance", AMOUNT, "what all its contracts hold", unit="µSTX, or the token's smallest unit"),
)

TABLES = (
    Table(
        name="daily_protocol_balances",
        title="Assets that each protocol holds, per day",
        group=Group.DEFI,
        kind=Kind.FIGURE,
        transform=tokens.daily_protocol_balances,
        inputs={"protocol_balances": inputs.PROTOCOL_BALANCES},
        cumulative=EVERY_ROW,
        method=METHOD,
        columns=(DAY, *HELD),
        key=("day", "protocol", "asset_identifier"),
        warnings=(
            of_rows(
                "A protocol has a row of an asset for each day on which the balance moved; between them it stays the "
                "same."
            ),
            PAST_ROWS,
        ),
    ),
)

PROTOCOL_BALANCES = f"""
    SELECT '0' AS expected, count(*)::text AS actual,
           min(protocol || ' has ' || balance || ' of ' || asset_identifier) AS example
    FROM daily_protocol_balances LEFT JOIN daily_tokens USING (day, asset_identifier)
    LEFT JOIN daily_balances USING (day)
    WHERE day = {{day}} AND (balance < 0 OR balance > CASE asset_identifier WHEN 'STX' THEN supply_ustx ELSE supply END)
    HAVING {FIGURES_MADE} AND {SINCE_GENESIS}
"""

CHECKS = (
    Check(
        name="protocol_balances",
        kind=Severity.WARNING,
        place=Place.WAREHOUSE,
        method="No balance in daily_protocol_balances is negative, and none is above the supply of STX or of the "
        "token.",
        remedy="An earlier day is missing or was built from another fork: run the first day on which this check failed "
        "again, then those after it.",
        query=PROTOCOL_BALANCES,
        exemptions=(FIGURES_EXEMPT, GENESIS_EXEMPT),
    ),
)

OBJECTS = (
    rows_object(
        "protocol_balances",
        (
            *HELD,
            Column(
                "decimals", "smallint", "decimal places of the balance as it is shown", null="where they are not known"
            ),
        ),
        f"""
            WITH listed AS MATERIALIZED (SELECT DISTINCT protocol FROM {PROTOCOLS.values}), assets AS (
                SELECT 'STX' AS asset_identifier UNION ALL SELECT asset_identifier FROM fungible_tokens
            )
            SELECT protocol, asset_identifier, balance,
                   CASE WHEN asset_identifier = 'STX' THEN 6 ELSE decimals END::smallint AS decimals
            FROM listed CROSS JOIN assets CROSS JOIN LATERAL (
                SELECT balance FROM daily_protocol_balances AS held
                WHERE held.protocol = listed.protocol AND held.asset_identifier = assets.asset_identifier
                      AND day <= {{day}} ORDER BY day DESC LIMIT 1
            ) AS latest LEFT JOIN {TOKENS.values} USING (asset_identifier)
            WHERE balance <> 0
            ORDER BY protocol COLLATE "C", asset_identifier COLLATE "C"
        """,
        METHOD,
        title="Assets that each protocol holds",
        group=Group.DEFI,
        is_dated=True,
        known=PAST_IS_KNOWN,
        warnings=(
            PAST,
            "Protocols and deployers are those listed; a protocol may have others.",
            "An asset of which nothing is left has no row.",
        ),
    ),
)
