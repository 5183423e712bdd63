"""The policy of the tasks' role, against every call to S3 that days, looks and the market really make."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from scripts.local.vendors.server import VendorsServer
from stacks_dataverse.stores.object_store import ObjectStore
from stacks_dataverse.stores.upload import PART_BYTES
from stacks_dataverse.window import SECONDS_PER_HOUR, MarketWindow, Window
from tests.integration.conftest import CYCLES, SAMPLE, SAMPLE_DAYS, execute
from tests.integration.looks import PRICES, TAKEN_AT
from tests.integration.market import vendors_of
from tests.ops.deploy.policies import actions, allows, policy
from tests.support.pipeline import Pipeline

pytestmark = pytest.mark.slow

DAY = SAMPLE_DAYS[0]

# Operations whose right has another name.
RIGHTS = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket"}
RIGHTS |= dict.fromkeys(("CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"), "PutObject")
MISSING = {"404", "NoSuchKey"}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """What has been asked of S3 since: the right that it takes, and the resource."""
    made: set[tuple[str, str]] = set()
    ask = BaseClient._make_api_call

    def recorded(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        bucket = "arn:aws:s3:::" + re.sub(r"-\d+$", "", parameters["Bucket"])
        resource = f"{bucket}/{parameters['Key']}" if "Key" in parameters else bucket
        made.add((f"s3:{RIGHTS.get(operation, operation)}", resource))
        try:
            return ask(client, operation, parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                made.add(("s3:ListBucket", bucket))
            raise

    monkeypatch.setattr(BaseClient, "_make_api_call", recorded)
    return made


def test_every_call_is_allowed_and_every_right_is_used(
    sample: str, new_pipeline: Callable[[str], Pipeline], stub_vendors: VendorsServer, calls: set[tuple[str, str]]
) -> None:
    pipeline = replace(new_pipeline(sample), network=CYCLES[SAMPLE])
    calls.clear()
    pipeline.run(DAY)
    execute(pipeline.warehouse_dsn, PRICES)
    pipeline.look(TAKEN_AT)
    five_o_clock = Window.parse(DAY).end + 5 * SECONDS_PER_HOUR
    stub_vendors.set_now(five_o_clock + 60)
    pipeline.market(MarketWindow.trailing(five_o_clock, five_o_clock), vendors_of(stub_vendors))
    _fail_to_write(pipeline.archive)
    statements = policy("task_policy")
    assert [call for call in calls if not allows(statements, *call)] == []
    assert {action for action, _ in calls} == {action for action in actions(statements) if action.startswith("s3:")}


def _fail_to_write(store: ObjectStore) -> None:
    def batches() -> Any:
        yield pa.record_batch({"a": [os.urandom(PART_BYTES)]})
        raise OSError("the source is lost")

    with pytest.raises(Exception, match="the source is lost"):
        store.write_parquet("raw/stacks/blocks/part.parquet", pa.schema({"a": pa.binary()}), batches())
