"""MiniStack's judgement for a service that it does not have: whether a caller's policies allow an action on a resource."""

import json
import os
from urllib.parse import parse_qs

from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message

ASK = "/_groundwork/may"
ACCOUNT = os.environ["MINISTACK_ACCOUNT_ID"]


def is_asked(request):
    """Only for whoever shows root's secret, as access.py has it for every page of the emulators' own."""
    return request.path == ASK


def told(request):
    """The refusal in AWS's words; empty for what is allowed."""
    asked = {name: given[0] for name, given in parse_qs(request.query).items()}
    action, resource = asked["action"], asked["resource"]
    principal = iam_evaluator.resolve_principal(asked["key"], ACCOUNT)
    if isinstance(principal, iam_evaluator.AuthError):
        return principal.message
    if principal.policies is None:
        return ""
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=resource,
        region=asked["region"],
        principal_keys=principal.keys,
        service_context={name.lower(): value for name, value in json.loads(asked["keys"]).items()},
    )
    result = iam_evaluator.evaluate(context, principal.policies, *principal.limits)
    if result.decision == "Allow":
        return ""
    return identity_denial_message(action, principal.arn, resource, result.decision == "Deny")
