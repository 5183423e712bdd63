"""What CloudFront is told, and what becomes of its refusals; checked against AWS's own description of its API."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.stub import ANY, Stubber

from stacks_dataverse.errors import Retryable, Terminal
from stacks_dataverse.stores.cdn import Cdn

CHANGES = {"pools/number.json.gz": "2024-01-01", "nft/a b.json.gz": "2024-01-02"}
CREATED = {
    "Id": "I1",
    "Status": "InProgress",
    "CreateTime": 0,
    "InvalidationBatch": {"Paths": {"Quantity": 0}, "CallerReference": "r"},
}


@pytest.fixture
def cloudfront() -> Iterator[Stubber]:
    """A client of CloudFront that answers as told."""
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    with Stubber(boto3.client("cloudfront", region_name="us-east-1", **keys)) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def asked(reference: object) -> dict[str, object]:
    paths = ["/nft/a%20b.json.gz", "/pools/number.json.gz"]
    batch = {"Paths": {"Quantity": 2, "Items": paths}, "CallerReference": reference}
    return {"DistributionId": "E1", "InvalidationBatch": batch}


def test_exactly_the_changed_keys_are_forgotten_in_one_call(cloudfront: Stubber) -> None:
    cloudfront.add_response("create_invalidation", {"Invalidation": CREATED}, asked(ANY))
    Cdn(cloudfront.client, "E1").invalidate(CHANGES)


def test_the_same_changes_are_one_invalidation_and_others_another() -> None:
    references = []

    class Client:
        def create_invalidation(self, InvalidationBatch: dict[str, str], **_: object) -> None:
            references.append(InvalidationBatch["CallerReference"])

    for changes in (CHANGES, dict(reversed(CHANGES.items())), CHANGES | {"pools/number.json.gz": "2024-01-03"}):
        Cdn(Client(), "E1").invalidate(changes)
    assert references[0] == references[1] != references[2]


@pytest.mark.parametrize(
    ("code", "kind"),
    [("NoSuchDistribution", Terminal), ("AccessDenied", Terminal), ("TooManyInvalidationsInProgress", Retryable)],
)
def test_a_refusal_names_the_distribution(code: str, kind: type[Exception], cloudfront: Stubber) -> None:
    cloudfront.add_client_error("create_invalidation", code, "no")
    with pytest.raises(kind, match="2 paths of the CloudFront distribution E1"):
        Cdn(cloudfront.client, "E1").invalidate(CHANGES)
