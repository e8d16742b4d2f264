"""What a status of a table or of a replica means for a test, and what to do about it.

The names are those of AWS's API model (TableStatus and ReplicaStatus of the DynamoDB service, botocore 1.44); a test
holds them against the installed one. What AWS says of each stands there too; the 20 hours are facts 1.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WAIT = "wait until it is ACTIVE"
REMOVED_AFTER = "after 20 hours AWS takes the replica out of the global table for good"
REPLACE = "remove this replica with UpdateTable and create it again"


@dataclass(frozen=True)
class Problem:
    """Something that is not as it should be, and what to do about it."""

    text: str
    cure: str

    def __str__(self) -> str:
        return f"{self.text}; cure: {self.cure}"


REPLICA_CURES: Mapping[str, str] = {
    "CREATING": WAIT,
    "CREATION_FAILED": f"{REPLACE}; the description says why the creation failed",
    "UPDATING": WAIT,
    "DELETING": "wait until it is gone, then create the replica again, or name another region",
    "REGION_DISABLED": f"enable the region in the account's settings; {REMOVED_AFTER}",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": (
        f"enable the KMS key of that region, and let DynamoDB use it in the key's policy; {REMOVED_AFTER}"
    ),
    "ARCHIVING": "wait until it is archived, then restore it from its backup, or name another table",
    "ARCHIVED": "restore the table from its backup under another name, or name another table",
    "REPLICATION_NOT_AUTHORIZED": (
        f"allow replication in the resource policies of the tables, and let the service-linked role be; {REMOVED_AFTER}"
    ),
}
"""The cure for each ReplicaStatus but ACTIVE."""

TABLE_CURES: Mapping[str, str] = {
    "CREATING": WAIT,
    "UPDATING": WAIT,
    "DELETING": "wait until it is gone, then create it again, or name another table",
    "INACCESSIBLE_ENCRYPTION_CREDENTIALS": (
        "enable the KMS key of that region, and let DynamoDB use it; AWS archives the table after seven days"
    ),
    "ARCHIVING": REPLICA_CURES["ARCHIVING"],
    "ARCHIVED": REPLICA_CURES["ARCHIVED"],
    "REPLICATION_NOT_AUTHORIZED": REPLICA_CURES["REPLICATION_NOT_AUTHORIZED"],
}
"""The cure for each TableStatus but ACTIVE."""

UNKNOWN = "this status is newer than this suite: look it up in AWS's documentation of DescribeTable"


def table_problem(region: str, status: str) -> Problem | None:
    """What is wrong with a table of this TableStatus; None for ACTIVE."""
    if status == "ACTIVE":
        return None
    return Problem(f"the table in {region} is {status}, not ACTIVE", TABLE_CURES.get(status, UNKNOWN))


def replica_problem(region: str, other: str, status: str, description: str | None = None) -> Problem | None:
    """What is wrong with a replica that a region lists with this ReplicaStatus; None for ACTIVE.

    `description` is AWS's ReplicaStatusDescription, if there is one.
    """
    if status == "ACTIVE":
        return None
    detail = f" ({description})" if description else ""
    return Problem(f"{region} lists its replica in {other} as {status}{detail}", REPLICA_CURES.get(status, UNKNOWN))
