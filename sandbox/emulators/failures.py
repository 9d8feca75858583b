"""Failures that a person asks for: a service whose calls are refused for some seconds, and a zone where nothing can be launched.

Refused is what functions, servers and builds ask. Root's key is the sandbox's own, which does what inside AWS nobody throttles.
"""

import json
import re
import time
from dataclasses import dataclass
from urllib.parse import parse_qs

import access
from asked import SCOPE

ASK = "/_groundwork/failures"
CBOR = "rpc-v2-cbor"

# Whose APIs name it otherwise than ThrottlingException, with the status that comes with it.
NAMED = {
    "cognito-idp": (400, "TooManyRequestsException"),
    "lambda": (429, "TooManyRequestsException"),
    "apigateway": (429, "TooManyRequestsException"),
    "ses": (429, "TooManyRequestsException"),
    "scheduler": (429, "ThrottlingException"),
    "backup": (429, "ThrottlingException"),
    "elasticfilesystem": (429, "ThrottlingException"),
    "sqs": (403, "RequestThrottled"),
}


@dataclass
class Throttle:
    until: float
    refused: int = 0


throttles = {}
zones_down = {}


def is_asked(request):
    """Only for whoever shows root's secret, as access.py has it for every page of the emulators' own."""
    return request.path == ASK


def told(request):
    """Takes a new failure, where the query names one, and tells all that there are."""
    values = parse_qs(request.query)
    until = time.monotonic() + float(values.get("seconds", ["0"])[0])
    for service in values.get("throttle", []):
        throttles[service] = Throttle(until)
    for zone in values.get("zone", []):
        zones_down[zone] = until
    now = time.monotonic()
    return json.dumps(
        {
            "throttled": {
                service: {"seconds": max(0, one.until - now), "refused": one.refused}
                for service, one in throttles.items()
            },
            "zones": {zone: until - now for zone, until in zones_down.items() if until > now},
        }
    ).encode()


def is_down(zone):
    return zones_down.get(zone, 0) > time.monotonic()


def refusal(request):
    """How a call is refused while its service is throttled: status, headers and body, or None."""
    key, service = caller_and_service(request)
    throttle = throttles.get(service)
    if throttle is None or throttle.until <= time.monotonic():
        return None
    if access.same(key, access.ROOT_KEY) or access.same(request.headers.get(access.OWN_KEY, ""), access.ROOT_SECRET):
        return None
    throttle.refused += 1
    return answer(service, request)


def caller_and_service(request):
    found = SCOPE.search(request.headers.get("authorization", ""))
    if found:
        return found[1], found[2]
    for name, given in request.values.items():
        if name.lower() == "x-amz-credential":
            parts = given[0].split("/")
            return (parts[0], parts[3]) if len(parts) == 5 else ("", "")
    # Cognito takes sign-ins without a signature.
    is_cognito = request.headers.get("x-amz-target", "").startswith("AWSCognitoIdentityProviderService.")
    return "", "cognito-idp" if is_cognito else ""


def answer(service, request):
    """In the words of the service's own protocol, so that an SDK takes it for what it is, and tries again."""
    message = "Rate exceeded"
    kind = request.headers.get("content-type", "")
    if service == "s3":
        return xml(503, "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>")
    if service == "ec2":
        error = "<Error><Code>RequestLimitExceeded</Code><Message>Request limit exceeded.</Message></Error>"
        return xml(503, f"<Response><Errors>{error}</Errors><RequestID>throttled</RequestID></Response>")
    status, code = NAMED.get(service, (400, "ThrottlingException"))
    if request.headers.get("smithy-protocol") == CBOR:
        body = b"\xa2" + b"".join(cbor(text) for text in ("__type", code, "message", message))
        return status, {"content-type": "application/cbor", "smithy-protocol": CBOR}, body
    if "x-amz-target" in request.headers or "json" in kind or service in NAMED:
        body = json.dumps({"__type": code, "message": message}).encode()
        return status, {"content-type": "application/json", "x-amzn-errortype": code}, body
    error = f"<Error><Type>Sender</Type><Code>Throttling</Code><Message>{message}</Message></Error>"
    return xml(400, f"<ErrorResponse>{error}<RequestId>throttled</RequestId></ErrorResponse>")


def xml(status, body):
    return status, {"content-type": "application/xml"}, body.encode()


def cbor(text):
    """A short text, as CBOR has it."""
    data = text.encode()
    return (bytes([0x60 + len(data)]) if len(data) < 24 else bytes([0x78, len(data)])) + data
