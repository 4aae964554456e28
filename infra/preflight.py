"""What a new account does not have yet, said before anything is built rather than by a stack that rolls back."""

from __future__ import annotations

from collections.abc import Mapping

from infra.amazon import AmazonError, client, plain_errors

UNRESERVED = 100  # what Lambda keeps for all other functions of an account, or all of it where there is less
UNVERIFIED = (
    "This account has no CloudFront distribution yet. Amazon lets a new account make one only when it is verified; if the "
    "deployment ends with “Your account must be verified”, ask for that at https://console.aws.amazon.com/support (a "
    "“service limit” case for CloudFront), and meanwhile deploy the API alone: make deploy PARAMETERS=Site=no"
)


def preflight(parameters: Mapping[str, str], before: Mapping[str, str]) -> list[str]:
    """What to know before it begins, given the parameters and those deployed before. Raises AmazonError when it cannot go."""
    _check_concurrency(_number(parameters), _number(before))
    if parameters.get("Site") == "no" or before:
        return []
    with plain_errors():
        found = client("cloudfront").list_distributions()["DistributionList"]
    return [] if found["Quantity"] else [UNVERIFIED]


def explained(reasons: list[str]) -> str | None:
    """What is known of why a stack failed, by CloudFormation's reasons."""
    if any("must be verified" in reason for reason in reasons):
        return UNVERIFIED.partition(". ")[2]
    return None


def _check_concurrency(wanted: int, reserved: int) -> None:
    if not wanted:
        return
    with plain_errors():
        limit = client("lambda").get_account_settings()["AccountLimit"]
    total, free = limit["ConcurrentExecutions"], limit["UnreservedConcurrentExecutions"] + reserved
    most = free - min(UNRESERVED, total)
    if wanted > most:
        raise AmazonError(
            sentence=f"ReservedConcurrency={wanted} cannot be: this account may run {total} functions at once, of which "
            f"{max(most, 0)} can be reserved. Leave it out, or ask for more under Service Quotas (Lambda, Concurrent executions)."
        )


def _number(parameters: Mapping[str, str]) -> int:
    return int(parameters.get("ReservedConcurrency", "0"))
