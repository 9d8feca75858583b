"""How often each service has been changed: who follows what is declared need not read all of it again while nothing was written.

Counted is what is not plainly a reading, after it was answered: whoever saw the same number before and after has missed nothing.
"""

import collections
import json
import re

import asked
import failures

ASK = "/_groundwork/writes"
READING = re.compile(r"(Describe|List|Get|BatchGet|Query|Scan|Head|Lookup)")

counts = collections.Counter()


def is_asked(request):
    """Only for whoever shows root's secret, as access.py has it for every page of the emulators' own."""
    return request.path == ASK


def told(by_itself=0):
    """`by_itself`: what an emulator has done to every service in no call of anybody's."""
    return json.dumps({"byService": counts, "byItself": by_itself}).encode()


def is_form(request):
    """Whether a call names its action in its body alone."""
    return request.method == "POST" and request.headers.get("content-type", "").startswith(asked.FORM)


def answered(request, body):
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    operation = asked.operation(request.method, request.path, request.query, request.headers, body)
    if not READING.match(operation or ""):
        counts[failures.caller_and_service(request)[1]] += 1
