"""python -m scripts.local.sample_chain: make a sample chain in an empty database."""

import argparse
from datetime import date, timedelta

from scripts.local.sample_chain.generate import FIRST_DAY, generate


def main() -> None:
    """Read the command line and make the chain."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--txs-per-day", type=int, default=2000)
    parser.add_argument("--until", type=date.fromisoformat, help="its last day; by default it begins on 2024-10-28")
    parser.add_argument("--seed", type=int, default=1)
    options = vars(parser.parse_args())
    until, earlier = options.pop("until"), timedelta(days=options["days"] - 1)
    print(generate(options.pop("dsn"), first_day=until - earlier if until else FIRST_DAY, **options))


if __name__ == "__main__":
    main()
