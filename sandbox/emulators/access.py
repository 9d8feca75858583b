"""Who may come in: the one check that stands before both emulators, which themselves take any signature from any page.

A browser says in Origin whose page it asks for, and in Host by which name it came; both must be this sandbox's own. Beside that
whoever asks must hold a key: a request is signed as AWS wants it, by root's key of this start or by one that MiniStack gave out.
What the emulators tell about themselves (their state, mail, a reset) is for whoever holds root's secret.
"""

import hmac
import json
import os
import re
from dataclasses import dataclass
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ministack.core import sigv4

ROOT_KEY = os.environ["AWS_ACCESS_KEY_ID"]
ROOT_SECRET = os.environ["AWS_SECRET_ACCESS_KEY"]
ORIGINS = os.environ.get("GROUNDWORK_ORIGINS", "").split()
HOSTS = ("127.0.0.1", "localhost", *os.environ.get("GROUNDWORK_HOSTS", "").split())
OWN_PAGES = ("/_", "/moto-api")
QUERY_CREDENTIALS = ("x-amz-algorithm", "x-amz-credential", "x-amz-signature", "awsaccesskeyid")
# The sandbox's own calls show root's secret itself.
OWN_KEY = "x-groundwork-key"
# Sent by our own proxies before they do something themselves: the answer is 204, and the emulator hears nothing.
ONLY_CHECK = "x-groundwork-only-check"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    raw_path: str
    query: str
    headers: dict

    @property
    def values(self):
        return parse_qs(self.query, keep_blank_values=True)

    @property
    def presigned(self):
        """Whether the address carries credentials, in whichever spelling the emulators know."""
        return any(name.lower() in QUERY_CREDENTIALS for name in self.values)

    @property
    def needs_body(self):
        """Whether a signature covers the body itself, and not only the sum of it that a header tells."""
        told = self.headers.get("x-amz-content-sha256", "")
        is_signed = self.presigned or "authorization" in self.headers
        return is_signed and (not told or told.startswith("STREAMING-AWS4-HMAC"))


def joined(pairs):
    """Headers by their lower-case names; one that is sent twice counts as one, as signatures want it."""
    headers = {}
    for name, value in pairs:
        name, value = name.lower(), sigv4.decode_header_value(value)
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def refusal(request, body, secret_of, unsigned):
    """Why a request may not come in, or None. `unsigned` tells what AWS itself takes without a signature."""
    return refusalOf(request.headers) or without_key(request, body, secret_of, unsigned)


def refusalOf(headers):
    host, origin = headers.get("host", ""), headers.get("origin")
    if re.sub(r":\d+$", "", host) not in HOSTS:
        return f"the Host must be 127.0.0.1 or localhost, got {host!r}"
    if origin is not None:
        return None if origin in ORIGINS else f"no page of {origin!r} may ask this sandbox"
    if headers.get("sec-fetch-site") == "cross-site" and headers.get("sec-fetch-dest") != "document":
        return "no other site's page may ask this sandbox"
    return None


def without_key(request, body, secret_of, unsigned):
    if same(request.headers.get(OWN_KEY, ""), ROOT_SECRET):
        return None
    if request.path.startswith(OWN_PAGES) and not unsigned(request):
        return "this page is for the sandbox itself"
    authorization = request.headers.get("authorization", "")
    in_header = authorization.startswith("AWS")
    if in_header and (request.presigned or authorization.count("Credential=") > 1):
        return "it carries two signatures"
    if in_header or request.presigned:
        return wrongly_signed(request, body, secret_of)
    if request.method == "OPTIONS" and "origin" in request.headers:
        return None  # a browser asks whether it may, before it sends what has a key
    return None if unsigned(request) else "it is not signed with a key of this start"


def wrongly_signed(request, body, secret_of):
    if "AWSAccessKeyId" in request.values or request.headers.get("authorization", "").startswith("AWS "):
        return "a signature must be of version 4"
    by_query = request.presigned
    parsed = sigv4.parse_query_signature(request.values) if by_query else sigv4.parse_header_signature(request.headers)
    if isinstance(parsed, tuple):
        return parsed[1]
    if parsed.region_set is not None:
        return "the algorithm must be AWS4-HMAC-SHA256"
    secret = ROOT_SECRET if same(parsed.access_key_id, ROOT_KEY) else secret_of(parsed.access_key_id)
    if not secret:
        return f"no key of this start has the id {parsed.access_key_id!r}"
    asked = (request.method, request.raw_path, request.values, request.headers, body)
    failure = sigv4.header_signature_failure(parsed, secret, *asked, presigned=by_query)
    return failure and failure[1]


def answer(reason, request):
    """The refusal in the words of the caller's protocol: its status, type and body."""
    kind = request.headers.get("content-type", "")
    message = f"The sandbox refuses this: {reason}."
    if "json" in kind or "x-amz-target" in request.headers:
        return 403, "application/json", json.dumps({"__type": "AccessDeniedException", "message": message}).encode()
    error = f"<Error><Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>"
    if "form-urlencoded" in kind:
        error = f"<ErrorResponse>{error}</ErrorResponse>"
    return 403, "application/xml", error.encode()


def same(given, wanted):
    return hmac.compare_digest(given.encode(), wanted.encode())
