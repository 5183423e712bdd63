"""Opinions on objects of fungible tokens."""

from datetime import date

from tests.second_opinion.chain import Row, Rows, group
from tests.second_opinion.objects.days import of_loaded_days
from tests.second_opinion.objects.of_days import decimals, newest, only, past_is_known, seed, total
from tests.second_opinion.objects.run import Answer, Judge, Run

SBTC = "SM3VDXK3WZZSA84XXFKAFAF15NNZX32CTSG82JFQ4.sbtc-token::sbtc-token"
HOLDERS = ("account_holders", "contract_holders")
ACTIVITY = ("transfers", "senders", "receivers", "transferred", "minted", "burned")
LISTED = 1000


def sbtc(run: Run, day: date | None) -> Answer:
    """sBTC on each day, with its holders."""
    return Answer([row | _sbtc_holders(run, row["day"]) for row in of_loaded_days(run, "daily_sbtc", day)])


def _sbtc_holders(run: Run, day: date) -> Row:
    if not past_is_known(run, day):
        return dict.fromkeys(HOLDERS)
    return only(_tokens(run, day).get(SBTC, dict.fromkeys(HOLDERS, 0)), *HOLDERS)


def _tokens(run: Run, day: date | None) -> dict[str, Row]:
    """Supply and holders at the end of a day, by token."""
    return {row["asset_identifier"]: row for row in newest(run, "daily_tokens", day, "asset_identifier")}


def tokens(run: Run, day: date | None) -> Answer:
    """The thousand tokens that most accounts hold; among equal ones, most contracts."""
    if not past_is_known(run, day):
        return Answer(None)
    held = [row for row in _tokens(run, day).values() if any(row[kind] for kind in HOLDERS)]
    held.sort(key=lambda row: (*(-row[kind] for kind in HOLDERS), row["asset_identifier"]))
    first_days = {row["asset_identifier"]: row["first_day"] for row in run.tables["fungible_tokens"]}
    moved = group(of_loaded_days(run, "daily_token_activity", day, last=30), "asset_identifier")
    return Answer(
        [
            {
                "asset_identifier": (token := row["asset_identifier"]),
                "decimals": decimals().get(token),
                "first_day": first_days[token],
                "moved_day": row["day"],
                **only(row, "supply", *HOLDERS, "ten_largest_share"),
                "transfers": total(moved[token], "transfers"),
            }
            for row in held[:LISTED]
        ]
    )


def pegged(kind: str) -> Judge:
    """An opinion on the tokens of a kind, on each of the last 90 days."""
    listed = sorted(row["asset_identifier"] for row in seed("pegged_tokens") if row["kind"] == kind)

    def judge(run: Run, day: date | None) -> Answer:
        days = [row["day"] for row in of_loaded_days(run, "loaded_days", day, last=90)]
        return Answer([row for each in days for row in _pegged(run, each, listed)])

    return judge


def _pegged(run: Run, day: date, listed: list[str]) -> Rows:
    known = _tokens(run, day)
    columns = ("supply", *HOLDERS)
    if not past_is_known(run, day):
        known = {token: dict.fromkeys(columns) for token in known}
    moved = {row["asset_identifier"]: row for row in run.tables["daily_token_activity"] if row["day"] == day}
    return [
        {
            "day": day,
            "asset_identifier": token,
            "decimals": decimals().get(token),
            **only(known[token], *columns),
            **only(moved.get(token, dict.fromkeys(ACTIVITY, 0)), *ACTIVITY),
        }
        for token in listed
        if token in known
    ]


JUDGES = {
    "sbtc": sbtc,
    "tokens": tokens,
    "stablecoins": pegged("stablecoin"),
    "wrapped_bitcoin": pegged("wrapped_bitcoin"),
    "liquid_stacking_tokens": pegged("liquid_stacking"),
}
