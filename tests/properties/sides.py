"""One small chain as it looked at several moments: before its forks, and after each; every day landed each time."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scripts.local import sample_chain
from scripts.local.postgres import PostgresServer
from scripts.local.s3 import S3Server
from stacks_dataverse import catalog
from tests.support.pipeline import UNCOMPARED, Pipeline
from tests.support.stores import new_stores

SIZE = {"days": 3, "txs_per_day": 400}
DAYS = ("2024-10-28", "2024-10-29", "2024-10-30")

# Each brings an account, a lock, a token and a collection of its own, and orphans what the one before it brought.
MOMENTS: dict[str, Callable[[str], Any]] = {
    "at first": lambda dsn: None,
    "after a fork": lambda dsn: sample_chain.fork(dsn, depth=200, is_bitcoins=True),
    "after a deeper fork": lambda dsn: sample_chain.fork(dsn, depth=300, seed=2, seconds=-900, is_bitcoins=True),
    "after a microblock was orphaned": lambda dsn: sample_chain.orphan_microblock(dsn, is_mined_again=True),
}


@dataclass(frozen=True)
class Side:
    """The days as they were landed at a moment, in an archive of their own."""

    moment: str
    landed: Pipeline

    @cached_property
    def from_scratch(self) -> tuple[dict[str, str], dict[str, Any]]:
        """What the warehouse (by digest) and the public bucket hold when each day is run once, in order."""
        self.loaded.publish(DAYS[-1])
        return digests(self.loaded), self.loaded.published()

    @cached_property
    def loaded(self) -> Pipeline:
        """Each day built and checked once, in order."""
        for day in DAYS:
            self.landed.build(day)
            self.landed.check(day)
        return self.landed


def digests(pipeline: Pipeline) -> dict[str, str]:
    """A checksum of all that each table of the warehouse says; not of when it was said."""
    names = [table.name for table in catalog.TABLES if table.name != "quality_checks"]
    left_out = ", ".join(f"'{name}'" for name in sorted(UNCOMPARED))
    content = f"to_jsonb(t) - ARRAY[{left_out}]"
    rows = " UNION ALL ".join(f"SELECT '{name}' AS name, ({content})::text AS row FROM {name} AS t" for name in names)
    sql = f"SELECT name, md5(string_agg(row, ';' ORDER BY row)) AS digest FROM ({rows}) AS t GROUP BY name"
    found = {row["name"]: row["digest"] for row in pipeline.read(sql).to_pylist()}
    return dict.fromkeys(names, "") | found


def land_sides(postgres: PostgresServer, s3: S3Server) -> dict[str, Side]:
    """Land every day at every moment."""
    postgres.create_database("sides")
    dsn, sides = postgres.dsn("sides"), {}
    sample_chain.generate(dsn, **SIZE)
    for number, (moment, happens) in enumerate(MOMENTS.items()):
        happens(dsn)
        side = Side(moment, new_stores(postgres, s3, f"side{number}", dsn, sample_chain.NETWORK))
        for day in DAYS:
            side.landed.land(day)
        sides[moment] = side
    return sides
