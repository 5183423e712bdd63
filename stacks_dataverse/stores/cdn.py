"""A CloudFront distribution in front of the public bucket."""

import hashlib
from collections.abc import Mapping
from urllib.parse import quote

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError

from stacks_dataverse.stores.aws import translate_error

# CloudFront's limit of paths in progress of invalidation at a time.
MAX_PATHS = 3000
ADVICE = (
    "Check the Airflow Variable cdn_distribution_id, and the credentials and permissions of the connection aws_default."
)


class Cdn:
    """A distribution by its id, behind a boto3 client of CloudFront."""

    def __init__(self, client: BaseClient, distribution_id: str) -> None:
        self._client = client
        self.distribution_id = distribution_id

    def invalidate(self, changes: Mapping[str, str]) -> None:
        """Invalidate some keys, at most `MAX_PATHS`, in one call.

        Args:
            changes: when each key changed; the same changes are one invalidation, however often the call is repeated.
        Raises:
            Terminal: no such distribution, or no right to it.
            Retryable: CloudFront cannot be reached, or has too many invalidations in progress.
        """
        paths = [f"/{quote(key)}" for key in sorted(changes)]
        reference = hashlib.sha256(repr(sorted(changes.items())).encode()).hexdigest()
        batch = {"Paths": {"Quantity": len(paths), "Items": paths}, "CallerReference": reference}
        try:
            self._client.create_invalidation(DistributionId=self.distribution_id, InvalidationBatch=batch)
        except (ClientError, BotoCoreError) as error:
            doing = f"invalidating {len(paths)} paths of the CloudFront distribution {self.distribution_id}"
            raise translate_error(error, doing, ADVICE) from error
