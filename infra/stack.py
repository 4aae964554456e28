"""The stack in CloudFormation: whether it can be changed, why it failed, and how it goes."""

from __future__ import annotations

from infra.amazon import AmazonError, Deployed, client, deployed, plain_errors

# Amazon lets such a stack be deleted, and nothing else.
USELESS = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED", "REVIEW_IN_PROGRESS")
_POLL = {"Delay": 5, "MaxAttempts": 360}  # half an hour: CloudFront takes its time


def usable(stack: str) -> Deployed | None:
    """The stack, if there is one that can be changed; what is left of a first deployment that failed is removed."""
    found = deployed(stack)
    if found is None or found.status not in USELESS:
        return found
    print(f"What is left of a deployment that failed ({found.status}) is removed first.", flush=True)
    delete(stack)
    return None


def delete(stack: str) -> None:
    """Delete and wait until it is gone. Raises AmazonError."""
    from botocore.exceptions import WaiterError

    with plain_errors():
        cloudformation = client("cloudformation")
        cloudformation.delete_stack(StackName=stack)
        try:
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=_POLL)
        except WaiterError as error:
            said = "; ".join(failures(stack)) or str(error)
            raise AmazonError(sentence=f"CloudFormation could not remove {stack}: {said}") from error


def failures(stack: str) -> list[str]:
    """Why resources failed, in CloudFormation's words, latest first; nothing when there is no such stack."""
    from botocore.exceptions import ClientError

    with plain_errors():
        try:
            events = client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return []
    failed = [event for event in events if event.get("ResourceStatus", "").endswith("_FAILED")]
    return [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}" for event in failed]
