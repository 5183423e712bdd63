"""Lifecycle rules on a real S3 server: what is set, what stays, and that nothing unnamed is ever deleted."""

from collections.abc import Callable
from typing import Any

import pytest

from scripts import retention
from stacks_dataverse import paths
from stacks_dataverse.stores.object_store import ObjectStore

FOREIGN = {
    "ID": "somebody-elses",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Expiration": {"Days": 3},
}
RAW_KEYS = [
    paths.RAW_TABLE.format(table="txs", day="2024-10-29"),
    paths.RAW_MANIFEST.format(day="2024-10-29"),
    "raw/stacks_live/txs/at=20241029T120000Z/part-0000.parquet",
    "raw/cryptocompare/STX/hours/2024-10-29_2024-10-29/part-0000.json.gz",
    "raw/lunarcrush/snapshot/20241029T050000Z/part-0000.json.gz",
]


class Buckets:
    """The two buckets, and the script over them."""

    def __init__(self, private: ObjectStore, public: ObjectStore) -> None:
        self.client, self.names = private._client, (private.bucket, public.bucket)
        self.puts = 0
        self.client.meta.events.register("before-call.s3.PutBucketLifecycleConfiguration", self._count)

    def run(self, *options: str) -> int:
        return retention.main([*self.names, *options], self.client)

    def rules(self, bucket: int = 0) -> dict[str, dict[str, Any]]:
        found = self.client.get_bucket_lifecycle_configuration(Bucket=self.names[bucket])["Rules"]
        return {rule["ID"]: rule for rule in found}

    def deleted(self, *keys: str) -> dict[str, int]:
        """After how many days the present version of each key is deleted, for those that are."""
        expiring = [rule for rule in self.rules().values() if "Days" in rule.get("Expiration", {})]
        prefixes = [(rule["Filter"]["Prefix"], rule["Expiration"]["Days"]) for rule in expiring]
        return {key: days for key in keys for prefix, days in prefixes if key.startswith(prefix)}

    def _count(self, **_: Any) -> None:
        self.puts += 1


@pytest.fixture
def buckets(new_bucket: Callable[[str], ObjectStore]) -> Buckets:
    return Buckets(new_bucket("private"), new_bucket("public"))


def test_what_is_superseded_or_unfinished_expires_and_raw_stays(buckets: Buckets) -> None:
    assert buckets.run() == 0
    for bucket in (0, 1):
        rules = buckets.rules(bucket)
        assert rules.keys() == {"dataverse-unfinished-uploads", "dataverse-superseded-versions"}
        assert rules["dataverse-unfinished-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
        assert rules["dataverse-superseded-versions"]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert buckets.deleted(*RAW_KEYS) == {}


@pytest.mark.parametrize("name", retention.EXPIRABLE)
def test_only_what_is_named_is_deleted(name: str, buckets: Buckets) -> None:
    assert buckets.run("--expire", f"{name}=45") == 0
    prefix, _ = retention.EXPIRABLE[name]
    expected = {key: 45 for key in RAW_KEYS if key.startswith(prefix)}
    assert expected
    assert buckets.deleted(*RAW_KEYS) == expected


def test_a_second_run_changes_nothing(buckets: Buckets, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--colder-after", "90", "--expire", "tip_snapshots=30", "--superseded-days", "14")
    buckets.run(*options)
    rules, puts = buckets.rules(), buckets.puts
    assert "set dataverse-colder-raw" in capsys.readouterr().out
    buckets.run(*options)
    assert (buckets.rules(), buckets.puts) == (rules, puts)
    assert " set " not in capsys.readouterr().out
    assert rules["dataverse-colder-raw"]["Transitions"] == [{"Days": 90, "StorageClass": "STANDARD_IA"}]


def test_a_rule_that_is_no_longer_asked_for_is_removed_and_others_stay(
    buckets: Buckets, capsys: pytest.CaptureFixture[str]
) -> None:
    buckets.client.put_bucket_lifecycle_configuration(
        Bucket=buckets.names[0], LifecycleConfiguration={"Rules": [FOREIGN]}
    )
    buckets.run("--expire", "tip_snapshots=30")
    assert {"somebody-elses", "dataverse-expire-tip_snapshots"} <= buckets.rules().keys()
    buckets.run()
    assert "remove dataverse-expire-tip_snapshots" in capsys.readouterr().out
    assert "dataverse-expire-tip_snapshots" not in buckets.rules()
    assert buckets.rules()["somebody-elses"] == FOREIGN


def test_a_dry_run_says_what_it_would_do_and_does_nothing(buckets: Buckets, capsys: pytest.CaptureFixture[str]) -> None:
    assert buckets.run("--dry-run", "--expire", "tip_snapshots=30") == 0
    out = capsys.readouterr().out
    assert "set dataverse-expire-tip_snapshots" in out
    assert "raw/stacks_live/ is deleted after 30 days: what waited in the mempool cannot be landed again" in out
    assert "Nothing was changed" in out
    assert buckets.puts == 0
    with pytest.raises(buckets.client.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        buckets.rules()


def test_a_bucket_without_versions_is_told_of(buckets: Buckets, capsys: pytest.CaptureFixture[str]) -> None:
    private, public = buckets.names
    buckets.client.put_bucket_versioning(Bucket=private, VersioningConfiguration={"Status": "Enabled"})
    buckets.run()
    assert [line for line in capsys.readouterr().out.splitlines() if "keeps no versions" in line] == [
        f"{public}: keeps no versions, so that nothing superseded is left to expire"
    ]


def test_a_bucket_that_is_not_there_is_named(buckets: Buckets, capsys: pytest.CaptureFixture[str]) -> None:
    assert retention.main(["nowhere", buckets.names[1]], buckets.client) == 1
    assert "NoSuchBucket" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["--expire", "everything=1"], id="no such files"),
        pytest.param(["--expire", "tip_snapshots=0"], id="at once"),
        pytest.param(["--expire", "tip_snapshots"], id="without days"),
        pytest.param(["--colder-after", "7"], id="colder too soon"),
        pytest.param(["--superseded-days", "-1"], id="before they were written"),
    ],
)
def test_what_makes_no_sense_is_refused(options: list[str], buckets: Buckets) -> None:
    with pytest.raises(SystemExit):
        buckets.run(*options)
    assert buckets.puts == 0
