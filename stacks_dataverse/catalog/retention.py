"""Retention: initiators of a day, a week and a month, and how many of each month's new ones come back."""

from stacks_dataverse.catalog.fields import DAY, PAST_ROWS
from stacks_dataverse.catalog.plausibility import FIGURES_EXEMPT
from stacks_dataverse.catalog.user_check_queries import (
    INITIATOR_COHORTS,
    INITIATORS_OF_MONTH,
    INITIATORS_OF_TRANSACTIONS,
)
from stacks_dataverse.catalog.v1 import rows_object, series_object
from stacks_dataverse.caveats import of_rows
from stacks_dataverse.data_check import Check, Place, Severity
from stacks_dataverse.dataset import EVERY_ROW, Column, Kind, Table
from stacks_dataverse.end_of_day import user_inputs
from stacks_dataverse.labels import Group
from stacks_dataverse.state import First, State
from stacks_dataverse.transformers import retention
from stacks_dataverse.units import SHARE

INITIATOR = "An initiator is the sender of a canonical transaction that is not a miner's own: of a token transfer, a "
INITIATOR += "contract call or a deployment, failed ones included. Who only receives or sponsors is none."
COHORT = Column("cohort", "date", "first day of the month in which they were initiators first")
MISSING = "if history is missing"

TABLES = (
    Table(
        name="initiator_days",
        title="Accounts that sent a transaction on each day",
        group=Group.NETWORK,
        kind=Kind.FACT,
        transform=retention.initiator_days,
        reads={"txs": ("type_id", "sender_address")},
        method=INITIATOR,
        columns=(DAY, Column("address", "text", "account that sent a transaction")),
        key=("day", "address"),
    ),
    Table(
        name="initiators",
        title="Day of each account's first transaction",
        group=Group.NETWORK,
        kind=Kind.STATE,
        running_state=State("initiator_days", ("address",), First(("day",)), {"first_day": "day"}),
        method="Every account in initiator_days with the earliest day there.",
        columns=(
            Column("address", "text", "account that sent a transaction"),
            Column("first_day", "date", "UTC day of the first one"),
        ),
        key=("address",),
    ),
    Table(
        name="daily_initiators",
        title="Daily, weekly and monthly active senders",
        group=Group.NETWORK,
        headline="initiators",
        kind=Kind.FIGURE,
        transform=retention.daily_initiators,
        inputs={
            "initiators_of_30_days": user_inputs.INITIATORS_OF_30_DAYS,
            "first_in_month": user_inputs.FIRST_IN_MONTH,
            "initiators_before": user_inputs.INITIATORS_BEFORE,
        },
        cumulative=(
            *("initiators_7_days", "initiators_30_days", "stickiness"),
            *("new_initiators", "total_initiators"),
        ),
        method=f"Distinct initiators of the last 1, 7 and 30 days (DAU, WAU, MAU). {INITIATOR}",
        columns=(
            DAY,
            Column("initiators", "bigint", "distinct initiators of the day (DAU)"),
            Column("initiators_7_days", "bigint", "of the 7 days up to it (WAU)", null=MISSING),
            Column("initiators_30_days", "bigint", "of the 30 days up to it (MAU)", null=MISSING),
            Column(
                "stickiness",
                "double precision",
                "DAU / MAU",
                unit=SHARE,
                null="without initiators in 30 days, and if history is missing",
            ),
            Column("new_initiators", "bigint", "initiators of the day who were none before", null=MISSING),
            Column("total_initiators", "bigint", "distinct initiators up to the day", null=MISSING),
        ),
        warnings=("In the chain's first 30 days a window begins with the chain.",),
    ),
    Table(
        name="initiator_cohorts",
        title="Active senders by the month of their first transaction",
        group=Group.NETWORK,
        kind=Kind.FIGURE,
        transform=retention.initiator_cohorts,
        inputs={"cohorts_before": user_inputs.COHORTS_BEFORE, "first_in_month": user_inputs.FIRST_IN_MONTH},
        cumulative=EVERY_ROW,
        method=f"Distinct initiators from the first of the day's month up to the day, by cohort. {INITIATOR}",
        columns=(
            DAY,
            COHORT,
            Column("initiators", "bigint", "of the cohort, active in the month up to the day"),
        ),
        key=("day", "cohort"),
        warnings=(of_rows("A cohort of which nobody was active in the month has no row."), PAST_ROWS),
    ),
)

COHORTS = """
    SELECT cohort, month,
           ((extract(year FROM month) - extract(year FROM cohort)) * 12
            + extract(month FROM month) - extract(month FROM cohort))::integer AS months_since,
           initiators, cohort_size, initiators::double precision / cohort_size AS share, up_to
    FROM (
        SELECT cohort, date_trunc('month', up_to)::date AS month, initiators, up_to,
               first_value(initiators) OVER (PARTITION BY cohort ORDER BY up_to) AS cohort_size
        FROM (SELECT max(day) AS up_to FROM loaded_days WHERE day <= {day}
              GROUP BY date_trunc('month', day)) AS months
        CROSS JOIN LATERAL (SELECT * FROM initiator_cohorts WHERE day = up_to OFFSET 0) AS active
    ) AS counted
    ORDER BY cohort, month
"""
OBJECTS = (
    series_object(TABLES[2], "active_initiators", title="Active senders of the day, week and month"),
    rows_object(
        "initiator_retention",
        (
            COHORT,
            Column("month", "date", "first day of the month in which they were active"),
            Column("months_since", "integer", "months from the cohort's to this one"),
            Column("initiators", "bigint", "initiators of the cohort who were active in the month"),
            Column("cohort_size", "bigint", "all initiators of the cohort"),
            Column("share", "double precision", "initiators / cohort_size", unit=SHARE),
            Column("up_to", "date", "last day of the month that is loaded"),
        ),
        COHORTS,
        f"Initiators by the month in which they were first, and how many of them were active in each month since. "
        f"{INITIATOR}",
        title="Retention of senders by monthly cohort",
        group=Group.NETWORK,
        warnings=(
            "The newest month is not over before its last day is loaded, nor is the size of its cohort.",
            "A month in which nobody of a cohort was active has no row.",
            "No rows of a month if a day before its last loaded one is missing.",
        ),
    ),
)

CHECKS = tuple(
    Check(
        name=name,
        kind=Severity.ERROR,
        place=Place.WAREHOUSE,
        method=method,
        remedy="Run the day again. If it fails again, run the days of its month again, the earliest first.",
        query=query,
        exemptions=(FIGURES_EXEMPT, *exemptions),
    )
    for name, method, query, exemptions in (
        (
            "initiators_of_transactions",
            "Initiators of the day in daily_initiators = senders of the day in daily_activity that are not a miner's "
            "own.",
            INITIATORS_OF_TRANSACTIONS,
            ("Poison-microblock transactions have a sender that is no initiator; a day with one is not compared.",),
        ),
        (
            "initiator_cohorts",
            "The cohort of the day's month is the sum of the month's new initiators up to the day.",
            INITIATOR_COHORTS,
            ("Not compared if history is missing.",),
        ),
        (
            "initiators_of_month",
            "All cohorts together are the distinct initiators of the last 1, 7 or 30 days on the 1st, 7th and 30th.",
            INITIATORS_OF_MONTH,
            ("Not compared on other days, nor if history is missing.",),
        ),
    )
)
