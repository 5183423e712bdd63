"""Publishing on real servers: what changed is written, told once, and nothing else."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

import pytest

from stacks_dataverse import catalog
from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.runners import publish
from stacks_dataverse.runners.contents import read_publication
from stacks_dataverse.runners.upload import upload_all
from stacks_dataverse.stores.object_store import ObjectStore, is_same
from stacks_dataverse.stores.warehouse import Warehouse

POOLS = next(declared for declared in catalog.OBJECTS if declared.name == "number_of_pools")
KEYS = ["v1/number_of_pools.json.gz", "v1/number_of_pools.parquet", "pools/number.json.gz"]
HEADERS = {"ContentType": "application/json", "ContentEncoding": "gzip", "CacheControl": "public, max-age=300"}
DAY = date(2024, 5, 1)


class Told:
    """A CDN that remembers; it may refuse at first."""

    def __init__(self, refusals: int = 0) -> None:
        self.calls: list[list[str]] = []
        self._refusals = refusals

    def invalidate(self, changes: Mapping[str, str]) -> None:
        self._refusals -= 1
        if self._refusals >= 0:
            raise Retryable("too much to forget already")
        self.calls.append(sorted(changes))


def publish_pools(warehouse: Warehouse, public: ObjectStore) -> list[str]:
    """Publish an object of the day; returns the keys that changed."""
    return upload_all(warehouse, public, {POOLS.name: partial(read_publication, warehouse, POOLS, ["latest"], day=DAY)})


def test_a_key_that_changed_is_told_once(warehouse: Warehouse, new_bucket: Callable[[str], ObjectStore]) -> None:
    public, cdn = new_bucket("public"), Told()
    assert publish_pools(warehouse, public) == KEYS
    assert sorted(publish.invalidate(warehouse, cdn)) == sorted(KEYS)
    assert publish_pools(warehouse, public) == []
    assert publish.invalidate(warehouse, cdn) == []
    assert cdn.calls == [sorted(KEYS)]


def test_a_cdn_that_refused_is_told_by_the_next_run(
    warehouse: Warehouse, new_bucket: Callable[[str], ObjectStore]
) -> None:
    cdn = Told(refusals=1)
    publish_pools(warehouse, new_bucket("public"))
    with pytest.raises(Retryable):
        publish.invalidate(warehouse, cdn)
    publish.invalidate(warehouse, cdn)
    assert cdn.calls == [sorted(KEYS)]


def test_without_a_cdn_nothing_is_kept_for_it(warehouse: Warehouse, new_bucket: Callable[[str], ObjectStore]) -> None:
    publish_pools(warehouse, new_bucket("public"))
    publish.invalidate(warehouse, None)
    assert warehouse.scalar("SELECT count(*) FROM changed_keys") == 0


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b"two", HEADERS, id="other bytes"),
        pytest.param(b"one", HEADERS | {"CacheControl": "public, max-age=60"}, id="other headers"),
    ],
)
def test_an_object_is_held_only_as_it_would_be_written(
    body: bytes, headers: Mapping[str, str], new_bucket: Callable[[str], ObjectStore]
) -> None:
    public = new_bucket("public")
    assert not is_same(public.look("x"), b"one", HEADERS)
    public.put("x", b"one", HEADERS)
    assert is_same(public.look("x"), b"one", HEADERS)
    assert not is_same(public.look("x"), body, headers)


def test_an_object_is_written_only_over_the_one_that_is_named(new_bucket: Callable[[str], ObjectStore]) -> None:
    public = new_bucket("public")
    public.put("x", b"one", over={"IfNoneMatch": "*"})
    first = public.look("x")["ETag"]
    public.put("x", b"two", over={"IfMatch": first})
    for over in ({"IfMatch": first}, {"IfNoneMatch": "*"}):
        with pytest.raises(Retryable, match=r"writing s3://.*/x: .*Another run has replaced it meanwhile"):
            public.put("x", b"three", over=over)
    assert public.get("x") == b"two"


@pytest.mark.parametrize(("acl", "is_open"), [(None, False), ("public-read", True)])
def test_an_acl_is_set_where_one_is_asked_for(
    acl: str | None, is_open: bool, new_bucket: Callable[[str], ObjectStore]
) -> None:
    bucket = new_bucket("public")
    client, name = bucket._client, bucket.bucket
    client.put_bucket_ownership_controls(
        Bucket=name, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    client.delete_public_access_block(Bucket=name)
    ObjectStore(client, name, acl).put("x", b"one")
    grants = client.get_object_acl(Bucket=name, Key="x")["Grants"]
    groups = {grant["Grantee"].get("URI", "") for grant in grants if grant["Permission"] == "READ"}
    assert any(group.endswith("/AllUsers") for group in groups) is is_open


def test_a_bucket_that_allows_no_acl_says_so_at_once(new_bucket: Callable[[str], ObjectStore]) -> None:
    bucket = new_bucket("public")
    with pytest.raises(Terminal, match="does not allow ACLs"):
        ObjectStore(bucket._client, bucket.bucket, "public-read").put("x", b"one")
