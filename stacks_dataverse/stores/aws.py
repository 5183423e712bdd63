"""What AWS answers when it refuses or fails, as the two kinds of error."""

from botocore.exceptions import ClientError

from stacks_dataverse.errors import DataverseError, Retryable, Terminal

# Errors that the owner of the account has to fix; after any other a retry may succeed.
REFUSALS = {
    *("NoSuchBucket", "AccessDenied", "AllAccessDisabled", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    *("AccessControlListNotSupported", "NoSuchDistribution", "InvalidClientTokenId", "InvalidArgument"),
    *("403", "404", "NoCredentialsError"),
}


# AWS has no quota of a bucket; Ceph, MinIO and others that speak S3 do.
FULL = {"QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull", "InsufficientStorage", "507"}
MAKE_ROOM = "The bucket has reached its quota. Raise the quota or free space, then run again."

# A request on a condition: the object is another one by now.
REPLACED = {"PreconditionFailed", "ConditionalRequestConflict"}
MEANWHILE = "Another run has replaced it meanwhile, and nothing was written over that. Run again."

LATER = "A retry may succeed. If none does, check that the service is running and reachable."


def translate_error(error: Exception, doing: str, advice: str) -> DataverseError:
    """Return an error of boto3 as a Retryable or Terminal.

    Args:
        doing: what was tried and with what.
        advice: what the owner can fix, as a sentence.
    """
    code = error.response["Error"].get("Code", "") if isinstance(error, ClientError) else type(error).__name__
    reason = " ".join(str(error).split())[:300].rstrip(".")
    if code in REFUSALS | FULL:
        return Terminal(f"{doing}: {reason}. {MAKE_ROOM if code in FULL else advice}")
    return Retryable(f"{doing}: {reason}. {MEANWHILE if code in REPLACED else LATER}")
