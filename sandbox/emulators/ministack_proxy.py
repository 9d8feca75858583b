"""MiniStack behind a proxy that stands for the end of TLS, and lets nobody in who holds no key.

Policies that refuse plain HTTP look at the header a TLS-ending proxy adds; on this machine the wire itself stays plain.
Pages that a browser opens keep http, so that the addresses they name can be opened.
"""

import contextvars
import hashlib
import hmac
import json
import re
from email.utils import parseaddr

import access
import asked
import calls
import client_rights
import failures
import figures
import judged
import tag_events
import traces
import used_permissions
import writes
from ministack.app import app as ministack
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.core.router import detect_service

used_permissions.on_ministack()
figures.on_ministack()
tag_events.on_ministack()
traces.on_ministack()
calls.on_ministack()
client_rights.on_ministack()

POOLS_KEYS = re.compile(r"/[\w-]+/\.well-known/(jwks\.json|openid-configuration)")
BUCKET = re.compile(r"/[a-z0-9][a-z0-9.-]+/?")
STAGE = "/_aws/execute-api/"
SECRET_OF = "/_groundwork/secret/"
MAIL = "/v2/email/outbound-emails"
sender = contextvars.ContextVar("sender", default=None)


@asked.seen_by_ministack
async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return await ministack(scope, receive, send)
    if scope["type"] != "http":
        return await send({"type": "websocket.close", "code": 1008})
    request = request_in(scope)
    body = b""
    if request.needs_body or writes.is_form(request):
        body, receive = await read(receive)
    reason = access.refusal(request, body, secret_of, unsigned)
    if reason:
        status, kind, text = access.answer(reason, request)
        return await respond(send, status, {"content-type": kind}, b"" if request.method == "HEAD" else text)
    if failures.is_asked(request):
        return await respond(send, 200, {"content-type": "application/json"}, failures.told(request))
    if judged.is_asked(request):
        return await respond(send, 200, {"content-type": "text/plain"}, judged.told(request).encode())
    if writes.is_asked(request):
        return await respond(send, 200, {"content-type": "application/json"}, writes.told(events_of_stacks()))
    throttled = failures.refusal(request)
    if throttled:
        status, headers, text = throttled
        return await respond(send, status, headers, b"" if request.method == "HEAD" else text)
    if access.ONLY_CHECK in request.headers:
        return await respond(send, 204, {}, b"")
    if request.path.startswith(SECRET_OF):
        secret = secret_of(request.path.removeprefix(SECRET_OF))
        return await respond(send, 200 if secret else 404, {"content-type": "text/plain"}, (secret or "").encode())
    if not POOLS_KEYS.fullmatch(request.path):
        scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
    if request.method == "POST" and request.path == MAIL:
        if not body:
            body, receive = await read(receive)
        sender.set(sender_in(body))
    traces.current.set(traces.carried(request.headers))
    try:
        await ministack(scope, receive, send)
    finally:
        writes.answered(request, body)


def events_of_stacks():
    """CloudFormation goes on by itself, and tells of each step."""
    from ministack.services import cloudformation

    return sum(map(len, list(cloudformation._stack_events._data.values())))


def sender_in(body):
    """The address from which a mail is to be sent, as SES holds it against a policy's condition."""
    try:
        return parseaddr(json.loads(body).get("FromEmailAddress", ""))[1] or None
    except (ValueError, AttributeError):
        return None


def request_in(scope):
    headers = access.joined((name.decode("latin-1"), value) for name, value in scope["headers"])
    raw_path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return access.Request(scope["method"], scope["path"], raw_path, query, headers)


def unsigned(request):
    """What AWS, too, takes without a signature; whose own rules are judged by MiniStack."""
    method, path, headers = request.method, request.path, request.headers
    if path.startswith(STAGE):
        return True  # an API has authorizers of its own
    if method == "GET":
        return bool(POOLS_KEYS.fullmatch(path))
    if method != "POST" or request.query:
        return False
    if headers.get("x-amz-target", "").startswith("AWSCognitoIdentityProviderService."):
        return path == "/"
    is_form = headers.get("content-type", "").startswith("multipart/form-data")
    return is_form and bool(BUCKET.fullmatch(path)) and detect_service(method, path, headers, {}) == "s3"


def secret_of(key):
    """The secret of a key that MiniStack gave out; whether it may be used still is judged there."""
    from ministack.core.iam_evaluator import find_iam_access_key_account
    from ministack.services import iam, sts

    session = sts._sessions.get(key)
    if session:
        return session.get("SecretAccessKey")
    account = find_iam_access_key_account(key)
    record = account and iam._access_keys.get_scoped(account, None, key)
    return record and record.get("SecretAccessKey")


async def read(receive):
    """A request's whole body, and what hands the same parts over once more."""
    messages = []
    while True:
        messages.append(await receive())
        if messages[-1]["type"] != "http.request" or not messages[-1].get("more_body"):
            break
    parts = iter(messages)

    async def again():
        return next(parts, None) or await receive()

    return b"".join(message.get("body", b"") for message in messages), again


async def respond(send, status, headers, body):
    sent = {**headers, "content-length": str(len(body))}
    pairs = [(name.encode(), value.encode()) for name, value in sent.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def keys_of_this_start(config):
    """A function's keys. MiniStack would make them from its name and its role's, as whoever knows the program could."""
    from ministack.services import sts

    arn, role = config["FunctionArn"], config.get("Role", "").rsplit("/", 1)[-1]
    account, function = arn.split(":")[4], arn.split(":")[6]

    def keyed(part):
        return hmac.new(access.ROOT_SECRET.encode(), f"{part} {arn} {role}".encode(), hashlib.sha256).hexdigest()

    key, secret, token = f"ASIA{keyed('id')[:16].upper()}", keyed("secret"), keyed("token")
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{function}",
        "UserId": f"{role}:{function}",
        "SecretAccessKey": secret,
        "SessionToken": token,
    }
    sts.register_session(key, session)
    return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


lambda_runtime.execution_credentials = keys_of_this_start

resolve_condition_key = iam_evaluator._resolve_condition_key


def for_its_account(key, context):
    """Root takes a service's role in that service's name here, and a service tells for whose account it asks; SES tells who sends."""
    if context.action == "ses:SendEmail" and key.lower() == "ses:fromaddress":
        return sender.get()
    takes_role = context.action == "sts:AssumeRole" and context.principal_type == "Root"
    if takes_role and key.lower() == "aws:sourceaccount":
        return context.principal_account
    return resolve_condition_key(key, context)


iam_evaluator._resolve_condition_key = for_its_account

ses_resource = iam_actions._ses_v2_resource_arn


def identity_of_sender(method, path, body, region, account):
    """A mail is sent by an identity, which MiniStack does not name; here it is the address itself, and never a domain."""
    if method == "POST" and path == MAIL and sender.get():
        return f"arn:aws:ses:{region}:{account}:identity/{sender.get()}"
    return ses_resource(method, path, body, region, account)


iam_actions._ses_v2_resource_arn = identity_of_sender
