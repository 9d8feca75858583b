"""What a function asks of AWS.

Which call of it asks is told by the trace header, which AWS's SDK takes over from the function's environment into every request.
"""

import contextvars
import functools
import re
from urllib.parse import parse_qs

import telling

CALL = re.compile(r"(?:^|;)Call=([\w-]+)")
SCOPE = re.compile(r"Credential=([^/,\s]+)/\d+/[^/]+/([^/]+)/aws4_request")
FORM = "application/x-www-form-urlencoded"

# What IAM calls the action of this request.
action = contextvars.ContextVar("action", default=None)


def operation(method, path, query, headers, body):
    """Which operation a request asks for, in whichever protocol; None where only the path would tell."""
    if "x-amz-target" in headers:
        return headers["x-amz-target"].rsplit(".", 1)[-1]
    rpc = re.search(r"^/service/\w+/operation/(\w+)$", path)
    if rpc:
        return rpc[1]
    named = parse_qs(query).get("x-id")
    if not named and headers.get("content-type", "").startswith(FORM):
        named = parse_qs(body.decode("utf-8", "replace")).get("Action")
    return named[0] if named else None


def asked(headers):
    """The call of a function that a request is part of, and the service that it asks; None for everybody else's requests."""
    call = CALL.search(headers.get("x-amzn-trace-id", ""))
    scope = SCOPE.search(headers.get("authorization", ""))
    return (call[1], scope[2]) if telling.calls.address and call and scope else None


def tell_asked(found, operation, status):
    call, service = found
    telling.calls.tell({"call": call, "asked": {"service": service, "operation": operation, "failed": status >= 400}})


def seen_by_ministack(app):
    @functools.wraps(app)
    async def seen(scope, receive, send):
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", ())}
        found = asked(headers)
        if not found:
            return await app(scope, receive, send)
        body, status, named = bytearray(), [500], []
        action.set(named)

        async def listening():
            message = await receive()
            if headers.get("content-type", "").startswith(FORM):
                body.extend(message.get("body", b""))
            return message

        async def answering(message):
            if message["type"] == "http.response.start":
                status[0] = message["status"]
            await send(message)

        try:
            await app(scope, listening, answering)
        finally:
            query = scope["query_string"].decode("latin-1")
            name = operation(scope["method"], scope["path"], query, headers, bytes(body))
            tell_asked(found, name or (named and named[0]) or scope["method"], status[0])

    return seen


def seen_by_moto(app):
    def seen(environ, start_response):
        names = {"HTTP_X_AMZN_TRACE_ID", "HTTP_AUTHORIZATION", "HTTP_X_AMZ_TARGET", "CONTENT_TYPE"} & environ.keys()
        headers = {name.removeprefix("HTTP_").lower().replace("_", "-"): environ[name] for name in names}
        found = asked(headers)
        if not found:
            return app(environ, start_response)

        def starting(status, *rest):
            method, path, query = (environ[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING"))
            body = environ["wsgi.input"].getvalue()  # the proxy has read all of it, and laid it there again
            name = operation(method, path, query, headers, body)
            tell_asked(found, name or method, int(status.split()[0]))
            return start_response(status, *rest)

        return app(environ, starting)

    return seen
