"""What woke a function: what its event says of itself, else who is known to have handed it over."""

import base64
import json


def woken_by(event, waking=None, caller=None):
    records = at(event, "Records")
    count = len(records) if isinstance(records, list) else 0
    first = records[0] if count else {}
    source = at(first, "eventSource") or at(first, "EventSource")
    if source == "aws:sqs":
        more = f"{count} messages" if count > 1 else ""
        return {"by": "queue", "of": last(at(first, "eventSourceARN")), "more": more}
    if source == "aws:s3":
        return {"by": "bucket", "of": at(first, "s3", "bucket", "name"), "more": at(first, "eventName")}
    if source == "aws:sns":
        return {"by": "topic", "of": last(at(first, "Sns", "TopicArn"))}
    if waking:
        return waking
    if at(event, "httpMethod"):
        return {"by": "request", "more": f"{at(event, 'httpMethod')} {at(event, 'path')}"}
    if at(event, "methodArn"):
        return {"by": "authorizer", "more": " /".join(str(at(event, "methodArn")).split("/", 3)[2:])}
    if at(event, "triggerSource"):
        return {"by": "pool", "of": at(event, "userPoolId"), "more": at(event, "triggerSource")}
    if at(event, "CodePipeline.job"):
        return {"by": "pipeline"}
    if at(event, "detail-type"):
        return {"by": "event", "more": f"{at(event, 'detail-type')} of {at(event, 'source')}"}
    return {"by": "caller", "of": caller or ""}


def rule_of(context):
    """The rule of the sandbox's own that hands an event of AWS's over, which says so where a caller may say something of itself."""
    try:
        rule = at(json.loads(base64.b64decode(context or "")), "rule")
    except ValueError:
        return None
    return {"by": "rule", "of": str(rule)} if rule else None


def at(value, *path):
    """What lies there; anybody may hand a function whatever he likes."""
    for name in path:
        value = value.get(name, "") if isinstance(value, dict) else ""
    return value


def last(arn):
    return str(arn or "").rsplit(":", 1)[-1]
