"""Names for people: of figures, from the names of their columns."""

import re

# What a column's name says in short; an empty text is said by the unit.
WORDS = {
    "tx": "transaction",
    "txs": "transactions",
    "avg": "average",
    "perc": "percent",
    "pct": "",
    "ustx": "",
    "sats": "",
    "stx": "STX",
    "btc": "BTC",
    "usd": "USD",
    "sbtc": "sBTC",
    "nft": "NFT",
    "nfts": "NFTs",
    "hhi": "HHI",
    "nvt": "NVT",
    "rsi": "RSI",
    "rvi": "RVI",
    "ema": "EMA",
    "apy": "APY",
    "pox": "PoX",
    "ath": "all-time high",
    "addx": "addresses",
    "bal": "balance",
    "no": "number",
    "ts": "time",
    "alltime": "of all time",
    "past24": "in the past 24 hours",
    "p10": "(10th percentile)",
    "p25": "(25th percentile)",
    "p50": "(median)",
    "p75": "(75th percentile)",
    "p90": "(90th percentile)",
    "p95": "(95th percentile)",
    "p99": "(99th percentile)",
    "max": "(maximum)",
}
# The unit is shown beside the name.
UNITS = {"seconds", "usd", "stx", "bp"}
IN_A_PRICE = {"sats": "satoshis", "stx": "STX", "usd": "USD"}
COUNTED = {"tx": "transactions", "block": "blocks"}
ORDINAL = re.compile(r"(^|_)(heights?|cycle(_no)?)$")
OF_DAYS = re.compile(r"(rsi|rvi|ema|nvt)_(\d+)")


def figure_name(name: str, meaning: str = "") -> str:
    """The name of a figure for people; what is named only `value` is named by its meaning."""
    if name == "value":
        return _capital(meaning.partition(";")[0].partition(", ")[0])
    if named := OF_DAYS.fullmatch(name):
        return f"{WORDS[named[1]]} ({named[2]} days)"
    parts = name.replace(".", "_").split("_")
    if "per" in parts and parts[-1] in UNITS:
        return _capital(" ".join(IN_A_PRICE.get(part, part) for part in parts))
    said = [WORDS.get(part, part) for part in _without_unit(parts)]
    qualifiers = [word for word in said if word.startswith("(")]
    plain = [word for word in said if word and not word.startswith("(")]
    return _capital(" ".join([*plain, *qualifiers]) or name)


def _without_unit(parts: list[str]) -> list[str]:
    """The parts of a name without its unit, and without `count`, which a number says itself."""
    if len(parts) == 2 and parts[1] == "count" and (parts[0] in COUNTED or parts[0].endswith(("ed", "ing"))):
        return [COUNTED.get(parts[0], parts[0])]
    return parts[:-1] if len(parts) > 1 and parts[-1] in UNITS else parts


def is_ordinal(name: str) -> bool:
    """Whether numbers of a column say which block or cycle it is, not how much: a chart of them says nothing."""
    return bool(ORDINAL.search(name))


def key_name(label: str) -> str:
    """The name of a key for people, of a column's name or of a meaning without its conditions."""
    return figure_name(label) if "_" in label else _capital(label.partition(",")[0].removesuffix(" of the bin"))


def _capital(text: str) -> str:
    return text if text.startswith("sBTC") else text[:1].upper() + text[1:]
